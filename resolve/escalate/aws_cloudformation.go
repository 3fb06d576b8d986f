package escalate

import "github.com/clewgraph/clew/graph"

// awsCloudFormation are the techniques by CloudFormation.
var awsCloudFormation = []Technique{
	// Whatever the role may make: CloudFormation works through the actor's template as
	// the role, functions and policies included.
	{
		ID: "cloudformation-001", Title: "iam:PassRole + cloudformation:CreateStack",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/cloudformation-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "stack", Type: "cloudformation:stack", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "cloudformation.amazonaws.com"}},
			{Who: "service:cloudformation.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "cloudformation:CreateStack", On: "stack", With: map[string]string{"cloudformation:RoleArn": "$role"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "CreateStack", Match: map[string]string{"requestParameters.roleARN": "$role"}},
		},
	},
	// Whatever the stack's role may make: a stack keeps its role, and an update brings
	// another template.
	{
		ID: "cloudformation-002", Title: "cloudformation:UpdateStack",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/cloudformation-002",
		Vars: []Var{
			{Name: "stack", Type: "cloudformation:stack", Listing: "cloudformation describe-stacks"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "stack", B: "role", Value: "cloudformation.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "cloudformation:UpdateStack", On: "stack"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "UpdateStack", Match: map[string]string{"requestParameters.stackName": "$stack.name"}},
		},
	},
	// Whatever the stack's role may make: a change set is an update in two calls.
	{
		ID: "cloudformation-005", Title: "cloudformation:CreateChangeSet + cloudformation:ExecuteChangeSet",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/cloudformation-005",
		Vars: []Var{
			{Name: "stack", Type: "cloudformation:stack", Listing: "cloudformation describe-stacks"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "stack", B: "role", Value: "cloudformation.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "cloudformation:CreateChangeSet", On: "stack"},
			{Action: "cloudformation:ExecuteChangeSet", On: "stack"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "CreateChangeSet", Match: map[string]string{"requestParameters.stackName": "$stack.name"}},
			{Source: "cloudformation.amazonaws.com", Name: "ExecuteChangeSet"},
		},
	},
	// Whatever the role may make, by a stack that is there: an update brings another
	// template and another role.
	{
		ID: "aws-cloudformation-update-role", Title: "iam:PassRole + cloudformation:UpdateStack",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "stack", Type: "cloudformation:stack", Listing: "cloudformation describe-stacks"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "cloudformation.amazonaws.com"}},
			{Who: "service:cloudformation.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "cloudformation:UpdateStack", On: "stack", With: map[string]string{"cloudformation:RoleArn": "$role"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "UpdateStack", Match: map[string]string{"requestParameters.stackName": "$stack.name", "requestParameters.roleARN": "$role"}},
		},
	},
	// Whatever the role may make, by a new stack that a change set makes: neither
	// CreateStack nor UpdateStack is called.
	{
		ID: "aws-cloudformation-change-set", Title: "iam:PassRole + cloudformation:CreateChangeSet + cloudformation:ExecuteChangeSet",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "stack", Type: "cloudformation:stack", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "cloudformation.amazonaws.com"}},
			{Who: "service:cloudformation.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "cloudformation:CreateChangeSet", On: "stack", With: map[string]string{"cloudformation:RoleArn": "$role"}},
			{Action: "cloudformation:ExecuteChangeSet", On: "stack"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "CreateChangeSet", Match: map[string]string{"requestParameters.roleARN": "$role", "requestParameters.changeSetType": "CREATE"}},
			{Source: "cloudformation.amazonaws.com", Name: "ExecuteChangeSet"},
		},
	},
	// Whatever the execution role may make: a stack set's administration role is passed,
	// and takes the execution role that the actor names.
	{
		ID: "cloudformation-003", Title: "iam:PassRole + cloudformation:CreateStackSet + cloudformation:CreateStackInstances",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/cloudformation-003",
		Vars: []Var{
			{Name: "admin", Type: "iam:role"},
			{Name: "role", Type: "iam:role"},
			{Name: "stackset", Type: "cloudformation:stackset", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "admin", With: map[string]string{"iam:PassedToService": "cloudformation.amazonaws.com"}},
			{Who: "service:cloudformation.amazonaws.com", Action: "sts:AssumeRole", On: "admin"},
			{Action: "cloudformation:CreateStackSet", On: "*"},
			{Action: "cloudformation:CreateStackInstances", On: "stackset"},
			{Who: "$admin", Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "CreateStackSet", Match: map[string]string{"requestParameters.administrationRoleARN": "$admin", "requestParameters.executionRoleName": "$role.name", "requestParameters.stackSetName": "$stackset.name"}},
			{Source: "cloudformation.amazonaws.com", Name: "CreateStackInstances", Match: map[string]string{"requestParameters.stackSetName": "$stackset.name"}},
		},
	},
	// Whatever the execution role may make, by a stack set that is there: an update brings
	// another template, and its administration role is passed again.
	{
		ID: "cloudformation-004", Title: "iam:PassRole + cloudformation:UpdateStackSet",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/cloudformation-004",
		Vars: []Var{
			{Name: "admin", Type: "iam:role"},
			{Name: "role", Type: "iam:role"},
			{Name: "stackset", Type: "cloudformation:stackset", Listing: "cloudformation list-stack-sets"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "admin", With: map[string]string{"iam:PassedToService": "cloudformation.amazonaws.com"}},
			{Who: "service:cloudformation.amazonaws.com", Action: "sts:AssumeRole", On: "admin"},
			{Action: "cloudformation:UpdateStackSet", On: "stackset"},
			{Who: "$admin", Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "UpdateStackSet", Match: map[string]string{"requestParameters.stackSetName": "$stackset.name", "requestParameters.administrationRoleARN": "$admin"}},
		},
	},
}
