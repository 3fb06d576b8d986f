package escalate

import "github.com/clewgraph/clew/graph"

// awsTagsIAM are the ways to a user or role that a policy opens to whoever deals with what
// bears some tag: the actor puts the tag on. What it may then do is asked under that
// tag, and the tag itself is only one that the tagging request may carry.
//
// Source: IAM user guide, "Controlling access to and for IAM users and roles using
// tags".
var awsTagsIAM = []Technique{
	{
		// The actor may assume what bears a tag; it puts that tag on a role that trusts
		// it.
		ID: "aws-iam-tagrole-assumerole", Title: "iam:TagRole + sts:AssumeRole",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
		},
		Needs: []Need{
			{Action: "iam:TagRole", On: "role", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "sts:AssumeRole", On: "role", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsSession},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagRole", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may write the trust of roles that bear a tag; it puts that tag on a
		// role, lets the role trust itself, and assumes it.
		ID: "aws-iam-tagrole-updateassumerolepolicy", Title: "iam:TagRole + iam:UpdateAssumeRolePolicy",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "role"},
		},
		Needs: []Need{
			{Action: "iam:TagRole", On: "role", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:UpdateAssumeRolePolicy", On: "role", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
			{Action: "sts:AssumeRole", On: "role", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}, Given: true},
		},
		Yields: Yield{Of: "role", Hold: graph.AsSession},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagRole", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateAssumeRolePolicy", Match: map[string]string{"requestParameters.roleName": "$role.name"}},
			{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may make keys for the users that bear a tag; it puts that tag on
		// another.
		ID: "aws-iam-taguser-createaccesskey", Title: "iam:TagUser + iam:CreateAccessKey",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: FewerKeys, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:TagUser", On: "user", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:CreateAccessKey", On: "user", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateAccessKey", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may give a console password to the users that bear a tag; it puts
		// that tag on another.
		ID: "aws-iam-taguser-createloginprofile", Title: "iam:TagUser + iam:CreateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasNoLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:TagUser", On: "user", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:CreateLoginProfile", On: "user", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "CreateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
	{
		// The actor may change the console password of the users that bear a tag; it
		// puts that tag on another.
		ID: "aws-iam-taguser-updateloginprofile", Title: "iam:TagUser + iam:UpdateLoginProfile",
		Provider: graph.AWS, Category: PrincipalAccess,
		Vars: []Var{
			{Name: "user", Type: "iam:user"},
			{Name: "tag", Type: Tags, New: true},
		},
		Facts: []Fact{
			{Kind: IsNotActor, A: "user"},
			{Kind: HasLogin, A: "user"},
		},
		Needs: []Need{
			{Action: "iam:TagUser", On: "user", With: map[string]string{"aws:RequestTag/$tag": "$tag", "aws:TagKeys": "$tag"}},
			{Action: "iam:UpdateLoginProfile", On: "user", With: map[string]string{"aws:ResourceTag/$tag": "$tag"}},
		},
		Yields: Yield{Of: "user", Hold: graph.ByCredential},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "TagUser", Match: map[string]string{"requestParameters.userName": "$user.name"}},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile", Match: map[string]string{"requestParameters.userName": "$user.name"}},
		},
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html",
		Status:    Known,
	},
}
