package snapshot_test

import (
	"bytes"
	"encoding/binary"
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

// Large sections begin where a page does, others right behind what comes before.
func TestLargeSectionsAreAligned(t *testing.T) {
	snapshot.SmallPieces(t)
	file := written(t, build(t, small("a", "b")...))
	large, end := 0, uint64(32+48*binary.LittleEndian.Uint32(file[12:]))
	for i := range int(binary.LittleEndian.Uint32(file[12:])) {
		e := file[32+48*i:]
		off, length, unit := binary.LittleEndian.Uint64(e[24:]), binary.LittleEndian.Uint64(e[32:]), uint64(8)
		if length >= 64 {
			unit = 4096
			large++
		}
		equal(t, string(e[:24]), off, (end+unit-1)/unit*unit)
		end = off + length
	}
	equal(t, "some are large", large > 1, true)
	equal(t, "length of the file", uint64(len(file)), (end+7)/8*8)
}
