package snapshot_test

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Every way to hold a principal that can be concluded can be verified.
func TestVerifyEveryHold(t *testing.T) {
	b := snapshot.NewBuilder()
	if err := b.Node(graph.Node{Provider: graph.AWS, Ref: "user", Kind: graph.KindUser}); err != nil {
		t.Fatal(err)
	}
	c := new(snapshot.Conclusions)
	for hold := graph.ByCredential; hold <= graph.LastHold; hold++ {
		c.AddPivot(snapshot.Pivot{To: snapshot.Foothold{Hold: hold}, Relation: graph.CanAssume,
			Ruling: snapshot.Ruling{Verdict: graph.Allowed}})
	}
	if _, err := b.Facts(); err != nil {
		t.Fatal(err)
	}
	if err := b.Conclude(c); err != nil {
		t.Fatal(err)
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(); err != nil {
		t.Error(err)
	}
	if s.NumFootholds() != int(graph.LastHold)+1 {
		t.Errorf("%d footholds", s.NumFootholds())
	}
}
