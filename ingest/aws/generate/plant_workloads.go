package generate

import "strings"

// arnAlone is the record of lists that print ARNs, nameAlone of those that print
// names.
func arnAlone(t plantedThing) any  { return t.arn }
func nameAlone(t plantedThing) any { return t.inside() }

func inside(t plantedThing) string { return t.inside() }
func last(t plantedThing) string   { return t.last() }

// workloadKinds run code as a role that they name.
var workloadKinds = map[string]thingKind{
	"apprunner:service": {forms: []form{
		{service: "apprunner", operation: "list-services", member: "ServiceSummaryList", record: func(t plantedThing) any {
			return object{"ServiceArn": t.arn, "ServiceName": strings.Split(t.inside(), "/")[0], "ServiceId": t.last(), "Status": "RUNNING"}
		}},
		{service: "apprunner", operation: "describe-service", member: "Service", each: inside, record: func(t plantedThing) any {
			return object{"ServiceArn": t.arn, "ServiceName": strings.Split(t.inside(), "/")[0], "ServiceId": t.last(), "Status": "RUNNING",
				"InstanceConfiguration": given(object{"Cpu": "1024", "InstanceRoleArn": t.role})}
		}},
	}},
	"amplify:apps": {forms: []form{
		{service: "amplify", operation: "list-apps", member: "apps", record: func(t plantedThing) any {
			return given(object{"appArn": t.arn, "appId": t.last(), "name": "web", "platform": "WEB", "iamServiceRoleArn": t.role})
		}},
	}},
	"codebuild:project": {forms: []form{
		{service: "codebuild", operation: "list-projects", member: "projects", record: nameAlone},
		{service: "codebuild", operation: "batch-get-projects", member: "projects", record: func(t plantedThing) any {
			return given(object{"arn": t.arn, "name": t.inside(), "serviceRole": t.role})
		}},
	}},
	"lambda:function": {policies: true, forms: []form{
		{service: "lambda", operation: "list-functions", member: "Functions", record: func(t plantedThing) any {
			return given(object{"FunctionArn": t.arn, "FunctionName": t.last(), "Role": t.role, "Runtime": "python3.13"})
		}},
		policyForm("lambda", "get-policy", "Policy", "ResourceNotFoundException", last),
	}},
	"glue:job": {attrs: []string{"script"}, forms: []form{
		{service: "glue", operation: "get-jobs", member: "Jobs", record: func(t plantedThing) any {
			return given(object{"Name": t.last(), "Role": t.role, "Command": given(object{"Name": "glueetl", "ScriptLocation": t.attrs["script"]})})
		}},
	}},
	"glue:devendpoint": {forms: []form{
		{service: "glue", operation: "get-dev-endpoints", member: "DevEndpoints", record: func(t plantedThing) any {
			return given(object{"EndpointName": t.last(), "RoleArn": t.role})
		}},
	}},
	"glue:session": {forms: []form{
		{service: "glue", operation: "list-sessions", member: "Sessions", record: func(t plantedThing) any {
			return given(object{"Id": t.last(), "Role": t.role, "Status": "READY"})
		}},
	}},
	"emr-serverless:application": {forms: []form{
		{service: "emr-serverless", operation: "list-applications", member: "applications", record: func(t plantedThing) any {
			return object{"id": t.last(), "arn": t.arn, "name": "nightly", "type": "SPARK", "state": "STARTED"}
		}},
	}},
	"kinesisanalytics:application": {forms: []form{
		{service: "kinesisanalyticsv2", operation: "describe-application", member: "ApplicationDetail", each: last, record: func(t plantedThing) any {
			return given(object{"ApplicationARN": t.arn, "ApplicationName": t.last(), "ServiceExecutionRole": t.role, "ApplicationStatus": "RUNNING",
				"RuntimeEnvironment": "FLINK-1_20"})
		}},
	}},
	"bedrock-agentcore:runtime":                 agentKind("get-agent-runtime", "agentRuntimeArn", "agentRuntimeId", "agentRuntimeName", "roleArn"),
	"bedrock-agentcore:browser-custom":          agentKind("get-browser", "browserArn", "browserId", "name", "executionRoleArn"),
	"bedrock-agentcore:code-interpreter-custom": agentKind("get-code-interpreter", "codeInterpreterArn", "codeInterpreterId", "name", "executionRoleArn"),
}

// agentKind is a thing of AgentCore: they differ in how their members are called.
func agentKind(operation, arn, id, name, role string) thingKind {
	return thingKind{forms: []form{{service: "bedrock-agentcore-control", operation: operation, each: last, record: func(t plantedThing) any {
		return given(object{arn: t.arn, id: t.last(), name: "agent", role: t.role, "status": "READY"})
	}}}}
}
