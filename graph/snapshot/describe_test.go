package snapshot_test

import (
	"errors"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Two listings describe an account, one of them in fewer words: the fuller
// description stands. Where each says what the other does not, that is a
// conflict.
func TestFullerDescriptionStands(t *testing.T) {
	bare := graph.Node{Provider: graph.AWS, Ref: "account:111122223333", Kind: graph.KindAccount, Type: "organizations:account",
		Attrs: []graph.Attr{{Key: "id", Value: "111122223333"}}}
	full := bare
	full.Name = "production"
	full.Attrs = []graph.Attr{{Key: "id", Value: "111122223333"}, {Key: "status", Value: "ACTIVE"}}
	for _, order := range [][]graph.Node{{bare, full}, {full, bare}} {
		s, err := facts(order...)
		if err != nil {
			t.Fatal(err)
		}
		if i, _ := s.Find(bare.Ref); s.Name(i) != "production" || s.Node(i).Attr("status") != "ACTIVE" {
			t.Errorf("%v: got %+v", order, s.Node(i))
		}
	}
	other := bare
	other.Attrs = []graph.Attr{{Key: "partition", Value: "aws-cn"}}
	if _, err := facts(full, other); !errors.Is(err, snapshot.ErrConflict) {
		t.Errorf("each says what the other does not: got %v", err)
	}
}

func facts(nodes ...graph.Node) (*snapshot.Snapshot, error) {
	b := snapshot.NewBuilder()
	for _, n := range nodes {
		if err := b.Node(n); err != nil {
			return nil, err
		}
	}
	return b.Facts()
}
