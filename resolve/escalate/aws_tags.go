package escalate

import "github.com/clewgraph/clew/graph"

// awsTags are the ways to workloads and data that a policy opens to whoever uses what
// bears some tag: the actor puts the tag on.
//
// Source: IAM user guide, "Controlling access to AWS resources using tags".
var awsTags = []Technique{
	{
		// A shell on an instance that bears the wrong tag, as its role: the actor may
		// open sessions on those with the right one, and tags it.
		ID: "aws-ec2-createtags-startsession", Title: "ec2:CreateTags + ssm:StartSession",
		Provider: graph.AWS, Category: ExistingPassRole,
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
			{Kind: HasFact, A: "instance", Value: "aws:ssm-managed", Listing: "ssm describe-instance-information"},
		},
		Needs: []Need{
			{Action: "ec2:CreateTags", On: "instance", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag", "!ec2:CreateAction": ""}},
			{Action: "ssm:StartSession", On: "instance", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
			{Action: "ssm:StartSession", On: "arn:${Partition}:ssm:${Region}:${Account}:document/SSM-SessionManagerRunShell"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateTags", Match: map[string]string{"requestParameters.resourcesSet.items.resourceId": "$instance.name"}},
			{Source: "ssm.amazonaws.com", Name: "StartSession", Match: map[string]string{"requestParameters.target": "$instance.name"}},
		},
		Reference: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html",
		Status:    Known,
	},
	{
		// A command on an instance that bears the wrong tag, as its role: the actor may
		// send commands to those with the right one, and tags it.
		ID: "aws-ec2-createtags-sendcommand", Title: "ec2:CreateTags + ssm:SendCommand",
		Provider: graph.AWS, Category: ExistingPassRole,
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
			{Kind: HasFact, A: "instance", Value: "aws:ssm-managed", Listing: "ssm describe-instance-information"},
		},
		Needs: []Need{
			{Action: "ec2:CreateTags", On: "instance", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag", "!ec2:CreateAction": ""}},
			{Action: "ssm:SendCommand", On: "instance", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
			{Action: "ssm:SendCommand", On: "arn:${Partition}:ssm:${Region}::document/AWS-RunShellScript"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateTags", Match: map[string]string{"requestParameters.resourcesSet.items.resourceId": "$instance.name"}},
			{Source: "ssm.amazonaws.com", Name: "SendCommand", Match: map[string]string{"requestParameters.instanceIds": "$instance.name", "requestParameters.documentName": "AWS-RunShellScript"}},
		},
		Reference: "https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html",
		Status:    Known,
	},
	{
		// A shell by a key that the actor pushes: it may do so on instances with a tag,
		// and tags one.
		ID: "aws-ec2-createtags-sendsshpublickey", Title: "ec2:CreateTags + ec2-instance-connect:SendSSHPublicKey",
		Provider: graph.AWS, Category: ExistingPassRole,
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "ec2:CreateTags", On: "instance", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag", "!ec2:CreateAction": ""}},
			{Action: "ec2-instance-connect:SendSSHPublicKey", On: "instance", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateTags", Match: map[string]string{"requestParameters.resourcesSet.items.resourceId": "$instance.name"}},
			{Source: "ec2-instance-connect.amazonaws.com", Name: "SendSSHPublicKey", Match: map[string]string{"requestParameters.instanceId": "$instance.name"}},
		},
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-configure-IAM-role.html",
		Status:    Known,
	},
	{
		// Code as the role of a function that bears the wrong tag: the actor may
		// overwrite the code of those with the right one, and tags it. Its own triggers
		// run it.
		ID: "aws-lambda-tagresource-updatefunctioncode", Title: "lambda:TagResource + lambda:UpdateFunctionCode",
		Provider: graph.AWS, Category: ExistingPassRole,
		Vars: []Var{
			{Name: "function", Type: "lambda:function", Listing: "lambda list-functions"},
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "function", B: "role", Value: "lambda.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "lambda:TagResource", On: "function", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "lambda:UpdateFunctionCode", On: "function", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "TagResource20170331v2", Match: map[string]string{"requestParameters.resource": "$function"}},
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionCode20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
		Reference: "https://docs.aws.amazon.com/lambda/latest/dg/attribute-based-access-control.html",
		Status:    Known,
	},
	{
		// The actor may read the secrets that bear a tag, and puts it on another.
		// Secrets Manager refuses tags with which the actor would lose its permissions,
		// as that to tag.
		ID: "aws-secretsmanager-tagresource-getsecretvalue", Title: "secretsmanager:TagResource + secretsmanager:GetSecretValue",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{
			{Name: "secret", Type: "secretsmanager:secret"},
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "secretsmanager:TagResource", On: "secret", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "secretsmanager:GetSecretValue", On: "secret", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
			{Action: "secretsmanager:TagResource", On: "secret", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag", "aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "secret", Data: "the value of the secret"},
		Log: []Event{
			{Source: "secretsmanager.amazonaws.com", Name: "TagResource", Match: map[string]string{"requestParameters.secretId": "$secret"}},
			{Source: "secretsmanager.amazonaws.com", Name: "GetSecretValue", Match: map[string]string{"requestParameters.secretId": "$secret"}},
		},
		Reference: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html",
		Status:    Known,
	},
	{
		// The actor may read the parameters that bear a tag, and puts it on another.
		ID: "aws-ssm-addtagstoresource-getparameter", Title: "ssm:AddTagsToResource + ssm:GetParameter",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{
			{Name: "parameter", Type: "ssm:parameter"},
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "ssm:AddTagsToResource", On: "parameter", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "ssm:GetParameter", On: "parameter", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "parameter", Data: "the value of the parameter"},
		Log: []Event{
			{Source: "ssm.amazonaws.com", Name: "AddTagsToResource", Match: map[string]string{"requestParameters.resourceType": "Parameter"}},
			{Source: "ssm.amazonaws.com", Name: "GetParameter", Match: map[string]string{"requestParameters.name": "$parameter.name"}},
		},
		Reference: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html",
		Status:    Known,
	},
	{
		// The actor may decrypt under the keys that bear a tag, and puts it on another.
		ID: "aws-kms-tagresource-decrypt", Title: "kms:TagResource + kms:Decrypt",
		Provider: graph.AWS, Category: DataAccess,
		Vars: []Var{
			{Name: "key", Type: "kms:key"},
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "kms:TagResource", On: "key", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "kms:Decrypt", On: "key", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "key", Data: "what is encrypted under the key"},
		Log: []Event{
			{Source: "kms.amazonaws.com", Name: "TagResource", Match: map[string]string{"requestParameters.keyId": "$key.name"}},
			{Source: "kms.amazonaws.com", Name: "Decrypt", Match: map[string]string{"resources.ARN": "$key"}},
		},
		Reference: "https://docs.aws.amazon.com/kms/latest/developerguide/abac.html",
		Status:    Known,
	},
}
