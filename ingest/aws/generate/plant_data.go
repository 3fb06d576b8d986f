package generate

import "strings"

// dataKinds hold data, or let people in.
var dataKinds = map[string]thingKind{
	"s3:bucket": {policies: true, forms: []form{
		{service: "s3api", operation: "list-buckets", member: "Buckets", record: func(t plantedThing) any {
			return object{"Name": t.last(), "CreationDate": since}
		}},
		policyForm("s3api", "get-bucket-policy", "Policy", "NoSuchBucketPolicy", last),
	}},
	"kms:key": {policies: true, forms: []form{
		{service: "kms", operation: "list-keys", member: "Keys", record: func(t plantedThing) any {
			return object{"KeyId": t.last(), "KeyArn": t.arn}
		}},
		policyForm("kms", "get-key-policy", "Policy", "NotFoundException", last),
	}},
	"secretsmanager:secret": {policies: true, tags: true, forms: []form{
		{service: "secretsmanager", operation: "list-secrets", member: "SecretList", record: func(t plantedThing) any {
			return withTags(object{"ARN": t.arn, "Name": secretName(t)}, t)
		}},
		{service: "secretsmanager", operation: "get-resource-policy", each: secretName, record: func(t plantedThing) any {
			return given(object{"ARN": t.arn, "Name": secretName(t), "ResourcePolicy": t.policy})
		}},
	}},
	"ssm:parameter": {forms: []form{
		{service: "ssm", operation: "describe-parameters", member: "Parameters", record: func(t plantedThing) any {
			return object{"Name": t.inside(), "ARN": t.arn, "Type": "String", "DataType": "text"}
		}},
	}},
	"sqs:queue": {policies: true, forms: []form{
		{service: "sqs", operation: "list-queues", member: "QueueUrls", record: func(t plantedThing) any {
			return "https://sqs." + plantRegion + ".amazonaws.com/" + t.Account + "/" + t.last()
		}},
		{service: "sqs", operation: "get-queue-attributes", member: "Attributes", each: last, record: func(t plantedThing) any {
			return given(object{"QueueArn": t.arn, "Policy": t.policy})
		}},
	}},
	"sns:topic": {policies: true, forms: []form{
		{service: "sns", operation: "list-topics", member: "Topics", record: func(t plantedThing) any { return object{"TopicArn": t.arn} }},
		{service: "sns", operation: "get-topic-attributes", member: "Attributes", each: last, record: func(t plantedThing) any {
			return given(object{"TopicArn": t.arn, "Policy": t.policy})
		}},
	}},
	"dynamodb:table": {policies: true, forms: []form{
		{service: "dynamodb", operation: "list-tables", member: "TableNames", record: nameAlone},
		{service: "dynamodb", operation: "describe-table", member: "Table", each: last, record: func(t plantedThing) any {
			return object{"TableArn": t.arn, "TableName": t.last(), "TableStatus": "ACTIVE"}
		}},
		policyForm("dynamodb", "get-resource-policy", "Policy", "PolicyNotFoundException", last),
	}},
	"kinesis:stream": {policies: true, forms: []form{
		{service: "kinesis", operation: "list-streams", member: "StreamNames", record: nameAlone},
		{service: "kinesis", operation: "describe-stream-summary", member: "StreamDescriptionSummary", each: last, record: func(t plantedThing) any {
			return object{"StreamARN": t.arn, "StreamName": t.last(), "StreamStatus": "ACTIVE"}
		}},
		policyForm("kinesis", "get-resource-policy", "Policy", "ResourceNotFoundException", last),
	}},
	"ecr:repository": {policies: true, attrs: []string{"tag-mutability"}, forms: []form{
		{service: "ecr", operation: "describe-repositories", member: "repositories", record: func(t plantedThing) any {
			return given(object{"repositoryArn": t.arn, "repositoryName": t.inside(), "imageTagMutability": t.attrs["tag-mutability"]})
		}},
		policyForm("ecr", "get-repository-policy", "policyText", "RepositoryPolicyNotFoundException", inside),
	}},
	"elasticfilesystem:file-system": {policies: true, forms: []form{
		{service: "efs", operation: "describe-file-systems", member: "FileSystems", record: func(t plantedThing) any {
			return object{"FileSystemArn": t.arn, "FileSystemId": t.last(), "Name": "shared"}
		}},
		policyForm("efs", "describe-file-system-policy", "Policy", "PolicyNotFound", last),
	}},
	"es:domain": {policies: true, forms: []form{
		{service: "opensearch", operation: "list-domain-names", member: "DomainNames", record: func(t plantedThing) any {
			return object{"DomainName": t.last(), "EngineType": "OpenSearch"}
		}},
		{service: "opensearch", operation: "describe-domain", member: "DomainStatus", each: last, record: func(t plantedThing) any {
			return object{"ARN": t.arn, "DomainId": t.Account + "/" + t.last(), "DomainName": t.last(), "AccessPolicies": t.policy}
		}},
	}},
	"ec2:volume": {attrs: []string{"kms-key"}, forms: []form{
		{service: "ec2", operation: "describe-volumes", member: "Volumes", record: func(t plantedThing) any {
			return given(object{"VolumeId": t.last(), "State": "in-use", "Encrypted": t.attrs["kms-key"] != "", "KmsKeyId": t.attrs["kms-key"]})
		}},
	}},
	"ec2:snapshot": {attrs: []string{"kms-key"}, forms: []form{
		{service: "ec2", operation: "describe-snapshots", member: "Snapshots", record: func(t plantedThing) any {
			return given(object{"SnapshotId": t.last(), "OwnerId": t.Account, "State": "completed", "Encrypted": t.attrs["kms-key"] != "", "KmsKeyId": t.attrs["kms-key"]})
		}},
	}},
	"ec2:image": {attrs: []string{"encrypted"}, forms: []form{
		{service: "ec2", operation: "describe-images", member: "Images", record: func(t plantedThing) any {
			disk := object{"DeviceName": "/dev/xvda", "Ebs": object{"Encrypted": t.attrs["encrypted"] == "true"}}
			return object{"ImageId": t.last(), "Name": "base", "OwnerId": t.Account, "Public": false, "BlockDeviceMappings": []object{disk}}
		}},
	}},
	"rds:db": {attrs: []string{"kms-key"}, forms: []form{
		{service: "rds", operation: "describe-db-instances", member: "DBInstances", record: func(t plantedThing) any {
			return given(object{"DBInstanceArn": t.arn, "DBInstanceIdentifier": t.last(), "Engine": "postgres", "StorageEncrypted": t.attrs["kms-key"] != "",
				"KmsKeyId": t.attrs["kms-key"]})
		}},
	}},
	"rds:snapshot": {attrs: []string{"snapshot-type", "kms-key"}, forms: []form{
		{service: "rds", operation: "describe-db-snapshots", member: "DBSnapshots", record: func(t plantedThing) any {
			return given(object{"DBSnapshotArn": t.arn, "DBSnapshotIdentifier": t.last(), "SnapshotType": t.attrs["snapshot-type"],
				"Encrypted": t.attrs["kms-key"] != "", "KmsKeyId": t.attrs["kms-key"]})
		}},
	}},
	"iam:saml-provider": {forms: []form{
		{service: "iam", operation: "list-saml-providers", member: "SAMLProviderList", record: func(t plantedThing) any {
			return object{"Arn": t.arn, "CreateDate": since}
		}},
	}},
}

// policyForm is an operation that shows what policy a thing has itself.
func policyForm(service, operation, member, none string, each func(plantedThing) string) form {
	return form{service: service, operation: operation, member: member, none: none, each: each, record: func(t plantedThing) any { return t.policy }}
}

// secretName is an ARN's last part without the six characters that AWS adds.
func secretName(t plantedThing) string { return t.last()[:strings.LastIndexByte(t.last(), '-')] }
