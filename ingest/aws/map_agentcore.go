package aws

import "github.com/clewgraph/clew/graph"

func agentcoreOperations() []operation {
	one := func(name, subject, mark, prefix string, f recordFunc) operation {
		return operation{service: "bedrock-agentcore-control", name: name, lone: true, subject: subject, selfEvident: true, marks: []string{mark},
			whole: f, refOf: ofSubject("bedrock-agentcore", prefix)}
	}
	return []operation{
		one("get-agent-runtime", "runtime id", "agentRuntimeArn", "runtime/", record(mapAgentRuntime)),
		one("get-browser", "browser id", "browserArn", "browser-custom/", record(mapAgentBrowser)),
		one("get-code-interpreter", "code interpreter id", "codeInterpreterArn", "code-interpreter-custom/", record(mapCodeInterpreter)),
	}
}

// mapAgentRuntime writes an agent. Its environment may hold secrets and is not
// read.
func mapAgentRuntime(m *mapper, r struct{ AgentRuntimeArn, AgentRuntimeName, AgentRuntimeID, RoleArn, Status string }) error {
	return m.agentThing("runtime", r.AgentRuntimeArn, r.AgentRuntimeName, r.AgentRuntimeID, r.RoleArn, r.Status)
}

func mapAgentBrowser(m *mapper, b struct{ BrowserArn, Name, BrowserID, ExecutionRoleArn, Status string }) error {
	return m.agentThing("browser-custom", b.BrowserArn, b.Name, b.BrowserID, b.ExecutionRoleArn, b.Status)
}

func mapCodeInterpreter(m *mapper, c struct{ CodeInterpreterArn, Name, CodeInterpreterID, ExecutionRoleArn, Status string }) error {
	return m.agentThing("code-interpreter-custom", c.CodeInterpreterArn, c.Name, c.CodeInterpreterID, c.ExecutionRoleArn, c.Status)
}

func (m *mapper) agentThing(kind, s, name, id, role, status string) error {
	_, err := m.resource(thing{arn: s, of: graph.Ref(s), kind: "bedrock-agentcore:" + kind, is: graph.KindWorkload, name: name, nativeID: id,
		role: role, attrs: attrs("status", status)})
	return err
}
