package snapshot

import (
	"cmp"
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// staying yields the origins of a set that stay, in joint numbers.
func (s *splicer) staying(set uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, o := range s.before.originsOf(set) {
			if !s.gone[s.before.orgListing[o]] && !yield(s.origin.old.at(o)) {
				return
			}
		}
	}
}

// takeRest takes out the edges, attachments and coverage that go, whose like
// comes, or whose ends do not stand where they stood.
func (s *splicer) takeRest() whole {
	c := s.before
	edges, listings := s.edgesBrought(), newBitset(len(c.listScope))
	for i := range s.coverage {
		if at, fresh := s.listing.split(s.coverage[i].listing); !fresh {
			listings.set(at)
		}
	}
	s.edge = edit{n: len(c.edgeFrom), gone: filter(len(c.edgeFrom), func(row uint32) bool {
		return s.stale.has(c.edgeOrigins[row]) || edges.has(row) || s.anyMoved && (s.moved.has(c.edgeFrom[row]) || s.moved.has(c.edgeTo[row]))
	})}
	atts := s.boundAlike(filter(len(c.attTo), func(row uint32) bool {
		return s.stale.has(c.attOrigins[row]) || s.anyMoved && s.moved.has(c.attTo[row])
	}))
	s.att = edit{n: len(c.attTo), gone: slices.Collect(atts.all())}
	s.cov = edit{n: len(c.covListing), gone: filter(len(c.covListing), func(row uint32) bool {
		of := c.covOf[row]
		return s.gone[c.covListing[row]] || listings.has(c.covListing[row]) || s.anyMoved && of != uint32(None) && s.moved.has(of)
	})}
	if s.much() {
		return wholeMuch
	}
	s.keepRest()
	return ""
}

// much reports whether more is taken out than is worth splicing.
func (s *splicer) much() bool {
	rows := len(s.node.gone) + len(s.edge.gone) + len(s.att.gone) + len(s.cov.gone) +
		len(s.nodes) + len(s.edges) + len(s.attachments) + len(s.coverage)
	return !s.manner.few(rows, s.before.rowCount())
}

// keepRest puts what stays of what is taken out among the rows.
func (s *splicer) keepRest() {
	c := s.before
	for _, row := range s.edge.gone {
		r := s.edgeRow(row)
		for r.origin = range s.staying(c.edgeOrigins[row]) {
			s.edges = append(s.edges, r)
		}
	}
	for _, row := range s.att.gone {
		r := s.attachmentRow(row)
		for r.origin = range s.staying(c.attOrigins[row]) {
			s.attachments = append(s.attachments, r)
		}
	}
	for _, row := range s.cov.gone {
		if s.gone[c.covListing[row]] {
			continue
		}
		r := s.coverageRow(row)
		for _, o := range c.originsOf(c.covOrigins[row]) {
			r.origin = s.origin.old.at(o)
			s.coverage = append(s.coverage, r)
		}
	}
}

// edgesBrought returns the edges of the last snapshot of which a record comes.
func (s *splicer) edgesBrought() bitset {
	out, c := newBitset(len(s.before.edgeFrom)), s.before
	for i := range s.edges {
		e := &s.edges[i]
		from, ok := s.endBefore(e.from)
		to, also := s.endBefore(e.to)
		if !ok || !also {
			continue
		}
		first, last := c.edgeOutOff[from], c.edgeOutOff[from+1]
		at, found := seek(int(last-first), func(i uint32) int {
			return cmp.Or(cmp.Compare(s.relationOf(first+i), e.relation), cmp.Compare(c.edgeTo[first+i], to))
		})
		if found {
			out.set(first + at)
		}
	}
	return out
}

// relationOf returns the joint number of the relation of an edge of the last
// snapshot.
func (s *splicer) relationOf(row uint32) uint32 {
	return s.str.old.at(s.before.dictRelation[s.before.edgeRelation[row]])
}

// boundAlike returns the attachments of the last snapshot of whose binding a
// record goes, or comes: records of one binding are weighed together.
func (s *splicer) boundAlike(gone []uint32) bitset {
	out, last := newBitset(len(s.before.attTo)), attachmentRow{to: uint32(None)}
	for _, row := range gone {
		out.set(row)
		r := s.binding(row)
		if r.to != last.to || r.policy != last.policy || r.layer != last.layer {
			s.markBinding(out, r)
		}
		last = r
	}
	for _, r := range s.attachments {
		if to, ok := s.endBefore(r.to); ok {
			r.to = to
			s.markBinding(out, r)
		}
	}
	return out
}

// markBinding marks all records of one binding, those that stand and those that
// are superseded.
func (s *splicer) markBinding(out bitset, r attachmentRow) {
	bound, all := s.before.attachments, uint32(len(s.before.attTo))
	for _, part := range [][2]uint32{{0, bound}, {bound, all}} {
		at, _ := seek(int(part[1]-part[0]), func(i uint32) int {
			if to := s.before.attTo[part[0]+i]; to != r.to {
				return cmp.Compare(to, r.to)
			}
			return compareBinding(s.binding(part[0]+i), r)
		})
		for row := part[0] + at; row < part[1] && compareBinding(s.binding(row), r) == 0; row++ {
			out.set(row)
		}
	}
}

// binding returns what is bound by an attachment of the last snapshot: the end
// is that of the last snapshot, the rest joint numbers.
func (s *splicer) binding(row uint32) attachmentRow {
	c, str := s.before, s.str.old.at
	return attachmentRow{to: c.attTo[row], layer: str(c.attLayer[row]), policy: str(c.attPolicy[row])}
}

// edgeRow returns an edge of the last snapshot in joint numbers.
func (s *splicer) edgeRow(row uint32) edgeRow {
	c := s.before
	return edgeRow{from: s.refOf(c.edgeFrom[row]), to: s.refOf(c.edgeTo[row]), relation: s.relationOf(row), attrs: s.list.old.at(c.edgeAttrs[row])}
}

// attachmentRow returns an attachment of the last snapshot in joint numbers.
func (s *splicer) attachmentRow(row uint32) attachmentRow {
	c, str := s.before, s.str.old.at
	r := s.binding(row)
	r.to = s.refOf(c.attTo[row])
	r.name, r.version, r.inline = str(c.attName[row]), str(c.attVersion[row]), c.attFlags[row]&flagInline != 0
	if r.doc = c.attDoc[row]; r.doc != uint32(None) {
		r.doc = s.doc.old.at(r.doc)
	}
	return r
}

// coverageRow returns a row of coverage of the last snapshot in joint numbers.
func (s *splicer) coverageRow(row uint32) coverageRow {
	c := s.before
	return coverageRow{
		listing: s.listing.old.at(c.covListing[row]), reason: s.str.old.at(c.covReason[row]), affects: s.list.old.at(c.covAffects[row]),
		of: s.refOf(c.covOf[row]), status: graph.Status(c.covStatus[row]),
	}
}
