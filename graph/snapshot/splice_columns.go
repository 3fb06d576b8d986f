package snapshot

import (
	"iter"
	"slices"
	"sort"
)

// writeColumns writes the columns of the next snapshot.
func (s *splicer) writeColumns() whole {
	s.freshColumns()
	s.out = &columns{counts: u64s{uint64(s.n), uint64(s.boundNow())}}
	first, work := s.writingAll()
	do(first)
	str := s.writingTexts(gString, &s.out.str.packed, &s.before.str.packed, func(k int) []byte { return s.strings.bytes(s.str.new[k]) })
	xstr := s.writingTexts(gXString, &s.out.xstr.packed, &s.before.xstr.packed, func(k int) []byte { return s.xstrings.bytes(s.xstr.new[k]) })
	do(slices.Concat(s.indexing(), str.work(), xstr.work(), work))
	if str.broken.Load() || xstr.broken.Load() {
		return wholeOdd
	}
	return ""
}

func (s *splicer) writingTexts(g group, out, old *packed, fresh func(k int) []byte) *textSplice {
	if s.sharedTexts(g, out, old) {
		return &textSplice{}
	}
	return newTextSplice(out, old, s.stretches[g], s.size[g], fresh)
}

// writingAll returns the work of writing columns, first of those by which others
// are made.
func (s *splicer) writingAll() (first, work []func()) {
	old, fresh, out := s.before.factSchema(), s.c.factSchema(), s.out.factSchema()
	for i := range old {
		switch parts := s.writing(old[i], fresh[i], out[i]); old[i].name {
		case "node.scope", "node.type", "edge.from", "edge.to":
			first = append(first, parts...)
		default:
			work = append(work, parts...)
		}
	}
	return first, work
}

func (s *splicer) boundNow() int {
	return int(s.before.attachments) - s.att.goneBelow(int(s.before.attachments)) + s.bound
}

// do does the parts of some work on every core.
func do(work []func()) {
	_ = beside(len(work), func(i int) error {
		work[i]()
		return nil
	})
}

// partRows is how many rows of a column are written in one go.
var partRows = 1 << 19

// writing returns the work of writing a column, in parts.
func (s *splicer) writing(old, fresh, out column) []func() {
	stretches, to, ok := s.making(old)
	if !ok {
		return nil
	}
	stretches = widened(stretches, old.wide)
	if s.share(old, fresh, out, stretches, to) {
		return nil
	}
	switch field := out.field.(type) {
	case *u8s:
		return spliced(field, *old.field.(*u8s), *fresh.field.(*u8s), stretches, to.codes())
	case *u32s:
		if old.plus > 0 {
			return splicedOffsets(field, *old.field.(*u32s), *fresh.field.(*u32s), stretches)
		}
		return spliced(field, *old.field.(*u32s), *fresh.field.(*u32s), stretches, to.numbers())
	case *u64s:
		if old.plus > 0 {
			return splicedOffsets(field, *old.field.(*u64s), *fresh.field.(*u64s), stretches)
		}
		return spliced(field, *old.field.(*u64s), *fresh.field.(*u64s), stretches, nil)
	}
	return nil
}

// spliced makes a column of old values, with other numbers, and fresh ones.
func spliced[C ~[]N, N any](out *C, old, fresh C, stretches []stretch, shift func(dst, src C)) []func() {
	if shift == nil {
		shift = func(dst, src C) { copy(dst, src) }
	}
	rows := rowsOf(stretches)
	to := make(C, rows)
	*out = to
	return parted(rows, func(from, end int) {
		for p := range clipped(stretches, from, end) {
			if dst := to[p.new : p.new+p.n]; p.fresh {
				copy(dst, fresh[p.old:])
			} else {
				shift(dst, old[p.old:p.old+p.n])
			}
		}
	})
}

// splicedOffsets is spliced for offsets: those of old stretches move as a whole.
func splicedOffsets[C ~[]N, N word32or64](out *C, old, fresh C, stretches []stretch) []func() {
	if len(stretches) == 0 {
		return nil
	}
	to := make(C, rowsOf(stretches)+1)
	*out = to
	return []func(){func() {
		for _, p := range stretches {
			src := old
			if p.fresh {
				src = fresh
			}
			add := to[p.new] - src[p.old]
			for i, v := range src[p.old+1 : p.old+p.n+1] {
				to[p.new+i+1] = v + add
			}
		}
	}}
}

// rowsOf returns how many rows stretches make.
func rowsOf(stretches []stretch) int {
	if len(stretches) == 0 {
		return 0
	}
	last := stretches[len(stretches)-1]
	return last.new + last.n
}

// widened returns the stretches of the values of rows that have some each.
func widened(stretches []stretch, values int) []stretch {
	if values == 0 {
		return stretches
	}
	out := slices.Clone(stretches)
	for i := range out {
		p := &out[i]
		p.old, p.new, p.n = p.old*values, p.new*values, p.n*values
	}
	return out
}

// making returns the stretches of which a column is made and by what its values
// are mapped; ok is false of columns that are made otherwise.
func (s *splicer) making(c column) (stretches []stretch, to *shift, ok bool) {
	if f, is := s.finds[c.name]; is {
		to = s.shifts[gEnd]
		if c.name == "edge.in" {
			to = s.shifts[gEdge]
		}
		return f.stretches(), to, true
	}
	switch c.rows {
	case free, gBlock, gXBlock, gBytes, gXBytes, gNode, gEnd, gMember, gGroup:
		return nil, nil, false
	case gListItem:
		stretches = items(s.stretches[gList], s.before.listOff, s.c.listOff)
	case gListingsItem:
		stretches = items(s.stretches[gListings], s.before.lsetOff, s.c.lsetOff)
	case gOriginsItem:
		stretches = items(s.stretches[gOrigins], s.before.osetOff, s.c.osetOff)
	case gDocByte:
		stretches = items(s.stretches[gDocument], s.before.docs.off, s.c.docs.off)
	default:
		stretches = s.stretches[c.rows]
	}
	return stretches, s.shifts[c.to], true
}

// parted parts the work on rows.
func parted(rows int, do func(from, to int)) (out []func()) {
	for from := 0; from < rows; from += partRows {
		out = append(out, func() { do(from, min(from+partRows, rows)) })
	}
	return out
}

// clipped yields the stretches of the new rows in [from, to).
func clipped(stretches []stretch, from, to int) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		i := sort.Search(len(stretches), func(i int) bool { return stretches[i].new+stretches[i].n > from })
		for _, p := range stretches[i:] {
			if p.new >= to {
				return
			}
			if skip := from - p.new; skip > 0 {
				p.old, p.new, p.n = p.old+skip, p.new+skip, p.n-skip
			}
			p.n = min(p.n, to-p.new)
			if !yield(p) {
				return
			}
		}
	}
}

// indexing returns the work of writing the columns that are made from others.
// Where these are what they were, so are those.
func (s *splicer) indexing() (work []func()) {
	f, c, out := &freezer{c: s.out, n: s.n}, s.before, s.out
	nodes, ends := s.n == c.n, s.n+uint32(s.size[gLoose])
	put := func(same bool, share, anew func()) {
		if same {
			share()
		} else {
			work = append(work, anew)
		}
	}
	scopes := nodes && sameColumn(out.nodeScope, c.nodeScope)
	put(scopes, func() { out.memberOff, out.member = c.memberOff, c.member }, f.indexMembers)
	put(scopes && sameColumn(out.nodeType, c.nodeType), func() { out.group = c.group }, f.indexGroups)
	put(ends == c.end && sameColumn(out.edgeFrom, c.edgeFrom), func() { out.edgeOutOff = c.edgeOutOff },
		func() { out.edgeOutOff = offsets(int(ends), out.edgeFrom) })
	put(ends == c.end && sameColumn(out.edgeTo, c.edgeTo), func() { out.edgeInOff = c.edgeInOff },
		func() { out.edgeInOff = offsets(int(ends), out.edgeTo) })
	return work
}
