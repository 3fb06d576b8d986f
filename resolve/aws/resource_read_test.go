package aws

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// TestPrivateAPI: nobody without credentials calls a private API, and everybody
// calls a regional one with an open method.
func TestPrivateAPI(t *testing.T) {
	for endpoint, want := range map[string]graph.Verdict{"PRIVATE": graph.Denied, "REGIONAL": graph.Allowed} {
		const api, configured = "arn:aws:execute-api:eu-west-1:" + home + ":a1/*/*/*", "arn:aws:apigateway:eu-west-1::/restapis/a1"
		b := snapshot.NewBuilder()
		for _, n := range []graph.Node{
			{Ref: AccountRef(home), Kind: graph.KindAccount, Type: "organizations:account"},
			{Ref: graph.Internet, Kind: graph.KindAnonymous, Type: "internet"},
			{Ref: configured, Kind: graph.KindResource, Type: "apigateway:RestApi", Scope: AccountRef(home)},
			{Ref: api, Kind: graph.KindResource, Type: typeAPI, Scope: AccountRef(home), Attrs: []graph.Attr{{Key: "endpoint-types", Value: endpoint}}},
		} {
			n.Provider = graph.AWS
			if err := b.Node(n); err != nil {
				t.Fatal(err)
			}
		}
		open := graph.Attachment{To: configured, Layer: layerMethods, Policy: "GET /", Document: []byte(`{"Method":"GET","Path":"/","AuthorizationType":"NONE"}`)}
		if err := b.Attach(open); err != nil {
			t.Fatal(err)
		}
		facts, err := b.Facts()
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewEstate(facts).Decide(policy.Question{Principal: graph.Internet, Action: "execute-api:Invoke", Resource: api})
		if err != nil || d.Verdict != want {
			t.Errorf("%s: %s %v, want %s", endpoint, d.Verdict, err, want)
		}
	}
}
