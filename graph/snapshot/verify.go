package snapshot

import (
	"bytes"
	"cmp"
	"hash/crc32"

	"github.com/clewgraph/clew/graph"
)

// groupSizes holds the number of rows of each group.
type groupSizes [numGroups]int

// groups returns the number of rows of each group, or an error where two
// columns of a group differ in length.
func (s *Snapshot) groups() (groupSizes, error) {
	var sizes groupSizes
	var seen [numGroups]bool
	sizes[gNode], seen[gNode] = int(countAt(s.counts, countNodes)), true
	sizes[gAttach], seen[gAttach] = int(countAt(s.counts, countAttachments)), true
	sizes[gVerdict], sizes[gHold], sizes[gStatus] = int(graph.Allowed)+1, int(graph.LastHold)+1, int(graph.Failed)+1
	sizes[gBool] = 2
	sizes[gString], seen[gString] = s.str.len(), true
	sizes[gXString], seen[gXString] = s.xstr.len(), true
	sizes[gEnd], seen[gEnd] = sizes[gNode]+len(s.loose), true
	for _, c := range s.schema() {
		rows, err := c.count()
		if err != nil {
			return sizes, err
		}
		if c.rows == free || c.missing() {
			continue
		}
		if !seen[c.rows] {
			sizes[c.rows], seen[c.rows] = rows, true
		}
		if sizes[c.rows] != rows {
			return sizes, corrupt("section %q has %d rows, want %d", c.name, rows, sizes[c.rows])
		}
	}
	return sizes, nil
}

func countAt(counts u64s, i int) uint64 {
	if i < len(counts) {
		return min(counts[i], uint64(None)-1)
	}
	return 0
}

// count returns the number of rows of c.
func (c column) count() (int, error) {
	n := len(c.bytes()) / c.size()
	if wide := max(1, c.wide); n%wide != 0 {
		return 0, corrupt("section %q: %d values are no whole rows", c.name, n)
	} else if wide > 1 {
		n /= wide
	}
	if c.size() > 1 && uint64(n) > uint64(None) {
		return 0, corrupt("section %q has %d rows, more than an index can number", c.name, n)
	}
	return max(0, n-c.plus), nil
}

// missing reports whether the file has no such section, or an empty one.
func (c column) missing() bool { return len(c.bytes()) == 0 }

// Verify reads the whole snapshot, on every core, and checks every checksum,
// every bound and the content hash. Errors wrap ErrCorrupt.
func (s *Snapshot) Verify() error {
	err := beside(len(s.raw), func(i int) error {
		if sec := s.raw[i]; crc32.Checksum(sec.data, castagnoli) != sec.sum {
			return corrupt("checksum of section %q differs", sec.name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	sizes, err := s.groups()
	if err != nil {
		return err
	}
	schema := s.schema()
	if err := beside(len(schema), func(i int) error { return schema[i].verify(sizes) }); err != nil {
		return err
	}
	if err := cmp.Or(s.str.verify("str.bytes"), s.xstr.verify("x.str.bytes")); err != nil {
		return err
	}
	if err := cmp.Or(s.verifyFlags(), s.verifyRuns(), s.verifyParts()); err != nil {
		return err
	}
	sum, pieces := s.hashAll()
	if len(s.hash) > 0 && !bytes.Equal(s.hash, sum[:]) {
		return corrupt("content hash differs")
	}
	if len(s.pieces) > 0 && !bytes.Equal(s.pieces, pieces) {
		return corrupt("hashes of pieces differ")
	}
	return nil
}

// verify checks that the values of c are rows of what it points to.
func (c column) verify(sizes groupSizes) error {
	if c.plus == 1 {
		return c.verifyOffsets(sizes[c.to])
	}
	if c.to == free {
		return nil
	}
	switch f := c.field.(type) {
	case *u8s:
		return verifyBelow(c, *f, sizes[c.to])
	case *u32s:
		return verifyBelow(c, *f, sizes[c.to])
	}
	return nil
}

func verifyBelow[N ~uint8 | ~uint32](c column, values []N, limit int) error {
	if most := greatest(values, c.none); int64(most) < int64(limit) {
		return nil
	}
	for row, v := range values {
		if int64(v) >= int64(limit) && !(c.none && uint64(v) == uint64(None)) {
			return corrupt("section %q, row %d: %d is not below %d", c.name, row, v, limit)
		}
	}
	return nil
}

// greatest returns the greatest of some values, None left out where it counts
// as nothing.
func greatest[N ~uint8 | ~uint32](values []N, none bool) (most N) {
	if !none {
		for _, v := range values {
			most = max(most, v)
		}
		return most
	}
	for _, v := range values {
		most = max(most, v+1) // None becomes 0
	}
	return most - min(most, 1)
}

func (c column) verifyOffsets(total int) error {
	switch f := c.field.(type) {
	case *u32s:
		return verifyRising(c, *f, total)
	case *u64s:
		return verifyRising(c, *f, total)
	}
	return nil
}

// verifyRising checks offsets: from zero, never falling, up to total.
func verifyRising[N word32or64](c column, off []N, total int) error {
	if len(off) == 0 && total == 0 {
		return nil
	}
	if len(off) == 0 || off[0] != 0 || uint64(off[len(off)-1]) != uint64(total) {
		return corrupt("section %q does not span %d values", c.name, total)
	}
	for i := 1; i < len(off); i++ {
		if off[i] < off[i-1] {
			return corrupt("section %q falls at row %d", c.name, i)
		}
	}
	return nil
}

// verifyFlags checks that exactly the rows after the counted ones are marked
// as superseded.
func (s *Snapshot) verifyFlags() error {
	for i, f := range s.nodeFlags {
		if (f&flagSuperseded != 0) != (uint32(i) >= s.n) {
			return corrupt("node row %d is on the wrong side of the count", i)
		}
	}
	for i, f := range s.attFlags {
		if (f&flagSuperseded != 0) != (uint32(i) >= s.attachments) {
			return corrupt("attachment row %d is on the wrong side of the count", i)
		}
	}
	return nil
}
