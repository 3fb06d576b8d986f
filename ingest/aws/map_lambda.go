package aws

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

func lambdaOperations() []operation {
	return []operation{
		{service: "lambda", name: "list-functions", lone: true, marks: []string{"Functions"},
			each: map[string]recordFunc{"Functions": mapFunction}},
		{service: "lambda", name: "get-policy", subject: "function name", marks: []string{"Policy"}, layers: resourceLayers,
			whole: mapFunctionPolicy, refOf: ofSubject("lambda", "function:")},
	}
}

// mapFunction reads a function's name, role and runtime. Environment variables
// often hold secrets and are not read.
func mapFunction(m *mapper, v jsontext.Value) error {
	var f struct{ FunctionName, FunctionArn, Role, Runtime string }
	if err := decode(v, &f); err != nil {
		return err
	}
	a, err := wantARN("function", f.FunctionArn)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, m.pointer, err)
	}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	o := m.origin(account, a.region, "")
	return m.function(graph.Ref(f.FunctionArn), account, f.FunctionName, f.Role, f.Runtime, o)
}

// function writes a function and the role that its code runs as.
func (m *mapper) function(ref graph.Ref, account, name, role, runtime string, o *graph.Origin) error {
	err := m.node(graph.Node{Ref: ref, Kind: graph.KindWorkload, Type: "lambda:function", Name: name,
		Scope: accountRef(account), Attrs: attrs("runtime", runtime), Origin: o})
	if err != nil || role == "" {
		return err
	}
	return m.edge(ref, graph.RunsAs, graph.Ref(role), o)
}

func mapFunctionPolicy(m *mapper, v jsontext.Value) error {
	var p struct{ Policy jsontext.Value }
	if err := decode(v, &p); err != nil {
		return err
	}
	ref, err := m.subjectARN("lambda", "function:")
	if err != nil {
		return err
	}
	return m.resourcePolicy(ref, "lambda:function", p.Policy, "/Policy")
}
