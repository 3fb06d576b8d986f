package snapshot_test

import (
	"bytes"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// TestTakenFacts: facts that are taken as they stand are those that come of
// carrying all forward, byte for byte, in memory and in a file.
func TestTakenFacts(t *testing.T) {
	first := build(t, small("iam.json", "s3.json")...)
	frozen(t, first)
	conclude(t, first)
	last := opened(t, first)
	carried := snapshot.NewBuilder()
	if err := carried.CarryForward(last, func(graph.Listing) bool { return false }); err != nil {
		t.Fatal(err)
	}
	want := written(t, carried)
	for _, from := range []int{1, 1 << 30} {
		taken := snapshot.NewBuilder()
		taken.SpillTo(t.TempDir(), from)
		if err := taken.TakeFacts(last); err != nil {
			t.Fatal(err)
		}
		checkFacts(t, frozen(t, taken))
		if !bytes.Equal(written(t, taken), want) {
			t.Errorf("from %d bytes on: other bytes than those of facts that are carried forward", from)
		}
	}
}

// TestTakenOnTop: facts are not taken on top of others.
func TestTakenOnTop(t *testing.T) {
	first := build(t, small("iam.json", "s3.json")...)
	b := build(t, small("iam.json", "s3.json")...)
	if err := b.TakeFacts(opened(t, first)); err == nil {
		t.Error("facts were taken by a Builder that holds some")
	}
}
