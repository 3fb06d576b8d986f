package escalate

import "github.com/clewgraph/clew/graph"

// awsContainers are the techniques by App Runner, Batch, GameLift, Braket and HealthOmics.
var awsContainers = []Technique{
	// Code as the instance role of a new App Runner service, whose image or start
	// command is the actor's.
	{
		ID: "apprunner-001", Title: "iam:PassRole + apprunner:CreateService",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/apprunner-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "service", Type: "apprunner:service", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "tasks.apprunner.amazonaws.com"}},
			{Who: "service:tasks.apprunner.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "apprunner:CreateService", On: "service"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "apprunner.amazonaws.com", Name: "CreateService", Match: map[string]string{"requestParameters.instanceConfiguration.instanceRoleArn": "$role"}},
		},
	},
	// Code as the instance role of an App Runner service: its image or start command is
	// replaced, which deploys it.
	{
		ID: "apprunner-002", Title: "apprunner:UpdateService",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/apprunner-002",
		Vars: []Var{
			{Name: "service", Type: "apprunner:service", Listing: "apprunner describe-service"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "service", B: "role", Value: "tasks.apprunner.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "apprunner:UpdateService", On: "service"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "apprunner.amazonaws.com", Name: "UpdateService", Match: map[string]string{"requestParameters.serviceArn": "$service"}},
		},
	},
	// Code as another role in an App Runner service that is there: image and instance
	// role are replaced together.
	{
		ID: "aws-apprunner-update-role", Title: "iam:PassRole + apprunner:UpdateService",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/apprunner/latest/api/API_UpdateService.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "service", Type: "apprunner:service", Listing: "apprunner list-services"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "tasks.apprunner.amazonaws.com"}},
			{Who: "service:tasks.apprunner.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "apprunner:UpdateService", On: "service"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "apprunner.amazonaws.com", Name: "UpdateService", Match: map[string]string{"requestParameters.serviceArn": "$service", "requestParameters.instanceConfiguration.instanceRoleArn": "$role"}},
		},
	},
	// Code as the job role: a new job definition names it, and a job of it goes into a
	// queue that is there. Jobs run as ECS tasks: that is the service the role trusts.
	{
		ID: "batch-001", Title: "iam:PassRole + batch:RegisterJobDefinition + batch:SubmitJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/batch-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "queue", Type: "batch:job-queue", Listing: "batch describe-job-queues"},
			{Name: "definition", Type: "batch:job-definition", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "batch:RegisterJobDefinition", On: "definition"},
			{Action: "batch:SubmitJob", On: "definition"},
			{Action: "batch:SubmitJob", On: "queue"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "batch.amazonaws.com", Name: "RegisterJobDefinition", Match: map[string]string{"requestParameters.containerProperties.jobRoleArn": "$role"}},
			{Source: "batch.amazonaws.com", Name: "SubmitJob", Match: map[string]string{"requestParameters.jobQueue": "$queue.name"}},
		},
	},
	// Code as the role of a job definition that is there: a job may override the
	// command.
	{
		ID: "batch-002", Title: "batch:SubmitJob",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/batch-002",
		Vars: []Var{
			{Name: "definition", Type: "batch:job-definition-revision", Listing: "batch describe-job-definitions"},
			{Name: "queue", Type: "batch:job-queue", Listing: "batch describe-job-queues"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "definition", B: "role", Value: "ecs-tasks.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "batch:SubmitJob", On: "definition"},
			{Action: "batch:SubmitJob", On: "queue"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "batch.amazonaws.com", Name: "SubmitJob", Match: map[string]string{"requestParameters.jobQueue": "$queue.name", "requestParameters.jobDefinition": "$definition.name"}},
		},
	},
	// Code as the job role where Batch was never used: the actor makes the compute
	// environment and the queue as well.
	{
		ID: "batch-003", Title: "iam:PassRole + batch:CreateComputeEnvironment + batch:CreateJobQueue + batch:RegisterJobDefinition + batch:SubmitJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/batch-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "environment", Type: "batch:compute-environment", New: true},
			{Name: "queue", Type: "batch:job-queue", New: true},
			{Name: "definition", Type: "batch:job-definition", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "batch:CreateComputeEnvironment", On: "environment"},
			{Action: "batch:CreateJobQueue", On: "queue"},
			{Action: "batch:RegisterJobDefinition", On: "definition"},
			{Action: "batch:SubmitJob", On: "definition"},
			{Action: "batch:SubmitJob", On: "queue"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "batch.amazonaws.com", Name: "CreateComputeEnvironment", Match: map[string]string{"requestParameters.computeEnvironmentName": "$environment.name"}},
			{Source: "batch.amazonaws.com", Name: "CreateJobQueue", Match: map[string]string{"requestParameters.jobQueueName": "$queue.name"}},
			{Source: "batch.amazonaws.com", Name: "RegisterJobDefinition", Match: map[string]string{"requestParameters.containerProperties.jobRoleArn": "$role"}},
			{Source: "batch.amazonaws.com", Name: "SubmitJob", Match: map[string]string{"requestParameters.jobQueue": "$queue.name"}},
		},
	},
	// Code as the instance role of a game server fleet: the actor's build is installed
	// and started on its instances.
	{
		ID: "gamelift-001", Title: "iam:PassRole + gamelift:CreateBuild + gamelift:CreateFleet",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/gamelift-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "gamelift.amazonaws.com"}},
			{Who: "service:gamelift.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "gamelift:CreateBuild", On: "*"},
			{Action: "gamelift:CreateFleet", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "gamelift.amazonaws.com", Name: "CreateBuild"},
			{Source: "gamelift.amazonaws.com", Name: "CreateFleet", Match: map[string]string{"requestParameters.instanceRoleArn": "$role"}},
		},
	},
	// Code as the role of a hybrid job, whose script is the actor's.
	{
		ID: "braket-001", Title: "iam:PassRole + braket:CreateJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/braket-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "braket:job", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "braket.amazonaws.com"}},
			{Who: "service:braket.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "braket:CreateJob", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "braket.amazonaws.com", Name: "CreateJob", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
	},
	// Code as the service role of a workflow run: the tasks of a workflow are
	// containers and commands of the actor's.
	{
		ID: "omics-001", Title: "iam:PassRole + omics:CreateWorkflow + omics:StartRun",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/omics-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "workflow", Type: "omics:workflow", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "omics.amazonaws.com"}},
			{Who: "service:omics.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "omics:CreateWorkflow", On: "*"},
			{Action: "omics:StartRun", On: "workflow"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "omics.amazonaws.com", Name: "CreateWorkflow"},
			{Source: "omics.amazonaws.com", Name: "StartRun", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
	},
}
