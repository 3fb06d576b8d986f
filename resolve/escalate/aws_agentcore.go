package escalate

import "github.com/clewgraph/clew/graph"

// awsAgentCore are the techniques by Bedrock AgentCore.
var awsAgentCore = []Technique{
	// The credentials of the execution role: code in a new interpreter asks its machine's
	// metadata service for them.
	{
		ID: "bedrock-001", Title: "iam:PassRole + bedrock-agentcore:CreateCodeInterpreter + bedrock-agentcore:StartCodeInterpreterSession + bedrock-agentcore:InvokeCodeInterpreter",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-001",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "interpreter", Type: "bedrock-agentcore:code-interpreter-custom", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "bedrock-agentcore.amazonaws.com"}},
			{Who: "service:bedrock-agentcore.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "bedrock-agentcore:CreateCodeInterpreter", On: "*"},
			{Action: "bedrock-agentcore:StartCodeInterpreterSession", On: "interpreter"},
			{Action: "bedrock-agentcore:InvokeCodeInterpreter", On: "interpreter"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "CreateCodeInterpreter", Match: map[string]string{"requestParameters.executionRoleArn": "$role"}},
			{Source: "bedrock-agentcore.amazonaws.com", Name: "StartCodeInterpreterSession"},
			{Source: "bedrock-agentcore.amazonaws.com", Name: "InvokeCodeInterpreter"},
		},
	},
	// The credentials of the execution role of an interpreter that is there, from the
	// metadata service of its machine.
	{
		ID: "bedrock-002", Title: "bedrock-agentcore:StartCodeInterpreterSession + bedrock-agentcore:InvokeCodeInterpreter",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-002",
		Vars: []Var{
			{Name: "interpreter", Type: "bedrock-agentcore:code-interpreter-custom", Listing: "bedrock-agentcore-control get-code-interpreter"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "interpreter", B: "role", Value: "bedrock-agentcore.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "bedrock-agentcore:StartCodeInterpreterSession", On: "interpreter"},
			{Action: "bedrock-agentcore:InvokeCodeInterpreter", On: "interpreter"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "StartCodeInterpreterSession", Match: map[string]string{"requestParameters.codeInterpreterIdentifier": "$interpreter.name"}},
			{Source: "bedrock-agentcore.amazonaws.com", Name: "InvokeCodeInterpreter", Match: map[string]string{"requestParameters.codeInterpreterIdentifier": "$interpreter.name"}},
		},
	},
	// The credentials of the execution role: a command runs as root in the machine of a
	// new agent runtime.
	{
		ID: "bedrock-003", Title: "iam:PassRole + bedrock-agentcore:CreateAgentRuntime + bedrock-agentcore:CreateAgentRuntimeEndpoint + bedrock-agentcore:CreateWorkloadIdentity + bedrock-agentcore:InvokeAgentRuntimeCommand",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-003",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "runtime", Type: "bedrock-agentcore:runtime", New: true},
			{Name: "identity", Type: "bedrock-agentcore:workload-identity", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "bedrock-agentcore.amazonaws.com"}},
			{Who: "service:bedrock-agentcore.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "bedrock-agentcore:CreateAgentRuntime", On: "*"},
			{Action: "bedrock-agentcore:CreateAgentRuntimeEndpoint", On: "runtime"},
			{Action: "bedrock-agentcore:CreateWorkloadIdentity", On: "identity"},
			{Action: "bedrock-agentcore:InvokeAgentRuntimeCommand", On: "runtime"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "CreateAgentRuntime", Match: map[string]string{"requestParameters.roleArn": "$role"}},
			{Source: "bedrock-agentcore.amazonaws.com", Name: "InvokeAgentRuntimeCommand"},
		},
	},
	// The credentials of the execution role of an agent runtime that is there: a command
	// runs as root in its machine, past the agent.
	{
		ID: "bedrock-004", Title: "bedrock-agentcore:InvokeAgentRuntimeCommand",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-004",
		Vars: []Var{
			{Name: "runtime", Type: "bedrock-agentcore:runtime", Listing: "bedrock-agentcore-control get-agent-runtime"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "runtime", B: "role", Value: "bedrock-agentcore.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "bedrock-agentcore:InvokeAgentRuntimeCommand", On: "runtime"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "InvokeAgentRuntimeCommand", Match: map[string]string{"requestParameters.agentRuntimeArn": "$runtime"}},
		},
	},
	// The credentials of the execution role: a harness makes a runtime of its own, and a
	// command runs as root in its machine.
	{
		ID: "bedrock-005", Title: "iam:PassRole + bedrock-agentcore:CreateHarness + bedrock-agentcore:CreateAgentRuntime + bedrock-agentcore:CreateAgentRuntimeEndpoint + bedrock-agentcore:CreateWorkloadIdentity + bedrock-agentcore:GetAgentRuntime + bedrock-agentcore:InvokeAgentRuntimeCommand",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-005",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "runtime", Type: "bedrock-agentcore:runtime", New: true},
			{Name: "identity", Type: "bedrock-agentcore:workload-identity", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "bedrock-agentcore.amazonaws.com"}},
			{Who: "service:bedrock-agentcore.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "bedrock-agentcore:CreateHarness", On: "*"},
			{Action: "bedrock-agentcore:CreateAgentRuntime", On: "*"},
			{Action: "bedrock-agentcore:CreateAgentRuntimeEndpoint", On: "runtime"},
			{Action: "bedrock-agentcore:CreateWorkloadIdentity", On: "identity"},
			{Action: "bedrock-agentcore:GetAgentRuntime", On: "runtime"},
			{Action: "bedrock-agentcore:InvokeAgentRuntimeCommand", On: "runtime"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "CreateHarness", Match: map[string]string{"requestParameters.executionRoleArn": "$role"}},
			{Source: "bedrock-agentcore.amazonaws.com", Name: "InvokeAgentRuntimeCommand"},
		},
	},
	// The credentials of the execution role: a new browser, driven by the actor, asks its
	// machine's metadata service for them.
	{
		ID: "bedrock-006", Title: "iam:PassRole + bedrock-agentcore:CreateBrowser + bedrock-agentcore:StartBrowserSession + bedrock-agentcore:ConnectBrowserAutomationStream",
		Provider: graph.AWS, Category: NewPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-006",
		Vars: []Var{
			{Name: "role", Type: "iam:role"},
			{Name: "browser", Type: "bedrock-agentcore:browser-custom", New: true},
		},
		Needs: []Need{
			{Action: "iam:PassRole", On: "role", With: map[string]string{"iam:PassedToService": "bedrock-agentcore.amazonaws.com"}},
			{Who: "service:bedrock-agentcore.amazonaws.com", Action: "sts:AssumeRole", On: "role"},
			{Action: "bedrock-agentcore:CreateBrowser", On: "*"},
			{Action: "bedrock-agentcore:StartBrowserSession", On: "browser"},
			{Action: "bedrock-agentcore:ConnectBrowserAutomationStream", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "CreateBrowser", Match: map[string]string{"requestParameters.executionRoleArn": "$role"}},
			{Source: "bedrock-agentcore.amazonaws.com", Name: "StartBrowserSession"},
		},
	},
	// The credentials of the execution role of a browser that is there, by driving it.
	{
		ID: "bedrock-007", Title: "bedrock-agentcore:StartBrowserSession + bedrock-agentcore:ConnectBrowserAutomationStream",
		Provider: graph.AWS, Category: ExistingPassRole, Status: Known,
		Reference: "https://pathfinding.cloud/paths/bedrock-007",
		Vars: []Var{
			{Name: "browser", Type: "bedrock-agentcore:browser-custom", Listing: "bedrock-agentcore-control get-browser"},
			{Name: "role", Type: "iam:role"},
		},
		Facts: []Fact{
			{Kind: RunsAs, A: "browser", B: "role", Value: "bedrock-agentcore.amazonaws.com"},
		},
		Needs: []Need{
			{Action: "bedrock-agentcore:StartBrowserSession", On: "browser"},
			{Action: "bedrock-agentcore:ConnectBrowserAutomationStream", On: "*"},
		},
		Yields: Yield{Of: "role", Hold: graph.AsCode},
		Log: []Event{
			{Source: "bedrock-agentcore.amazonaws.com", Name: "StartBrowserSession", Match: map[string]string{"requestParameters.browserIdentifier": "$browser.name"}},
		},
	},
}
