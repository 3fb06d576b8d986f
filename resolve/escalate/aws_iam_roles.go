package escalate

import "github.com/clewgraph/clew/graph"

// awsIAMRoles are the ways to a session of another role: its trust policy is
// written anew, or it trusts the actor already and gets another policy first.
var awsIAMRoles = []Technique{
	{
		// The trust policy is made to name the actor. Within one account that is
		// enough to assume the role, unless something denies the call.
		ID: "iam-012", Title: "iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:  []Var{{Name: "role", Type: "iam:role"}},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:UpdateAssumeRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields:    Yield{Of: "role", Hold: graph.AsSession},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}}},
		Reference: "https://pathfinding.cloud/paths/iam-012",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, and, as it trusts the actor
		// already, is assumed.
		ID: "iam-014", Title: "iam:AttachRolePolicy + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:  []Var{{Name: "role", Type: "iam:role"}},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:AttachRolePolicy", On: "role", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-014",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, and, as it trusts the actor
		// already, is assumed.
		ID: "iam-016", Title: "iam:CreatePolicyVersion + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "policy", Type: "iam:policy"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:CreatePolicyVersion", On: "policy"},
			{Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-016",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, and, as it trusts the actor
		// already, is assumed.
		ID: "iam-017", Title: "iam:PutRolePolicy + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:  []Var{{Name: "role", Type: "iam:role"}},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:PutRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-017",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, is made to trust the actor and
		// is assumed.
		ID: "iam-019", Title: "iam:AttachRolePolicy + iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:  []Var{{Name: "role", Type: "iam:role"}},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:AttachRolePolicy", On: "role", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:UpdateAssumeRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-019",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, is made to trust the actor and
		// is assumed.
		ID: "iam-020", Title: "iam:CreatePolicyVersion + iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "policy", Type: "iam:policy"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:CreatePolicyVersion", On: "policy"},
			{Action: "iam:UpdateAssumeRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}},
			{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-020",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, is made to trust the actor and
		// is assumed.
		ID: "iam-021", Title: "iam:PutRolePolicy + iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:  []Var{{Name: "role", Type: "iam:role"}},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:PutRolePolicy", On: "role"},
			{Action: "iam:UpdateAssumeRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-021",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, and, as it trusts the actor
		// already, is assumed.
		ID: "aws-iam-createpolicy-attachrolepolicy-assumerole", Title: "iam:CreatePolicy + iam:AttachRolePolicy + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "policy", Type: "iam:policy", New: true},
		},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:CreatePolicy", On: "policy"},
			{Action: "iam:AttachRolePolicy", On: "role", With: map[string]string{"iam:PolicyARN": "$policy"}},
			{Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{"requestParameters.policyArn": "$policy", "requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		Status:    Known,
	},
	{
		// The role gets a policy of the actor's choice, is made to trust the actor and
		// is assumed.
		ID: "aws-iam-createpolicy-attachrolepolicy-updateassumerolepolicy", Title: "iam:CreatePolicy + iam:AttachRolePolicy + iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "policy", Type: "iam:policy", New: true},
		},
		Facts: []Fact{{Kind: IsNotActor, A: "role"}},
		Needs: []Need{
			{Action: "iam:CreatePolicy", On: "policy"},
			{Action: "iam:AttachRolePolicy", On: "role", With: map[string]string{"iam:PolicyARN": "$policy"}},
			{Action: "iam:UpdateAssumeRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{"requestParameters.policyArn": "$policy", "requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		Status:    Known,
	},
	{
		// A role that trusts the actor, or its account, is assumed; what the session
		// may do is the role's.
		ID: "sts-001", Title: "sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:      []Var{{Name: "role", Type: "iam:role"}},
		Facts:     []Fact{{Kind: IsNotActor, A: "role"}},
		Needs:     []Need{{Action: "sts:AssumeRole", On: "role"}},
		Yields:    Yield{Of: "role", Hold: graph.AsSession},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}}},
		Reference: "https://pathfinding.cloud/paths/sts-001",
		Status:    Known,
		Told:      graph.CanAssume,
	},
}
