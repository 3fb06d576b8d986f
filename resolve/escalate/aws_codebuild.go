package escalate

import "github.com/clewgraph/clew/graph"

// awsCodeBuild are the techniques by CodeBuild.
var awsCodeBuild = []Technique{
	// Code as the service role: a new project runs the actor's commands.
	{
		ID: "codebuild-001", Title: "iam:PassRole + codebuild:CreateProject + codebuild:StartBuild",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/codebuild-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "project", Type: "codebuild:project", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "codebuild.amazonaws.com"}},
			{Who: "service:codebuild.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "codebuild:CreateProject", On: "project", With: map[string]string{"codebuild:serviceRole": "$role"}},
			{Action: "codebuild:StartBuild", On: "project"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "CreateProject", Match: map[string]string{"requestParameters.name": "$project.name", "requestParameters.serviceRole": "$role"}},
			{Source: "codebuild.amazonaws.com", Name: "StartBuild", Match: map[string]string{"requestParameters.projectName": "$project.name"}},
		},
	},
	// Code as the service role: a new project runs the actor's commands, as a batch.
	{
		ID: "codebuild-004", Title: "iam:PassRole + codebuild:CreateProject + codebuild:StartBuildBatch",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/codebuild-004",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "project", Type: "codebuild:project", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "codebuild.amazonaws.com"}},
			{Who: "service:codebuild.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "codebuild:CreateProject", On: "project", With: map[string]string{"codebuild:serviceRole": "$role"}},
			{Action: "codebuild:StartBuildBatch", On: "project"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "CreateProject", Match: map[string]string{"requestParameters.name": "$project.name", "requestParameters.serviceRole": "$role"}},
			{Source: "codebuild.amazonaws.com", Name: "StartBuildBatch", Match: map[string]string{"requestParameters.projectName": "$project.name"}},
		},
	},
	// Code as the service role of a project that is there: one build may override its
	// commands.
	{
		ID: "codebuild-002", Title: "codebuild:StartBuild",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/codebuild-002",
		Vars: []Var{
			{Name: "project", Type: "codebuild:project", Listing: "codebuild batch-get-projects"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "project", B: "role", Value: "codebuild.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "codebuild:StartBuild", On: "project"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "StartBuild", Match: map[string]string{"requestParameters.projectName": "$project.name"}},
		},
	},
	// Code as the service role of a project that is there: one batch may override its
	// commands.
	{
		ID: "codebuild-003", Title: "codebuild:StartBuildBatch",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/codebuild-003",
		Vars: []Var{
			{Name: "project", Type: "codebuild:project", Listing: "codebuild batch-get-projects"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "project", B: "role", Value: "codebuild.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "codebuild:StartBuildBatch", On: "project"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "StartBuildBatch", Match: map[string]string{"requestParameters.projectName": "$project.name"}},
		},
	},
	// Code as another role in a project that is there: one build may override role and
	// commands.
	{
		ID: "aws-codebuild-role-override", Title: "iam:PassRole + codebuild:StartBuild",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "project", Type: "codebuild:project", Listing: "codebuild list-projects"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "codebuild.amazonaws.com"}},
			{Who: "service:codebuild.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "codebuild:StartBuild", On: "project", With: map[string]string{"codebuild:serviceRole": "$role"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "StartBuild", Match: map[string]string{"requestParameters.projectName": "$project.name", "requestParameters.serviceRoleOverride": "$role"}},
		},
	},
	// Code as another role in a project that is there: its role and commands are
	// replaced, and a build is started.
	{
		ID: "aws-codebuild-update-project", Title: "iam:PassRole + codebuild:UpdateProject + codebuild:StartBuild",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "project", Type: "codebuild:project", Listing: "codebuild list-projects"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "codebuild.amazonaws.com"}},
			{Who: "service:codebuild.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "codebuild:UpdateProject", On: "project", With: map[string]string{"codebuild:serviceRole": "$role"}},
			{Action: "codebuild:StartBuild", On: "project"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "UpdateProject", Match: map[string]string{"requestParameters.name": "$project.name", "requestParameters.serviceRole": "$role"}},
			{Source: "codebuild.amazonaws.com", Name: "StartBuild", Match: map[string]string{"requestParameters.projectName": "$project.name"}},
		},
	},
	// Code as the service role of a project that is there, in a sandbox of it, command by
	// command.
	{
		ID: "aws-codebuild-sandbox", Title: "codebuild:StartSandbox + codebuild:StartCommandExecution",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/codebuild/latest/userguide/sandbox.html",
		Vars: []Var{
			{Name: "project", Type: "codebuild:project", Listing: "codebuild batch-get-projects"},
			{Name: "role", Type: "iam:role"},
			{Name: "sandbox", Type: "codebuild:sandbox", New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "project", B: "role", Value: "codebuild.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "codebuild:StartSandbox", On: "project"},
			{Action: "codebuild:StartCommandExecution", On: "sandbox"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "codebuild.amazonaws.com", Name: "StartSandbox", Match: map[string]string{"requestParameters.projectName": "$project.name"}},
			{Source: "codebuild.amazonaws.com", Name: "StartCommandExecution"},
		},
	},
}
