package snapshot

import "bytes"

// Share says that last stays open for as long as anything of the Builder is used,
// what Facts and Snapshot return included. Columns that come out as they stand in
// last are then read, and written, from its memory and not copied: of estates in
// which little changes they are nearly all. It does nothing for a last of nil.
func (b *Builder) Share(last *Snapshot) {
	if littleEndian { // elsewhere columns are not what stands in the file
		b.shared = last
	}
}

// share has a column be what it was, if it comes out as it stands in the last
// snapshot and that is shared.
func (s *splicer) share(old, fresh, out column, stretches []stretch, to *shift) bool {
	if !s.shares || !inPlace(stretches) || to != nil && !to.same() || !asBefore(old, fresh, stretches) {
		return false
	}
	out.be(old)
	return true
}

// inPlace reports whether what stays stays where it is.
func inPlace(stretches []stretch) bool {
	for _, p := range stretches {
		if !p.fresh && p.old != p.new {
			return false
		}
	}
	return len(stretches) > 0
}

// asBefore reports whether a column, of which all that stays stays in place, has
// as many values as before, and those that come are those that were there.
func asBefore(old, fresh column, stretches []stretch) bool {
	if rows, err := old.count(); err != nil || rows*max(1, old.wide) != rowsOf(stretches) {
		return false
	}
	for _, p := range stretches {
		if p.fresh && !sameValues(old, fresh, p) {
			return false
		}
	}
	return true
}

// sameValues reports whether the values that come stand in the old column too.
func sameValues(old, fresh column, p stretch) bool {
	if old.plus > 0 {
		return sameSteps(old, fresh, p)
	}
	size := old.size()
	return bytes.Equal(fresh.bytes()[p.old*size:(p.old+p.n)*size], old.bytes()[p.new*size:(p.new+p.n)*size])
}

// sameSteps is sameValues for offsets.
func sameSteps(old, fresh column, p stretch) bool {
	switch was := old.field.(type) {
	case *u32s:
		return sameOffsets(*was, *fresh.field.(*u32s), p)
	case *u64s:
		return sameOffsets(*was, *fresh.field.(*u64s), p)
	}
	return false
}

func sameOffsets[N word32or64](old, fresh []N, p stretch) bool {
	for i := range p.n {
		if fresh[p.old+i+1]-fresh[p.old+i] != old[p.new+i+1]-old[p.new+i] {
			return false
		}
	}
	return true
}

// same reports whether all numbers that stay are what they were.
func (s *shift) same() bool {
	for i, d := range s.delta {
		if d != 0 && (d != tangled || !sameBlock(s.own[i], uint32(i)<<shiftBits)) {
			return false
		}
	}
	return true
}

func sameBlock(own *[shiftBlock]uint32, first uint32) bool {
	if own == nil {
		return true
	}
	for k, v := range own {
		if v != first+uint32(k) && v != uint32(None) {
			return false
		}
	}
	return true
}

// be has a column share the memory of another of its kind.
func (c column) be(other column) {
	switch f := c.field.(type) {
	case *u8s:
		*f = *other.field.(*u8s)
	case *u32s:
		*f = *other.field.(*u32s)
	case *u64s:
		*f = *other.field.(*u64s)
	}
}

// sharedTexts has strings be what they were, if none came or went.
func (s *splicer) sharedTexts(g group, out, old *packed) bool {
	p := s.stretches[g]
	if !s.shares || len(p) != 1 || p[0].fresh || !inPlace(p) || uint64(p[0].n) != old.count[0] {
		return false
	}
	*out = *old
	return true
}

// sameColumn reports whether a column shares the memory of the one before.
func sameColumn(now, before u32s) bool {
	return len(now) == len(before) && len(now) > 0 && &now[0] == &before[0]
}

// shareConclusions has columns of conclusions that are what they were share the
// memory of last, which has their checksums.
func (c *columns) shareConclusions(last *Snapshot) {
	if last == nil {
		return
	}
	now, was := c.conclusionSchema(), last.conclusionSchema()
	_ = beside(len(now), func(i int) error {
		if len(now[i].bytes()) > 0 && bytes.Equal(now[i].bytes(), was[i].bytes()) {
			now[i].be(was[i])
		}
		return nil
	})
}
