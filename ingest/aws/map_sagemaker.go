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
