package aws

import (
	"github.com/go-json-experiment/json"

	"github.com/clewgraph/clew/graph"
)

func codedeployOperations() []operation {
	return []operation{
		{service: "deploy", name: "list-deployment-groups", marks: []string{"deploymentGroups"}, whole: record(mapDeploymentGroupNames)},
		{service: "deploy", name: "batch-get-deployment-groups", marks: []string{"deploymentGroupsInfo"},
			each: map[string]recordFunc{"deploymentGroupsInfo": record(mapDeploymentGroup)}},
	}
}

func (m *mapper) deploymentGroup(application, name string) (string, error) {
	return m.inRegion("codedeploy", "deploymentgroup:"+application+"/"+name)
}

func mapDeploymentGroupNames(m *mapper, d struct {
	ApplicationName  string
	DeploymentGroups []string
}) error {
	for _, name := range d.DeploymentGroups {
		s, err := m.deploymentGroup(d.ApplicationName, name)
		if err != nil {
			return err
		}
		if err := m.listed("codedeploy:deploymentgroup", s, ""); err != nil {
			return err
		}
	}
	return nil
}

// A tagFilter takes instances in by a tag; its members are spelled as AWS does.
type tagFilter struct {
	Key, Value string `json:",omitempty"`
	Type       string // KEY_ONLY, VALUE_ONLY, KEY_AND_VALUE
}

type deploymentGroup struct {
	ApplicationName, DeploymentGroupName, DeploymentGroupID string
	ServiceRoleArn, ComputePlatform                         string
	Ec2TagFilters                                           []tagFilter
	Ec2TagSet                                               struct{ Ec2TagSetList [][]tagFilter }
	AutoScalingGroups                                       []struct{ Name string }
}

// targets are the instances that revisions are deployed to: those of each list
// that meet one filter of every group in it. Those of an Auto Scaling group bear
// its name as a tag.
//
// Source: CodeDeploy API reference, DeploymentGroupInfo; Amazon EC2 Auto Scaling
// user guide, "Tag Auto Scaling groups and instances".
func (d deploymentGroup) targets() (lists [][][]tagFilter) {
	if len(d.Ec2TagFilters) > 0 {
		lists = append(lists, [][]tagFilter{d.Ec2TagFilters})
	}
	if len(d.Ec2TagSet.Ec2TagSetList) > 0 {
		lists = append(lists, d.Ec2TagSet.Ec2TagSetList)
	}
	for _, g := range d.AutoScalingGroups {
		lists = append(lists, [][]tagFilter{{{Key: "aws:autoscaling:groupName", Value: g.Name, Type: "KEY_AND_VALUE"}}})
	}
	return lists
}

// mapDeploymentGroup writes a deployment group and how it finds its instances.
// The service role is CodeDeploy's own; revisions run as the instances do.
func mapDeploymentGroup(m *mapper, d deploymentGroup) error {
	s, err := m.deploymentGroup(d.ApplicationName, d.DeploymentGroupName)
	if err != nil {
		return err
	}
	targets := ""
	if lists := d.targets(); lists != nil {
		text, err := json.Marshal(lists, json.Deterministic(true))
		if err != nil {
			return err
		}
		targets = string(text)
	}
	_, err = m.resource(thing{arn: s, kind: "codedeploy:deploymentgroup", is: graph.KindResource, name: d.DeploymentGroupName, nativeID: d.DeploymentGroupID,
		attrs: attrs("platform", d.ComputePlatform, "service-role", d.ServiceRoleArn, "instances-tagged", targets)})
	return err
}
