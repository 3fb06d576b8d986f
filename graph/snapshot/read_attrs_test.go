package snapshot_test

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
)

// TestAttrsAlone: properties and tags that are read by themselves are those of
// the whole node.
func TestAttrsAlone(t *testing.T) {
	s := frozen(t, build(t, small("iam.json", "s3.json")...))
	read := 0
	for i := range snapshot.Index(s.NumNodes()) {
		n := s.Node(i)
		if !slices.Equal(s.Attrs(i), n.Attrs) || !slices.Equal(s.Tags(i), n.Tags) {
			t.Errorf("%s: %v %v, want %v %v", n.Ref, s.Attrs(i), s.Tags(i), n.Attrs, n.Tags)
		}
		for _, a := range n.Attrs {
			if got := s.Attr(i, a.Key); got != a.Value {
				t.Errorf("%s: %s is %q, want %q", n.Ref, a.Key, got, a.Value)
			}
		}
		read += len(n.Attrs) + len(n.Tags)
		if got := s.Attr(i, "no such property"); got != "" {
			t.Errorf("%s: a property that it has not is %q", n.Ref, got)
		}
	}
	if past := snapshot.Index(s.NumNodes()); read == 0 || s.Attrs(past) != nil || s.Tags(past) != nil || s.Attr(past, "x") != "" {
		t.Errorf("%d properties and tags, or some of no node", read)
	}
}
