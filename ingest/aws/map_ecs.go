package aws

import (
	"strings"

	"github.com/clewgraph/clew/graph"
)

func ecsOperations() []operation {
	inCluster := func(name, mark, tells string, f recordFunc) operation {
		return operation{service: "ecs", name: name, lone: true, subject: "cluster name", selfEvident: true, marks: []string{mark}, tells: has(tells),
			each: map[string]recordFunc{mark: f, "failures": record(mapECSFailure)}, refOf: clusterOf}
	}
	return []operation{
		{service: "ecs", name: "list-clusters", lone: true, marks: []string{"clusterArns"},
			each: map[string]recordFunc{"clusterArns": listedARN("ecs:cluster")}},
		{service: "ecs", name: "describe-clusters", lone: true, marks: []string{"clusters"}, tells: has("clusterArn"),
			each: map[string]recordFunc{"clusters": record(mapCluster), "failures": record(mapECSFailure)}},
		{service: "ecs", name: "list-task-definitions", lone: true, marks: []string{"taskDefinitionArns"},
			each: map[string]recordFunc{"taskDefinitionArns": listedARN("ecs:task-definition")}},
		{service: "ecs", name: "describe-task-definition", lone: true, subject: "family:revision", selfEvident: true, marks: []string{"taskDefinition"},
			whole: record(mapTaskDefinition), refOf: ofSubject("ecs", "task-definition/")},
		inCluster("describe-services", "services", "serviceArn", record(mapECSService)),
		inCluster("describe-tasks", "tasks", "taskArn", record(mapTask)),
	}
}

// clusterOf names the cluster of a document. What follows a dot in the path
// tells the parts of one answer apart: ECS describes few things at a time.
func clusterOf(m *mapper) (graph.Ref, error) {
	name, _, _ := strings.Cut(m.doc.resource, ".")
	outer := m.doc.resource
	defer func() { m.doc.resource = outer }()
	m.doc.resource = name
	return m.subjectARN("ecs", "cluster/")
}

type cluster struct {
	ClusterArn, ClusterName, Status string
	Tags                            tagList
}

func mapCluster(m *mapper, c cluster) error {
	_, err := m.resource(thing{arn: c.ClusterArn, kind: "ecs:cluster", name: c.ClusterName, tags: c.Tags, attrs: attrs("status", c.Status)})
	return err
}

// An ecsFailure says that something that was asked for by name is not there.
type ecsFailure struct{ Arn, Reason, Detail string }

// mapECSFailure covers what was asked for and did not come. Source:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
func mapECSFailure(m *mapper, f ecsFailure) error {
	a, ok := parseARN(f.Arn)
	if !ok || f.Reason == "MISSING" {
		return nil
	}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	l := graph.Listing{Scope: accountRef(account), Region: a.region, Service: "ecs", Operation: m.doc.op.name, Subject: graph.Ref(f.Arn)}
	return m.c.cover(graph.Coverage{Listing: l, Status: graph.Failed, Reason: graph.ReasonMissing, Of: graph.Ref(f.Arn),
		Detail: m.position(": " + f.Reason + " " + f.Detail), Origin: &graph.Origin{Listing: l, File: m.doc.path, Collector: collector, At: m.doc.at}})
}

// mapTaskDefinition reads the roles and images of a task definition. Its
// containers' environment often holds secrets and is not read.
func mapTaskDefinition(m *mapper, d struct {
	TaskDefinition struct {
		TaskDefinitionArn, Family, Status, TaskRoleArn, ExecutionRoleArn string
		ContainerDefinitions                                             []struct{ Image string }
	}
	Tags tagList
}) error {
	t := d.TaskDefinition
	var images []string
	for _, c := range t.ContainerDefinitions {
		images = append(images, c.Image)
	}
	_, err := m.resource(thing{arn: t.TaskDefinitionArn, of: graph.Ref(t.TaskDefinitionArn), kind: "ecs:task-definition", name: t.Family, tags: d.Tags,
		attrs: attrs("status", t.Status, "execution-role", t.ExecutionRoleArn, "images", joined(images)), role: t.TaskRoleArn})
	return err
}

type ecsService struct {
	ServiceArn, ServiceName, ClusterArn string
	Status, LaunchType, TaskDefinition  string
	EnableExecuteCommand                bool
	Tags                                tagList
}

// mapECSService writes a service: its tasks run as the role of its task
// definition, as an instance runs as the role of its profile.
func mapECSService(m *mapper, s ecsService) error {
	_, err := m.resource(thing{arn: s.ServiceArn, of: graph.Ref(s.ClusterArn), kind: "ecs:service", is: graph.KindWorkload, name: s.ServiceName, tags: s.Tags,
		attrs: attrs("cluster", s.ClusterArn, "status", s.Status, "launch-type", s.LaunchType, "execute-command", yes(s.EnableExecuteCommand),
			"task-definition", s.TaskDefinition), role: s.TaskDefinition})
	return err
}

type task struct {
	TaskArn, ClusterArn, TaskDefinitionArn string
	LastStatus, LaunchType, Group          string
	ContainerInstanceArn                   string
	EnableExecuteCommand                   bool
	Overrides                              struct{ TaskRoleArn, ExecutionRoleArn string }
	Tags                                   tagList
}

// mapTask writes a task. A role given when it was started wins over the one of
// its definition.
func mapTask(m *mapper, t task) error {
	role := t.TaskDefinitionArn
	if t.Overrides.TaskRoleArn != "" {
		role = t.Overrides.TaskRoleArn
	}
	a, _ := parseARN(t.TaskArn)
	_, err := m.resource(thing{arn: t.TaskArn, of: graph.Ref(t.ClusterArn), kind: "ecs:task", is: graph.KindWorkload, name: a.last(), tags: t.Tags,
		attrs: attrs("cluster", t.ClusterArn, "status", t.LastStatus, "launch-type", t.LaunchType, "group", t.Group, "execute-command", yes(t.EnableExecuteCommand),
			"task-definition", t.TaskDefinitionArn, "execution-role", t.Overrides.ExecutionRoleArn, "container-instance", t.ContainerInstanceArn), role: role})
	return err
}
