package aws

import (
	"encoding/json"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// layerFunctionURL holds the URLs of a function, each with its AuthType.
const layerFunctionURL graph.LayerID = "aws:function-url"

// urlTypes are the AuthTypes of a function's URLs; gap is what is missing where
// no document tells.
func (e *Estate) urlTypes(function snapshot.Index) (types []string, gap *policy.Formula) {
	for _, a := range e.s.Attached(function, layerFunctionURL) {
		var url struct{ AuthType string }
		if json.Unmarshal(e.textOf(a), &url) == nil && !slices.Contains(types, url.AuthType) {
			types = append(types, url.AuthType)
		}
	}
	if gap = e.gapOf(function, layerFunctionURL); gap != nil || e.asked(function, layerFunctionURL) || len(types) > 0 {
		return types, gap
	}
	return nil, policy.Missing(&policy.Gap{Of: e.s.Ref(function), Layer: layerFunctionURL, Reason: graph.ReasonMissing,
		Detail: "whether the function has a URL, and of which AuthType, is in no document: lambda list-function-url-configs"})
}

// byURL reports whether the request calls a described function by its URL.
func (r *request) byURL() bool {
	return r.action.folded == "lambda:invokefunctionurl" && r.resource.node != snapshot.None && r.resource.typ == "lambda:function"
}

// urlTypeKey: a URL of AuthType NONE asks nobody who he is, so callers without
// credentials come by such a one. Of a function without URLs that a document
// shows, the key is open.
func (r *request) urlTypeKey() (keyState, bool) {
	if !r.byURL() {
		return keyState{}, false
	}
	types, _ := r.estate.urlTypes(r.resource.node)
	switch {
	case r.principal.kind == kindAnonymous:
		return r.fixed("NONE"), true
	case len(types) == 1:
		return r.fixed(types[0]), true
	}
	return keyState{}, false
}

// noURL says why a function cannot be called by URL, "" if it can.
func (r *request) noURL() string {
	if !r.byURL() {
		return ""
	}
	types, gap := r.estate.urlTypes(r.resource.node)
	switch {
	case gap != nil || slices.Contains(types, "NONE"):
		return ""
	case len(types) == 0:
		return "the function has no URL"
	case r.principal.kind == kindAnonymous:
		return "its URLs take signed requests alone"
	}
	return ""
}

// calledByURL is what a call by URL needs besides: a URL, and since October
// 2025 permission to invoke the function as well.
//
// Source: Lambda developer guide, "Control access to Lambda function URLs".
func (r *request) calledByURL() *policy.Formula {
	if !r.byURL() {
		return policy.True
	}
	f := policy.True
	if types, gap := r.estate.urlTypes(r.resource.node); gap != nil && r.principal.kind == kindAnonymous && !slices.Contains(types, "NONE") {
		f, _ = r.missing(numResource, nil, gap)
	}
	action, stated := r.action, r.stated
	defer func() { r.action, r.stated = action, stated }()
	r.action = parseAction("lambda:InvokeFunction")
	r.stated = append(slices.Clone(stated), statedKey{key: "lambda:invokedviafunctionurl", values: []string{"true"}})
	return policy.And(f, r.evaluate())
}
