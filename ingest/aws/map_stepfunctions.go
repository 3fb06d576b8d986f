package aws

import "github.com/clewgraph/clew/graph"

func stepfunctionsOperations() []operation {
	return []operation{
		{service: "stepfunctions", name: "list-state-machines", lone: true, marks: []string{"stateMachines"}, tells: has("stateMachineArn"),
			each: map[string]recordFunc{"stateMachines": record(mapListedMachine)}},
		// The output of describe-execution names a state machine as well, and
		// holds no definition.
		{service: "stepfunctions", name: "describe-state-machine", lone: true, subject: "name of the state machine", selfEvident: true,
			marks: []string{"definition"}, whole: record(mapStateMachine), refOf: ofSubject("states", "stateMachine:")},
	}
}

func mapListedMachine(m *mapper, s struct{ StateMachineArn string }) error {
	return m.listed("states:statemachine", s.StateMachineArn, "")
}

// mapStateMachine writes a state machine: its steps run as its role.
func mapStateMachine(m *mapper, s struct{ StateMachineArn, Name, Status, Type, RoleArn string }) error {
	_, err := m.resource(thing{arn: s.StateMachineArn, of: graph.Ref(s.StateMachineArn), kind: "states:statemachine", is: graph.KindWorkload, name: s.Name,
		attrs: attrs("status", s.Status, "type", s.Type), role: s.RoleArn})
	return err
}
