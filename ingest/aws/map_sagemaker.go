package aws

import "github.com/clewgraph/clew/graph"

func sagemakerOperations() []operation {
	one := func(name, subject, mark, prefix string, f recordFunc) operation {
		return operation{service: "sagemaker", name: name, lone: true, subject: subject, selfEvident: true, marks: []string{mark},
			whole: f, refOf: ofSubject("sagemaker", prefix)}
	}
	return []operation{
		{service: "sagemaker", name: "list-notebook-instances", lone: true, marks: []string{"NotebookInstances"},
			each: map[string]recordFunc{"NotebookInstances": record(mapListedNotebook)}},
		{service: "sagemaker", name: "list-notebook-instance-lifecycle-configs", lone: true, marks: []string{"NotebookInstanceLifecycleConfigs"},
			each: map[string]recordFunc{"NotebookInstanceLifecycleConfigs": record(mapLifecycleConfig)}},
		one("describe-domain", "domain id", "DomainArn", "domain/", record(mapStudioDomain)),
		one("describe-user-profile", "domain id/profile name", "UserProfileArn", "user-profile/", record(mapUserProfile)),
		one("describe-notebook-instance", "notebook instance name", "NotebookInstanceArn", "notebook-instance/", record(mapNotebook)),
		one("describe-processing-job", "job name", "ProcessingJobArn", "processing-job/", record(mapProcessingJob)),
		one("describe-training-job", "job name", "TrainingJobArn", "training-job/", record(mapTrainingJob)),
		one("describe-model", "model name", "ModelArn", "model/", record(mapModel)),
		one("describe-endpoint", "endpoint name", "EndpointArn", "endpoint/", record(mapEndpoint)),
		one("describe-endpoint-config", "configuration name", "EndpointConfigArn", "endpoint-config/", record(mapEndpointConfig)),
	}
}

// mapListedNotebook: the list does not show the role.
func mapListedNotebook(m *mapper, n struct{ NotebookInstanceArn string }) error {
	return m.listed("sagemaker:notebook-instance", n.NotebookInstanceArn, "")
}

func mapLifecycleConfig(m *mapper, c struct{ NotebookInstanceLifecycleConfigArn, NotebookInstanceLifecycleConfigName string }) error {
	_, err := m.resource(thing{arn: c.NotebookInstanceLifecycleConfigArn, kind: "sagemaker:notebook-instance-lifecycle-config", name: c.NotebookInstanceLifecycleConfigName})
	return err
}

// mapStudioDomain writes a domain of Studio: what its profiles run as that name
// no role of their own.
func mapStudioDomain(m *mapper, d struct {
	DomainArn, DomainID, DomainName, Status string
	DefaultUserSettings                     struct{ ExecutionRole string }
}) error {
	_, err := m.resource(thing{arn: d.DomainArn, of: graph.Ref(d.DomainArn), kind: "sagemaker:domain", name: d.DomainName, nativeID: d.DomainID,
		role: d.DefaultUserSettings.ExecutionRole, attrs: attrs("status", d.Status)})
	return err
}

// mapUserProfile writes a profile of Studio. One without a role runs as its
// domain does.
func mapUserProfile(m *mapper, p struct {
	UserProfileArn, UserProfileName, DomainID, Status string
	UserSettings                                      struct{ ExecutionRole string }
}) error {
	t := thing{arn: p.UserProfileArn, of: graph.Ref(p.UserProfileArn), kind: "sagemaker:user-profile", is: graph.KindWorkload, name: p.UserProfileName,
		role: p.UserSettings.ExecutionRole, attrs: attrs("status", p.Status, "domain", p.DomainID)}
	o, err := m.resource(t)
	if err != nil || t.role != "" {
		return err
	}
	domain, err := m.inRegion("sagemaker", "domain/"+p.DomainID)
	if err != nil {
		return err
	}
	if err := m.listed("sagemaker:domain", domain, graph.Ref(p.UserProfileArn)); err != nil {
		return err
	}
	return m.edge(graph.Ref(p.UserProfileArn), graph.RunsAs, graph.Ref(domain), o)
}

// lifecycleRef names the scripts that a notebook runs when it starts.
func lifecycleRef(notebook, name string) string {
	a, ok := parseARN(notebook)
	if !ok || name == "" {
		return ""
	}
	a.resource = "notebook-instance-lifecycle-config/" + name
	return a.String()
}

func mapNotebook(m *mapper, n struct {
	NotebookInstanceArn, NotebookInstanceName, NotebookInstanceStatus string
	RoleArn, KmsKeyID, DirectInternetAccess, RootAccess, SubnetID     string
	NotebookInstanceLifecycleConfigName                               string
}) error {
	lifecycle := lifecycleRef(n.NotebookInstanceArn, n.NotebookInstanceLifecycleConfigName)
	o, err := m.resource(thing{arn: n.NotebookInstanceArn, of: graph.Ref(n.NotebookInstanceArn), kind: "sagemaker:notebook-instance", is: graph.KindWorkload,
		name: n.NotebookInstanceName, role: n.RoleArn, attrs: attrs("status", n.NotebookInstanceStatus, "lifecycle-config", lifecycle,
			"internet-access", n.DirectInternetAccess, "root-access", n.RootAccess, "kms-key", keyARN(n.NotebookInstanceArn, n.KmsKeyID))})
	if err != nil {
		return err
	}
	return m.mentionThing(graph.Ref(lifecycle), o)
}

func mapProcessingJob(m *mapper, j struct{ ProcessingJobArn, ProcessingJobName, ProcessingJobStatus, RoleArn string }) error {
	return m.sagemakerThing("processing-job", j.ProcessingJobArn, j.ProcessingJobName, j.RoleArn, attrs("status", j.ProcessingJobStatus))
}

func mapTrainingJob(m *mapper, j struct{ TrainingJobArn, TrainingJobName, TrainingJobStatus, RoleArn string }) error {
	return m.sagemakerThing("training-job", j.TrainingJobArn, j.TrainingJobName, j.RoleArn, attrs("status", j.TrainingJobStatus))
}

func mapModel(m *mapper, d struct{ ModelArn, ModelName, ExecutionRoleArn string }) error {
	return m.sagemakerThing("model", d.ModelArn, d.ModelName, d.ExecutionRoleArn, nil)
}

func mapEndpoint(m *mapper, e struct{ EndpointArn, EndpointName, EndpointStatus, EndpointConfigName string }) error {
	return m.sagemakerThing("endpoint", e.EndpointArn, e.EndpointName, "", attrs("status", e.EndpointStatus, "endpoint-config", e.EndpointConfigName))
}

func mapEndpointConfig(m *mapper, e struct{ EndpointConfigArn, EndpointConfigName, ExecutionRoleArn string }) error {
	return m.sagemakerThing("endpoint-config", e.EndpointConfigArn, e.EndpointConfigName, e.ExecutionRoleArn, nil)
}

// sagemakerThing writes what one document describes. What has a role runs code
// as it.
func (m *mapper) sagemakerThing(kind, s, name, role string, facts []graph.Attr) error {
	t := thing{arn: s, of: graph.Ref(s), kind: "sagemaker:" + kind, name: name, role: role, attrs: facts}
	if role != "" {
		t.is = graph.KindWorkload
	}
	_, err := m.resource(t)
	return err
}
