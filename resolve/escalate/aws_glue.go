package escalate

import "github.com/clewgraph/clew/graph"

// awsGlue are the techniques by Glue.
var awsGlue = []Technique{
	// A shell on a new development endpoint that runs as the role, by a key of the
	// actor's.
	{
		ID: "glue-001", Title: "iam:PassRole + glue:CreateDevEndpoint",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "glue.amazonaws.com"}},
			{Who: "service:glue.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "glue:CreateDevEndpoint", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "CreateDevEndpoint", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
	},
	// A shell on a development endpoint that is there, by a key that the actor adds.
	{
		ID: "glue-002", Title: "glue:UpdateDevEndpoint",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-002",
		Vars: []Var{
			{Name: "endpoint", Type: "glue:devendpoint", Listing: "glue get-dev-endpoints"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "endpoint", B: "role", Value: "glue.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "glue:UpdateDevEndpoint", On: "endpoint"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "UpdateDevEndpoint", Match: map[string]string{"requestParameters.endpointName": "$endpoint.name"}},
		},
	},
	// Code as the role: a new job runs the actor's script, started by the actor.
	{
		ID: "glue-003", Title: "iam:PassRole + glue:CreateJob + glue:StartJobRun",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "glue:job", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "glue.amazonaws.com"}},
			{Who: "service:glue.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "glue:CreateJob", On: "job"},
			{Action: "glue:StartJobRun", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "CreateJob", Match: map[string]string{"requestParameters.name": "$job.name", "requestParameters.role": "$role.name"}},
			{Source: "glue.amazonaws.com", Name: "StartJobRun", Match: map[string]string{"requestParameters.jobName": "$job.name"}},
		},
	},
	// Code as the role: a new job runs the actor's script, started by a trigger that
	// fires as it is made.
	{
		ID: "glue-004", Title: "iam:PassRole + glue:CreateJob + glue:CreateTrigger",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-004",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "glue:job", New: true},
			{Name: "trigger", Type: "glue:trigger", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "glue.amazonaws.com"}},
			{Who: "service:glue.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "glue:CreateJob", On: "job"},
			{Action: "glue:CreateTrigger", On: "trigger"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "CreateJob", Match: map[string]string{"requestParameters.name": "$job.name", "requestParameters.role": "$role.name"}},
			{Source: "glue.amazonaws.com", Name: "CreateTrigger", Match: map[string]string{"requestParameters.actions.jobName": "$job.name"}},
		},
	},
	// Code as another role in a job that is there: role and script are replaced, and the
	// actor starts it.
	{
		ID: "glue-005", Title: "iam:PassRole + glue:UpdateJob + glue:StartJobRun",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-005",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "glue:job", Listing: "glue get-jobs"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "glue.amazonaws.com"}},
			{Who: "service:glue.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "glue:UpdateJob", On: "job"},
			{Action: "glue:StartJobRun", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "UpdateJob", Match: map[string]string{"requestParameters.jobName": "$job.name", "requestParameters.jobUpdate.role": "$role.name"}},
			{Source: "glue.amazonaws.com", Name: "StartJobRun", Match: map[string]string{"requestParameters.jobName": "$job.name"}},
		},
	},
	// Code as another role in a job that is there: role and script are replaced, and a
	// trigger that fires as it is made starts it.
	{
		ID: "glue-006", Title: "iam:PassRole + glue:UpdateJob + glue:CreateTrigger",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-006",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "glue:job", Listing: "glue get-jobs"},
			{Name: "trigger", Type: "glue:trigger", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "glue.amazonaws.com"}},
			{Who: "service:glue.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "glue:UpdateJob", On: "job"},
			{Action: "glue:CreateTrigger", On: "trigger"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "UpdateJob", Match: map[string]string{"requestParameters.jobName": "$job.name", "requestParameters.jobUpdate.role": "$role.name"}},
			{Source: "glue.amazonaws.com", Name: "CreateTrigger", Match: map[string]string{"requestParameters.actions.jobName": "$job.name"}},
		},
	},
	// Code as the role in an interactive session, statement by statement.
	{
		ID: "glue-007", Title: "iam:PassRole + glue:CreateSession + glue:RunStatement",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/glue-007",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "session", Type: "glue:session", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "glue.amazonaws.com"}},
			{Who: "service:glue.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "glue:CreateSession", On: "session"},
			{Action: "glue:RunStatement", On: "session"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "CreateSession", Match: map[string]string{"requestParameters.id": "$session.name", "requestParameters.role": "$role.name"}},
			{Source: "glue.amazonaws.com", Name: "RunStatement", Match: map[string]string{"requestParameters.sessionId": "$session.name"}},
		},
	},
	// Code as the role of an interactive session that somebody else opened.
	{
		ID: "aws-glue-run-statement", Title: "glue:RunStatement",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/glue/latest/dg/glue-is-security.html",
		Vars: []Var{
			{Name: "session", Type: "glue:session", Listing: "glue list-sessions"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "session", B: "role", Value: "glue.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "glue:RunStatement", On: "session"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "RunStatement", Match: map[string]string{"requestParameters.sessionId": "$session.name"}},
		},
	},
	// Code as the role of a job that is there: the arguments of one run may name
	// another script (--scriptLocation), which the job's role must be able to read.
	{
		ID: "aws-glue-start-job-run", Title: "glue:StartJobRun",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html",
		Vars: []Var{
			{Name: "job", Type: "glue:job", Listing: "glue get-jobs"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "job", B: "role", Value: "glue.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "glue:StartJobRun", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "glue.amazonaws.com", Name: "StartJobRun", Match: map[string]string{"requestParameters.jobName": "$job.name"}},
		},
	},
}
