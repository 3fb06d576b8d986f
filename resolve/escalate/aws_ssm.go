package escalate

import "github.com/clewgraph/clew/graph"

// awsSystemsManager are the techniques by Systems Manager.
var awsSystemsManager = []Technique{
	// A shell on a managed instance as the instance's role. The session document is
	// checked as well as the instance.
	{
		ID: "ssm-001", Title: "ssm:StartSession",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ssm-001",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
			{Kind: HasFact, A: "instance", Value: "aws:ssm-managed", Listing: "ssm describe-instance-information"},
		},
		Needs: []Need{
			{Action: "ssm:StartSession", On: "instance"},
			{Action: "ssm:StartSession", On: "arn:${Partition}:ssm:${Region}:${Account}:document/SSM-SessionManagerRunShell"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ssm.amazonaws.com", Name: "StartSession", Match: map[string]string{"requestParameters.target": "$instance.name"}},
		},
	},
	// A command as root on a managed instance, hence the instance's role. Instance and
	// document are both checked; this document runs any shell command.
	{
		ID: "ssm-002", Title: "ssm:SendCommand",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ssm-002",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
			{Kind: HasFact, A: "instance", Value: "aws:ssm-managed", Listing: "ssm describe-instance-information"},
		},
		Needs: []Need{
			{Action: "ssm:SendCommand", On: "instance"},
			{Action: "ssm:SendCommand", On: "arn:${Partition}:ssm:${Region}::document/AWS-RunShellScript"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ssm.amazonaws.com", Name: "SendCommand", Match: map[string]string{"requestParameters.instanceIds": "$instance.name", "requestParameters.documentName": "AWS-RunShellScript"}},
		},
	},
	// A command as root on a managed instance by a document that the actor writes: a
	// policy that lets through only documents of the account does not help.
	{
		ID: "aws-ssm-own-document", Title: "ssm:CreateDocument + ssm:SendCommand",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/systems-manager/latest/userguide/documents.html",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
			{Name: "document", Type: "ssm:document", New: true},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
			{Kind: HasFact, A: "instance", Value: "aws:ssm-managed", Listing: "ssm describe-instance-information"},
		},
		Needs: []Need{
			{Action: "ssm:CreateDocument", On: "document"},
			{Action: "ssm:SendCommand", On: "document"},
			{Action: "ssm:SendCommand", On: "instance"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ssm.amazonaws.com", Name: "CreateDocument", Match: map[string]string{"requestParameters.name": "$document.name"}},
			{Source: "ssm.amazonaws.com", Name: "SendCommand", Match: map[string]string{"requestParameters.instanceIds": "$instance.name", "requestParameters.documentName": "$document.name"}},
		},
	},
	// A command as root on a managed instance, again and again: State Manager runs the
	// document of an association at once and on a schedule.
	{
		ID: "aws-ssm-association", Title: "ssm:CreateAssociation",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://docs.aws.amazon.com/systems-manager/latest/userguide/state-manager-associations-creating.html",
		Vars: []Var{
			{Name: "instance", Type: "ec2:instance", Listing: "ec2 describe-instances"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "instance", B: "role", Value: "ec2.amazonaws.com"},
			{Kind: HasFact, A: "instance", Value: "aws:ssm-managed", Listing: "ssm describe-instance-information"},
		},
		Needs: []Need{
			{Action: "ssm:CreateAssociation", On: "instance"},
			{Action: "ssm:CreateAssociation", On: "arn:${Partition}:ssm:${Region}::document/AWS-RunShellScript"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ssm.amazonaws.com", Name: "CreateAssociation", Match: map[string]string{"requestParameters.name": "AWS-RunShellScript", "requestParameters.targets.values": "$instance.name"}},
		},
	},
	// Calls as the role that an Automation runbook assumes: a runbook of the actor's
	// runs scripts and any API action (aws:executeScript, aws:executeAwsApi).
	{
		ID: "ssm-003", Title: "iam:PassRole + ssm:CreateDocument + ssm:StartAutomationExecution",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/ssm-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "document", Type: "ssm:document", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "ssm.amazonaws.com"}},
			{Who: "service:ssm.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "ssm:CreateDocument", On: "document"},
			{Action: "ssm:StartAutomationExecution", On: "document"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "ssm.amazonaws.com", Name: "CreateDocument", Match: map[string]string{"requestParameters.name": "$document.name"}},
			{Source: "ssm.amazonaws.com", Name: "StartAutomationExecution", Match: map[string]string{"requestParameters.documentName": "$document.name", "requestParameters.parameters.AutomationAssumeRole": "$role"}},
		},
	},
}
