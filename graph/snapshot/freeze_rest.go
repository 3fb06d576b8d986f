package snapshot

import (
	"cmp"

	"github.com/clewgraph/clew/graph"
)

func (f *freezer) freezeEdges() error {
	for i := range f.edges {
		e := &f.edges[i]
		e.from, e.to = f.ends[e.from], f.ends[e.to]
	}
	relations, err := f.gatherEdges()
	if err != nil {
		return err
	}
	f.c.dictRelation = relations.words
	f.edgeColumns(relations)
	f.edgeIndex()
	f.edges = nil
	return nil
}

// gatherEdges makes equal edges one and returns the words of relations.
func (f *freezer) gatherEdges() (relations dictionary, err error) {
	f.edges = gather(f, f.edges, func(a, b edgeRow) int {
		return cmp.Or(compareEdge(a, b), cmp.Compare(a.attrs, b.attrs))
	}, func(r edgeRow) source { return r.source }, func(r *edgeRow, s source) { r.source = s })
	for i, e := range f.edges {
		if i > 0 && compareEdge(f.edges[i-1], e) == 0 {
			return relations, f.edgeConflict(f.edges[i-1], e)
		}
		if err := relations.add(e.relation); err != nil {
			return relations, err
		}
	}
	return relations, nil
}

// compareEdge compares what an edge is, not what is said of it.
func compareEdge(a, b edgeRow) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.relation, b.relation), cmp.Compare(a.to, b.to))
}

func (f *freezer) edgeConflict(a, b edgeRow) error {
	return &ConflictError{
		What: "edge", Ref: f.endName(a.from), Also: f.endName(a.to), Field: "attributes",
		Files: [2]string{f.file(a.source), f.file(b.source)},
	}
}

func (f *freezer) edgeColumns(relations dictionary) {
	c := f.c
	for _, e := range f.edges {
		c.edgeFrom = append(c.edgeFrom, e.from)
		c.edgeTo = append(c.edgeTo, e.to)
		c.edgeRelation = append(c.edgeRelation, relations.code(e.relation))
		c.edgeAttrs = append(c.edgeAttrs, e.attrs)
		c.edgeListings = append(c.edgeListings, e.listings)
		c.edgeOrigins = append(c.edgeOrigins, e.origins)
	}
}

// edgeIndex writes by which ends edges are found.
func (f *freezer) edgeIndex() {
	c := f.c
	c.edgeIn = ordered(len(f.edges), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.edgeTo[a], c.edgeTo[b]), cmp.Compare(c.edgeRelation[a], c.edgeRelation[b]), cmp.Compare(a, b))
	})
	for _, e := range c.edgeIn {
		c.edgeInFrom = append(c.edgeInFrom, c.edgeFrom[e])
	}
	ends := int(f.n) + len(c.loose)
	c.edgeOutOff, c.edgeInOff = offsets(ends, c.edgeFrom), offsets(ends, c.edgeTo)
}

func (f *freezer) freezeAttachments() error {
	for i := range f.attachments {
		f.attachments[i].to = f.ends[f.attachments[i].to]
	}
	order, err := f.gatherAttachments()
	if err != nil {
		return err
	}
	f.attachmentColumns(order)
	for _, r := range f.attachments {
		if !r.superseded {
			f.bound++
		}
	}
	f.attachments = nil
	return nil
}

// gatherAttachments makes equal attachments one and returns their order: those
// that others supersede come last.
func (f *freezer) gatherAttachments() (order []uint32, err error) {
	f.attachments = gather(f, f.attachments, compareAttachment,
		func(r attachmentRow) source { return r.source }, func(r *attachmentRow, s source) { r.source = s })
	rows := f.attachments
	for start := 0; start < len(rows); {
		stop := start + 1
		for stop < len(rows) && compareBinding(rows[start], rows[stop]) == 0 {
			stop++
		}
		if err := f.bindOne(rows[start:stop]); err != nil {
			return nil, err
		}
		start = stop
	}
	return ordered(len(rows), func(a, b uint32) int {
		return cmp.Or(compareBool(rows[a].superseded, rows[b].superseded), cmp.Compare(a, b))
	}), nil
}

// compareBinding compares which policy is attached to what, and at which layer.
func compareBinding(a, b attachmentRow) int {
	return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.layer, b.layer), cmp.Compare(a.policy, b.policy))
}

// compareAttachment puts records without their document last among equals.
func compareAttachment(a, b attachmentRow) int {
	return cmp.Or(compareBinding(a, b), cmp.Compare(a.doc, b.doc),
		cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version), compareBool(a.inline, b.inline))
}

// bindOne keeps, among the records of one binding, the one with its document.
// Records that could not give the document are only mentions of it.
func (f *freezer) bindOne(rows []attachmentRow) error {
	best := 0
	for i := 1; i < len(rows); i++ {
		if rows[i].doc != uint32(None) {
			return f.attachmentConflict(rows[0], rows[i])
		}
		if rows[best].doc == uint32(None) {
			best = i // the record that fills name and version sorts last
		}
	}
	for i := range rows {
		rows[i].superseded = i != best
	}
	return nil
}

func (f *freezer) attachmentConflict(a, b attachmentRow) error {
	field := "documents"
	switch {
	case a.doc != b.doc:
	case a.name != b.name:
		field = "names"
	case a.version != b.version:
		field = "versions"
	default:
		field = "kinds of attachment"
	}
	return &ConflictError{
		What: "attachment", Ref: f.endName(a.to), Also: f.name(a.policy), Field: field,
		Files: [2]string{f.file(a.source), f.file(b.source)},
	}
}

func (f *freezer) attachmentColumns(order []uint32) {
	c := f.c
	for _, i := range order {
		a := f.attachments[i]
		c.attTo = append(c.attTo, a.to)
		c.attLayer = append(c.attLayer, a.layer)
		c.attPolicy = append(c.attPolicy, a.policy)
		c.attName = append(c.attName, a.name)
		c.attVersion = append(c.attVersion, a.version)
		c.attDoc = append(c.attDoc, a.doc)
		c.attFlags = append(c.attFlags, flags(false, a.superseded, a.inline))
		c.attListings = append(c.attListings, a.listings)
		c.attOrigins = append(c.attOrigins, a.origins)
	}
}

func (f *freezer) freezeCoverage() error {
	for i := range f.coverage {
		f.coverage[i].of = f.endOf(f.coverage[i].of)
	}
	f.gatherCoverage()
	f.coverageColumns()
	return nil
}

func (f *freezer) gatherCoverage() {
	f.coverage = gather(f, f.coverage, compareCoverage,
		func(r coverageRow) source { return r.source }, func(r *coverageRow, s source) { r.source = s })
}

func compareCoverage(a, b coverageRow) int {
	return cmp.Or(cmp.Compare(a.listing, b.listing), cmp.Compare(a.of, b.of), cmp.Compare(a.status, b.status),
		cmp.Compare(a.reason, b.reason), cmp.Compare(a.affects, b.affects))
}

func (f *freezer) coverageColumns() {
	c := f.c
	for _, r := range f.coverage {
		c.covListing = append(c.covListing, r.listing)
		c.covStatus = append(c.covStatus, uint8(r.status))
		c.covReason = append(c.covReason, r.reason)
		c.covAffects = append(c.covAffects, r.affects)
		c.covOf = append(c.covOf, r.of)
		c.covOrigins = append(c.covOrigins, r.origins)
	}
}

var _ graph.Sink = (*Builder)(nil)
