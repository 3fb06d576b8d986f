package aws

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
)

// TestSharing counts a small estate by hand: alice and amy have the same
// documents, app has one of its own that speaks of all but the queue, bob's
// compares his name, a bucket's policy names aide.
func TestSharing(t *testing.T) {
	read := sentence{Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: []string{"*"}}
	not := sentence{Effect: "Allow", Action: []string{"S3:getobject"}, NotResource: []string{queue}}
	named := sentence{Effect: "Allow", Action: []string{"s3:*"}, Resource: []string{"arn:aws:s3:::home/${aws:username}/*"}}
	lends := sentence{Effect: "Allow", Action: []string{"s3:PutObject"}, Resource: []string{data + "/*"}, Principal: map[string][]string{"AWS": {aide}}}
	k := &sketch{
		sheets: []sheet{
			{alice, LayerIdentity, "mine", []sentence{read}}, {amy, LayerIdentity, "mine too", []sentence{read}},
			{app, LayerIdentity, "not", []sentence{read, not}}, {bob, LayerIdentity, "named", []sentence{named}},
			{data, LayerResource, "lends", []sentence{lends}},
		},
		missing: []sheet{{to: target, layer: LayerIdentity}},
	}
	e := k.build(t)
	got := sharing(e.s)
	if got.Statements != 6 || got.DistinctStatements != 4 || got.ActionSets != 3 {
		t.Errorf("%d statements, %d distinct, %d sets of actions, want 6, 4 and 3", got.Statements, got.DistinctStatements, got.ActionSets)
	}
	if len(got.Described) != 7 { // the root user of the account among them
		t.Errorf("%d principals", len(got.Described))
	}
	want := map[string][]graph.Ref{
		"OWN_POLICIES": {app, bob}, "PRINCIPAL_KEYS": {bob}, "NAMED": {aide}, "NOT_RESOURCE": {app}, "MISSING_POLICIES": {target}, "TOO_MANY_TESTS": nil,
	}
	for _, why := range got.Apart {
		var of []graph.Ref
		for _, node := range why.Of {
			of = append(of, e.s.Ref(node))
		}
		slices.Sort(of)
		slices.Sort(want[why.Reason])
		if !slices.Equal(of, want[why.Reason]) {
			t.Errorf("%s: %v, want %v", why.Reason, of, want[why.Reason])
		}
		delete(want, why.Reason)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
}
