package aws

import "github.com/clewgraph/clew/graph"

func emrOperations() []operation {
	return []operation{
		{service: "emr", name: "list-clusters", lone: true, marks: []string{"Clusters"}, tells: has("ClusterArn"),
			each: map[string]recordFunc{"Clusters": record(mapListedEMRCluster)}},
		{service: "emr", name: "describe-cluster", lone: true, subject: "cluster id", selfEvident: true, marks: []string{"Cluster"}, tells: has("ClusterArn"),
			survey: map[string]recordFunc{"Cluster": record(surveyEMRCluster)}, whole: record(mapEMRCluster), refOf: ofSubject("elasticmapreduce", "cluster/")},
	}
}

func mapListedEMRCluster(m *mapper, c struct{ ClusterArn string }) error {
	return m.listed("elasticmapreduce:cluster", c.ClusterArn, "")
}

type emrCluster struct {
	ID                    string
	ClusterArn, Name      string
	ServiceRole           string
	AutoScalingRole       string
	Status                struct{ State string }
	Ec2InstanceAttributes struct{ IamInstanceProfile, Ec2KeyName string }
	Tags                  tagList
}

func surveyEMRCluster(m *mapper, c emrCluster) error {
	m.c.wantName("instance-profile", c.Ec2InstanceAttributes.IamInstanceProfile)
	return nil
}

// mapEMRCluster writes a cluster: steps run on its machines, as the role of
// their instance profile.
func mapEMRCluster(m *mapper, d struct{ Cluster emrCluster }) error {
	c := d.Cluster
	o, err := m.resource(thing{arn: c.ClusterArn, of: graph.Ref(c.ClusterArn), kind: "elasticmapreduce:cluster", is: graph.KindWorkload, name: c.Name, nativeID: c.ID,
		tags: c.Tags, attrs: attrs("status", c.Status.State, "service-role", c.ServiceRole, "autoscaling-role", c.AutoScalingRole,
			"key-pair", c.Ec2InstanceAttributes.Ec2KeyName)})
	if err != nil {
		return err
	}
	return m.runsAs(graph.Ref(c.ClusterArn), "instance-profile", c.Ec2InstanceAttributes.IamInstanceProfile, o)
}
