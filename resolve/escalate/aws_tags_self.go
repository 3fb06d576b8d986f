package escalate

import "github.com/clewgraph/clew/graph"

// awsTagsSelf are the ways by a tag that the actor puts on itself. A tag of a role counts in
// the sessions of it, unless they may be made with tags of their own: such roles are
// left out.
//
// Source: IAM user guide, "Pass session tags in AWS STS".
var awsTagsSelf = []Technique{
	{
		// The role trusts whoever bears a tag, and the actor, a user, puts it on itself.
		ID: "aws-iam-taguser-self-assumerole", Title: "iam:TagUser + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
		},
		Needs: []Need{
			{Action: "iam:TagUser", On: Actor, With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "sts:AssumeRole", On: "role", With: map[string]string{"aws:PrincipalTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsSession},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagUser", Match: map[string]string{"requestParameters.userName": "$actor.name", "userIdentity.userName": "$actor.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may change its own policies once it bears a tag, and puts that on
		// itself.
		ID: "aws-iam-taguser-self-putuserpolicy", Title: "iam:TagUser + iam:PutUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "iam:TagUser", On: Actor, With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:PutUserPolicy", On: Actor, With: map[string]string{"aws:PrincipalTag/$tag": "$tag", "aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagUser", Match: map[string]string{"requestParameters.userName": "$actor.name", "userIdentity.userName": "$actor.name"}},
			{Source: "iam.amazonaws.com", Name: "PutUserPolicy", Match: map[string]string{"requestParameters.userName": "$actor.name", "userIdentity.userName": "$actor.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may change its own policies once it bears a tag, and puts that on
		// itself.
		ID: "aws-iam-taguser-self-attachuserpolicy", Title: "iam:TagUser + iam:AttachUserPolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "iam:TagUser", On: Actor, With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:AttachUserPolicy", On: Actor, With: map[string]string{"aws:PrincipalTag/$tag": "$tag", "aws:ResourceTag/$tag": "$tag", "iam:PolicyARN": adminPolicy}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagUser", Match: map[string]string{"requestParameters.userName": "$actor.name", "userIdentity.userName": "$actor.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachUserPolicy", Match: map[string]string{"requestParameters.userName": "$actor.name", "userIdentity.userName": "$actor.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The role trusts whoever bears a tag, and the actor, a role, puts it on itself.
		ID: "aws-iam-tagrole-self-assumerole", Title: "iam:TagRole + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
		},
		Needs: []Need{
			{Action: "iam:TagRole", On: Actor, With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "sts:AssumeRole", On: "role", With: map[string]string{"aws:PrincipalTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsSession},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagRole", Match: map[string]string{"requestParameters.roleName": "$actor.name", "userIdentity.sessionContext.sessionIssuer.userName": "$actor.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may change its own policies once it bears a tag, and puts that on
		// itself.
		ID: "aws-iam-tagrole-self-putrolepolicy", Title: "iam:TagRole + iam:PutRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "iam:TagRole", On: Actor, With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:PutRolePolicy", On: Actor, With: map[string]string{"aws:PrincipalTag/$tag": "$tag", "aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagRole", Match: map[string]string{"requestParameters.roleName": "$actor.name", "userIdentity.sessionContext.sessionIssuer.userName": "$actor.name"}},
			{Source: "iam.amazonaws.com", Name: "PutRolePolicy", Match: map[string]string{"requestParameters.roleName": "$actor.name", "userIdentity.sessionContext.sessionIssuer.userName": "$actor.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may change its own policies once it bears a tag, and puts that on
		// itself.
		ID: "aws-iam-tagrole-self-attachrolepolicy", Title: "iam:TagRole + iam:AttachRolePolicy",
		Provider: graph.AWS, Category: SelfEscalation,
		Vars: []Var{
			{Name: "tag", Type: Tags, New: true},
		},
		Needs: []Need{
			{Action: "iam:TagRole", On: Actor, With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:AttachRolePolicy", On: Actor, With: map[string]string{"aws:PrincipalTag/$tag": "$tag", "aws:ResourceTag/$tag": "$tag", "iam:PolicyARN": adminPolicy}},
		},
		Yields: Yield{Of: Actor, Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagRole", Match: map[string]string{"requestParameters.roleName": "$actor.name", "userIdentity.sessionContext.sessionIssuer.userName": "$actor.name"}},
			{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Match: map[string]string{"requestParameters.roleName": "$actor.name", "userIdentity.sessionContext.sessionIssuer.userName": "$actor.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
}
