package escalate

import "github.com/clewgraph/clew/graph"

// awsEC2Launch are the techniques by new instances, and fleets and groups of them.
var awsEC2Launch = []Technique{
	// The role's credentials on an instance that the actor starts: user data runs as
	// root, and the metadata service hands out the credentials of the profile's role.
	{
		ID: "ec2-001", Title: "iam:PassRole + ec2:RunInstances",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ec2-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "instance", Type: "ec2:instance", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:RunInstances", On: "instance", With: map[string]string{"ec2:InstanceProfile": "$profile"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "RunInstances", Match: map[string]string{"requestParameters.iamInstanceProfile.arn": "$profile"}},
		},
	},
	// Like ec2-001 for a role that no profile holds: the actor makes a profile and
	// puts the role into it, which is where the role is passed.
	{
		ID: "aws-ec2-new-profile", Title: "iam:PassRole + iam:CreateInstanceProfile + iam:AddRoleToInstanceProfile + ec2:RunInstances",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile", New: true},
			{Name: "instance", Type: "ec2:instance", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "iam:CreateInstanceProfile", On: "profile"},
			{Action: "iam:AddRoleToInstanceProfile", On: "profile"},
			{Action: "ec2:RunInstances", On: "instance", With: map[string]string{"ec2:InstanceProfile": "$profile"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "iam.amazonaws.com", Name: "CreateInstanceProfile", Match: map[string]string{"requestParameters.instanceProfileName": "$profile.name"}},
			{Source: "iam.amazonaws.com", Name: "AddRoleToInstanceProfile", Match: map[string]string{"requestParameters.instanceProfileName": "$profile.name", "requestParameters.roleName": "$role.name"}},
			{Source: "ec2.amazonaws.com", Name: "RunInstances", Match: map[string]string{"requestParameters.iamInstanceProfile.arn": "$profile"}},
		},
	},
	// The role's credentials on a Spot Instance: the launch is the service's own, so
	// ec2:RunInstances is not asked of the actor.
	{
		ID: "ec2-003", Title: "iam:PassRole + ec2:RequestSpotInstances",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ec2-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "request", Type: "ec2:spot-instances-request", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:RequestSpotInstances", On: "request"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "RequestSpotInstances", Match: map[string]string{"requestParameters.launchSpecification.iamInstanceProfile.arn": "$profile"}},
		},
	},
	// The role's credentials on instances of a Spot Fleet. The fleet itself runs under
	// a second role that is passed to Spot Fleet; AWS also asks whether the actor may
	// launch instances.
	{
		ID: "aws-ec2-spot-fleet", Title: "iam:PassRole + ec2:RequestSpotFleet + ec2:RunInstances",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-prerequisites.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "fleetrole", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "request", Type: "ec2:spot-fleet-request", New: true},
			{Name: "instance", Type: "ec2:instance", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "iam:PassRole", On: "fleetrole", With: map[string]string{"iam:PassedToService": "spotfleet.amazonaws.com"}},
			{Who: "service:spotfleet.amazonaws.com", Action: "sts:AssumeRole", On: "fleetrole"},
			{Action: "ec2:RequestSpotFleet", On: "request"},
			{Action: "ec2:RunInstances", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "RequestSpotFleet", Match: map[string]string{"requestParameters.spotFleetRequestConfig.iamFleetRole": "$fleetrole"}},
		},
	},
	// The role's credentials on instances of an EC2 Fleet: a launch template that the
	// actor makes names the profile and the user data.
	{
		ID: "aws-ec2-fleet", Title: "iam:PassRole + ec2:CreateLaunchTemplate + ec2:CreateFleet",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-prerequisites.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "template", Type: "ec2:launch-template", New: true},
			{Name: "fleet", Type: "ec2:fleet", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:CreateLaunchTemplate", On: "template"},
			{Action: "ec2:CreateFleet", On: "fleet"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateLaunchTemplate", Match: map[string]string{"requestParameters.CreateLaunchTemplateRequest.LaunchTemplateData.IamInstanceProfile.Arn": "$profile"}},
			{Source: "ec2.amazonaws.com", Name: "CreateFleet"},
		},
	},
	// The role's credentials on instances of a new Auto Scaling group: the launch
	// configuration names profile and user data, and the group's own service-linked
	// role launches.
	{
		ID: "aws-autoscaling-launch-configuration", Title: "iam:PassRole + autoscaling:CreateLaunchConfiguration + autoscaling:CreateAutoScalingGroup",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/us-iam-role.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "configuration", Type: "autoscaling:launchConfiguration", New: true},
			{Name: "group", Type: "autoscaling:autoScalingGroup", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "autoscaling:CreateLaunchConfiguration", On: "configuration"},
			{Action: "autoscaling:CreateAutoScalingGroup", On: "group"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "autoscaling.amazonaws.com", Name: "CreateLaunchConfiguration", Match: map[string]string{"requestParameters.iamInstanceProfile": "$profile.name", "requestParameters.launchConfigurationName": "$configuration.name"}},
			{Source: "autoscaling.amazonaws.com", Name: "CreateAutoScalingGroup", Match: map[string]string{"requestParameters.launchConfigurationName": "$configuration.name"}},
		},
	},
	// The role's credentials on the next instance of an Auto Scaling group that is
	// there already: it is pointed to a launch configuration of the actor's.
	{
		ID: "aws-autoscaling-update-group", Title: "iam:PassRole + autoscaling:CreateLaunchConfiguration + autoscaling:UpdateAutoScalingGroup",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/us-iam-role.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "group", Type: "autoscaling:autoScalingGroup", Listing: "autoscaling describe-auto-scaling-groups"},
			{Name: "configuration", Type: "autoscaling:launchConfiguration", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "autoscaling:CreateLaunchConfiguration", On: "configuration"},
			{Action: "autoscaling:UpdateAutoScalingGroup", On: "group"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "autoscaling.amazonaws.com", Name: "CreateLaunchConfiguration", Match: map[string]string{"requestParameters.iamInstanceProfile": "$profile.name", "requestParameters.launchConfigurationName": "$configuration.name"}},
			{Source: "autoscaling.amazonaws.com", Name: "UpdateAutoScalingGroup", Match: map[string]string{"requestParameters.autoScalingGroupName": "$group.name", "requestParameters.launchConfigurationName": "$configuration.name"}},
		},
	},
	// The role's credentials on instances of a new Auto Scaling group that launches
	// from a template of the actor's. With a template, Auto Scaling also asks whether
	// the actor may launch the instance itself.
	{
		ID: "aws-autoscaling-launch-template", Title: "iam:PassRole + ec2:CreateLaunchTemplate + autoscaling:CreateAutoScalingGroup + ec2:RunInstances",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "template", Type: "ec2:launch-template", New: true},
			{Name: "group", Type: "autoscaling:autoScalingGroup", New: true},
			{Name: "instance", Type: "ec2:instance", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ec2:CreateLaunchTemplate", On: "template"},
			{Action: "autoscaling:CreateAutoScalingGroup", On: "group"},
			{Action: "ec2:RunInstances", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ec2.amazonaws.com", Name: "CreateLaunchTemplate", Match: map[string]string{"requestParameters.CreateLaunchTemplateRequest.LaunchTemplateData.IamInstanceProfile.Arn": "$profile"}},
			{Source: "autoscaling.amazonaws.com", Name: "CreateAutoScalingGroup"},
		},
	},
}
