package escalate

import "github.com/clewgraph/clew/graph"

// awsIAMUsers are the ways to a credential of another user: keys and console
// passwords, alone or together with a policy that the actor writes first.
var awsIAMUsers = []Technique{
	{
		// The metadata of a SAML provider holds the certificate that its assertions
		// are verified with. With one of the actor's, it signs in as anybody whom
		// the provider speaks for, wherever a role trusts it.
		ID: "aws-iam-updatesamlprovider", Title: "iam:UpdateSAMLProvider",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "provider", Type: "iam:saml-provider"},
			{Name: "subject", Type: "sts:saml"},
		},
		Facts:     []Fact{{Kind: AttrNames, A: "subject", B: "provider", Value: "provider"}},
		Needs:     []Need{{Action: "iam:UpdateSAMLProvider", On: "provider"}},
		Yields:    Yield{Of: "subject", Hold: graph.ByCredential},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "UpdateSAMLProvider", Match: map[string]string{"requestParameters.sAMLProviderArn": "$provider"}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html",
		Status:    Known,
	},
	{
		// The answer holds the secret of a key that the user did not have before; a
		// user has two at most.
		ID: "iam-002", Title: "iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
		},
		Needs:     []Need{{Action: "iam:CreateAccessKey", On: "user"}},
		Yields:    Yield{Of: "user", Hold: graph.ByCredential},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}}},
		Reference: "https://pathfinding.cloud/paths/iam-002",
		Status:    Known,
	},
	{
		// A user who has two keys already loses one of them to make room.
		ID: "iam-003", Title: "iam:DeleteAccessKey + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars:  []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{{Kind: IsNotActor, A: "user"}},
		Needs: []Need{
			{Action: "iam:DeleteAccessKey", On: "user"},
			{Action: "iam:CreateAccessKey", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://pathfinding.cloud/paths/iam-003",
		Status:    Known,
	},
	{
		// A user without console password gets one that the actor knows.
		ID: "iam-004", Title: "iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
		},
		Needs:     []Need{{Action: "iam:CreateLoginProfile", On: "user"}},
		Yields:    Yield{Of: "user", Hold: graph.ByCredential},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}}},
		Reference: "https://pathfinding.cloud/paths/iam-004",
		Status:    Known,
	},
	{
		// The password is replaced by one that the actor knows; the old one need not
		// be known.
		ID: "iam-006", Title: "iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
		},
		Needs:     []Need{{Action: "iam:UpdateLoginProfile", On: "user"}},
		Yields:    Yield{Of: "user", Hold: graph.ByCredential},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}}},
		Reference: "https://pathfinding.cloud/paths/iam-006",
		Status:    Known,
	},
	{
		// Who may not change a password can delete it and make a new one.
		ID: "aws-iam-deleteloginprofile-createloginprofile", Title: "iam:DeleteLoginProfile + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:DeleteLoginProfile", On: "user"},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeleteLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteLoginProfile.html",
		Status:    Known,
	},
	{
		// The console asks for the second factor of a user who has one. Deactivated,
		// the new password is enough.
		ID: "aws-iam-deactivatemfadevice-createloginprofile", Title: "iam:DeactivateMFADevice + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:DeactivateMFADevice", On: "user"},
			{Action: "iam:CreateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeactivateMFADevice", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html",
		Status:    Known,
	},
	{
		// The console asks for the second factor of a user who has one. Deactivated,
		// the new password is enough.
		ID: "aws-iam-deactivatemfadevice-updateloginprofile", Title: "iam:DeactivateMFADevice + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{{Name: "user", Type: "iam:user"}},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:DeactivateMFADevice", On: "user"},
			{Action: "iam:UpdateLoginProfile", On: "user"},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "DeactivateMFADevice", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html",
		Status:    Known,
	},
}
