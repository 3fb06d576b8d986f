package escalate

import "github.com/clewgraph/clew/graph"

// awsECS are the techniques by ECS.
var awsECS = []Technique{
	// Code as the task role: a task definition names it,
	// and a service keeps a task of it running in a cluster that the actor makes.
	{
		ID: "ecs-001", Title: "iam:PassRole + ecs:RegisterTaskDefinition + ecs:CreateCluster + ecs:CreateService",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", New: true},
			{Name: "definition", Type: "ecs:task-definition", New: true},
			{Name: "service", Type: "ecs:service", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterTaskDefinition", On: "definition"},
			{Action: "ecs:CreateCluster", On: "cluster"},
			{Action: "ecs:CreateService", On: "service", With: map[string]string{"ecs:cluster": "$cluster", "ecs:task-definition": "$definition"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterTaskDefinition", Match: map[string]string{"requestParameters.taskRoleArn": "$role"}},
			{Source: "ecs.amazonaws.com", Name: "CreateCluster", Match: map[string]string{"requestParameters.clusterName": "$cluster.name"}},
			{Source: "ecs.amazonaws.com", Name: "CreateService", Match: map[string]string{"requestParameters.cluster": "$cluster.name"}},
		},
	},
	// Code as the task role: a task definition names it,
	// and a task of it is run in a cluster that the actor makes.
	{
		ID: "ecs-002", Title: "iam:PassRole + ecs:RegisterTaskDefinition + ecs:CreateCluster + ecs:RunTask",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-002",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", New: true},
			{Name: "definition", Type: "ecs:task-definition", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterTaskDefinition", On: "definition"},
			{Action: "ecs:CreateCluster", On: "cluster"},
			{Action: "ecs:RunTask", On: "definition", With: map[string]string{"ecs:cluster": "$cluster"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterTaskDefinition", Match: map[string]string{"requestParameters.taskRoleArn": "$role"}},
			{Source: "ecs.amazonaws.com", Name: "CreateCluster", Match: map[string]string{"requestParameters.clusterName": "$cluster.name"}},
			{Source: "ecs.amazonaws.com", Name: "RunTask", Match: map[string]string{"requestParameters.cluster": "$cluster.name"}},
		},
	},
	// Code as the task role: a task definition names it,
	// and a service keeps a task of it running in a cluster that is there.
	{
		ID: "ecs-003", Title: "iam:PassRole + ecs:RegisterTaskDefinition + ecs:CreateService",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "definition", Type: "ecs:task-definition", New: true},
			{Name: "service", Type: "ecs:service", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterTaskDefinition", On: "definition"},
			{Action: "ecs:CreateService", On: "service", With: map[string]string{"ecs:cluster": "$cluster", "ecs:task-definition": "$definition"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterTaskDefinition", Match: map[string]string{"requestParameters.taskRoleArn": "$role"}},
			{Source: "ecs.amazonaws.com", Name: "CreateService", Match: map[string]string{"requestParameters.cluster": "$cluster.name"}},
		},
	},
	// Code as the task role: a task definition names it,
	// and a task of it is run in a cluster that is there.
	{
		ID: "ecs-004", Title: "iam:PassRole + ecs:RegisterTaskDefinition + ecs:RunTask",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-004",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "definition", Type: "ecs:task-definition", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterTaskDefinition", On: "definition"},
			{Action: "ecs:RunTask", On: "definition", With: map[string]string{"ecs:cluster": "$cluster"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterTaskDefinition", Match: map[string]string{"requestParameters.taskRoleArn": "$role"}},
			{Source: "ecs.amazonaws.com", Name: "RunTask", Match: map[string]string{"requestParameters.cluster": "$cluster.name"}},
		},
	},
	// Code as the task role: a task definition names it,
	// and a task of it is started on a container instance of the cluster in a cluster that is there.
	{
		ID: "ecs-005", Title: "iam:PassRole + ecs:RegisterTaskDefinition + ecs:StartTask",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-005",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "definition", Type: "ecs:task-definition", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterTaskDefinition", On: "definition"},
			{Action: "ecs:StartTask", On: "definition", With: map[string]string{"ecs:cluster": "$cluster"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterTaskDefinition", Match: map[string]string{"requestParameters.taskRoleArn": "$role"}},
			{Source: "ecs.amazonaws.com", Name: "StartTask", Match: map[string]string{"requestParameters.cluster": "$cluster.name"}},
		},
	},
	// A shell in a running container, hence the task role, where the task was started
	// with ECS Exec. Cluster and task are both checked.
	{
		ID: "ecs-006", Title: "ecs:ExecuteCommand",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-006",
		Vars: []Var{
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "task", Type: "ecs:task", Listing: "ecs describe-tasks"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "task", B: "role", Value: "ecs-tasks.amazonaws.com"},
			{Kind: HasAttr, A: "task", Value: "execute-command"},
		},
		Needs: []Need{
			{Action: "ecs:ExecuteCommand", On: "cluster"},
			{Action: "ecs:ExecuteCommand", On: "task"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "ExecuteCommand", Match: map[string]string{"requestParameters.cluster": "$cluster.name", "requestParameters.task": "$task.name"}},
		},
	},
	// Code as a role that is passed when a task starts: a machine of the actor's joins
	// the cluster, and a task definition that is there starts on it with the role and
	// the command overridden.
	{
		ID: "ecs-007", Title: "iam:PassRole + ecs:RegisterContainerInstance + ecs:StartTask",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-007",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "definition", Type: "ecs:task-definition", Listing: "ecs list-task-definitions"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterContainerInstance", On: "cluster"},
			{Action: "ecs:StartTask", On: "definition", With: map[string]string{"ecs:cluster": "$cluster"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterContainerInstance", Match: map[string]string{"requestParameters.cluster": "$cluster.name"}},
			{Source: "ecs.amazonaws.com", Name: "StartTask", Match: map[string]string{"requestParameters.cluster": "$cluster.name", "requestParameters.overrides.taskRoleArn": "$role"}},
		},
	},
	// Code as a role that is passed when a task is run: role and command of a task
	// definition that is there are overridden for the run.
	{
		ID: "ecs-008", Title: "iam:PassRole + ecs:RunTask",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-008",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "definition", Type: "ecs:task-definition", Listing: "ecs list-task-definitions"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RunTask", On: "definition", With: map[string]string{"ecs:cluster": "$cluster"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RunTask", Match: map[string]string{"requestParameters.cluster": "$cluster.name", "requestParameters.overrides.taskRoleArn": "$role"}},
		},
	},
	// Code as a role that is passed when a task is started on a container instance of
	// the cluster: role and command are overridden.
	{
		ID: "ecs-009", Title: "iam:PassRole + ecs:StartTask",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ecs-009",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "cluster", Type: "ecs:cluster", Listing: "ecs list-clusters"},
			{Name: "definition", Type: "ecs:task-definition", Listing: "ecs list-task-definitions"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:StartTask", On: "definition", With: map[string]string{"ecs:cluster": "$cluster"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "StartTask", Match: map[string]string{"requestParameters.cluster": "$cluster.name", "requestParameters.overrides.taskRoleArn": "$role"}},
		},
	},
	// Code as the task role in a service that is there: it is moved to a task
	// definition of the actor's.
	{
		ID: "aws-ecs-update-service", Title: "iam:PassRole + ecs:RegisterTaskDefinition + ecs:UpdateService",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://cloud.hacktricks.wiki/en/pentesting-cloud/aws-security/aws-privilege-escalation/aws-ecs-privesc/index.html",
		Vars: []Var{
			{Name: "definition", Type: "ecs:task-definition", New: true},
			{Name: "role", Type: "iam:role"},
			{Name: "service", Type: "ecs:service", Listing: "ecs describe-services"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
			{Who: "service:ecs-tasks.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ecs:RegisterTaskDefinition", On: "definition"},
			{Action: "ecs:UpdateService", On: "service", With: map[string]string{"ecs:task-definition": "$definition"}},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ecs.amazonaws.com", Name: "RegisterTaskDefinition", Match: map[string]string{"requestParameters.taskRoleArn": "$role"}},
			{Source: "ecs.amazonaws.com", Name: "UpdateService", Match: map[string]string{"requestParameters.service": "$service.name"}},
		},
	},
}
