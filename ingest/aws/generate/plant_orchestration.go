package generate

import (
	"encoding/json"
	"slices"
	"strings"
)

const definitionType = "ecs:task-definition"

// orchestrationKinds start work for others.
var orchestrationKinds = map[string]thingKind{
	"ecs:cluster": {forms: []form{
		{service: "ecs", operation: "list-clusters", member: "clusterArns", record: arnAlone},
		{service: "ecs", operation: "describe-clusters", member: "clusters", each: last, record: func(t plantedThing) any {
			return []object{{"clusterArn": t.arn, "clusterName": t.last(), "status": "ACTIVE"}}
		}},
	}},
	definitionType: {attrs: []string{"images"}, forms: []form{
		{service: "ecs", operation: "list-task-definitions", member: "taskDefinitionArns", record: arnAlone},
		{service: "ecs", operation: "describe-task-definition", member: "taskDefinition", each: inside, record: definitionRecord},
	}},
	"ecs:service": {attrs: []string{"task-definition"}, forms: []form{
		{service: "ecs", operation: "describe-services", member: "services", each: clusterName, record: func(t plantedThing) any {
			return []object{given(object{"serviceArn": t.arn, "serviceName": t.last(), "clusterArn": t.cluster(), "status": "ACTIVE",
				"taskDefinition": t.attrs["task-definition"]})}
		}},
	}},
	"ecs:task": {attrs: []string{"execute-command"}, forms: []form{
		{service: "ecs", operation: "describe-tasks", member: "tasks", each: clusterName, record: func(t plantedThing) any {
			return []object{{"taskArn": t.arn, "clusterArn": t.cluster(), "lastStatus": "RUNNING", "enableExecuteCommand": t.attrs["execute-command"] == "true",
				"overrides": given(object{"taskRoleArn": t.role})}}
		}},
	}},
	"batch:job-queue": {forms: []form{
		{service: "batch", operation: "describe-job-queues", member: "jobQueues", record: func(t plantedThing) any {
			return object{"jobQueueArn": t.arn, "jobQueueName": t.last(), "state": "ENABLED"}
		}},
	}},
	"batch:job-definition-revision": {forms: []form{
		{service: "batch", operation: "describe-job-definitions", member: "jobDefinitions", record: func(t plantedThing) any {
			return object{"jobDefinitionArn": t.arn, "jobDefinitionName": strings.Split(t.inside(), ":")[0], "status": "ACTIVE", "type": "container",
				"containerProperties": given(object{"jobRoleArn": t.role})}
		}},
	}},
	"states:statemachine": {forms: []form{
		{service: "stepfunctions", operation: "list-state-machines", member: "stateMachines", record: func(t plantedThing) any {
			return object{"stateMachineArn": t.arn, "name": t.last(), "type": "STANDARD"}
		}},
		{service: "stepfunctions", operation: "describe-state-machine", each: last, record: func(t plantedThing) any {
			return given(object{"stateMachineArn": t.arn, "name": t.last(), "type": "STANDARD", "status": "ACTIVE", "definition": "{}", "roleArn": t.role})
		}},
	}},
	"codedeploy:deploymentgroup": {attrs: []string{"instances-tagged"}, forms: []form{
		{service: "deploy", operation: "list-deployment-groups", each: applicationName, record: func(t plantedThing) any {
			return object{"applicationName": applicationName(t), "deploymentGroups": []string{t.last()}}
		}},
		{service: "deploy", operation: "batch-get-deployment-groups", member: "deploymentGroupsInfo", record: deploymentRecord},
	}},
	"scheduler:schedule": {forms: []form{
		{service: "scheduler", operation: "list-schedules", member: "Schedules", record: func(t plantedThing) any {
			return object{"Arn": t.arn, "Name": t.last(), "GroupName": strings.Split(t.inside(), "/")[0], "State": "ENABLED"}
		}},
	}},
	"cloudformation:stack": {forms: []form{
		{service: "cloudformation", operation: "describe-stacks", member: "Stacks", record: func(t plantedThing) any {
			return given(object{"StackId": t.arn, "StackName": strings.Split(t.inside(), "/")[0], "RoleARN": t.role, "StackStatus": "CREATE_COMPLETE"})
		}},
	}},
	"cloudformation:stackset": {forms: []form{
		{service: "cloudformation", operation: "list-stack-sets", member: "Summaries", record: func(t plantedThing) any {
			return object{"StackSetName": strings.Split(t.inside(), ":")[0], "StackSetId": t.inside(), "Status": "ACTIVE"}
		}},
	}},
}

// clusterName is the cluster in the ARN of a service or task.
func clusterName(t plantedThing) string { return strings.Split(t.inside(), "/")[0] }

func (t plantedThing) cluster() string {
	return "arn:aws:ecs:" + plantRegion + ":" + t.Account + ":cluster/" + clusterName(t)
}

// definitionRecord: tasks run as the role of their definition, which stories
// name where they name the service.
func definitionRecord(t plantedThing) any {
	role := t.role
	for _, l := range t.lines {
		if l.attrs["task-definition"] == t.arn {
			role = t.refOf(l.options["runs-as"])
		}
	}
	return given(object{"taskDefinitionArn": t.arn, "family": strings.Split(t.inside(), ":")[0], "status": "ACTIVE", "taskRoleArn": role,
		"containerDefinitions": []object{given(object{"name": "main", "image": t.attrs["images"]})}})
}

// applicationName is the application in the ARN of a deployment group.
func applicationName(t plantedThing) string { return strings.Split(t.inside(), "/")[0] }

// deploymentRecord: a story's lists of tags are those of one group, or none.
func deploymentRecord(t plantedThing) any {
	out := object{"applicationName": applicationName(t), "deploymentGroupName": t.last(), "computePlatform": "Server"}
	var lists []json.RawMessage
	if json.Unmarshal([]byte(t.attrs["instances-tagged"]), &lists) == nil && len(lists) > 0 {
		out["ec2TagSet"] = object{"ec2TagSetList": lists[0]}
	}
	return out
}

// withDefinitions adds the task definitions that services of a story name and
// no line describes.
func withDefinitions(lines []setupLine) []setupLine {
	for _, l := range slices.Clone(lines) {
		arn := l.attrs["task-definition"]
		if arn != "" && !slices.ContainsFunc(lines, func(d setupLine) bool { return d.word(1) == arn }) {
			lines = append(lines, setupLine{sort: "resource", plain: []string{"made", arn}, options: map[string]string{"type": definitionType}})
		}
	}
	return lines
}
