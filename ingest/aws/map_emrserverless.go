package aws

func emrserverlessOperations() []operation {
	return []operation{
		{service: "emr-serverless", name: "list-applications", marks: []string{"applications"},
			each: map[string]recordFunc{"applications": record(mapServerlessApplication)}},
	}
}

// mapServerlessApplication writes an application. Each job of it names the role
// that it runs as.
func mapServerlessApplication(m *mapper, a struct{ ID, Name, Arn, State, Type string }) error {
	_, err := m.resource(thing{arn: a.Arn, kind: "emr-serverless:application", name: a.Name, nativeID: a.ID, attrs: attrs("state", a.State, "type", a.Type)})
	return err
}
