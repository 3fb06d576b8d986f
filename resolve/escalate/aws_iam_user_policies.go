package escalate

import "github.com/clewgraph/clew/graph"

// awsIAMUserPolicies are the ways to another user together with a policy that
// the actor writes: its own, its group's, or a managed one that is attached.
var awsIAMUserPolicies = []Technique{
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "iam-015", Title: "iam:AttachUserPolicy + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:AttachUserPolicy", On: "user", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-015",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "iam-018", Title: "iam:PutUserPolicy + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:PutUserPolicy", On: "user"},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-018",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-attachuserpolicy-createloginprofile", Title: "iam:AttachUserPolicy + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:AttachUserPolicy", On: "user", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-attachuserpolicy-updateloginprofile", Title: "iam:AttachUserPolicy + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:AttachUserPolicy", On: "user", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:UpdateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-putuserpolicy-createloginprofile", Title: "iam:PutUserPolicy + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:PutUserPolicy", On: "user"},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-putuserpolicy-updateloginprofile", Title: "iam:PutUserPolicy + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:PutUserPolicy", On: "user"},
			{Action: "iam:UpdateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-attachgrouppolicy-createaccesskey", Title: "iam:AttachGroupPolicy + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "group", Type: "iam:group"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
			{Kind: MemberOf, A: "user", B: "group"},
		},
		Needs: []Need{
			{Action: "iam:AttachGroupPolicy", On: "group", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-attachgrouppolicy-createloginprofile", Title: "iam:AttachGroupPolicy + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "group", Type: "iam:group"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
			{Kind: MemberOf, A: "user", B: "group"},
		},
		Needs: []Need{
			{Action: "iam:AttachGroupPolicy", On: "group", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-attachgrouppolicy-updateloginprofile", Title: "iam:AttachGroupPolicy + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "group", Type: "iam:group"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
			{Kind: MemberOf, A: "user", B: "group"},
		},
		Needs: []Need{
			{Action: "iam:AttachGroupPolicy", On: "group", With: map[string]string{"iam:PolicyARN": adminPolicy}},
			{Action: "iam:UpdateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "AttachGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-putgrouppolicy-createaccesskey", Title: "iam:PutGroupPolicy + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "group", Type: "iam:group"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
			{Kind: MemberOf, A: "user", B: "group"},
		},
		Needs: []Need{
			{Action: "iam:PutGroupPolicy", On: "group"},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-putgrouppolicy-createloginprofile", Title: "iam:PutGroupPolicy + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "group", Type: "iam:group"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
			{Kind: MemberOf, A: "user", B: "group"},
		},
		Needs: []Need{
			{Action: "iam:PutGroupPolicy", On: "group"},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-putgrouppolicy-updateloginprofile", Title: "iam:PutGroupPolicy + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "group", Type: "iam:group"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
			{Kind: MemberOf, A: "user", B: "group"},
		},
		Needs: []Need{
			{Action: "iam:PutGroupPolicy", On: "group"},
			{Action: "iam:UpdateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "PutGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-createpolicyversion-createaccesskey", Title: "iam:CreatePolicyVersion + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "policy", Type: "iam:policy"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: "user"},
		},
		Needs: []Need{
			{Action: "iam:CreatePolicyVersion", On: "policy"},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-createpolicyversion-createloginprofile", Title: "iam:CreatePolicyVersion + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "policy", Type: "iam:policy"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: "user"},
		},
		Needs: []Need{
			{Action: "iam:CreatePolicyVersion", On: "policy"},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html",
		Status:    Known,
	},
	{
		// First the policy, then the credential: the user is held together with what
		// the actor wrote.
		ID: "aws-iam-createpolicyversion-updateloginprofile", Title: "iam:CreatePolicyVersion + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "policy", Type: "iam:policy"},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: "user"},
		},
		Needs: []Need{
			{Action: "iam:CreatePolicyVersion", On: "policy"},
			{Action: "iam:UpdateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html",
		Status:    Known,
	},
}
