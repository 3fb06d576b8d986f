package snapshot_test

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// TestFromAndHolding: references come in their order from any text on, and
// things are found by what their documents hold, which no two documents share.
func TestFromAndHolding(t *testing.T) {
	b := snapshot.NewBuilder()
	for ref, document := range map[graph.Ref]string{"a:1": "xab", "a:2": "bax", "b:1": "abba", "c:1": "ab"} {
		n := graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindResource, Name: string(ref)}
		a := graph.Attachment{To: ref, Layer: "resource", Policy: ref, Document: []byte(document)}
		if err := b.Node(n); err != nil {
			t.Fatal(err)
		}
		if err := b.Attach(a); err != nil {
			t.Fatal(err)
		}
	}
	s, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[graph.Ref][]graph.Ref{
		"": {"a:1", "a:2", "b:1", "c:1"}, "a:2": {"a:2", "b:1", "c:1"}, "a;": {"b:1", "c:1"}, "d": nil,
	} {
		var got []graph.Ref
		for ref, node := range s.From(from) {
			if s.Ref(node) != ref {
				t.Errorf("%s is not %s", ref, s.Ref(node))
			}
			got = append(got, ref)
		}
		if !slices.Equal(got, want) {
			t.Errorf("from %q: %v, want %v", from, got, want)
		}
	}
	for text, want := range map[string][]graph.Ref{
		"ab": {"a:1", "b:1", "c:1"}, "bb": {"b:1"}, "abab": nil, "x": {"a:1", "a:2"}, "ba": {"a:2", "b:1"}, "bax": {"a:2"},
	} {
		var got []graph.Ref
		for _, node := range s.WithDocumentsHolding(text) {
			got = append(got, s.Ref(node))
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("holding %q: %v, want %v", text, got, want)
		}
	}
}
