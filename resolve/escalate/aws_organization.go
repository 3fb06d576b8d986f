package escalate

import "github.com/clewgraph/clew/graph"

// awsOrganization are the ways from the management account of an organization
// into the others. No service control policy binds principals of that account,
// and resource control policies do not protect its resources, so there is no
// such ceiling to ask about on the actor's side.
var awsOrganization = []Technique{
	{
		// Organizations puts a role into every account that it makes, which trusts the
		// management account. It administers its account.
		ID: "aws-organizations-accountaccessrole", Title: "sts:AssumeRole of OrganizationAccountAccessRole",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{{Name: "role", Type: "iam:role", Across: true}},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "role"},
			{Kind: HasAttr, A: "role", Value: "name=OrganizationAccountAccessRole"},
		},
		Needs:     []Need{{Action: "sts:AssumeRole", On: "role"}},
		Yields:    Yield{Of: "role", Hold: graph.AsSession},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}}},
		Reference: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html",
		Status:    Known,
	},
	{
		// Control Tower puts a role into every account that it manages, which trusts
		// the management account. It administers its account.
		ID: "aws-controltower-executionrole", Title: "sts:AssumeRole of AWSControlTowerExecution",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{{Name: "role", Type: "iam:role", Across: true}},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "role"},
			{Kind: HasAttr, A: "role", Value: "name=AWSControlTowerExecution"},
		},
		Needs:     []Need{{Action: "sts:AssumeRole", On: "role"}},
		Yields:    Yield{Of: "role", Hold: graph.AsSession},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRole", Match: map[string]string{"requestParameters.roleArn": "$role"}}},
		Reference: "https://docs.aws.amazon.com/controltower/latest/userguide/awscontroltowerexecution.html",
		Status:    Known,
	},
	{
		// A privileged session of the root user of a member account, for this one
		// task. Root sessions have to be enabled for the organization.
		ID: "aws-sts-assumeroot-s3unlockbucketpolicy", Title: "sts:AssumeRoot with S3UnlockBucketPolicy",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "management", Type: "organizations:account"},
			{Name: "root", Type: "iam:root", Across: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "root"},
			{Kind: HasFact, A: "management", Value: "aws:root-sessions", Listing: "iam list-organizations-features"},
		},
		Needs:     []Need{{Action: "sts:AssumeRoot", On: "root", With: map[string]string{"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}, Given: true}},
		Yields:    Yield{Of: "root", Data: "the policies of the account's buckets are taken away, and what they deny"},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRoot", Match: map[string]string{"requestParameters.targetPrincipal": "$root.name", "requestParameters.taskPolicyArn.arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}},
		Reference: "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
		Status:    Known,
	},
	{
		// A privileged session of the root user of a member account, for this one
		// task. Root sessions have to be enabled for the organization.
		ID: "aws-sts-assumeroot-sqsunlockqueuepolicy", Title: "sts:AssumeRoot with SQSUnlockQueuePolicy",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "management", Type: "organizations:account"},
			{Name: "root", Type: "iam:root", Across: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "root"},
			{Kind: HasFact, A: "management", Value: "aws:root-sessions", Listing: "iam list-organizations-features"},
		},
		Needs:     []Need{{Action: "sts:AssumeRoot", On: "root", With: map[string]string{"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy"}, Given: true}},
		Yields:    Yield{Of: "root", Data: "the policies of the account's queues are taken away, and what they deny"},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRoot", Match: map[string]string{"requestParameters.targetPrincipal": "$root.name", "requestParameters.taskPolicyArn.arn": "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy"}}},
		Reference: "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
		Status:    Known,
	},
	{
		// A privileged session of the root user of a member account, for this one
		// task. Root sessions have to be enabled for the organization.
		ID: "aws-sts-assumeroot-iamcreaterootuserpassword", Title: "sts:AssumeRoot with IAMCreateRootUserPassword",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "management", Type: "organizations:account"},
			{Name: "root", Type: "iam:root", Across: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "root"},
			{Kind: HasFact, A: "management", Value: "aws:root-sessions", Listing: "iam list-organizations-features"},
		},
		Needs:     []Need{{Action: "sts:AssumeRoot", On: "root", With: map[string]string{"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword"}, Given: true}},
		Yields:    Yield{Of: "root", Data: "the root user's password can be recovered by whoever reads its mail"},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRoot", Match: map[string]string{"requestParameters.targetPrincipal": "$root.name", "requestParameters.taskPolicyArn.arn": "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword"}}},
		Reference: "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
		Status:    Known,
	},
	{
		// A privileged session of the root user of a member account, for this one
		// task. Root sessions have to be enabled for the organization.
		ID: "aws-sts-assumeroot-iamdeleterootusercredentials", Title: "sts:AssumeRoot with IAMDeleteRootUserCredentials",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "management", Type: "organizations:account"},
			{Name: "root", Type: "iam:root", Across: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "root"},
			{Kind: HasFact, A: "management", Value: "aws:root-sessions", Listing: "iam list-organizations-features"},
		},
		Needs:     []Need{{Action: "sts:AssumeRoot", On: "root", With: map[string]string{"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"}, Given: true}},
		Yields:    Yield{Of: "root", Data: "the root user's password, keys and second factors are deleted"},
		Log:       []Event{{Source: "sts.amazonaws.com", Name: "AssumeRoot", Match: map[string]string{"requestParameters.targetPrincipal": "$root.name", "requestParameters.taskPolicyArn.arn": "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"}}},
		Reference: "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
		Status:    Known,
	},
	{
		// A service-managed stack set runs as an administrator that CloudFormation
		// keeps in every member account. Trusted access has to be active.
		ID: "aws-cloudformation-createstackset-servicemanaged", Title: "cloudformation:CreateStackSet + cloudformation:CreateStackInstances",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "management", Type: "organizations:account"},
			{Name: "account", Type: "organizations:account", Across: true},
			{Name: "stackset", Type: "cloudformation:stackset", New: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "account"},
			{Kind: HasFact, A: "management", Value: "aws:stacksets-access", Listing: "organizations list-aws-service-access-for-organization"},
		},
		Needs: []Need{
			{Action: "cloudformation:CreateStackSet", On: "*"},
			{Action: "cloudformation:CreateStackInstances", On: "stackset"},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "CreateStackSet", Match: map[string]string{"requestParameters.permissionModel": "SERVICE_MANAGED", "requestParameters.stackSetName": "$stackset.name"}},
			{Source: "cloudformation.amazonaws.com", Name: "CreateStackInstances", Match: map[string]string{"requestParameters.stackSetName": "$stackset.name"}},
		},
		Reference: "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html",
		Status:    Known,
	},
	{
		// Trusted access is made active first, which Organizations asks its own
		// permission for.
		ID: "aws-cloudformation-activateorganizationsaccess-createstackset", Title: "cloudformation:ActivateOrganizationsAccess + cloudformation:CreateStackSet + cloudformation:CreateStackInstances",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "account", Type: "organizations:account", Across: true},
			{Name: "stackset", Type: "cloudformation:stackset", New: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "account"},
		},
		Needs: []Need{
			{Action: "cloudformation:ActivateOrganizationsAccess", On: "*"},
			{Action: "organizations:EnableAWSServiceAccess", On: "*"},
			{Action: "cloudformation:CreateStackSet", On: "*"},
			{Action: "cloudformation:CreateStackInstances", On: "stackset"},
		},
		Yields: Yield{Of: "account", Hold: graph.WithOwnPolicy},
		Log: []Event{
			{Source: "cloudformation.amazonaws.com", Name: "ActivateOrganizationsAccess"},
			{Source: "cloudformation.amazonaws.com", Name: "CreateStackSet", Match: map[string]string{"requestParameters.permissionModel": "SERVICE_MANAGED", "requestParameters.stackSetName": "$stackset.name"}},
			{Source: "cloudformation.amazonaws.com", Name: "CreateStackInstances", Match: map[string]string{"requestParameters.stackSetName": "$stackset.name"}},
		},
		Reference: "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ActivateOrganizationsAccess.html",
		Status:    Known,
	},
	{
		// A service control policy that is attached to an account is taken off;
		// another one has to stay.
		ID: "aws-organizations-detachpolicy", Title: "organizations:DetachPolicy",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "account", Type: "organizations:account", Across: true},
			{Name: "policy", Type: "organizations:policy", New: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "account"},
			{Kind: HasFact, A: "account", Value: "aws:scp"},
		},
		Needs:     []Need{{Action: "organizations:DetachPolicy", On: "policy", With: map[string]string{"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}}},
		Yields:    Yield{Of: "account", Data: "what a service control policy forbids the account"},
		Log:       []Event{{Source: "organizations.amazonaws.com", Name: "DetachPolicy", Match: map[string]string{"requestParameters.targetId": "$account.name"}}},
		Reference: "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html",
		Status:    Known,
	},
	{
		// A service control policy says something else from then on, wherever it is
		// attached.
		ID: "aws-organizations-updatepolicy", Title: "organizations:UpdatePolicy",
		Provider: graph.AWS, Category: OrganizationAccess,
		Vars: []Var{
			{Name: "account", Type: "organizations:account", Across: true},
			{Name: "policy", Type: "organizations:policy", New: true},
		},
		Facts: []Fact{
			{Kind: IsManagement, A: Actor},
			{Kind: OtherAccount, A: "account"},
			{Kind: HasFact, A: "account", Value: "aws:scp"},
		},
		Needs:     []Need{{Action: "organizations:UpdatePolicy", On: "policy", With: map[string]string{"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}}},
		Yields:    Yield{Of: "account", Data: "what a service control policy forbids the account"},
		Log:       []Event{{Source: "organizations.amazonaws.com", Name: "UpdatePolicy"}},
		Reference: "https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdatePolicy.html",
		Status:    Known,
	},
}
