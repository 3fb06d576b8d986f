package escalate

import "github.com/clewgraph/clew/graph"

// awsDataProcessing are the techniques by EMR, Data Pipeline and Flink.
var awsDataProcessing = []Technique{
	// Code as the role of the cluster's instances: the steps of a new cluster are the
	// actor's. The cluster itself works under a second role, passed to EMR.
	{
		ID: "emr-001", Title: "iam:PassRole + elasticmapreduce:RunJobFlow",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/emr-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "servicerole", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "iam:PassRole", On: "servicerole", With: map[string]string{"iam:PassedToService": "elasticmapreduce.amazonaws.com"}},
			{Who: "service:elasticmapreduce.amazonaws.com", Action: "sts:AssumeRole", On: "servicerole"},
			{Action: "elasticmapreduce:RunJobFlow", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "elasticmapreduce.amazonaws.com", Name: "RunJobFlow", Match: map[string]string{"requestParameters.jobFlowRole": "$profile.name", "requestParameters.serviceRole": "$servicerole.name"}},
		},
	},
	// Code as the role of the instances of a cluster that is there, by a step that the
	// actor adds.
	{
		ID: "aws-emr-add-steps", Title: "elasticmapreduce:AddJobFlowSteps",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html",
		Vars: []Var{
			{Name: "cluster", Type: "elasticmapreduce:cluster", Listing: "emr describe-cluster"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "cluster", B: "role", Value: "ec2.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "elasticmapreduce:AddJobFlowSteps", On: "cluster"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "elasticmapreduce.amazonaws.com", Name: "AddJobFlowSteps", Match: map[string]string{"requestParameters.jobFlowId": "$cluster.name"}},
		},
	},
	// Code as the runtime role of a job in a new EMR Serverless application.
	{
		ID: "emrserverless-001", Title: "iam:PassRole + emr-serverless:CreateApplication + emr-serverless:StartJobRun",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/emrserverless-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "application", Type: "emr-serverless:application", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "emr-serverless.amazonaws.com"}},
			{Who: "service:emr-serverless.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "emr-serverless:CreateApplication", On: "*"},
			{Action: "emr-serverless:StartJobRun", On: "application"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "emr-serverless.amazonaws.com", Name: "CreateApplication"},
			{Source: "emr-serverless.amazonaws.com", Name: "StartJobRun", Match: map[string]string{"requestParameters.executionRoleArn": "$role"}},
		},
	},
	// Code as the runtime role of a job in an EMR Serverless application that is there:
	// each job names its own role.
	{
		ID: "aws-emrserverless-start-job", Title: "iam:PassRole + emr-serverless:StartJobRun",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "application", Type: "emr-serverless:application", Listing: "emr-serverless list-applications"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "emr-serverless.amazonaws.com"}},
			{Who: "service:emr-serverless.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "emr-serverless:StartJobRun", On: "application"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "emr-serverless.amazonaws.com", Name: "StartJobRun", Match: map[string]string{"requestParameters.executionRoleArn": "$role"}},
		},
	},
	// Code as the role of the instances that a pipeline starts: its shell command is the
	// actor's. The pipeline itself works under a second role. Closed to new customers;
	// accounts that used it before still can.
	{
		ID: "datapipeline-001", Title: "iam:PassRole + datapipeline:CreatePipeline + datapipeline:PutPipelineDefinition + datapipeline:ActivatePipeline",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/datapipeline-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "pipelinerole", Type: "iam:role"},
			{Name: "profile", Type: "iam:instance-profile"},
			{Name: "pipeline", Type: "datapipeline:pipeline", New: true},
		},
		Facts: []Fact{
			{Kind: InProfile, A: "profile", B: "role"},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ec2.amazonaws.com"}},
			{Who: "service:ec2.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "iam:PassRole", On: "pipelinerole", With: map[string]string{"iam:PassedToService": "datapipeline.amazonaws.com"}},
			{Who: "service:datapipeline.amazonaws.com", Action: "sts:AssumeRole", On: "pipelinerole"},
			{Action: "datapipeline:CreatePipeline", On: "*"},
			{Action: "datapipeline:PutPipelineDefinition", On: "pipeline"},
			{Action: "datapipeline:ActivatePipeline", On: "pipeline"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "datapipeline.amazonaws.com", Name: "CreatePipeline", Match: map[string]string{"responseElements.pipelineId": "$pipeline.name"}},
			{Source: "datapipeline.amazonaws.com", Name: "PutPipelineDefinition", Match: map[string]string{"requestParameters.pipelineId": "$pipeline.name", "requestParameters.pipelineObjects.fields.stringValue": "$role.name"}},
			{Source: "datapipeline.amazonaws.com", Name: "ActivatePipeline", Match: map[string]string{"requestParameters.pipelineId": "$pipeline.name"}},
		},
	},
	// Code as the execution role of a new Flink application.
	{
		ID: "kinesisanalytics-001", Title: "iam:PassRole + kinesisanalytics:CreateApplication + kinesisanalytics:StartApplication",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/kinesisanalytics-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "application", Type: "kinesisanalytics:application", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "kinesisanalytics.amazonaws.com"}},
			{Who: "service:kinesisanalytics.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "kinesisanalytics:CreateApplication", On: "*"},
			{Action: "kinesisanalytics:StartApplication", On: "application"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "kinesisanalytics.amazonaws.com", Name: "CreateApplication", Match: map[string]string{"requestParameters.applicationName": "$application.name", "requestParameters.serviceExecutionRole": "$role"}},
			{Source: "kinesisanalytics.amazonaws.com", Name: "StartApplication", Match: map[string]string{"requestParameters.applicationName": "$application.name"}},
		},
	},
	// Code as the execution role of a Flink application that is there: its code is
	// replaced. A running application restarts with it.
	{
		ID: "aws-kinesisanalytics-update", Title: "kinesisanalytics:UpdateApplication",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/managed-flink/latest/java/security-iam.html",
		Vars: []Var{
			{Name: "application", Type: "kinesisanalytics:application", Listing: "kinesisanalyticsv2 describe-application"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "application", B: "role", Value: "kinesisanalytics.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "kinesisanalytics:UpdateApplication", On: "application"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "kinesisanalytics.amazonaws.com", Name: "UpdateApplication", Match: map[string]string{"requestParameters.applicationName": "$application.name"}},
		},
	},
}
