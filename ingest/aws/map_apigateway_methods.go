package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clewgraph/clew/graph"
)

// LayerMethods holds the methods of an API, or its routes, each with what it
// asks of callers. The attachments are to the API as a thing that is configured.
const LayerMethods graph.LayerID = "aws:api-methods"

func apigatewayMethodOperations() []operation {
	methods := []graph.LayerID{LayerMethods}
	return []operation{
		{service: "apigateway", name: "get-resources", subject: "id of the API", marks: []string{"items"}, layers: methods,
			each: map[string]recordFunc{"items": record(mapAPIPath)}, refOf: restAPIOf},
		{service: "apigatewayv2", name: "get-apis", lone: true, marks: []string{"Items"}, tells: has("ApiEndpoint", "ProtocolType"),
			each: map[string]recordFunc{"Items": record(mapAPI)}},
		{service: "apigatewayv2", name: "get-routes", subject: "id of the API", marks: []string{"Items"}, layers: methods,
			each: map[string]recordFunc{"Items": record(mapRoute)}, refOf: apiOf},
	}
}

// A method is what one method of one path asks of callers.
type method struct {
	Method            string `json:"method"`
	Path              string `json:"path"`
	AuthorizationType string `json:"authorizationType"`
	APIKeyRequired    bool   `json:"apiKeyRequired"`
}

type apiPath struct {
	ID, Path        string
	ResourceMethods map[string]struct {
		AuthorizationType string
		APIKeyRequired    bool
	}
}

// mapAPIPath reads the methods of one path. What they ask of callers is there
// only where it was asked for (--embed methods). Their integrations are not read: they may hold
// secrets.
func mapAPIPath(m *mapper, p apiPath) error {
	ref, err := restAPIOf(m)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, ref)
	for _, name := range slices.Sorted(maps.Keys(p.ResourceMethods)) {
		of := p.ResourceMethods[name]
		if err := m.apiMethod(ref, method{name, p.Path, of.AuthorizationType, of.APIKeyRequired}, o); err != nil {
			return err
		}
	}
	return nil
}

func (m *mapper) apiMethod(api graph.Ref, one method, o *graph.Origin) error {
	text, err := json.Marshal(one)
	if err != nil {
		return fmt.Errorf("%s: method: %w", m.pointer, err)
	}
	return m.factText(fact{api, LayerMethods, "method:" + one.Method + " " + one.Path}, text, o)
}

// mapAPI writes an HTTP or WebSocket API as a thing that is configured and one
// that is called. Such APIs have no policy.
func mapAPI(m *mapper, a struct {
	APIID, Name, ProtocolType string
	DisableExecuteAPIEndpoint bool `json:"DisableExecuteApiEndpoint"`
	Tags                      tagMap
}) error {
	ref, err := m.inRegion("apigateway", "/apis/"+a.APIID)
	if err != nil {
		return err
	}
	called, err := m.inRegion("execute-api", a.APIID+"/*/*/*")
	if err != nil {
		return err
	}
	facts := attrs("protocol", a.ProtocolType, "endpoint-disabled", yes(a.DisableExecuteAPIEndpoint))
	if _, err := m.resource(thing{arn: withoutAccount(ref), kind: "apigateway:Api", name: a.Name, nativeID: a.APIID, tags: a.Tags.list(), attrs: facts}); err != nil {
		return err
	}
	_, err = m.resource(thing{arn: called, kind: "execute-api:execute-api-general", name: a.Name, nativeID: a.APIID, tags: a.Tags.list(), attrs: facts})
	return err
}

func apiOf(m *mapper) (graph.Ref, error) {
	ref, err := m.subjectARN("apigateway", "/apis/")
	return graph.Ref(withoutAccount(string(ref))), err
}

// mapRoute reads one route: a method and a path, $default, or the name of a
// WebSocket route.
func mapRoute(m *mapper, r struct {
	RouteKey, AuthorizationType string
	APIKeyRequired              bool `json:"ApiKeyRequired"`
}) error {
	ref, err := apiOf(m)
	if err != nil {
		return err
	}
	name, path, ok := strings.Cut(r.RouteKey, " ")
	if !ok {
		name, path = "*", r.RouteKey
	}
	o := m.origin(m.doc.account, m.doc.region, ref)
	return m.apiMethod(ref, method{name, path, r.AuthorizationType, r.APIKeyRequired}, o)
}
