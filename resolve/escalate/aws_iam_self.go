package escalate

import "github.com/clewgraph/clew/graph"

// adminPolicy is what is attached where a managed policy is needed: every
// account can attach it.
const adminPolicy = "arn:aws:iam::aws:policy/AdministratorAccess"

// awsIAMSelf are the ways in which a principal changes its own policies. What is
// gained is itself with a policy of its choice: its boundary, the ceilings of
// its account and the denies that it cannot take off still hold.
var awsIAMSelf = []Technique{
	{
		// A new default version replaces what a customer managed policy says for
		// everybody that it is attached to, the actor among them.
		ID: "iam-001", Title: "iam:CreatePolicyVersion",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{{Name: "policy", Type: "iam:policy"}},
		Facts: []Fact{
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: Actor},
		},
		Needs:     []Need{{Action: "iam:CreatePolicyVersion", On: "policy"}},
		Yields:    Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "CreatePolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}}},
		Reference: "https://pathfinding.cloud/paths/iam-001",
		Status:    Known,
	},
	{
		// An inline policy adds to what the role is allowed, and its text is the
		// actor's.
		ID: "iam-005", Title: "iam:PutRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Needs:  []Need{{Action: "iam:PutRolePolicy", On: Actor}},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{
			"requestParameters.roleName":                         "$actor.name",
			"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
		}}},
		Reference: "https://pathfinding.cloud/paths/iam-005",
		Status:    Known,
	},
	{
		// An inline policy adds to what the user is allowed, and its text is the
		// actor's.
		ID: "iam-007", Title: "iam:PutUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Needs:  []Need{{Action: "iam:PutUserPolicy", On: Actor}},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{
			"requestParameters.userName": "$actor.name",
			"userIdentity.userName":      "$actor.name",
		}}},
		Reference: "https://pathfinding.cloud/paths/iam-007",
		Status:    Known,
	},
	{
		// An attached managed policy adds to what the user is allowed:
		// AdministratorAccess can be attached in every account.
		ID: "iam-008", Title: "iam:AttachUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Needs:  []Need{{Action: "iam:AttachUserPolicy", On: Actor, With: map[string]string{"iam:PolicyARN": adminPolicy}}},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{
			"requestParameters.userName": "$actor.name",
			"userIdentity.userName":      "$actor.name",
		}}},
		Reference: "https://pathfinding.cloud/paths/iam-008",
		Status:    Known,
	},
	{
		// An attached managed policy adds to what the role is allowed:
		// AdministratorAccess can be attached in every account.
		ID: "iam-009", Title: "iam:AttachRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Needs:  []Need{{Action: "iam:AttachRolePolicy", On: Actor, With: map[string]string{"iam:PolicyARN": adminPolicy}}},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{
			"requestParameters.roleName":                         "$actor.name",
			"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
		}}},
		Reference: "https://pathfinding.cloud/paths/iam-009",
		Status:    Known,
	},
	{
		// A policy of a group speaks for every member, the actor among them.
		ID: "iam-010", Title: "iam:AttachGroupPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:      []Var{{Name: "group", Type: "iam:group"}},
		Facts:     []Fact{{Kind: MemberOf, A: Actor, B: "group"}},
		Needs:     []Need{{Action: "iam:AttachGroupPolicy", On: "group", With: map[string]string{"iam:PolicyARN": adminPolicy}}},
		Yields:    Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "AttachGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}}},
		Reference: "https://pathfinding.cloud/paths/iam-010",
		Status:    Known,
	},
	{
		// A policy of a group speaks for every member, the actor among them.
		ID: "iam-011", Title: "iam:PutGroupPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:      []Var{{Name: "group", Type: "iam:group"}},
		Facts:     []Fact{{Kind: MemberOf, A: Actor, B: "group"}},
		Needs:     []Need{{Action: "iam:PutGroupPolicy", On: "group"}},
		Yields:    Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "PutGroupPolicy", Match: map[string]string{"requestParameters.groupName": "$group.name"}}},
		Reference: "https://pathfinding.cloud/paths/iam-011",
		Status:    Known,
	},
	{
		// Membership gives the policies of the group on top of what the user has; it
		// is enough where the user then administers its account, or can give itself
		// what is missing.
		ID: "iam-013", Title: "iam:AddUserToGroup",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars:   []Var{{Name: "group", Type: "iam:group"}},
		Facts:  []Fact{{Kind: Enough, A: "group"}},
		Needs:  []Need{{Action: "iam:AddUserToGroup", On: "group"}},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "AddUserToGroup", Match: map[string]string{
			"requestParameters.groupName": "$group.name",
			"requestParameters.userName":  "$actor.name",
			"userIdentity.userName":       "$actor.name",
		}}},
		Reference: "https://pathfinding.cloud/paths/iam-013",
		Status:    Known,
	},
	{
		// Every version of a managed policy is kept until it is deleted; an older one
		// that allows more can be made the default again. What it says is fixed, so it
		// has to be enough.
		ID: "aws-iam-setdefaultpolicyversion", Title: "iam:SetDefaultPolicyVersion",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{{Name: "policy", Type: "iam:policy"}},
		Facts: []Fact{
			{Kind: CustomerManaged, A: "policy"},
			{Kind: AttachedTo, A: "policy", B: Actor},
			{Kind: Enough, A: "policy"},
		},
		Needs:     []Need{{Action: "iam:SetDefaultPolicyVersion", On: "policy"}},
		Yields:    Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log:       []Event{{Source: "iam.amazonaws.com", Name: "SetDefaultPolicyVersion", Match: map[string]string{"requestParameters.policyArn": "$policy"}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html",
		Status:    Known,
	},
	{
		// Where the policies that may be attached are restricted to those of the
		// account, the actor writes one. AdministratorAccess is not needed.
		ID: "aws-iam-createpolicy-attachuserpolicy", Title: "iam:CreatePolicy + iam:AttachUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{{Name: "policy", Type: "iam:policy", New: true}},
		Needs: []Need{
			{Action: "iam:CreatePolicy", On: "policy"},
			{Action: "iam:AttachUserPolicy", On: Actor, With: map[string]string{"iam:PolicyARN": "$policy"}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{
				"requestParameters.policyArn": "$policy",
				"requestParameters.userName":  "$actor.name",
				"userIdentity.userName":       "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		Status:    Known,
	},
	{
		// Where the policies that may be attached are restricted to those of the
		// account, the actor writes one. AdministratorAccess is not needed.
		ID: "aws-iam-createpolicy-attachrolepolicy", Title: "iam:CreatePolicy + iam:AttachRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{{Name: "policy", Type: "iam:policy", New: true}},
		Needs: []Need{
			{Action: "iam:CreatePolicy", On: "policy"},
			{Action: "iam:AttachRolePolicy", On: Actor, With: map[string]string{"iam:PolicyARN": "$policy"}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{
				"requestParameters.policyArn":                        "$policy",
				"requestParameters.roleName":                         "$actor.name",
				"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
			}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		Status:    Known,
	},
	{
		// Where the policies that may be attached are restricted to those of the
		// account, the actor writes one. AdministratorAccess is not needed.
		ID: "aws-iam-createpolicy-attachgrouppolicy", Title: "iam:CreatePolicy + iam:AttachGroupPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "group", Type: "iam:group"},
			{Name: "policy", Type: "iam:policy", New: true},
		},
		Facts: []Fact{{Kind: MemberOf, A: Actor, B: "group"}},
		Needs: []Need{
			{Action: "iam:CreatePolicy", On: "policy"},
			{Action: "iam:AttachGroupPolicy", On: "group", With: map[string]string{"iam:PolicyARN": "$policy"}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreatePolicy", Match: map[string]string{"requestParameters.policyName": "$policy.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachGroupPolicy", Match: map[string]string{"requestParameters.policyArn": "$policy", "requestParameters.groupName": "$group.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		Status:    Known,
	},
}
