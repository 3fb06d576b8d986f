package escalate

import "github.com/clewgraph/clew/graph"

// awsResourcePolicy are the ways to a resource by writing its policy. Whom the
// policy names within the account needs no other grant; ceilings and the denies
// of the actor's own policies still hold, and are asked about with the call that
// follows. What is gained is data, no foothold.
//
// Operations that can grant to whole accounts alone (AddPermission of queues and
// topics) gain nothing within the account and are left out.
var awsResourcePolicy = []Technique{
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-s3-putbucketpolicy", Title: "s3:PutBucketPolicy",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "bucket", Type: "s3:bucket"}},
		Needs: []Need{
			{Action: "s3:PutBucketPolicy", On: "bucket"},
			{Action: "s3:GetObject", On: "bucket/object", Given: true},
		},
		Yields:    Yield{Of: "bucket", Data: "the objects of the bucket"},
		Log:       []Event{{Source: "s3.amazonaws.com", Name: "PutBucketPolicy", Match: map[string]string{"requestParameters.bucketName": "$bucket.name"}}},
		Reference: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-kms-putkeypolicy", Title: "kms:PutKeyPolicy",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "key", Type: "kms:key"}},
		Needs: []Need{
			{Action: "kms:PutKeyPolicy", On: "key"},
			{Action: "kms:Decrypt", On: "key", Given: true},
		},
		Yields:    Yield{Of: "key", Data: "what is encrypted under the key"},
		Log:       []Event{{Source: "kms.amazonaws.com", Name: "PutKeyPolicy", Match: map[string]string{"requestParameters.keyId": "$key.name"}}},
		Reference: "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-secretsmanager-putresourcepolicy", Title: "secretsmanager:PutResourcePolicy",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "secret", Type: "secretsmanager:secret"}},
		Needs: []Need{
			{Action: "secretsmanager:PutResourcePolicy", On: "secret"},
			{Action: "secretsmanager:GetSecretValue", On: "secret", Given: true},
		},
		Yields:    Yield{Of: "secret", Data: "the value of the secret"},
		Log:       []Event{{Source: "secretsmanager.amazonaws.com", Name: "PutResourcePolicy", Match: map[string]string{"requestParameters.secretId": "$secret"}}},
		Reference: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-sqs-setqueueattributes", Title: "sqs:SetQueueAttributes",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "queue", Type: "sqs:queue"}},
		Needs: []Need{
			{Action: "sqs:SetQueueAttributes", On: "queue"},
			{Action: "sqs:ReceiveMessage", On: "queue", Given: true},
		},
		Yields:    Yield{Of: "queue", Data: "the messages of the queue"},
		Log:       []Event{{Source: "sqs.amazonaws.com", Name: "SetQueueAttributes", Match: map[string]string{"requestParameters.queueUrl": "$queue.name"}}},
		Reference: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-sns-settopicattributes", Title: "sns:SetTopicAttributes",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "topic", Type: "sns:topic"}},
		Needs: []Need{
			{Action: "sns:SetTopicAttributes", On: "topic"},
			{Action: "sns:Subscribe", On: "topic", Given: true},
		},
		Yields:    Yield{Of: "topic", Data: "the messages of the topic"},
		Log:       []Event{{Source: "sns.amazonaws.com", Name: "SetTopicAttributes", Match: map[string]string{"requestParameters.attributeName": "Policy", "requestParameters.topicArn": "$topic"}}},
		Reference: "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-lambda-addpermission", Title: "lambda:AddPermission",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "function", Type: "lambda:function"}},
		Needs: []Need{
			{Action: "lambda:AddPermission", On: "function", With: map[string]string{"lambda:Principal": "$actor"}},
			{Action: "lambda:InvokeFunction", On: "function", Given: true},
		},
		Yields:    Yield{Of: "function", Data: "calls of the function with an event of the actor's choice, and what it answers"},
		Log:       []Event{{Source: "lambda.amazonaws.com", Name: "AddPermission20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}}},
		Reference: "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-ecr-setrepositorypolicy-push", Title: "ecr:SetRepositoryPolicy + ecr:PutImage",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "repository", Type: "ecr:repository"}},
		Needs: []Need{
			{Action: "ecr:SetRepositoryPolicy", On: "repository"},
			{Action: "ecr:GetAuthorizationToken", On: "*"},
			{Action: "ecr:PutImage", On: "repository", Given: true},
		},
		Yields: Yield{Of: "repository", Data: "the images that are run from the repository"},
		Log: []Event{
			{Source: "ecr.amazonaws.com", Name: "SetRepositoryPolicy", Match: map[string]string{"requestParameters.repositoryName": "$repository.name"}},
			{Source: "ecr.amazonaws.com", Name: "PutImage", Match: map[string]string{"requestParameters.repositoryName": "$repository.name"}},
		},
		Reference: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-ecr-setrepositorypolicy-pull", Title: "ecr:SetRepositoryPolicy + ecr:BatchGetImage",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "repository", Type: "ecr:repository"}},
		Needs: []Need{
			{Action: "ecr:SetRepositoryPolicy", On: "repository"},
			{Action: "ecr:GetAuthorizationToken", On: "*"},
			{Action: "ecr:BatchGetImage", On: "repository", Given: true},
		},
		Yields: Yield{Of: "repository", Data: "the images of the repository"},
		Log: []Event{
			{Source: "ecr.amazonaws.com", Name: "SetRepositoryPolicy", Match: map[string]string{"requestParameters.repositoryName": "$repository.name"}},
			{Source: "ecr.amazonaws.com", Name: "BatchGetImage", Match: map[string]string{"requestParameters.repositoryName": "$repository.name"}},
		},
		Reference: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-dynamodb-putresourcepolicy", Title: "dynamodb:PutResourcePolicy",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "table", Type: "dynamodb:table"}},
		Needs: []Need{
			{Action: "dynamodb:PutResourcePolicy", On: "table"},
			{Action: "dynamodb:GetItem", On: "table", Given: true},
		},
		Yields:    Yield{Of: "table", Data: "the items of the table"},
		Log:       []Event{{Source: "dynamodb.amazonaws.com", Name: "PutResourcePolicy", Match: map[string]string{"requestParameters.resourceArn": "$table"}}},
		Reference: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-kinesis-putresourcepolicy", Title: "kinesis:PutResourcePolicy",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "stream", Type: "kinesis:stream"}},
		Needs: []Need{
			{Action: "kinesis:PutResourcePolicy", On: "stream"},
			{Action: "kinesis:GetRecords", On: "stream", Given: true},
		},
		Yields:    Yield{Of: "stream", Data: "the records of the stream"},
		Log:       []Event{{Source: "kinesis.amazonaws.com", Name: "PutResourcePolicy", Match: map[string]string{"requestParameters.resourceARN": "$stream"}}},
		Reference: "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-elasticfilesystem-putfilesystempolicy", Title: "elasticfilesystem:PutFileSystemPolicy",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "files", Type: "elasticfilesystem:file-system"}},
		Needs: []Need{
			{Action: "elasticfilesystem:PutFileSystemPolicy", On: "files"},
			{Action: "elasticfilesystem:ClientMount", On: "files", Given: true},
		},
		Yields:    Yield{Of: "files", Data: "the files of the file system, from within its network"},
		Log:       []Event{{Source: "elasticfilesystem.amazonaws.com", Name: "PutFileSystemPolicy", Match: map[string]string{"requestParameters.fileSystemId": "$files.name"}}},
		Reference: "https://docs.aws.amazon.com/efs/latest/ug/API_PutFileSystemPolicy.html",
		Status:    Known,
	},
	{
		// The policy is made to name the actor, and what denied it is gone.
		ID: "aws-es-updatedomainconfig", Title: "es:UpdateDomainConfig",
		Provider: graph.AWS, Category: ResourcePolicy,
		Vars: []Var{{Name: "domain", Type: "es:domain"}},
		Needs: []Need{
			{Action: "es:UpdateDomainConfig", On: "domain"},
			{Action: "es:ESHttpGet", On: "domain/index", Given: true},
		},
		Yields:    Yield{Of: "domain", Data: "the documents of the domain, unless it has users of its own"},
		Log:       []Event{{Source: "es.amazonaws.com", Name: "UpdateDomainConfig", Match: map[string]string{"requestParameters.domainName": "$domain.name"}}},
		Reference: "https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_UpdateDomainConfig.html",
		Status:    Known,
	},
}
