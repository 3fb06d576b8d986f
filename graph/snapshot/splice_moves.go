package snapshot

import (
	"slices"

	"github.com/clewgraph/clew/graph"
)

// findMoves tells what the splice changes.
func (s *splicer) findMoves() whole {
	s.moves = &Moves{Nodes: make([]Index, s.before.n), Attachments: make([]AttachmentIndex, s.before.attachments)}
	s.moveNodes()
	s.differEdges()
	s.differAttachments()
	s.differCoverage()
	m := s.moves
	slices.Sort(m.Touched)
	m.Touched = slices.Compact(m.Touched)
	slices.Sort(m.Gone)
	slices.Sort(m.Loose)
	m.Loose = slices.Compact(m.Loose)
	return ""
}

// touch notes an end of which something is different, by its ref.
func (s *splicer) touch(ref uint32) {
	end := s.endOfRef(ref)
	if end < s.n {
		s.moves.Touched = append(s.moves.Touched, Index(end))
	} else if ref != 0 {
		s.moves.Loose = append(s.moves.Loose, graph.Ref(s.text(ref)))
	}
}

// turned reports whether a ref was that of a node and is not, or the other way
// round.
func (s *splicer) turned(ref uint32) bool {
	_, was := s.stood[ref]
	_, is := s.stands[ref]
	return was != is
}

func (s *splicer) moveNodes() {
	ends := s.shifts[gEnd]
	halves(len(s.moves.Nodes), func(from, to int) {
		for i := from; i < to; i++ {
			if s.moves.Nodes[i] = Index(ends.at(uint32(i))); uint32(s.moves.Nodes[i]) >= s.n {
				s.moves.Nodes[i] = None
			}
		}
	})
	var turned []uint32
	for _, ref := range s.refs {
		row, was := s.stood[ref]
		if i, is := s.stands[ref]; was && is && s.steady[ref] && s.sameNode(row, s.nodes[i]) {
			continue
		}
		s.touch(ref)
		if was && s.turned(ref) {
			s.moves.Gone = append(s.moves.Gone, Index(row))
		}
		if s.turned(ref) {
			turned = append(turned, ref)
		}
	}
	s.differScopes(turned)
}

// sameNode reports whether a row says what a record of the last snapshot said,
// wherever both were read.
func (s *splicer) sameNode(row uint32, r nodeRow) bool {
	was := s.nodeRow(row)
	r.source, r.account, r.superseded = source{}, 0, false
	return was == r && !s.turned(r.scope)
}

// differScopes touches the nodes that stay in scopes that turned.
func (s *splicer) differScopes(turned []uint32) {
	c := s.before
	ends, any := newBitset(int(c.end)), false
	for _, ref := range turned {
		if end, was := s.endBefore(ref); was && s.scopes.has(end) {
			ends.set(end)
			any = true
		}
	}
	if !any {
		return
	}
	for _, row := range filter(int(c.n), func(row uint32) bool {
		return c.nodeScope[row] != uint32(None) && ends.has(c.nodeScope[row]) && !s.touched.has(c.nodeRef[row])
	}) {
		s.moves.Touched = append(s.moves.Touched, Index(s.shifts[gNodeRow].at(row)))
	}
}

// differEdges touches the ends of edges that are new, gone or different.
func (s *splicer) differEdges() {
	was := map[edgeRow]bool{}
	for _, row := range s.edge.gone {
		was[s.edgeRow(row)] = true
	}
	differs := func(e edgeRow) {
		s.touch(e.from)
		s.touch(e.to)
	}
	for _, e := range s.edges {
		e.from, e.to, e.source = s.refNow(e.from), s.refNow(e.to), source{}
		if !was[e] || s.turned(e.from) || s.turned(e.to) {
			differs(e)
		}
		delete(was, e)
	}
	for e := range was {
		differs(e)
	}
}

// refNow returns the ref of an end of a row.
func (s *splicer) refNow(end uint32) uint32 {
	if end == uint32(None) {
		return 0
	}
	return s.refsNow[end]
}

// differAttachments maps attachments and touches what those that are new, gone
// or different are attached to.
func (s *splicer) differAttachments() {
	rows := s.shifts[gAttachRow]
	halves(len(s.moves.Attachments), func(from, to int) {
		for i := from; i < to; i++ {
			s.moves.Attachments[i] = AttachmentIndex(rows.at(uint32(i)))
		}
	})
	was := map[attachmentRow]uint32{}
	for _, row := range s.att.gone[:s.att.goneBelow(int(s.before.attachments))] {
		was[bindingOf(s.attachmentRow(row))] = row
	}
	places := s.att.fresh()
	for k, i := range s.attOrder[:s.bound] {
		r := s.attachments[i]
		r.to, r.source, r.superseded = s.refNow(r.to), source{}, false
		row, stood := was[bindingOf(r)]
		if stood && s.attachmentRow(row).doc == r.doc {
			s.moves.Attachments[row] = AttachmentIndex(places[k])
		}
		if !stood || s.attachmentRow(row) != r || s.turned(r.to) {
			s.touch(r.to)
		}
		delete(was, bindingOf(r))
	}
	for r := range was {
		s.touch(r.to)
	}
}

func bindingOf(r attachmentRow) attachmentRow {
	return attachmentRow{to: r.to, layer: r.layer, policy: r.policy}
}

// differCoverage notes coverage that is new, gone or different.
func (s *splicer) differCoverage() {
	was := map[coverageRow]bool{}
	for _, row := range s.cov.gone {
		was[s.coverageRow(row)] = true
	}
	var listings []uint32
	differs := func(r coverageRow) {
		listings = append(listings, r.listing)
		if r.of == 0 {
			r.of = s.scopeOf(r.listing)
		}
		s.touch(r.of)
	}
	for _, r := range s.coverage {
		r.of, r.source = s.refNow(r.of), source{}
		if !was[r] || s.turned(r.of) {
			differs(r)
		}
		delete(was, r)
	}
	for r := range was {
		differs(r)
	}
	slices.Sort(listings)
	for _, id := range slices.Compact(listings) {
		s.moves.Listings = append(s.moves.Listings, s.listingNow(id))
	}
}

// scopeOf returns the scope of a listing, both in joint numbers.
func (s *splicer) scopeOf(listing uint32) uint32 { return s.jointListing(listing).scope }

func (s *splicer) jointListing(id uint32) listingRow {
	at, fresh := s.listing.split(id)
	if fresh {
		return s.listingRows[s.listing.new[at]]
	}
	return s.listingRow(at)
}

func (s *splicer) listingNow(id uint32) graph.Listing {
	r := s.jointListing(id)
	return graph.Listing{
		Scope: graph.Ref(s.text(r.scope)), Region: s.text(r.region), Service: s.text(r.service),
		Operation: s.text(r.operation), Subject: graph.Ref(s.text(r.subject)),
	}
}
