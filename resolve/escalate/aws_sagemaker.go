package escalate

import "github.com/clewgraph/clew/graph"

// awsSageMaker are the techniques by SageMaker.
var awsSageMaker = []Technique{
	// Code as the role in a new notebook, opened by a signed URL.
	{
		ID: "sagemaker-001", Title: "iam:PassRole + sagemaker:CreateNotebookInstance + sagemaker:CreatePresignedNotebookInstanceUrl",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/sagemaker-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "notebook", Type: "sagemaker:notebook-instance", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateNotebookInstance", On: "notebook"},
			{Action: "sagemaker:CreatePresignedNotebookInstanceUrl", On: "notebook"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateNotebookInstance", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name", "requestParameters.roleArn": "$role"}},
			{Source: "sagemaker.amazonaws.com", Name: "CreatePresignedNotebookInstanceUrl", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name"}},
		},
	},
	// Code as the role in a new notebook, without opening it: the lifecycle script of
	// the actor's runs as root when it starts.
	{
		ID: "aws-sagemaker-notebook-lifecycle", Title: "iam:PassRole + sagemaker:CreateNotebookInstanceLifecycleConfig + sagemaker:CreateNotebookInstance",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "notebook", Type: "sagemaker:notebook-instance", New: true},
			{Name: "lifecycle", Type: "sagemaker:notebook-instance-lifecycle-config", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateNotebookInstanceLifecycleConfig", On: "lifecycle"},
			{Action: "sagemaker:CreateNotebookInstance", On: "notebook"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateNotebookInstanceLifecycleConfig", Match: map[string]string{"requestParameters.notebookInstanceLifecycleConfigName": "$lifecycle.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "CreateNotebookInstance", Match: map[string]string{"requestParameters.lifecycleConfigName": "$lifecycle.name", "requestParameters.roleArn": "$role"}},
		},
	},
	// Code as the role in a training job, whose image is the actor's.
	{
		ID: "sagemaker-002", Title: "iam:PassRole + sagemaker:CreateTrainingJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/sagemaker-002",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "sagemaker:training-job", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateTrainingJob", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateTrainingJob", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
	},
	// Code as the role in a processing job, whose image is the actor's.
	{
		ID: "sagemaker-003", Title: "iam:PassRole + sagemaker:CreateProcessingJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/sagemaker-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "sagemaker:processing-job", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateProcessingJob", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateProcessingJob", Match: map[string]string{"requestParameters.roleArn": "$role"}},
		},
	},
	// Code as the role in a tuning job, whose image is the actor's.
	{
		ID: "aws-sagemaker-tuning-job", Title: "iam:PassRole + sagemaker:CreateHyperParameterTuningJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "job", Type: "sagemaker:hyper-parameter-tuning-job", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateHyperParameterTuningJob", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateHyperParameterTuningJob", Match: map[string]string{"requestParameters.trainingJobDefinition.roleArn": "$role"}},
		},
	},
	// Code as the notebook's role: a signed URL opens it.
	{
		ID: "sagemaker-004", Title: "sagemaker:CreatePresignedNotebookInstanceUrl",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/sagemaker-004",
		Vars: []Var{
			{Name: "notebook", Type: "sagemaker:notebook-instance", Listing: "sagemaker describe-notebook-instance"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "notebook", B: "role", Value: "sagemaker.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "sagemaker:CreatePresignedNotebookInstanceUrl", On: "notebook"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreatePresignedNotebookInstanceUrl", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name"}},
		},
	},
	// Code as the notebook's role: it is stopped, given a lifecycle script of the
	// actor's, and started.
	{
		ID: "sagemaker-005", Title: "sagemaker:CreateNotebookInstanceLifecycleConfig + sagemaker:StopNotebookInstance + sagemaker:UpdateNotebookInstance + sagemaker:StartNotebookInstance",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/sagemaker-005",
		Vars: []Var{
			{Name: "notebook", Type: "sagemaker:notebook-instance", Listing: "sagemaker describe-notebook-instance"},
			{Name: "role", Type: "iam:role"},
			{Name: "lifecycle", Type: "sagemaker:notebook-instance-lifecycle-config", New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "notebook", B: "role", Value: "sagemaker.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "sagemaker:CreateNotebookInstanceLifecycleConfig", On: "lifecycle"},
			{Action: "sagemaker:StopNotebookInstance", On: "notebook"},
			{Action: "sagemaker:UpdateNotebookInstance", On: "notebook"},
			{Action: "sagemaker:StartNotebookInstance", On: "notebook"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateNotebookInstanceLifecycleConfig", Match: map[string]string{"requestParameters.notebookInstanceLifecycleConfigName": "$lifecycle.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "StopNotebookInstance", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "UpdateNotebookInstance", Match: map[string]string{"requestParameters.lifecycleConfigName": "$lifecycle.name", "requestParameters.notebookInstanceName": "$notebook.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "StartNotebookInstance", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name"}},
		},
	},
	// Code as the notebook's role: the lifecycle script that it uses is rewritten, and it
	// is restarted.
	{
		ID: "aws-sagemaker-lifecycle-update", Title: "sagemaker:UpdateNotebookInstanceLifecycleConfig + sagemaker:StopNotebookInstance + sagemaker:StartNotebookInstance",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html",
		Vars: []Var{
			{Name: "notebook", Type: "sagemaker:notebook-instance", Listing: "sagemaker describe-notebook-instance"},
			{Name: "lifecycle", Type: "sagemaker:notebook-instance-lifecycle-config", Listing: "sagemaker list-notebook-instance-lifecycle-configs"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "notebook", B: "role", Value: "sagemaker.amazonaws.com"},
			{Kind: HasAttr, A: "notebook", Value: "lifecycle-config"},
		},
		Needs: []Need{
			{Action: "sagemaker:UpdateNotebookInstanceLifecycleConfig", On: "lifecycle"},
			{Action: "sagemaker:StopNotebookInstance", On: "notebook"},
			{Action: "sagemaker:StartNotebookInstance", On: "notebook"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "UpdateNotebookInstanceLifecycleConfig", Match: map[string]string{"requestParameters.notebookInstanceLifecycleConfigName": "$lifecycle.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "StopNotebookInstance", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "StartNotebookInstance", Match: map[string]string{"requestParameters.notebookInstanceName": "$notebook.name"}},
		},
	},
	// Code as the execution role of a model, whose container is the actor's and runs
	// behind an endpoint.
	{
		ID: "aws-sagemaker-model-endpoint", Title: "iam:PassRole + sagemaker:CreateModel + sagemaker:CreateEndpointConfig + sagemaker:CreateEndpoint",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "model", Type: "sagemaker:model", New: true},
			{Name: "config", Type: "sagemaker:endpoint-config", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateModel", On: "model"},
			{Action: "sagemaker:CreateEndpointConfig", On: "config"},
			{Action: "sagemaker:CreateEndpoint", On: "config"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateModel", Match: map[string]string{"requestParameters.executionRoleArn": "$role", "requestParameters.modelName": "$model.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "CreateEndpointConfig", Match: map[string]string{"requestParameters.endpointConfigName": "$config.name", "requestParameters.productionVariants.modelName": "$model.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "CreateEndpoint", Match: map[string]string{"requestParameters.endpointConfigName": "$config.name"}},
		},
	},
	// Code as the execution role of a model, whose container is the actor's and runs in
	// a batch transform.
	{
		ID: "aws-sagemaker-model-transform", Title: "iam:PassRole + sagemaker:CreateModel + sagemaker:CreateTransformJob",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "model", Type: "sagemaker:model", New: true},
			{Name: "job", Type: "sagemaker:transform-job", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateModel", On: "model"},
			{Action: "sagemaker:CreateTransformJob", On: "job"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateModel", Match: map[string]string{"requestParameters.executionRoleArn": "$role", "requestParameters.modelName": "$model.name"}},
			{Source: "sagemaker.amazonaws.com", Name: "CreateTransformJob", Match: map[string]string{"requestParameters.modelName": "$model.name"}},
		},
	},
	// Code as the role of a pipeline, whose steps are the actor's.
	{
		ID: "aws-sagemaker-pipeline", Title: "iam:PassRole + sagemaker:CreatePipeline + sagemaker:StartPipelineExecution",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-access.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "pipeline", Type: "sagemaker:pipeline", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreatePipeline", On: "pipeline"},
			{Action: "sagemaker:StartPipelineExecution", On: "pipeline"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreatePipeline", Match: map[string]string{"requestParameters.pipelineName": "$pipeline.name", "requestParameters.roleArn": "$role"}},
			{Source: "sagemaker.amazonaws.com", Name: "StartPipelineExecution", Match: map[string]string{"requestParameters.pipelineName": "$pipeline.name"}},
		},
	},
	// Code as the execution role of a Studio user: a signed URL opens Studio as that
	// user.
	{
		ID: "aws-sagemaker-studio-url", Title: "sagemaker:CreatePresignedDomainUrl",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePresignedDomainUrl.html",
		Vars: []Var{
			{Name: "profile", Type: "sagemaker:user-profile", Listing: "sagemaker describe-user-profile"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "profile", B: "role", Value: "sagemaker.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "sagemaker:CreatePresignedDomainUrl", On: "profile"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreatePresignedDomainUrl", Match: map[string]string{"requestParameters.userProfileName": "$profile.name"}},
		},
	},
	// Code as the role in Studio: a new user of a domain has it as execution role, and a
	// signed URL opens Studio as that user.
	{
		ID: "aws-sagemaker-studio-user", Title: "iam:PassRole + sagemaker:CreateUserProfile + sagemaker:CreatePresignedDomainUrl",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateUserProfile.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "profile", Type: "sagemaker:user-profile", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "sagemaker.amazonaws.com"}},
			{Who: "service:sagemaker.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "sagemaker:CreateUserProfile", On: "profile"},
			{Action: "sagemaker:CreatePresignedDomainUrl", On: "profile"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "sagemaker.amazonaws.com", Name: "CreateUserProfile", Match: map[string]string{"requestParameters.userProfileName": "$profile.name", "requestParameters.userSettings.executionRole": "$role"}},
			{Source: "sagemaker.amazonaws.com", Name: "CreatePresignedDomainUrl", Match: map[string]string{"requestParameters.userProfileName": "$profile.name"}},
		},
	},
}
