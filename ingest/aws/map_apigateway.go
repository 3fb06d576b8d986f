package aws

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerAuthorizer holds what decides who may call an API. The attachments are
// to the API.
const LayerAuthorizer graph.LayerID = "aws:api-authorizer"

func apigatewayOperations() []operation {
	return []operation{
		{service: "apigateway", name: "get-rest-apis", marks: []string{"items"}, layers: resourceLayers, each: map[string]recordFunc{"items": record(mapRestAPI)}},
		{service: "apigateway", name: "get-authorizers", subject: "id of the API", marks: []string{"items"}, layers: []graph.LayerID{LayerAuthorizer},
			each: map[string]recordFunc{"items": mapAuthorizer}, refOf: restAPIOf},
	}
}

type restAPI struct {
	ID, Name                  string
	Policy                    jsontext.Value
	EndpointConfiguration     struct{ Types, VpcEndpointIDs []string }
	DisableExecuteAPIEndpoint bool `json:"disableExecuteApiEndpoint"`
	Tags                      tagMap
}

// mapRestAPI writes an API twice: as a thing that is configured, and as a thing
// that is called, which its policy speaks of. The ARN of the second is the one
// of any stage, method and path.
func mapRestAPI(m *mapper, r restAPI) error {
	ref, err := m.inRegion("apigateway", "/restapis/"+r.ID)
	if err != nil {
		return err
	}
	ref = withoutAccount(ref)
	called, err := m.inRegion("execute-api", r.ID+"/*/*/*")
	if err != nil {
		return err
	}
	slices.Sort(r.EndpointConfiguration.Types)
	slices.Sort(r.EndpointConfiguration.VpcEndpointIDs)
	facts := attrs("endpoint-types", strings.Join(r.EndpointConfiguration.Types, ","),
		"vpc-endpoints", strings.Join(r.EndpointConfiguration.VpcEndpointIDs, ","), "endpoint-disabled", yes(r.DisableExecuteAPIEndpoint))
	if _, err := m.resource(thing{arn: ref, kind: "apigateway:RestApi", name: r.Name, nativeID: r.ID, tags: r.Tags.list(), attrs: facts}); err != nil {
		return err
	}
	o, err := m.resource(thing{arn: called, kind: "execute-api:execute-api-general", name: r.Name, nativeID: r.ID, tags: r.Tags.list(), attrs: facts})
	if err != nil || isNoPolicy(r.Policy) {
		return err
	}
	return m.attach(resourceAttachment(graph.Ref(called), o), unescaped(r.Policy), "/policy")
}

// withoutAccount: ARNs of API Gateway's configuration name no account.
func withoutAccount(s string) string {
	a, _ := parseARN(s)
	a.account = ""
	return a.String()
}

// unescaped undoes the second layer of backslashes that API Gateway writes a
// policy with: the text in the string begins {\" instead of {".
func unescaped(raw jsontext.Value) jsontext.Value {
	s, err := unquote(raw)
	if err != nil || !strings.HasPrefix(strings.TrimSpace(s), `{\"`) {
		return raw
	}
	inner := jsontext.Value(`"` + s + `"`)
	if !inner.IsValid() {
		return raw
	}
	return inner
}

func restAPIOf(m *mapper) (graph.Ref, error) {
	ref, err := m.subjectARN("apigateway", "/restapis/")
	return graph.Ref(withoutAccount(string(ref))), err
}

// mapAuthorizer reads one authorizer of an API, and the role that API Gateway
// calls it as.
func mapAuthorizer(m *mapper, v jsontext.Value) error {
	var a struct{ ID, AuthorizerCredentials string }
	if err := decodeFold(v, &a); err != nil {
		return err
	}
	ref, err := restAPIOf(m)
	if err != nil {
		return err
	}
	o := m.origin(m.doc.account, m.doc.region, ref)
	err = m.fact(fact{ref, LayerAuthorizer, "authorizer:" + a.ID}, v, o,
		"id", "name", "type", "authType", "authorizerUri", "authorizerCredentials", "providerARNs")
	if err != nil {
		return err
	}
	return m.runsAs(ref, "role", a.AuthorizerCredentials, o)
}
