package escalate

import "github.com/clewgraph/clew/graph"

// awsIAMUnbound are the ways out of a permissions boundary: it is taken off, or
// replaced, or a new principal is made that has none. What is gained is what an
// unbounded principal of the account can have under the account's ceilings.
var awsIAMUnbound = []Technique{
	{
		// Without its boundary the user has what its policies say, and these say what
		// it likes.
		ID: "aws-iam-deleteuserpermissionsboundary-putuserpolicy", Title: "iam:DeleteUserPermissionsBoundary + iam:PutUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:DeleteUserPermissionsBoundary", On: Actor},
			{Action: "iam:PutUserPolicy", On: Actor},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteUserPermissionsBoundary", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html",
		Status:    Known,
	},
	{
		// Without its boundary the user has what its policies say, and these say what
		// it likes.
		ID: "aws-iam-deleteuserpermissionsboundary-attachuserpolicy", Title: "iam:DeleteUserPermissionsBoundary + iam:AttachUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:DeleteUserPermissionsBoundary", On: Actor},
			{Action: "iam:AttachUserPolicy", On: Actor, With: map[string]string{"iam:PolicyARN": adminPolicy}},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteUserPermissionsBoundary", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html",
		Status:    Known,
	},
	{
		// With a boundary that allows everything the user has what its policies say,
		// and these say what it likes.
		ID: "aws-iam-putuserpermissionsboundary-putuserpolicy", Title: "iam:PutUserPermissionsBoundary + iam:PutUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:PutUserPermissionsBoundary", On: Actor, With: map[string]string{"iam:PermissionsBoundary": adminPolicy}},
			{Action: "iam:PutUserPolicy", On: Actor},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutUserPermissionsBoundary", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html",
		Status:    Known,
	},
	{
		// With a boundary that allows everything the user has what its policies say,
		// and these say what it likes.
		ID: "aws-iam-putuserpermissionsboundary-attachuserpolicy", Title: "iam:PutUserPermissionsBoundary + iam:AttachUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:PutUserPermissionsBoundary", On: Actor, With: map[string]string{"iam:PermissionsBoundary": adminPolicy}},
			{Action: "iam:AttachUserPolicy", On: Actor, With: map[string]string{"iam:PolicyARN": adminPolicy}},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutUserPermissionsBoundary", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{
				"requestParameters.userName": "$actor.name",
				"userIdentity.userName":      "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html",
		Status:    Known,
	},
	{
		// Without its boundary the role has what its policies say, and these say what
		// it likes.
		ID: "aws-iam-deleterolepermissionsboundary-putrolepolicy", Title: "iam:DeleteRolePermissionsBoundary + iam:PutRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:DeleteRolePermissionsBoundary", On: Actor},
			{Action: "iam:PutRolePolicy", On: Actor},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteRolePermissionsBoundary", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html",
		Status:    Known,
	},
	{
		// Without its boundary the role has what its policies say, and these say what
		// it likes.
		ID: "aws-iam-deleterolepermissionsboundary-attachrolepolicy", Title: "iam:DeleteRolePermissionsBoundary + iam:AttachRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:DeleteRolePermissionsBoundary", On: Actor},
			{Action: "iam:AttachRolePolicy", On: Actor, With: map[string]string{"iam:PolicyARN": adminPolicy}},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteRolePermissionsBoundary", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html",
		Status:    Known,
	},
	{
		// With a boundary that allows everything the role has what its policies say,
		// and these say what it likes.
		ID: "aws-iam-putrolepermissionsboundary-putrolepolicy", Title: "iam:PutRolePermissionsBoundary + iam:PutRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:PutRolePermissionsBoundary", On: Actor, With: map[string]string{"iam:PermissionsBoundary": adminPolicy}},
			{Action: "iam:PutRolePolicy", On: Actor},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutRolePermissionsBoundary", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html",
		Status:    Known,
	},
	{
		// With a boundary that allows everything the role has what its policies say,
		// and these say what it likes.
		ID: "aws-iam-putrolepermissionsboundary-attachrolepolicy", Title: "iam:PutRolePermissionsBoundary + iam:AttachRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:  []Var{{Name: "account", Type: "organizations:account"}},
		Facts: []Fact{{Kind: HasFact, A: Actor, Value: "aws:boundary"}},
		Needs: []Need{
			{Action: "iam:PutRolePermissionsBoundary", On: Actor, With: map[string]string{"iam:PermissionsBoundary": adminPolicy}},
			{Action: "iam:AttachRolePolicy", On: Actor, With: map[string]string{"iam:PolicyARN": adminPolicy}},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutRolePermissionsBoundary", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html",
		Status:    Known,
	},
	{
		// Another role loses its boundary, gets a policy of the actor's choice and is
		// assumed.
		ID: "aws-iam-deleterolepermissionsboundary-putrolepolicy-assumerole", Title: "iam:DeleteRolePermissionsBoundary + iam:PutRolePolicy + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "account", Type: "organizations:account"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
			{Kind: HasFact, A: "role", Value: "aws:boundary"},
		},
		Needs: []Need{
			{Action: "iam:DeleteRolePermissionsBoundary", On: "role"},
			{Action: "iam:PutRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role"},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteRolePermissionsBoundary", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html",
		Status:    Known,
	},
	{
		// Another role loses its boundary, gets a policy of the actor's choice and is
		// assumed through a trust policy that names the actor.
		ID: "aws-iam-deleterolepermissionsboundary-putrolepolicy-updateassumerolepolicy", Title: "iam:DeleteRolePermissionsBoundary + iam:PutRolePolicy + iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "account", Type: "organizations:account"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
			{Kind: HasFact, A: "role", Value: "aws:boundary"},
		},
		Needs: []Need{
			{Action: "iam:DeleteRolePermissionsBoundary", On: "role"},
			{Action: "iam:PutRolePolicy", On: "role"},
			{Action: "iam:UpdateAssumeRolePolicy", On: "role"},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteRolePermissionsBoundary", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html",
		Status:    Known,
	},
	{
		// A new role has no boundary unless one is demanded. Its trust names the
		// actor, its policy is the actor's choice.
		ID: "aws-iam-createrole-putrolepolicy", Title: "iam:CreateRole + iam:PutRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "role", Type: "iam:role", New: true}},
		Needs: []Need{
			{Action: "iam:CreateRole", On: "role", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:PutRolePolicy", On: "role", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateRole", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
		Status:    Known,
	},
	{
		// A new role has no boundary unless one is demanded. Its trust names the
		// actor, its policy is the actor's choice.
		ID: "aws-iam-createrole-attachrolepolicy", Title: "iam:CreateRole + iam:AttachRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "role", Type: "iam:role", New: true}},
		Needs: []Need{
			{Action: "iam:CreateRole", On: "role", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:AttachRolePolicy", On: "role", With: map[string]string{"iam:PolicyARN": adminPolicy, "!iam:PermissionsBoundary": ""}},
			{Action: "sts:AssumeRole", On: "role", Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateRole", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
		Status:    Known,
	},
	{
		// A new user has no boundary unless one is demanded. It gets a policy of the
		// actor's choice and a key that the actor knows.
		ID: "aws-iam-createuser-putuserpolicy-createaccesskey", Title: "iam:CreateUser + iam:PutUserPolicy + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user", New: true}},
		Needs: []Need{
			{Action: "iam:CreateUser", On: "user", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:PutUserPolicy", On: "user", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html",
		Status:    Known,
	},
	{
		// A new user has no boundary unless one is demanded. It gets a policy of the
		// actor's choice and a password that the actor knows.
		ID: "aws-iam-createuser-putuserpolicy-createloginprofile", Title: "iam:CreateUser + iam:PutUserPolicy + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user", New: true}},
		Needs: []Need{
			{Action: "iam:CreateUser", On: "user", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:PutUserPolicy", On: "user", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html",
		Status:    Known,
	},
	{
		// A new user has no boundary unless one is demanded. It gets a policy of the
		// actor's choice and a key that the actor knows.
		ID: "aws-iam-createuser-attachuserpolicy-createaccesskey", Title: "iam:CreateUser + iam:AttachUserPolicy + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user", New: true}},
		Needs: []Need{
			{Action: "iam:CreateUser", On: "user", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:AttachUserPolicy", On: "user", With: map[string]string{"iam:PolicyARN": adminPolicy, "!iam:PermissionsBoundary": ""}},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html",
		Status:    Known,
	},
	{
		// A new user has no boundary unless one is demanded. It gets a policy of the
		// actor's choice and a password that the actor knows.
		ID: "aws-iam-createuser-attachuserpolicy-createloginprofile", Title: "iam:CreateUser + iam:AttachUserPolicy + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user", New: true}},
		Needs: []Need{
			{Action: "iam:CreateUser", On: "user", With: map[string]string{"!iam:PermissionsBoundary": ""}},
			{Action: "iam:AttachUserPolicy", On: "user", With: map[string]string{"iam:PolicyARN": adminPolicy, "!iam:PermissionsBoundary": ""}},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html",
		Status:    Known,
	},
}
