package aws

import "github.com/clewgraph/clew/graph"

func kinesisanalyticsOperations() []operation {
	return []operation{
		{service: "kinesisanalyticsv2", name: "describe-application", lone: true, subject: "application name", selfEvident: true, marks: []string{"ApplicationDetail"},
			whole: record(mapAnalyticsApplication), refOf: ofSubject("kinesisanalytics", "application/")},
	}
}

// mapAnalyticsApplication writes an application of Managed Service for Apache
// Flink. Its configuration may hold secrets and is not read.
func mapAnalyticsApplication(m *mapper, d struct {
	ApplicationDetail struct{ ApplicationARN, ApplicationName, ServiceExecutionRole, ApplicationStatus, RuntimeEnvironment string }
}) error {
	a := d.ApplicationDetail
	_, err := m.resource(thing{arn: a.ApplicationARN, of: graph.Ref(a.ApplicationARN), kind: "kinesisanalytics:application", is: graph.KindWorkload,
		name: a.ApplicationName, role: a.ServiceExecutionRole, attrs: attrs("status", a.ApplicationStatus, "runtime", a.RuntimeEnvironment)})
	return err
}
