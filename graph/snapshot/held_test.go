package snapshot_test

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// What was given whole is replaced by a collection, and nothing else is: neither
// what was cut short nor what was refused, before or after a part of it came.
func TestHeldWhole(t *testing.T) {
	list := func(op string) graph.Listing { return graph.Listing{Scope: "account:1", Service: "iam", Operation: op} }
	b := snapshot.NewBuilder()
	equal(t, "nothing yet", b.HeldWhole().Has(graph.Listing{}), false)
	for _, c := range []graph.Coverage{
		{Listing: list("whole"), Status: graph.Collected},
		{Listing: list("whole"), Status: graph.Failed, Of: "one part", Detail: "a part"},
		{Listing: list("none"), Status: graph.NoneExists},
		{Listing: list("cut"), Status: graph.Collected},
		{Listing: list("cut"), Status: graph.Failed, Detail: "cut"},
		{Listing: list("early"), Status: graph.Failed, Detail: "early"},
		{Listing: list("early"), Status: graph.Collected},
		{Listing: list("one subject"), Status: graph.Failed, Of: "it", Detail: "refused"},
		{Listing: list("unasked"), Status: graph.NotAsked},
	} {
		if err := b.Cover(c); err != nil {
			t.Fatal(err)
		}
	}
	held := b.HeldWhole()
	equal(t, "so many", held.Len(), 2)
	for op, want := range map[string]bool{"whole": true, "none": true, "cut": false, "early": false, "one subject": false, "unasked": false, "never heard of": false} {
		equal(t, op, held.Has(list(op)), want)
	}
	elsewhere := list("whole")
	elsewhere.Scope = "account:2"
	equal(t, "of another account", held.Has(elsewhere), false)
	frozen(t, b)
}
