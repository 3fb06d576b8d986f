package snapshot

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// Facts freezes what was taken so far: it sorts, makes equal records one,
// numbers everything, and returns it as a Snapshot in memory, without
// conclusions. From then on the Builder takes no facts. Where two documents
// describe one thing differently the error is a *ConflictError.
func (b *Builder) Facts() (*Snapshot, error) {
	if b.facts != nil || b.err != nil {
		return b.facts, b.err
	}
	conclusions := b.sectionsOfLast()
	c, moves, why := b.splice()
	if b.whole = why; why != "" {
		c, b.err = b.freezeAnew()
	}
	if b.err != nil {
		return nil, b.err
	}
	s := &Snapshot{columns: *c, mapped: b.shared != nil}
	if b.err = s.ready(); b.err != nil {
		return nil, b.err
	}
	*b = Builder{facts: s, moves: moves, whole: why, spillDir: b.spillDir, spillFrom: b.spillFrom, aheadTo: b.aheadTo, shared: b.shared}
	if why == "" {
		b.goAhead(c, conclusions)
	}
	return s, nil
}

// sectionsOfLast is how many sections of conclusions the snapshot has that is
// carried forward.
func (b *Builder) sectionsOfLast() (n int) {
	if b.forwarded == nil {
		return 0
	}
	for _, col := range b.forwarded.last.conclusionSchema() {
		if len(col.bytes()) > 0 {
			n++
		}
	}
	return n
}

// freezeAnew freezes every fact, those that are carried forward as well.
func (b *Builder) freezeAnew() (*columns, error) {
	if err := b.carryAnew(); err != nil {
		return nil, err
	}
	c := &columns{}
	f := newFreezer(b, c)
	f.c = c
	if err := f.freeze(); err != nil {
		return nil, err
	}
	_, err := c.spill(b.spillDir, b.spillFrom)
	return c, err
}

// A freezer turns the rows of a Builder into columns.
type freezer struct {
	*Builder
	numbers
	c            *columns
	lsets, osets *listTable
	ends         []uint32 // by string: the end of that ref, None if it is none
	n            uint32   // nodes
	bound        uint64   // attachments that are not superseded
	scratch      []uint32 // listings of the row at hand
	lastOrigin   uint32   // of a row that has one alone, and its sets
	lastSets     source
}

// numbers say what is behind the numbers that rows hold.
type numbers interface {
	listingOf(origin uint32) uint32
	listOf(list uint32) []uint32
}

func newFreezer(b *Builder, n numbers) *freezer {
	return &freezer{Builder: b, numbers: n, c: &columns{}, lsets: newListTable(), osets: newListTable(), lastOrigin: uint32(None)}
}

func (c *columns) listingOf(origin uint32) uint32 { return c.orgListing[origin] }

// listOf returns the items of a list of strings.
func (c *columns) listOf(id uint32) []uint32 {
	from, to := c.listOff.run(id, len(c.listItem))
	return c.listItem[from:to]
}

func (f *freezer) freeze() error {
	f.freezeTables()
	f.freezeDocuments()
	for _, step := range []func() error{f.freezeNodes, f.freezeEdges, f.freezeAttachments, f.freezeCoverage} {
		if err := step(); err != nil {
			return err
		}
	}
	f.freezeSets()
	f.index()
	f.c.counts = u64s{uint64(f.n), f.bound}
	return nil
}

// freezeTables freezes strings, lists, listings and origins.
func (f *freezer) freezeTables() {
	var str, xstr, list []uint32
	f.c.str.plain, str = f.strings.freeze()
	f.c.xstr.plain, xstr = f.xstrings.freeze()
	f.c.listOff, f.c.listItem, list = f.lists.freeze(str)
	f.strings, f.xstrings, f.lists = nil, nil, nil // their memory is needed from here on
	listing := f.freezeListings(str)
	origin := f.freezeOrigins(listing, xstr)
	f.listings, f.origins = nil, nil
	f.renumber(str, list, listing, origin)
}

// renumber gives every row new numbers.
func (f *freezer) renumber(str, list, listing, origin []uint32) {
	halves(len(f.nodes), func(from, to int) {
		for i := from; i < to; i++ {
			r := &f.nodes[i]
			remap(str, &r.ref, &r.provider, &r.kind, &r.typ, &r.service, &r.name, &r.native, &r.scope)
			remap(list, &r.tags, &r.attrs)
			remap(origin, &r.origin)
		}
	})
	for i := range f.edges {
		r := &f.edges[i]
		remap(str, &r.from, &r.to, &r.relation)
		remap(list, &r.attrs)
		remap(origin, &r.origin)
	}
	for i := range f.attachments {
		r := &f.attachments[i]
		remap(str, &r.to, &r.layer, &r.policy, &r.name, &r.version)
		remap(origin, &r.origin)
	}
	for i := range f.coverage {
		r := &f.coverage[i]
		remap(str, &r.reason, &r.of)
		remap(list, &r.affects)
		remap(listing, &r.listing)
		remap(origin, &r.origin)
	}
}

func (f *freezer) freezeListings(str []uint32) (rank []uint32) {
	rows := f.listings.keys
	for i := range rows {
		r := &rows[i]
		remap(str, &r.scope, &r.region, &r.service, &r.operation, &r.subject)
	}
	order := ordered(len(rows), func(a, b uint32) int { return compareListing(rows[a], rows[b]) })
	f.c.listingColumns(rows, order)
	return ranks(order)
}

func compareListing(x, y listingRow) int {
	return cmp.Or(cmp.Compare(x.scope, y.scope), cmp.Compare(x.region, y.region), cmp.Compare(x.service, y.service),
		cmp.Compare(x.operation, y.operation), cmp.Compare(x.subject, y.subject))
}

func (c *columns) listingColumns(rows []listingRow, order []uint32) {
	for _, id := range order {
		r := rows[id]
		c.listScope = append(c.listScope, r.scope)
		c.listRegion = append(c.listRegion, r.region)
		c.listService = append(c.listService, r.service)
		c.listOp = append(c.listOp, r.operation)
		c.listSubject = append(c.listSubject, r.subject)
	}
}

func (f *freezer) freezeOrigins(listing, xstr []uint32) (rank []uint32) {
	rows := f.origins.keys
	for i := range rows {
		r := &rows[i]
		remap(listing, &r.listing)
		remap(xstr, &r.file, &r.collector, &r.note)
	}
	order := ordered(len(rows), func(a, b uint32) int { return compareOrigin(rows[a], rows[b]) })
	f.c.originColumns(rows, order)
	return ranks(order)
}

func compareOrigin(x, y originRow) int {
	return cmp.Or(cmp.Compare(x.listing, y.listing), cmp.Compare(x.file, y.file), cmp.Compare(x.note, y.note),
		cmp.Compare(x.collector, y.collector), cmp.Compare(x.second, y.second), cmp.Compare(x.nano, y.nano))
}

func (c *columns) originColumns(rows []originRow, order []uint32) {
	for _, id := range order {
		r := rows[id]
		c.orgListing = append(c.orgListing, r.listing)
		c.orgFile = append(c.orgFile, r.file)
		c.orgCollector = append(c.orgCollector, r.collector)
		c.orgNote = append(c.orgNote, r.note)
		c.orgSecond = append(c.orgSecond, uint64(r.second))
		c.orgNano = append(c.orgNano, r.nano)
	}
}

func (f *freezer) freezeDocuments() {
	hashes := f.hashes
	order := ordered(len(hashes), func(a, b uint32) int { return bytes.Compare(hashes[a][:], hashes[b][:]) })
	if len(order) > 0 {
		f.c.docs = f.documents.heap(order)
	}
	f.c.docHash = make(u8s, 0, 32*len(order))
	for _, id := range order {
		f.c.docHash = append(f.c.docHash, hashes[id][:]...)
	}
	rank := ranks(order)
	for i := range f.attachments {
		if a := &f.attachments[i]; a.doc != uint32(None) {
			a.doc = rank[a.doc]
		}
	}
	f.documents, f.hashes = nil, nil
}

// freezeSets freezes the sets of listings and origins.
func (f *freezer) freezeSets() {
	var lset, oset []uint32
	f.c.lsetOff, f.c.lsetItem, lset = f.lsets.freeze(nil)
	f.c.osetOff, f.c.osetItem, oset = f.osets.freeze(nil)
	for _, ids := range []u32s{f.c.nodeListings, f.c.edgeListings, f.c.attListings} {
		remapAll(ids, lset)
	}
	for _, ids := range []u32s{f.c.nodeOrigins, f.c.edgeOrigins, f.c.attOrigins, f.c.covOrigins} {
		remapAll(ids, oset)
	}
}

// gather sorts rows and makes equal ones one, which has all their origins.
// from reads and to writes the source of a row.
func gather[R any](f *freezer, rows []R, compare func(a, b R) int, from func(R) source, to func(*R, source)) []R {
	slices.SortFunc(rows, func(a, b R) int {
		if c := compare(a, b); c != 0 {
			return c
		}
		return cmp.Compare(from(a).origin, from(b).origin)
	})
	out := rows[:0]
	var origins []uint32
	for start := 0; start < len(rows); {
		origins = origins[:0]
		stop := start
		for ; stop < len(rows) && compare(rows[start], rows[stop]) == 0; stop++ {
			origins = append(origins, from(rows[stop]).origin)
		}
		out = append(out, rows[start])
		to(&out[len(out)-1], f.sets(origins))
		start = stop
	}
	return out
}

// sets numbers a sorted list of origins and the set of their listings.
func (f *freezer) sets(origins []uint32) source {
	origins = slices.Compact(origins)
	if len(origins) == 1 && origins[0] == f.lastOrigin {
		return f.lastSets
	}
	f.scratch = f.scratch[:0]
	for _, o := range origins {
		f.scratch = append(f.scratch, f.listingOf(o))
	}
	slices.Sort(f.scratch)
	s := source{origins: f.osets.id(origins), listings: f.lsets.id(slices.Compact(f.scratch))}
	if len(origins) == 1 {
		f.lastOrigin, f.lastSets = origins[0], s
	}
	return s
}

// file returns the document of the first origin of a gathered row.
func (f *freezer) file(s source) string {
	origins := f.osets.list(s.origins)
	return string(f.c.xstr.bytes(f.c.orgFile.at(origins[0])))
}

// name returns string id as a ref, for errors.
func (f *freezer) name(id uint32) graph.Ref { return graph.Ref(f.c.str.bytes(id)) }

// endName returns the ref of an end, for errors.
func (f *freezer) endName(end uint32) graph.Ref {
	if end < f.n {
		return f.name(f.c.nodeRef.at(end))
	}
	return f.name(f.c.loose.at(end - f.n))
}
