package generate

import (
	"net/url"
	"strings"
)

// machineKinds are machines, what starts them, and notebooks.
var machineKinds = map[string]thingKind{
	instanceType: {profile: true, tags: true, forms: []form{
		{service: "ec2", operation: "describe-instances", member: "Reservations", record: instanceRecord},
	}},
	"ec2:launch-template": {profile: true, forms: []form{
		{service: "ec2", operation: "describe-launch-templates", member: "LaunchTemplates", record: func(t plantedThing) any {
			return object{"LaunchTemplateId": t.last(), "LaunchTemplateName": "web", "DefaultVersionNumber": 1, "LatestVersionNumber": 1}
		}},
		{service: "ec2", operation: "describe-launch-template-versions", member: "LaunchTemplateVersions", record: func(t plantedThing) any {
			data := object{"InstanceType": "t3.micro"}
			if profile := t.machine(); profile != "" {
				data["IamInstanceProfile"] = object{"Arn": profile}
			}
			return object{"LaunchTemplateId": t.last(), "VersionNumber": 1, "DefaultVersion": true, "LaunchTemplateData": data}
		}},
	}},
	"autoscaling:autoScalingGroup": {forms: []form{
		{service: "autoscaling", operation: "describe-auto-scaling-groups", member: "AutoScalingGroups", record: func(t plantedThing) any {
			return object{"AutoScalingGroupARN": t.arn, "AutoScalingGroupName": t.last(), "MinSize": 1, "MaxSize": 2, "DesiredCapacity": 1}
		}},
	}},
	"elasticmapreduce:cluster": {profile: true, forms: []form{
		{service: "emr", operation: "list-clusters", member: "Clusters", record: func(t plantedThing) any {
			return object{"Id": t.last(), "ClusterArn": t.arn, "Name": "nightly", "Status": object{"State": "WAITING"}}
		}},
		{service: "emr", operation: "describe-cluster", member: "Cluster", each: last, record: func(t plantedThing) any {
			return object{"Id": t.last(), "ClusterArn": t.arn, "Name": "nightly", "Status": object{"State": "WAITING"},
				"Ec2InstanceAttributes": given(object{"IamInstanceProfile": lastOf(t.machine())})}
		}},
	}},
	"sagemaker:notebook-instance": {attrs: []string{"lifecycle-config"}, forms: []form{
		{service: "sagemaker", operation: "list-notebook-instances", member: "NotebookInstances", record: func(t plantedThing) any {
			return object{"NotebookInstanceName": t.last(), "NotebookInstanceArn": t.arn, "NotebookInstanceStatus": "InService"}
		}},
		{service: "sagemaker", operation: "describe-notebook-instance", each: last, record: func(t plantedThing) any {
			return given(object{"NotebookInstanceName": t.last(), "NotebookInstanceArn": t.arn, "NotebookInstanceStatus": "InService", "RoleArn": t.role,
				"NotebookInstanceLifecycleConfigName": t.lifecycle()})
		}},
	}},
	lifecycleType: {forms: []form{
		{service: "sagemaker", operation: "list-notebook-instance-lifecycle-configs", member: "NotebookInstanceLifecycleConfigs", record: func(t plantedThing) any {
			return object{"NotebookInstanceLifecycleConfigName": t.last(), "NotebookInstanceLifecycleConfigArn": t.arn}
		}},
	}},
	"sagemaker:user-profile": {forms: []form{
		{service: "sagemaker", operation: "describe-user-profile", each: inside, record: func(t plantedThing) any {
			return object{"UserProfileArn": t.arn, "UserProfileName": t.last(), "DomainId": strings.Split(t.inside(), "/")[0], "Status": "InService",
				"UserSettings": given(object{"ExecutionRole": t.role})}
		}},
	}},
}

const lifecycleType = "sagemaker:notebook-instance-lifecycle-config"

// lifecycle names what a notebook runs when it starts, where the story says that
// there is something: what it describes, if it describes any.
func (t plantedThing) lifecycle() string {
	if t.attrs["lifecycle-config"] == "" {
		return ""
	}
	for _, l := range t.lines {
		if l.options["type"] == lifecycleType {
			return lastOf(l.word(1))
		}
	}
	return "start"
}

func instanceRecord(t plantedThing) any {
	one := object{"InstanceId": t.last(), "InstanceType": "t3.micro",
		"Placement": object{"AvailabilityZone": strings.Split(t.arn, ":")[3] + "a"}, "State": object{"Code": 16, "Name": "running"}}
	if profile := t.machine(); profile != "" {
		one["IamInstanceProfile"] = object{"Arn": profile, "Id": "AIPA" + url.PathEscape(t.Account)}
	}
	return object{"ReservationId": "r-0aaa", "OwnerId": t.Account, "Instances": []object{withTags(one, t)}}
}

// withTags adds the tags that a story gives a thing.
func withTags(record object, t plantedThing) object {
	if len(t.tags) > 0 {
		record["Tags"] = t.tags
	}
	return record
}
