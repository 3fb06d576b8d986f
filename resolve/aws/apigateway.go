package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// The facts about APIs of Amazon API Gateway that ingest writes.
const (
	typeAPI = "execute-api:execute-api-general" // an API as a thing that is called
	// layerMethods holds what each method or route asks of callers. To the API
	// as a thing that is configured.
	layerMethods graph.LayerID = "aws:api-methods"
)

// anonymousCallers is how a policy that nobody wrote names callers without
// credentials. No policy of AWS can.
const anonymousCallers = "Anonymous"

// withoutPolicy stands for the policy of an API that has none: its methods
// decide alone about callers without credentials, and others need what they
// need anyway.
//
// Source: API Gateway developer guide, "How API Gateway resource policies affect
// authorization workflow".
func withoutPolicy() bound {
	s := Statement{
		Actions: []string{"execute-api:Invoke"}, HasPrincipals: true,
		Principals: []PrincipalName{{Type: anonymousCallers, Value: "*"}},
	}
	s.compiled.actions = newActionList(s.Actions)
	return stated(&Document{Statements: []Statement{s}},
		graph.Evidence{Layer: LayerResource, Policy: "none", Name: "no policy: the methods decide"})
}

// An apiMethod is one method of an API, or one route.
type apiMethod struct {
	Method, Path, AuthorizationType string
	APIKeyRequired                  bool
}

// callsAPI reports whether the request calls a described API.
func (r *request) callsAPI() bool {
	return r.action.folded == "execute-api:invoke" && r.resource.typ == typeAPI
}

// throughMethods answers calls of an API without credentials: those of its
// methods that ask for nothing, as far as its policy lets them through.
func (r *request) throughMethods() (outcome, bool) {
	if !r.callsAPI() || r.principal.kind != kindAnonymous {
		return outcome{}, false
	}
	methods, gap := r.estate.methodsOf(r.resource)
	open := slices.DeleteFunc(methods, func(m apiMethod) bool { return !m.open() })
	if len(open) == 0 && gap == nil {
		return outcome{formula: policy.False, impossible: "every method asks who calls"}, true
	}
	api := r.resource
	defer func() { r.resource = api }()
	if len(open) == 0 {
		f, _ := r.missing(numResource, nil, gap)
		return outcome{formula: policy.And(f, r.evaluate())}, true
	}
	return r.callEach(api, open), true
}

// callEach decides every open method and keeps the surest.
func (r *request) callEach(api *resource, open []apiMethod) outcome {
	best, sure := outcome{formula: policy.False}, graph.Denied
	var matched []match
	var words [termCount]*policy.Formula
	for i, m := range open {
		part := *api
		part.arn = strings.TrimSuffix(api.arn, "*/*/*") + r.stageIn(api) + "/" + m.Method + m.path()
		r.resource, r.matched = &part, nil
		f := r.evaluate()
		v, _ := f.State()
		if v > sure || i == 0 {
			best, sure, matched, words = outcome{formula: f}, v, r.matched, r.words
		}
		if v == sure && v != graph.Denied {
			best.include = append(best.include, m.Method+" "+m.Path)
		}
	}
	r.matched, r.words = matched, words
	return best
}

// open reports whether the method takes calls from anybody. Browsers ask
// OPTIONS before they call, so it is open everywhere and gives nothing.
func (m apiMethod) open() bool {
	return m.AuthorizationType == "NONE" && !m.APIKeyRequired && m.Method != "OPTIONS"
}

// path is the path as ARNs have it.
func (m apiMethod) path() string {
	if strings.HasPrefix(m.Path, "/") {
		return m.Path
	}
	return "/" + m.Path
}

// stageIn is a stage of an API: one that its policy names, or any.
func (r *request) stageIn(api *resource) string {
	prefix := strings.TrimSuffix(api.arn, "*/*/*")
	for i := range api.policies {
		if api.policies[i].doc == nil {
			continue
		}
		for _, s := range api.policies[i].doc.Statements {
			for _, text := range s.Resources {
				rest, ok := strings.CutPrefix(text, prefix)
				if stage, _, _ := strings.Cut(rest, "/"); ok && !s.Deny && stage != "" && !strings.ContainsAny(stage, "*?$") {
					return stage
				}
			}
		}
	}
	return anyKey
}

// methodsOf are the methods of an API; gap is what is missing where some
// document did not come, or does not say what methods ask for.
func (e *Estate) methodsOf(api *resource) (methods []apiMethod, gap *policy.Formula) {
	configured, ok := e.configuredAPI(api)
	missing := policy.Missing(&policy.Gap{Of: graph.Ref(api.arn), Layer: layerMethods, Reason: graph.ReasonMissing,
		Detail: "what the methods of the API ask of callers is in no document: apigateway get-resources --embed methods, or apigatewayv2 get-routes"})
	if !ok {
		return nil, missing
	}
	for _, a := range e.s.Attached(configured, layerMethods) {
		var m apiMethod
		if json.Unmarshal(e.textOf(a), &m) != nil {
			continue
		}
		if m.AuthorizationType == "" {
			gap = missing
		}
		methods = append(methods, m)
	}
	if failed := e.gapOf(configured, layerMethods); failed != nil {
		return methods, failed
	}
	if len(methods) == 0 && !e.asked(configured, layerMethods) {
		gap = missing
	}
	return methods, gap
}

// configuredAPI returns an API as a thing that is configured.
func (e *Estate) configuredAPI(api *resource) (snapshot.Index, bool) {
	id, _, _ := strings.Cut(api.parts.Resource, "/")
	for _, kind := range []string{"restapis", "apis"} {
		if node, ok := e.s.Find(graph.Ref("arn:" + api.parts.Partition + ":apigateway:" + api.parts.Region + "::/" + kind + "/" + id)); ok {
			return node, true
		}
	}
	return snapshot.None, false
}
