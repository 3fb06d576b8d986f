package escalate

import "github.com/clewgraph/clew/graph"

// awsOrchestration are the techniques by Step Functions and EventBridge Scheduler.
var awsOrchestration = []Technique{
	// Calls as the role: the steps of a new state machine name any API action.
	{
		ID: "stepfunctions-001", Title: "iam:PassRole + states:CreateStateMachine + states:StartExecution",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/stepfunctions-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "machine", Type: "states:statemachine", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "states.amazonaws.com"}},
			{Who: "service:states.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "states:CreateStateMachine", On: "machine"},
			{Action: "states:StartExecution", On: "machine"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "states.amazonaws.com", Name: "CreateStateMachine", Match: map[string]string{"requestParameters.name": "$machine.name", "requestParameters.roleArn": "$role"}},
			{Source: "states.amazonaws.com", Name: "StartExecution", Match: map[string]string{"requestParameters.stateMachineArn": "$machine"}},
		},
	},
	// Calls as the role of a state machine that is there: its steps are replaced, and the
	// actor starts it.
	{
		ID: "stepfunctions-002", Title: "states:UpdateStateMachine + states:StartExecution",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/stepfunctions-002",
		Vars: []Var{
			{Name: "machine", Type: "states:statemachine", Listing: "stepfunctions describe-state-machine"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "machine", B: "role", Value: "states.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "states:UpdateStateMachine", On: "machine"},
			{Action: "states:StartExecution", On: "machine"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "states.amazonaws.com", Name: "UpdateStateMachine", Match: map[string]string{"requestParameters.stateMachineArn": "$machine"}},
			{Source: "states.amazonaws.com", Name: "StartExecution", Match: map[string]string{"requestParameters.stateMachineArn": "$machine"}},
		},
	},
	// Calls as another role in a state machine that is there: steps and role are replaced.
	{
		ID: "aws-stepfunctions-update-role", Title: "iam:PassRole + states:UpdateStateMachine + states:StartExecution",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "machine", Type: "states:statemachine", Listing: "stepfunctions list-state-machines"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "states.amazonaws.com"}},
			{Who: "service:states.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "states:UpdateStateMachine", On: "machine"},
			{Action: "states:StartExecution", On: "machine"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "states.amazonaws.com", Name: "UpdateStateMachine", Match: map[string]string{"requestParameters.stateMachineArn": "$machine", "requestParameters.roleArn": "$role"}},
			{Source: "states.amazonaws.com", Name: "StartExecution", Match: map[string]string{"requestParameters.stateMachineArn": "$machine"}},
		},
	},
	// Calls as the role, one step at a time and without a state machine.
	{
		ID: "aws-stepfunctions-test-state", Title: "iam:PassRole + states:TestState",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "states.amazonaws.com"}},
			{Who: "service:states.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "states:TestState", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "states.amazonaws.com", Name: "TestState", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
	},
	// Calls as the role: the universal target of a schedule names an API action.
	{
		ID: "scheduler-001", Title: "iam:PassRole + scheduler:CreateSchedule",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/scheduler-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "schedule", Type: "scheduler:schedule", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "scheduler.amazonaws.com"}},
			{Who: "service:scheduler.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "scheduler:CreateSchedule", On: "schedule"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "scheduler.amazonaws.com", Name: "CreateSchedule", Match: map[string]string{"requestParameters.target.roleArn": "$role"}},
		},
	},
	// Calls as the role by a schedule that is there: an update states target and role
	// anew.
	{
		ID: "aws-scheduler-update-schedule", Title: "iam:PassRole + scheduler:UpdateSchedule",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "schedule", Type: "scheduler:schedule", Listing: "scheduler list-schedules"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "scheduler.amazonaws.com"}},
			{Who: "service:scheduler.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "scheduler:UpdateSchedule", On: "schedule"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "scheduler.amazonaws.com", Name: "UpdateSchedule", Match: map[string]string{"requestParameters.name": "$schedule.name", "requestParameters.target.roleArn": "$role"}},
		},
	},
}
