package snapshot_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
)

// Small files do not keep the hashes of their pieces, others do, whichever way
// they are written.
func TestPiecesAreKept(t *testing.T) {
	for _, few := range []bool{true, false} {
		if !few {
			snapshot.SmallPieces(t)
		}
		b := build(t, small("a", "b")...)
		conclude(t, b)
		p := &page{until: -1}
		if _, err := b.WriteFile(p); err != nil {
			t.Fatal(err)
		}
		equal(t, "bytes", slices.Equal(p.data, written(t, b)), true)
		equal(t, "hashes of pieces", bytes.Contains(p.data, []byte("meta.pieces")), !few)
		if err := opened(t, b).Verify(); err != nil {
			t.Error(err)
		}
	}
}

// Hashes of pieces that are what they were are taken from the last file; where
// what it says of them is broken, all is hashed again. Verify finds hashes that
// are wrong, there and in what was made with them.
func TestKnownPieces(t *testing.T) {
	snapshot.SmallPieces(t)
	first, second := roles("{}", "role4")
	whole := written(t, build(t, slices.Concat(first, second)...))
	for what, c := range map[string]struct{ broken, sealed, right bool }{
		"as they were":        {false, true, true},
		"wrong":               {true, true, false},
		"wrong, and it tells": {true, false, true},
	} {
		file := slices.Clone(whole)
		if c.broken {
			breakSection(t, file, "meta.pieces")
		}
		if c.sealed {
			reseal(file, true)
		}
		last, err := snapshot.FromBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, what+": the last is whole", last.Verify() == nil, !c.broken)
		for _, share := range []bool{true, false} {
			b := again(t, last, "list-1", snapshot.Spliced, second...)
			if share {
				b.Share(last)
			}
			p := &page{until: -1}
			if _, err := b.WriteFile(p); err != nil {
				t.Fatal(err)
			}
			equal(t, what+": bytes", slices.Equal(p.data, written(t, b)), c.right || !share)
			next, err := snapshot.FromBytes(p.data)
			if err != nil {
				t.Fatal(err)
			}
			if err := next.Verify(); (err == nil) != (c.right || !share) || err != nil && !errors.Is(err, snapshot.ErrCorrupt) {
				t.Errorf("%s, shared %v: %v", what, share, err)
			}
		}
	}
}
