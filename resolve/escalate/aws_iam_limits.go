package escalate

import "github.com/clewgraph/clew/graph"

// awsIAMLimits are the ways in which an actor takes off itself what limits it: a
// document that denies, a group that has one, its boundary. What is gained is the
// actor as it was, without that and nothing else: what its other policies deny
// still is, and where the deny guards itself nothing is gained.
//
// Deleting and detaching are asked of the holder of the policy. Of detaching, the
// request names the policy as iam:PolicyARN; of deleting, nothing does.
//
// Source: service authorization reference, "Actions, resources, and condition keys
// for AWS Identity and Access Management".
var awsIAMLimits = []Technique{
	{
		// A managed policy that denies is taken off the actor itself.
		ID: "aws-iam-detachuserpolicy", Title: "iam:DetachUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: Binds, A: "limit", B: Actor, Value: string(Managed)},
		},
		Needs:  []Need{{Action: "iam:DetachUserPolicy", On: Actor, With: map[string]string{"iam:PolicyARN": "$limit"}}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DetachUserPolicy", Match: map[string]string{
			"requestParameters.policyArn": "$limit",
			"requestParameters.userName":  "$actor.name",
			"userIdentity.userName":       "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html",
		Status:    Known,
	},
	{
		// An inline policy that denies is deleted from the actor itself. What it allowed
		// goes with it.
		ID: "aws-iam-deleteuserpolicy", Title: "iam:DeleteUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: Binds, A: "limit", B: Actor, Value: string(Inline)},
		},
		Needs:  []Need{{Action: "iam:DeleteUserPolicy", On: Actor}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DeleteUserPolicy", Match: map[string]string{
			"requestParameters.policyName": "$limit.name",
			"requestParameters.userName":   "$actor.name",
			"userIdentity.userName":        "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html",
		Status:    Known,
	},
	{
		// A managed policy that denies is taken off the role itself.
		ID: "aws-iam-detachrolepolicy", Title: "iam:DetachRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: Binds, A: "limit", B: Actor, Value: string(Managed)},
		},
		Needs:  []Need{{Action: "iam:DetachRolePolicy", On: Actor, With: map[string]string{"iam:PolicyARN": "$limit"}}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DetachRolePolicy", Match: map[string]string{
			"requestParameters.policyArn":                        "$limit",
			"requestParameters.roleName":                         "$actor.name",
			"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html",
		Status:    Known,
	},
	{
		// An inline policy that denies is deleted from the role itself. What it allowed
		// goes with it.
		ID: "aws-iam-deleterolepolicy", Title: "iam:DeleteRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: Binds, A: "limit", B: Actor, Value: string(Inline)},
		},
		Needs:  []Need{{Action: "iam:DeleteRolePolicy", On: Actor}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DeleteRolePolicy", Match: map[string]string{
			"requestParameters.policyName":                       "$limit.name",
			"requestParameters.roleName":                         "$actor.name",
			"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html",
		Status:    Known,
	},
	{
		// A managed policy that denies is taken off a group of the actor, and so off it.
		ID: "aws-iam-detachgrouppolicy", Title: "iam:DetachGroupPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "group", Type: "iam:group"},
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: MemberOf, A: Actor, B: "group"},
			{Kind: Binds, A: "limit", B: "group", Value: string(Managed)},
		},
		Needs:  []Need{{Action: "iam:DetachGroupPolicy", On: "group", With: map[string]string{"iam:PolicyARN": "$limit"}}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DetachGroupPolicy", Match: map[string]string{
			"requestParameters.policyArn": "$limit",
			"requestParameters.groupName": "$group.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html",
		Status:    Known,
	},
	{
		// An inline policy that denies is deleted from a group of the actor, and so from
		// it.
		ID: "aws-iam-deletegrouppolicy", Title: "iam:DeleteGroupPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "group", Type: "iam:group"},
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: MemberOf, A: Actor, B: "group"},
			{Kind: Binds, A: "limit", B: "group", Value: string(Inline)},
		},
		Needs:  []Need{{Action: "iam:DeleteGroupPolicy", On: "group"}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DeleteGroupPolicy", Match: map[string]string{
			"requestParameters.policyName": "$limit.name",
			"requestParameters.groupName":  "$group.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html",
		Status:    Known,
	},
	{
		// The actor leaves a group that denies. What the group allowed goes with it.
		ID: "aws-iam-removeuserfromgroup", Title: "iam:RemoveUserFromGroup",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "group", Type: "iam:group"},
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: MemberOf, A: Actor, B: "group"},
			{Kind: Binds, A: "limit", B: "group", Value: string(Membership)},
		},
		Needs:  []Need{{Action: "iam:RemoveUserFromGroup", On: "group"}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "RemoveUserFromGroup", Match: map[string]string{
			"requestParameters.groupName": "$group.name",
			"requestParameters.userName":  "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html",
		Status:    Known,
	},
	{
		// Without its boundary the user has all that its policies allow.
		ID: "aws-iam-deleteuserpermissionsboundary", Title: "iam:DeleteUserPermissionsBoundary",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: Binds, A: "limit", B: Actor, Value: string(Boundary)},
		},
		Needs:  []Need{{Action: "iam:DeleteUserPermissionsBoundary", On: Actor}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DeleteUserPermissionsBoundary", Match: map[string]string{
			"requestParameters.userName": "$actor.name",
			"userIdentity.userName":      "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html",
		Status:    Known,
	},
	{
		// Without its boundary the role has all that its policies allow.
		ID: "aws-iam-deleterolepermissionsboundary", Title: "iam:DeleteRolePermissionsBoundary",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "limit", Type: Limits},
		},
		Facts: []Fact{
			{Kind: Binds, A: "limit", B: Actor, Value: string(Boundary)},
		},
		Needs:  []Need{{Action: "iam:DeleteRolePermissionsBoundary", On: Actor}},
		Yields: Yield{Of: Actor, Without: "limit"},
		Log: []Event{{Source: "iam.amazonaws.com", Name: "DeleteRolePermissionsBoundary", Match: map[string]string{
			"requestParameters.roleName":                         "$actor.name",
			"userIdentity.sessionContext.sessionIssuer.userName": "$actor.name",
		}}},
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html",
		Status:    Known,
	},
}
