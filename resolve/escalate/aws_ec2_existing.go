package escalate

import "github.com/clewgraph/clew/graph"

// awsEC2Instances are the techniques by instances that are there.
var awsEC2Instances = []Technique{
	// Code as the instance's role: user data can be changed while an instance is
	// stopped, and what it says runs as root at the next start.
	{
		ID: "ec2-002", Title: "ec2:StopInstances + ec2:ModifyInstanceAttribute + ec2:StartInstances",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ec2-002",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "ec2:StopInstances", On: "instance"},
			{Action: "ec2:ModifyInstanceAttribute", On: "instance"},
			{Action: "ec2:StartInstances", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "StopInstances", Match: map[string]string{"requestParameters.instancesSet.items.instanceId": "$instance.name"}},
			{Source: "ec2.amazonaws.com", Name: "ModifyInstanceAttribute", Match: map[string]string{"requestParameters.instanceId": "$instance.name", "requestParameters.userData": "<sensitiveDataRemoved>"}},
			{Source: "ec2.amazonaws.com", Name: "StartInstances", Match: map[string]string{"requestParameters.instancesSet.items.instanceId": "$instance.name"}},
		},
	},
	// Code as the role that a launch template gives its instances: a new default
	// version keeps the profile and brings other user data, and whatever launches from
	// the template runs it. The role is not passed again.
	{
		ID: "ec2-004", Title: "ec2:CreateLaunchTemplateVersion + ec2:ModifyLaunchTemplate",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ec2-004",
		Vars: []Var{
			{Name: "template", Type: "ec2:launch-template", Listing: "ec2 describe-launch-template-versions"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "template", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "ec2:CreateLaunchTemplateVersion", On: "template"},
			{Action: "ec2:ModifyLaunchTemplate", On: "template"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateLaunchTemplateVersion", Match: map[string]string{"requestParameters.CreateLaunchTemplateVersionRequest.LaunchTemplateId": "$template.name"}},
			{Source: "ec2.amazonaws.com", Name: "ModifyLaunchTemplate", Match: map[string]string{"requestParameters.ModifyLaunchTemplateRequest.LaunchTemplateId": "$template.name"}},
		},
	},
	// A shell on an instance: EC2 Instance Connect lets in whoever holds the key that
	// was pushed, for a minute, and the metadata service has the role's credentials.
	// The network must let the actor reach port 22.
	{
		ID: "ec2instanceconnect-003", Title: "ec2-instance-connect:SendSSHPublicKey",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ec2instanceconnect-003",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "ec2-instance-connect:SendSSHPublicKey", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2-instance-connect.amazonaws.com", Name: "SendSSHPublicKey", Match: map[string]string{"requestParameters.instanceId": "$instance.name"}},
		},
	},
	// A root console on an instance that no network reaches: the serial console is
	// switched on for the account, then opened with a key that was pushed. A login or
	// the boot menu of the system must be open at the console.
	{
		ID: "aws-ec2-serial-console", Title: "ec2:EnableSerialConsoleAccess + ec2-instance-connect:SendSerialConsoleSSHPublicKey",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "ec2:EnableSerialConsoleAccess", On: "*"},
			{Action: "ec2-instance-connect:SendSerialConsoleSSHPublicKey", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "EnableSerialConsoleAccess"},
			{Source: "ec2-instance-connect.amazonaws.com", Name: "SendSerialConsoleSSHPublicKey", Match: map[string]string{"requestParameters.instanceId": "$instance.name"}},
		},
	},
	// Code as the instance's role: the root volume of a running instance is replaced by
	// one from an image of the actor's, which boots with the profile that is there.
	{
		ID: "aws-ec2-replace-root-volume", Title: "ec2:CreateReplaceRootVolumeTask",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-root.html",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "ec2:CreateReplaceRootVolumeTask", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateReplaceRootVolumeTask", Match: map[string]string{"requestParameters.CreateReplaceRootVolumeTaskRequest.InstanceId": "$instance.name"}},
		},
	},
	// The role of another profile, taken by code that already runs on an instance: it
	// has the profile of its own instance replaced and asks the metadata service
	// again.
	{
		ID: "aws-ec2-profile-swap", Title: "iam:PassRole + ec2:ReplaceIamInstanceProfileAssociation",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permission-to-pass-iam-roles.html",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: Actor, Value: "ec2.amazonaws.com"},
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:ReplaceIamInstanceProfileAssociation", On: "instance", With: map[string]string{"ec2:NewInstanceProfile": "$profile"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "ReplaceIamInstanceProfileAssociation", Match: map[string]string{"requestParameters.ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn": "$profile"}},
		},
	},
	// The role of any profile on any instance that can be reached: its profile is
	// replaced, then a pushed key opens a shell on it.
	{
		ID: "aws-ec2-profile-swap-connect", Title: "iam:PassRole + ec2:ReplaceIamInstanceProfileAssociation + ec2-instance-connect:SendSSHPublicKey",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permission-to-pass-iam-roles.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:ReplaceIamInstanceProfileAssociation", On: "instance", With: map[string]string{"ec2:NewInstanceProfile": "$profile"}},
			{Action: "ec2-instance-connect:SendSSHPublicKey", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "ReplaceIamInstanceProfileAssociation", Match: map[string]string{"requestParameters.ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn": "$profile"}},
			{Source: "ec2-instance-connect.amazonaws.com", Name: "SendSSHPublicKey", Match: map[string]string{"requestParameters.instanceId": "$instance.name"}},
		},
	},
	// The role of any profile on an instance that has none and can be reached: a pushed
	// key opens a shell on it.
	{
		ID: "aws-ec2-associate-profile-connect", Title: "iam:PassRole + ec2:AssociateIamInstanceProfile + ec2-instance-connect:SendSSHPublicKey",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
			{Kind: RunsAsNothing, A: "instance"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:AssociateIamInstanceProfile", On: "instance", With: map[string]string{"ec2:NewInstanceProfile": "$profile"}},
			{Action: "ec2-instance-connect:SendSSHPublicKey", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "AssociateIamInstanceProfile", Match: map[string]string{
				"requestParameters.AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn": "$profile",
				"requestParameters.AssociateIamInstanceProfileRequest.InstanceId":             "$instance.name",
			}},
			{Source: "ec2-instance-connect.amazonaws.com", Name: "SendSSHPublicKey", Match: map[string]string{"requestParameters.instanceId": "$instance.name"}},
		},
	},
	// Another role in the profile that the actor's own instance has: the role in it is
	// removed, the other one added, and the metadata service follows.
	{
		ID: "aws-iam-profile-role-swap", Title: "iam:PassRole + iam:RemoveRoleFromInstanceProfile + iam:AddRoleToInstanceProfile",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html",
		Vars: []Var{
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "profile", B: Actor},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "iam:RemoveRoleFromInstanceProfile", On: "profile"},
			{Action: "iam:AddRoleToInstanceProfile", On: "profile"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "RemoveRoleFromInstanceProfile", Match: map[string]string{"requestParameters.instanceProfileName": "$profile.name"}},
			{Source: "iam.amazonaws.com", Name: "AddRoleToInstanceProfile", Match: map[string]string{"requestParameters.instanceProfileName": "$profile.name", "requestParameters.roleName": "$role.name"}},
		},
	},
}
