package snapshot

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
