package escalate

import "github.com/clewgraph/clew/graph"

// awsDeployment are the techniques by CodeDeploy, Amplify and Image Builder.
var awsDeployment = []Technique{
	// Code as the role of the instances of a deployment group: the scripts of a revision
	// of the actor's run on them.
	{
		ID: "codedeploy-001", Title: "codedeploy:CreateDeployment + codedeploy:RegisterApplicationRevision + codedeploy:GetDeploymentConfig",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/codedeploy-001",
		Vars: []Var{
			{Name: "deployments", Type: "codedeploy:deploymentgroup", Listing: "deploy batch-get-deployment-groups"},
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
			{Name: "application", Type: "codedeploy:application", New: true},
			{Name: "config", Type: "codedeploy:deploymentconfig", New: true},
		},
		Facts: []Fact{
			{Kind: Selects, A: "deployments", B: "instance", Value: "instances-tagged"},
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "codedeploy:CreateDeployment", On: "deployments"},
			{Action: "codedeploy:RegisterApplicationRevision", On: "application"},
			{Action: "codedeploy:GetDeploymentConfig", On: "config"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codedeploy.amazonaws.com", Name: "RegisterApplicationRevision"},
			{Source: "codedeploy.amazonaws.com", Name: "CreateDeployment", Match: map[string]string{"requestParameters.deploymentGroupName": "$deployments.name"}},
		},
	},
	// Code as the service role of a new Amplify app: the build of its branch runs the
	// actor's commands.
	{
		ID: "amplify-001", Title: "iam:PassRole + amplify:CreateApp + amplify:CreateBranch + amplify:StartJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/amplify-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "branch", Type: "amplify:branches", New: true},
			{Name: "job", Type: "amplify:jobs", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "amplify.amazonaws.com"}},
			{Who: "service:amplify.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "amplify:CreateApp", On: "*"},
			{Action: "amplify:CreateBranch", On: "branch"},
			{Action: "amplify:StartJob", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "amplify.amazonaws.com", Name: "CreateApp", Match: map[string]string{"requestParameters.iamServiceRoleArn": "$role"}},
			{Source: "amplify.amazonaws.com", Name: "CreateBranch"},
			{Source: "amplify.amazonaws.com", Name: "StartJob"},
		},
	},
	// Code as the service role of an Amplify app that is there: its build commands are
	// replaced, and a build of a branch is started.
	{
		ID: "aws-amplify-update-app", Title: "amplify:UpdateApp + amplify:StartJob",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/amplify/latest/APIReference/API_UpdateApp.html",
		Vars: []Var{
			{Name: "app", Type: "amplify:apps", Listing: "amplify list-apps"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "app", B: "role", Value: "amplify.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "amplify:UpdateApp", On: "app"},
			{Action: "amplify:StartJob", On: "app/branches/main/jobs/new"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "amplify.amazonaws.com", Name: "UpdateApp", Match: map[string]string{"requestParameters.appId": "$app.name"}},
			{Source: "amplify.amazonaws.com", Name: "StartJob", Match: map[string]string{"requestParameters.appId": "$app.name"}},
		},
	},
	// Code as the role of the profile that builds an image: a component of the actor's
	// runs on the build instance.
	{
		ID: "imagebuilder-001", Title: "iam:PassRole + imagebuilder:CreateComponent + imagebuilder:CreateImageRecipe + imagebuilder:CreateInfrastructureConfiguration + imagebuilder:CreateImage",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/imagebuilder-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "component", Type: "imagebuilder:component", New: true},
			{Name: "recipe", Type: "imagebuilder:imageRecipe", New: true},
			{Name: "infrastructure", Type: "imagebuilder:infrastructureConfiguration", New: true},
			{Name: "image", Type: "imagebuilder:image", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "imagebuilder:CreateComponent", On: "component"},
			{Action: "imagebuilder:CreateImageRecipe", On: "recipe"},
			{Action: "imagebuilder:CreateInfrastructureConfiguration", On: "infrastructure"},
			{Action: "imagebuilder:CreateImage", On: "image"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "imagebuilder.amazonaws.com", Name: "CreateComponent"},
			{Source: "imagebuilder.amazonaws.com", Name: "CreateImageRecipe"},
			{Source: "imagebuilder.amazonaws.com", Name: "CreateInfrastructureConfiguration", Match: map[string]string{"requestParameters.instanceProfileName": "$profile.name"}},
			{Source: "imagebuilder.amazonaws.com", Name: "CreateImage"},
		},
	},
}
