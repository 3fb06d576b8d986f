package generate

import (
	"net/url"
	"slices"
	"strings"
)

const (
	instanceType = "ec2:instance"
	managedFact  = "aws:ssm-managed" // Systems Manager can run commands on it
)

// A planting's thing is a resource or workload of its story, for which some
// document of AWS's exists.
type thingKind struct {
	service, operation, member string
	record                     func(arn, name, role string) any
	// described is the operation that describes one thing of a listing that
	// shows the ARN alone, and the member and record of its answer.
	described string
	tells     func(arn, name string) (member string, record any)
}

// thingKinds are the types whose documents are written.
var thingKinds = map[string]thingKind{
	"codebuild:project": {service: "codebuild", operation: "batch-get-projects", member: "projects", record: func(arn, name, role string) any {
		return object{"arn": arn, "name": name, "serviceRole": role}
	}},
	"lambda:function": {service: "lambda", operation: "list-functions", member: "Functions", record: func(arn, name, role string) any {
		return object{"FunctionArn": arn, "FunctionName": name, "Role": role, "Runtime": "python3.13"}
	}},
	"cloudformation:stack": {service: "cloudformation", operation: "describe-stacks", member: "Stacks", record: func(arn, _, role string) any {
		return object{"StackId": arn, "StackName": strings.Split(arn, "/")[1], "RoleARN": role, "StackStatus": "CREATE_COMPLETE"}
	}},
	"glue:job": {service: "glue", operation: "get-jobs", member: "Jobs", record: func(_, name, role string) any {
		return object{"Name": name, "Role": role}
	}},
	"glue:devendpoint": {service: "glue", operation: "get-dev-endpoints", member: "DevEndpoints", record: func(_, name, role string) any {
		return object{"EndpointName": name, "RoleArn": role}
	}},
	"ecs:cluster": {service: "ecs", operation: "list-clusters", member: "clusterArns", record: arnAlone,
		described: "describe-clusters", tells: func(arn, name string) (string, any) {
			return "clusters", []object{{"clusterArn": arn, "clusterName": name, "status": "ACTIVE"}}
		}},
	"ecs:task-definition": {service: "ecs", operation: "list-task-definitions", member: "taskDefinitionArns", record: arnAlone,
		described: "describe-task-definition", tells: func(arn, name string) (string, any) {
			family, _, _ := strings.Cut(strings.TrimPrefix(arn[strings.LastIndexByte(arn, '/'):], "/"), ":")
			return "taskDefinition", object{"taskDefinitionArn": arn, "family": family, "status": "ACTIVE"}
		}},
}

func arnAlone(arn, _, _ string) any { return arn }

// listing returns the kind whose listing a setup line says to be there.
func listing(l setupLine) (thingKind, bool) {
	for _, k := range thingKinds {
		if k.service == l.word(1) && k.operation == l.word(2) {
			return k, true
		}
	}
	return thingKind{}, false
}

// thingLine reports whether documents can be made of a line that is about no
// identity: a thing of a known type whose listing came, or that listing.
func thingLine(lines []setupLine, l setupLine) bool {
	switch l.sort {
	case "none":
		return l.word(0) == "get-login-profile"
	case "fact":
		return l.word(0) == managedFact
	case "listed":
		if l.word(1) == "iam" {
			return l.word(2) == "list-access-keys"
		}
		_, known := listing(l)
		return known || l.word(1) == "ec2" && l.word(2) == "describe-instances"
	case "resource", "workload":
		for option := range l.options {
			if option != "type" && option != "runs-as" {
				return false
			}
		}
		return !slices.ContainsFunc(l.plain, func(w string) bool { return strings.Contains(w, "=") }) && comes(lines, l.options["type"])
	}
	return false
}

// comes reports whether a listing of the story shows things of a type.
func comes(lines []setupLine, typ string) bool {
	return slices.ContainsFunc(lines, func(l setupLine) bool {
		if l.sort != "listed" {
			return false
		}
		if typ == instanceType {
			return l.word(2) == "describe-instances"
		}
		k, known := thingKinds[typ]
		return known && k.service == l.word(1) && k.operation == l.word(2)
	})
}

// plantRegion is the region of the stories' things.
const plantRegion = "eu-west-1"

// plantedThings writes the listings of a story.
func (w *writer) plantedThings(g *planting) {
	for _, l := range g.lines {
		if l.sort == "fact" {
			w.lists(g.path(plantRegion, "ssm", "describe-instance-information"), "InstanceInformationList", 1, func(int) any {
				return object{"InstanceId": lastOf(g.refOf(l.word(1))), "PingStatus": "Online", "ResourceType": "EC2Instance"}
			})
		}
		if l.sort != "listed" || l.word(1) == "iam" {
			continue
		}
		k, known := listing(l)
		if !known {
			k = thingKind{service: "ec2", operation: "describe-instances", member: "Reservations"}
		}
		d := w.open(g.path(plantRegion, k.service, k.operation))
		d.records(k.member, g.things(k))
		d.close()
		w.describePlanted(g, k)
	}
}

func (w *writer) describePlanted(g *planting, k thingKind) {
	for _, l := range g.lines {
		if of := thingKinds[l.options["type"]]; k.described != "" && of.described == k.described {
			resource := l.word(1)[strings.LastIndexByte(l.word(1), '/')+1:]
			member, record := of.tells(l.word(1), resource)
			w.one(g.path(plantRegion, k.service, k.described), resource, member, record)
		}
	}
}

func (g *planting) things(k thingKind) []any {
	out := []any{}
	for _, l := range g.lines {
		typ := l.options["type"]
		switch of := thingKinds[typ]; {
		case typ == instanceType && k.operation == "describe-instances":
			out = append(out, g.instance(l))
		case of.record != nil && of.service == k.service && of.operation == k.operation:
			out = append(out, k.record(l.word(1), lastOf(l.word(1)), g.refOf(l.options["runs-as"])))
		}
	}
	return out
}

func (g *planting) instance(l setupLine) any {
	one := object{"InstanceId": lastOf(l.word(1)), "InstanceType": "t3.micro",
		"Placement": object{"AvailabilityZone": plantRegion + "a"}, "State": object{"Code": 16, "Name": "running"}}
	if role := l.options["runs-as"]; role != "" {
		one["IamInstanceProfile"] = object{"Arn": g.profileOf(role), "Id": "AIPA" + url.PathEscape(g.Account)}
	}
	return object{"ReservationId": "r-0aaa", "OwnerId": g.Account, "Instances": []object{one}}
}
