package aws

import "github.com/clewgraph/clew/graph"

func schedulerOperations() []operation {
	return []operation{
		{service: "scheduler", name: "list-schedules", lone: true, marks: []string{"Schedules"}, tells: has("GroupName"),
			each: map[string]recordFunc{"Schedules": record(mapListedSchedule)}},
		{service: "scheduler", name: "get-schedule", subject: "group name/schedule name", lone: true, selfEvident: true, marks: []string{"ScheduleExpression"},
			whole: record(mapSchedule), refOf: ofSubject("scheduler", "schedule/")},
	}
}

func mapListedSchedule(m *mapper, s struct{ Arn string }) error {
	return m.listed("scheduler:schedule", s.Arn, "")
}

// mapSchedule writes a schedule and the role that it calls its target as. The
// target's input may hold anything and is not read.
func mapSchedule(m *mapper, s struct {
	Arn, Name, State, ScheduleExpression, KmsKeyArn string
	Target                                          struct{ Arn, RoleArn string }
}) error {
	_, err := m.resource(thing{arn: s.Arn, of: graph.Ref(s.Arn), kind: "scheduler:schedule", name: s.Name, role: s.Target.RoleArn,
		attrs: attrs("state", s.State, "schedule", s.ScheduleExpression, "target", s.Target.Arn, "kms-key", s.KmsKeyArn)})
	return err
}
