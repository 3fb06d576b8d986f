package aws

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// The layers of what calls a function. Their attachments are to the function.
const (
	LayerFunctionURL graph.LayerID = "aws:function-url" // its URLs, each with its AuthType
	LayerEventSource graph.LayerID = "aws:event-source" // the streams and queues that it is fed from
)

func lambdaTriggerOperations() []operation {
	url := []graph.LayerID{LayerFunctionURL}
	return []operation{
		{service: "lambda", name: "get-function-url-config", lone: true, subject: "function name", selfEvident: true, marks: []string{"FunctionUrl"},
			layers: url, whole: mapFunctionURL, refOf: ofSubject("lambda", "function:")},
		{service: "lambda", name: "list-function-url-configs", lone: true, subject: "function name", selfEvident: true, marks: []string{"FunctionUrlConfigs"},
			layers: url, each: map[string]recordFunc{"FunctionUrlConfigs": mapFunctionURL}, refOf: ofSubject("lambda", "function:")},
		{service: "lambda", name: "list-event-source-mappings", lone: true, marks: []string{"EventSourceMappings"}, layers: []graph.LayerID{LayerEventSource},
			each: map[string]recordFunc{"EventSourceMappings": mapEventSource}},
	}
}

// mapFunctionURL attaches a URL to its function, whichever version or alias it
// calls.
func mapFunctionURL(m *mapper, v jsontext.Value) error {
	var u struct{ FunctionArn string }
	if err := decodeFold(v, &u); err != nil {
		return err
	}
	function, qualifier, err := m.functionOf(u.FunctionArn)
	if err != nil {
		return err
	}
	o, err := m.triggerOrigin(function, function)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix("function-url:"+qualifier, ":")
	return m.fact(fact{function, LayerFunctionURL, name}, v, o, "FunctionArn", "FunctionUrl", "AuthType", "InvokeMode")
}

// functionOf splits the ARN of a function from the version or alias behind it.
func (m *mapper) functionOf(s string) (function graph.Ref, qualifier string, err error) {
	a, ok := parseARN(s)
	parts := strings.SplitN(a.resource, ":", 3)
	if !ok || a.service != "lambda" || len(parts) < 2 {
		return "", "", fmt.Errorf("%w: %s: %.200q: want the ARN of a function", ErrContent, m.pointer, s)
	}
	if len(parts) == 3 {
		qualifier = parts[2]
	}
	a.resource = parts[0] + ":" + parts[1]
	return graph.Ref(a.String()), qualifier, nil
}

func (m *mapper) triggerOrigin(function, subject graph.Ref) (*graph.Origin, error) {
	a, _ := parseARN(string(function))
	account, err := m.accountOf(a)
	if err != nil {
		return nil, err
	}
	return m.origin(account, a.region, subject), nil
}

// mapEventSource attaches a mapping to the function that it calls.
func mapEventSource(m *mapper, v jsontext.Value) error {
	var e struct{ UUID, FunctionArn, EventSourceArn string }
	if err := decodeFold(v, &e); err != nil {
		return err
	}
	function, _, err := m.functionOf(e.FunctionArn)
	if err != nil {
		return err
	}
	o, err := m.triggerOrigin(function, "")
	if err != nil {
		return err
	}
	if err := m.mentionThing(graph.Ref(e.EventSourceArn), o); err != nil {
		return err
	}
	return m.fact(fact{function, LayerEventSource, "event-source:" + cmp.Or(e.UUID, e.EventSourceArn)}, v, o,
		"UUID", "EventSourceArn", "FunctionArn", "State")
}
