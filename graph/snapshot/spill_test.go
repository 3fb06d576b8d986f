package snapshot_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
)

// TestSpilledFacts: facts that are kept in a file read and write as those that
// are kept in memory, and nothing of the file is left.
func TestSpilledFacts(t *testing.T) {
	dir := t.TempDir()
	spilled := snapshot.NewBuilder()
	spilled.SpillTo(dir, 1)
	for _, put := range small("iam.json", "s3.json") {
		if err := put(spilled); err != nil {
			t.Fatal(err)
		}
	}
	checkFacts(t, frozen(t, spilled))
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
	kept := build(t, small("iam.json", "s3.json")...)
	frozen(t, kept)
	conclude(t, spilled)
	conclude(t, kept)
	if !bytes.Equal(written(t, spilled), written(t, kept)) {
		t.Error("facts from a file are written otherwise")
	}
}

// TestNowhereToSpill: a folder that cannot be written to is an error, not facts
// that are lost.
func TestNowhereToSpill(t *testing.T) {
	b := build(t, small("iam.json", "s3.json")...)
	b.SpillTo(t.TempDir()+"/none", 1)
	if s, err := b.Facts(); err == nil {
		t.Errorf("%v without a file", s)
	}
}
