package aws

import (
	"slices"

	"github.com/clewgraph/clew/graph"
)

func batchOperations() []operation {
	return []operation{
		{service: "batch", name: "describe-job-queues", lone: true, marks: []string{"jobQueues"},
			each: map[string]recordFunc{"jobQueues": record(mapJobQueue)}},
		{service: "batch", name: "describe-job-definitions", lone: true, marks: []string{"jobDefinitions"}, tells: has("jobDefinitionArn"),
			each: map[string]recordFunc{"jobDefinitions": record(mapJobDefinition)}},
		{service: "batch", name: "describe-compute-environments", lone: true, marks: []string{"computeEnvironments"}, tells: has("computeEnvironmentArn"),
			survey: map[string]recordFunc{"computeEnvironments": record(surveyComputeEnvironment)},
			each:   map[string]recordFunc{"computeEnvironments": record(mapComputeEnvironment)}},
	}
}

func mapJobQueue(m *mapper, q struct {
	JobQueueArn, JobQueueName, State string
	Tags                             tagMap
}) error {
	_, err := m.resource(thing{arn: q.JobQueueArn, kind: "batch:job-queue", name: q.JobQueueName, tags: q.Tags.list(), attrs: attrs("state", q.State)})
	return err
}

// batchRoles are the roles of a container, or of a task in Batch's newer words.
type batchRoles struct{ JobRoleArn, TaskRoleArn, ExecutionRoleArn string }

type jobDefinition struct {
	JobDefinitionArn, JobDefinitionName, Status, Type string
	ContainerProperties                               batchRoles
	EcsProperties                                     struct{ TaskProperties []batchRoles }
	NodeProperties                                    struct {
		NodeRangeProperties []struct {
			Container     batchRoles
			EcsProperties struct{ TaskProperties []batchRoles }
		}
	}
	Tags tagMap
}

// roles returns all roles that jobs of this definition may run as, and those
// that start their containers.
func (d jobDefinition) roles() (run, start []string) {
	all := append([]batchRoles{d.ContainerProperties}, d.EcsProperties.TaskProperties...)
	for _, n := range d.NodeProperties.NodeRangeProperties {
		all = append(append(all, n.Container), n.EcsProperties.TaskProperties...)
	}
	for _, r := range all {
		run = append(run, r.JobRoleArn, r.TaskRoleArn)
		start = append(start, r.ExecutionRoleArn)
	}
	return distinct(run), distinct(start)
}

// distinct returns the texts that are not empty, sorted, each once.
func distinct(list []string) []string {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func mapJobDefinition(m *mapper, d jobDefinition) error {
	run, start := d.roles()
	o, err := m.resource(thing{arn: d.JobDefinitionArn, kind: "batch:job-definition-revision", name: d.JobDefinitionName, tags: d.Tags.list(),
		attrs: attrs("status", d.Status, "type", d.Type, "execution-role", joined(start))})
	if err != nil {
		return err
	}
	for _, role := range run {
		if err := m.runsAs(graph.Ref(d.JobDefinitionArn), "role", role, o); err != nil {
			return err
		}
	}
	return nil
}

type computeEnvironment struct {
	ComputeEnvironmentArn, ComputeEnvironmentName, EcsClusterArn, State, ServiceRole string
	ComputeResources                                                                 struct{ Type, InstanceRole, SpotIamFleetRole string }
	Tags                                                                             tagMap
}

func surveyComputeEnvironment(m *mapper, c computeEnvironment) error {
	m.c.wantName("instance-profile", c.ComputeResources.InstanceRole)
	return nil
}

// mapComputeEnvironment writes the machines of Batch: they run as the role of
// the instance profile, which the API calls the instance role.
func mapComputeEnvironment(m *mapper, c computeEnvironment) error {
	t := thing{arn: c.ComputeEnvironmentArn, kind: "batch:compute-environment", name: c.ComputeEnvironmentName, tags: c.Tags.list(),
		attrs: attrs("state", c.State, "type", c.ComputeResources.Type, "service-role", c.ServiceRole, "cluster", c.EcsClusterArn,
			"spot-fleet-role", c.ComputeResources.SpotIamFleetRole)}
	if c.ComputeResources.InstanceRole != "" {
		t.is = graph.KindWorkload
	}
	o, err := m.resource(t)
	if err != nil {
		return err
	}
	return m.runsAs(graph.Ref(c.ComputeEnvironmentArn), "instance-profile", c.ComputeResources.InstanceRole, o)
}
