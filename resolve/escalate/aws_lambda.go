package escalate

import "github.com/clewgraph/clew/graph"

// awsLambda are the techniques by Lambda. Logs call its older operations by
// name and version.
//
// Source: Lambda developer guide, "Logging Lambda API calls using AWS
// CloudTrail".
var awsLambda = []Technique{
	// Code as the role: a new function runs as it, and the actor calls it.
	{
		ID: "lambda-001", Title: "iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/lambda-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "function", Type: "lambda:function", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:InvokeFunction", On: "function"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "Invoke", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the role without calling the function: Lambda polls a queue for it, which
	// may be the actor's own of another account. The role itself reads the queue.
	{
		ID: "lambda-002", Title: "iam:PassRole + lambda:CreateFunction + lambda:CreateEventSourceMapping",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/lambda-002",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "function", Type: "lambda:function", New: true},
			{Name: "queue", Type: "sqs:queue", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:CreateEventSourceMapping", On: "*"},
			{Who: "$role", Action: "sqs:ReceiveMessage", On: "queue"},
			{Who: "$role", Action: "sqs:DeleteMessage", On: "queue"},
			{Who: "$role", Action: "sqs:GetQueueAttributes", On: "queue"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "CreateEventSourceMapping20150331", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the role without calling the function, by a queue of the account that the
	// role may read: a message that the actor sends runs the function.
	{
		ID: "aws-lambda-existing-queue", Title: "iam:PassRole + lambda:CreateFunction + lambda:CreateEventSourceMapping + sqs:SendMessage",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "queue", Type: "sqs:queue", Listing: "sqs list-queues"},
			{Name: "function", Type: "lambda:function", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:CreateEventSourceMapping", On: "*"},
			{Action: "sqs:SendMessage", On: "queue"},
			{Who: "$role", Action: "sqs:ReceiveMessage", On: "queue"},
			{Who: "$role", Action: "sqs:DeleteMessage", On: "queue"},
			{Who: "$role", Action: "sqs:GetQueueAttributes", On: "queue"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "CreateEventSourceMapping20150331", Match: map[string]string{"requestParameters.eventSourceArn": "$queue"}},
		},
	},
	// Code as the role without calling the function, by a stream of the account that the
	// role may read: its next record runs the function.
	{
		ID: "aws-lambda-kinesis-stream", Title: "iam:PassRole + lambda:CreateFunction + lambda:CreateEventSourceMapping",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "stream", Type: "kinesis:stream", Listing: "kinesis list-streams"},
			{Name: "function", Type: "lambda:function", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:CreateEventSourceMapping", On: "*"},
			{Who: "$role", Action: "kinesis:GetRecords", On: "stream"},
			{Who: "$role", Action: "kinesis:GetShardIterator", On: "stream"},
			{Who: "$role", Action: "kinesis:DescribeStream", On: "stream"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "CreateEventSourceMapping20150331", Match: map[string]string{"requestParameters.eventSourceArn": "$stream"}},
		},
	},
	// Code as the role, started by a table of the actor's own: a row that the actor
	// writes passes through the table's stream, which the role must be allowed to read.
	{
		ID: "aws-lambda-new-table", Title: "iam:PassRole + lambda:CreateFunction + lambda:CreateEventSourceMapping + dynamodb:CreateTable + dynamodb:PutItem",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "function", Type: "lambda:function", New: true},
			{Name: "table", Type: "dynamodb:table", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:CreateEventSourceMapping", On: "*"},
			{Action: "dynamodb:CreateTable", On: "table"},
			{Action: "dynamodb:PutItem", On: "table"},
			{Who: "$role", Action: "dynamodb:GetRecords", On: "table/stream/2026-01-01T00:00:00.000"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "dynamodb.amazonaws.com", Name: "CreateTable", Match: map[string]string{"requestParameters.tableName": "$table.name"}},
			{Source: "lambda.amazonaws.com", Name: "CreateEventSourceMapping20150331", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the function's role: its code is overwritten, and its own triggers run
	// it.
	{
		ID: "lambda-003", Title: "lambda:UpdateFunctionCode",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/lambda-003",
		Vars: []Var{
			{Name: "function", Type: "lambda:function", Listing: "lambda list-functions"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "function", B: "role", Value: "lambda.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "lambda:UpdateFunctionCode", On: "function"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionCode20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the function's role, at once: its code is overwritten, and the actor
	// calls it.
	{
		ID: "lambda-004", Title: "lambda:UpdateFunctionCode + lambda:InvokeFunction",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/lambda-004",
		Vars: []Var{
			{Name: "function", Type: "lambda:function", Listing: "lambda list-functions"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "function", B: "role", Value: "lambda.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "lambda:UpdateFunctionCode", On: "function"},
			{Action: "lambda:InvokeFunction", On: "function"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionCode20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
			{Source: "lambda.amazonaws.com", Name: "Invoke", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the function's role, at once: its code is overwritten, and the actor lets
	// somebody call it by the function's own policy.
	{
		ID: "lambda-005", Title: "lambda:UpdateFunctionCode + lambda:AddPermission",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/lambda-005",
		Vars: []Var{
			{Name: "function", Type: "lambda:function", Listing: "lambda list-functions"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "function", B: "role", Value: "lambda.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "lambda:UpdateFunctionCode", On: "function"},
			{Action: "lambda:AddPermission", On: "function"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionCode20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
			{Source: "lambda.amazonaws.com", Name: "AddPermission20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the role: a new function runs as it, and its own policy, written by the
	// actor, lets a service, an account or everybody call it.
	{
		ID: "lambda-006", Title: "iam:PassRole + lambda:CreateFunction + lambda:AddPermission",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/lambda-006",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "function", Type: "lambda:function", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:AddPermission", On: "function"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "AddPermission20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the role, called by its URL. Lambda wants both actions for it; a policy
	// that allows the call by URL alone is enough.
	{
		ID: "aws-lambda-function-url", Title: "iam:PassRole + lambda:CreateFunction + lambda:CreateFunctionUrlConfig + lambda:InvokeFunctionUrl + lambda:InvokeFunction",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "function", Type: "lambda:function", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:CreateFunction", On: "function"},
			{Action: "lambda:CreateFunctionUrlConfig", On: "function", With: map[string]string{"lambda:FunctionUrlAuthType": "AWS_IAM"}},
			{Action: "lambda:InvokeFunctionUrl", On: "function", With: map[string]string{"lambda:FunctionUrlAuthType": "AWS_IAM"}},
			{Action: "lambda:InvokeFunction", On: "function", With: map[string]string{"lambda:InvokedViaFunctionUrl": "true"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "CreateFunction20150331", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "CreateFunctionUrlConfig", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
	// Code as the function's role: a layer of the actor's is added, and its files are
	// loaded before the function's own. The actor must be allowed to read the layer.
	{
		ID: "aws-lambda-layer", Title: "lambda:UpdateFunctionConfiguration + lambda:GetLayerVersion",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html",
		Vars: []Var{
			{Name: "layer", Type: "lambda:layerVersion", New: true},
			{Name: "function", Type: "lambda:function", Listing: "lambda list-functions"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "function", B: "role", Value: "lambda.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "lambda:UpdateFunctionConfiguration", On: "function", With: map[string]string{"lambda:Layer": "$layer"}},
			{Action: "lambda:GetLayerVersion", On: "layer"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionConfiguration20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.layers": "$layer"}},
		},
	},
	// Code as another role in a function that is there: its role and its code are both
	// replaced, and its triggers run it.
	{
		ID: "aws-lambda-function-role", Title: "iam:PassRole + lambda:UpdateFunctionConfiguration + lambda:UpdateFunctionCode",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "function", Type: "lambda:function", Listing: "lambda list-functions"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "lambda.amazonaws.com"}},
			{Who: "service:lambda.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "lambda:UpdateFunctionConfiguration", On: "function"},
			{Action: "lambda:UpdateFunctionCode", On: "function"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionConfiguration20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name", "requestParameters.role": "$role"}},
			{Source: "lambda.amazonaws.com", Name: "UpdateFunctionCode20150331v2", Match: map[string]string{"requestParameters.functionName": "$function.name"}},
		},
	},
}
