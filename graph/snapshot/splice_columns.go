package snapshot

import (
	"slices"
	"sort"
)

// writeColumns writes the columns of the next snapshot.
func (s *splicer) writeColumns() whole {
	s.freshColumns()
	s.out = &columns{counts: u64s{uint64(s.n), uint64(s.boundNow())}}
	first, work := s.writingAll()
	do(first)
	str := newTextSplice(&s.out.str.packed, &s.before.str.packed, s.pieces[gString], s.size[gString], func(k int) []byte { return s.strings.bytes(s.str.new[k]) })
	xstr := newTextSplice(&s.out.xstr.packed, &s.before.xstr.packed, s.pieces[gXString], s.size[gXString], func(k int) []byte { return s.xstrings.bytes(s.xstr.new[k]) })
	do(slices.Concat(s.indexing(), str.work(), xstr.work(), work))
	if str.broken.Load() || xstr.broken.Load() {
		return wholeOdd
	}
	return ""
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

// do does the parts of a piece of work on every core.
func do(work []func()) {
	_ = beside(len(work), func(i int) error {
		work[i]()
		return nil
	})
}

// freshColumns writes what comes as columns by themselves, in the numbers of
// the next snapshot.
func (s *splicer) freshColumns() {
	s.freshTables()
	s.freshRows()
	providers, kinds, relations := s.wordsNow(gProvider), s.wordsNow(gKind), s.wordsNow(gRelation)
	s.nodeColumns(providers, kinds, s.endOfRef)
	s.edgeColumns(relations)
	s.attachmentColumns(s.attOrder)
	s.coverageColumns()
	s.c.dictProvider, s.c.dictKind, s.c.dictRelation = s.newWordsNow(gProvider), s.newWordsNow(gKind), s.newWordsNow(gRelation)
	s.c.loose = mapped(s.looseRefs, s.str.end)
	s.c.findRef, s.c.findID = s.finds["find.ref"].values, s.finds["find.id"].values
	s.c.findName, s.c.findNative = s.finds["find.name"].values, s.finds["find.native"].values
	s.c.edgeIn, s.c.edgeInFrom = s.finds["edge.in"].values, s.finds["edge.in.from"].values
}

// wordsNow returns a dictionary in the numbers of the next snapshot.
func (s *splicer) wordsNow(g group) dictionary {
	return dictionary{mapped(s.words[g].words, s.str.end)}
}

func (s *splicer) newWordsNow(g group) u32s { return mapped(s.newWords[g], s.str.end) }

func mapped(ids []uint32, by *shift) []uint32 {
	out := make([]uint32, len(ids))
	for i, id := range ids {
		out[i] = by.at(id)
	}
	return out
}

// freshTables writes lists, listings, origins and documents.
func (s *splicer) freshTables() {
	c := s.c
	c.listOff, c.listItem = freshLists(s.list.new, s.str.end, func(id uint32) []uint32 { return s.lists[id] })
	c.lsetOff, c.lsetItem = freshLists(s.lset.new, s.listing.end, s.lsets.list)
	c.osetOff, c.osetItem = freshLists(s.oset.new, s.origin.end, s.osets.list)
	for i := range s.listingRows {
		r := &s.listingRows[i]
		renumber(s.str.end, &r.scope, &r.region, &r.service, &r.operation, &r.subject)
	}
	c.listingColumns(s.listingRows, s.listing.new)
	for i := range s.originRows {
		r := &s.originRows[i]
		renumber(s.listing.end, &r.listing)
		renumber(s.xstr.end, &r.file, &r.collector, &r.note)
	}
	c.originColumns(s.originRows, s.origin.new)
	c.docs = s.documents.heap(s.doc.new)
	for _, id := range s.doc.new {
		c.docHash = append(c.docHash, s.hashes[id][:]...)
	}
}

func freshLists(ids []uint32, by *shift, list func(id uint32) []uint32) (off, items u32s) {
	off = u32s{0}
	for _, id := range ids {
		items = append(items, mapped(list(id), by)...)
		off = append(off, uint32(len(items)))
	}
	return off, items
}

func renumber(by *shift, ids ...*uint32) {
	for _, id := range ids {
		*id = by.at(*id)
	}
}

// freshRows gives the rows the numbers of the next snapshot. Scopes stay: their
// ends are found by them.
func (s *splicer) freshRows() {
	str, list := s.str.end, s.list.end
	for i := range s.nodes {
		r := &s.nodes[i]
		renumber(str, &r.ref, &r.provider, &r.kind, &r.typ, &r.name, &r.native)
		renumber(list, &r.tags, &r.attrs)
		s.renumberSource(&r.source)
	}
	for i := range s.edges {
		r := &s.edges[i]
		renumber(str, &r.relation)
		renumber(list, &r.attrs)
		s.renumberSource(&r.source)
	}
	for i := range s.attachments {
		r := &s.attachments[i]
		renumber(str, &r.layer, &r.policy, &r.name, &r.version)
		if r.doc != uint32(None) {
			renumber(s.doc.end, &r.doc)
		}
		s.renumberSource(&r.source)
	}
	for i := range s.coverage {
		r := &s.coverage[i]
		renumber(str, &r.reason)
		renumber(list, &r.affects)
		renumber(s.listing.end, &r.listing)
		s.renumberSource(&r.source)
	}
}

func (s *splicer) renumberSource(r *source) {
	r.listings = s.lset.end.at(s.lset.ids[r.listings])
	r.origins = s.oset.end.at(s.oset.ids[r.origins])
}

// part is how many rows of a column are written in one go.
const part = 1 << 19

// writing returns the work of writing a column, in parts.
func (s *splicer) writing(old, fresh, out column) []func() {
	pieces, to, ok := s.making(old)
	if !ok {
		return nil
	}
	if old.plus > 0 {
		return s.writingOffsets(old, fresh, out, pieces)
	}
	rows := 0
	if end := len(pieces) - 1; end >= 0 {
		rows = pieces[end].new + pieces[end].n
	}
	switch field := out.field.(type) {
	case *u8s:
		wide := max(1, old.wide)
		*field = make(u8s, rows*wide)
		return parted(rows, func(from, to2 int) {
			for p := range clipped(pieces, from, to2) {
				src := *old.field.(*u8s)
				if p.fresh {
					src = *fresh.field.(*u8s)
				}
				dst := (*field)[p.new*wide : (p.new+p.n)*wide]
				copy(dst, src[p.old*wide:])
				if to != nil && !p.fresh {
					for i, v := range dst {
						dst[i] = uint8(to.at(uint32(v)))
					}
				}
			}
		})
	case *u32s:
		*field = make(u32s, rows)
		return parted(rows, func(from, to2 int) {
			for p := range clipped(pieces, from, to2) {
				dst := (*field)[p.new : p.new+p.n]
				if p.fresh {
					copy(dst, (*fresh.field.(*u32s))[p.old:])
					continue
				}
				shifted(dst, (*old.field.(*u32s))[p.old:p.old+p.n], to)
			}
		})
	case *u64s:
		*field = make(u64s, rows)
		return parted(rows, func(from, to2 int) {
			for p := range clipped(pieces, from, to2) {
				src := *old.field.(*u64s)
				if p.fresh {
					src = *fresh.field.(*u64s)
				}
				copy((*field)[p.new:p.new+p.n], src[p.old:])
			}
		})
	}
	return nil
}

// shifted writes values with other numbers, None as None.
func shifted(dst, src []uint32, to *shift) {
	if to == nil {
		copy(dst, src)
		return
	}
	delta := to.delta
	for i, v := range src {
		if block := v >> shiftBits; int(block) < len(delta) && delta[block] != tangled {
			dst[i] = v + delta[block]
		} else if v == uint32(None) {
			dst[i] = v
		} else {
			dst[i] = to.atOwn(v)
		}
	}
}

// making returns the pieces of which a column is made and by what its values
// are mapped; ok is false of columns that are made otherwise.
func (s *splicer) making(c column) (pieces []piece, to *shift, ok bool) {
	if f, is := s.finds[c.name]; is {
		to = s.shifts[gEnd]
		if c.name == "edge.in" {
			to = s.shifts[gEdge]
		}
		return f.pieces(), to, true
	}
	switch c.rows {
	case free, gBlock, gXBlock, gBytes, gXBytes, gNode, gMember, gGroup:
		return nil, nil, false
	case gEnd:
		return nil, nil, false
	case gListItem:
		pieces, _ = items(s.pieces[gList], s.before.listOff, s.c.listOff)
	case gListingsItem:
		pieces, _ = items(s.pieces[gListings], s.before.lsetOff, s.c.lsetOff)
	case gOriginsItem:
		pieces, _ = items(s.pieces[gOrigins], s.before.osetOff, s.c.osetOff)
	case gDocByte:
		pieces, _ = items(s.pieces[gDocument], s.before.docs.off, s.c.docs.off)
	default:
		pieces = s.pieces[c.rows]
	}
	return pieces, s.shifts[c.to], true
}

// writingOffsets is writing for offsets.
func (s *splicer) writingOffsets(old, fresh, out column, pieces []piece) []func() {
	switch field := out.field.(type) {
	case *u32s:
		return writeOffsets(field, *old.field.(*u32s), *fresh.field.(*u32s), pieces)
	case *u64s:
		return writeOffsets(field, *old.field.(*u64s), *fresh.field.(*u64s), pieces)
	}
	return nil
}

func writeOffsets[C ~[]N, N word32or64](out *C, old, fresh C, pieces []piece) []func() {
	if len(pieces) == 0 {
		return nil
	}
	last := pieces[len(pieces)-1]
	to := make(C, last.new+last.n+1)
	*out = to
	return []func(){func() {
		var base N
		for _, p := range pieces {
			src := old
			if p.fresh {
				src = fresh
			}
			add := base - src[p.old]
			for i, v := range src[p.old+1 : p.old+p.n+1] {
				to[p.new+i+1] = v + add
			}
			base = to[p.new+p.n]
		}
	}}
}

// parted parts the work on rows.
func parted(rows int, do func(from, to int)) (out []func()) {
	for from := 0; from < rows; from += part {
		out = append(out, func() { do(from, min(from+part, rows)) })
	}
	return out
}

// clipped yields the pieces of the new rows in [from, to).
func clipped(pieces []piece, from, to int) func(yield func(piece) bool) {
	return func(yield func(piece) bool) {
		i := sort.Search(len(pieces), func(i int) bool { return pieces[i].new+pieces[i].n > from })
		for _, p := range pieces[i:] {
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
func (s *splicer) indexing() []func() {
	f := &freezer{c: s.out, n: s.n}
	ends := int(s.n) + s.size[gLoose]
	return []func(){
		f.indexMembers, f.indexGroups,
		func() { s.out.edgeOutOff = offsets(ends, s.out.edgeFrom) },
		func() { s.out.edgeInOff = offsets(ends, s.out.edgeTo) },
	}
}
