package snapshot

import (
	"cmp"
	"crypto/sha256"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"unsafe"

	"github.com/clewgraph/clew/graph"
)

// A Builder collects facts, freezes them into a Snapshot, takes conclusions
// about that, and writes both. It implements graph.Sink. It is not safe for
// concurrent use.
type Builder struct {
	strings  *stringTable
	xstrings *stringTable // of provenance: no part of the content
	lists    *listTable
	listings *table[listingRow]
	origins  *table[originRow]

	nodes       []nodeRow
	edges       []edgeRow
	attachments []attachmentRow
	coverage    []coverageRow
	documents   *stringTable
	hashes      [][32]byte // of documents
	last        recent

	spillDir  string
	spillFrom int

	forwarded *forwarded
	shared    *Snapshot // stays open, nil if none does
	aheadTo   File
	ahead     *ahead // of facts that are written ahead
	manner    manner

	facts *Snapshot
	moves *Moves
	whole whole // why facts were not spliced
	final *columns
	err   error // of Facts
}

// Rows hold numbers of strings and lists and no pointers: first those of the
// tables, after freezing those of the columns.
type (
	listingRow struct{ scope, region, service, operation, subject uint32 }
	originRow  struct {
		listing, file, collector, note uint32
		second                         int64
		nano                           uint32
	}
	// A source is where a row was read: one origin at first, and when equal
	// rows have been gathered, the sets of their listings and origins.
	source  struct{ origin, listings, origins uint32 }
	nodeRow struct {
		ref, provider, kind, typ, service, name, native, scope uint32
		tags, attrs                                            uint32
		mentioned, superseded                                  bool
		account                                                uint32 // for the order alone
		source
	}
	edgeRow struct {
		from, to, relation, attrs uint32
		source
	}
	attachmentRow struct {
		to, layer, policy, name, version, doc uint32
		inline, superseded                    bool
		source
	}
	coverageRow struct {
		listing, reason, affects, of uint32
		status                       graph.Status
		source
	}
)

// recent is what the last facts held: the next ones often hold the same.
type recent struct {
	provider, kind, typ, service, scope, layer memo
	origin                                     graph.Origin
	listing                                    graph.Listing
	originID, listingID                        uint32
	note                                       string
	pairs                                      []graph.Attr
	ids                                        []uint32
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder {
	return &Builder{
		strings: newStringTable(), xstrings: newStringTable(), lists: newListTable(),
		listings: newTable[listingRow](), origins: newTable[originRow](), documents: &stringTable{seed: maphash.MakeSeed()},
	}
}

// Node takes a node. Errors wrap ErrInvalid.
func (b *Builder) Node(n graph.Node) error {
	if err := b.open(); err != nil {
		return err
	}
	if n.Ref == "" || n.Provider == "" {
		return invalid("node %q of provider %q: both must be given", n.Ref, n.Provider)
	}
	if n.Kind.Class() == graph.ClassUnknown {
		return invalid("node %q: kind %q is none of graph's", n.Ref, n.Kind)
	}
	service, _, _ := strings.Cut(n.Type, ":")
	id, last := b.strings, &b.last
	row := nodeRow{
		ref: id.id(string(n.Ref)), provider: last.provider.number(id, string(n.Provider)), kind: last.kind.number(id, string(n.Kind)),
		typ: last.typ.number(id, n.Type), service: last.service.number(id, service), name: id.id(n.Name),
		scope: last.scope.number(id, string(n.Scope)), tags: b.tags(n.Tags), attrs: b.attrs(n.Attrs),
		mentioned: n.Mentioned, source: b.source(n.Origin, ""),
	}
	if row.native = row.name; n.NativeID != n.Name {
		row.native = id.id(n.NativeID)
	}
	b.nodes = append(b.nodes, row)
	return nil
}

// Edge takes an observed relation. Errors wrap ErrInvalid.
func (b *Builder) Edge(e graph.Edge) error {
	if err := b.open(); err != nil {
		return err
	}
	if e.From == "" || e.To == "" {
		return invalid("edge from %q to %q: both ends must be given", e.From, e.To)
	}
	if !observed(e.Relation) {
		return invalid("edge from %q to %q: %q is no relation that can be observed", e.From, e.To, e.Relation)
	}
	id := b.strings.id
	b.edges = append(b.edges, edgeRow{
		from: id(string(e.From)), to: id(string(e.To)), relation: id(string(e.Relation)),
		attrs: b.attrs(e.Attrs), source: b.source(e.Origin, ""),
	})
	return nil
}

func observed(r graph.Relation) bool {
	switch r {
	case graph.Contains, graph.MemberOf, graph.CredentialOf, graph.RunsAs:
		return true
	}
	return false
}

// Attach takes a policy attachment. It copies the document. Errors wrap
// ErrInvalid.
func (b *Builder) Attach(a graph.Attachment) error {
	if err := b.open(); err != nil {
		return err
	}
	if a.To == "" || a.Layer == "" {
		return invalid("attachment of %q to %q at layer %q: target and layer must be given", a.Policy, a.To, a.Layer)
	}
	doc := uint32(None)
	if a.Document != nil {
		doc = b.document(a.Document)
	}
	id := b.strings.id
	b.attachments = append(b.attachments, attachmentRow{
		to: id(string(a.To)), layer: b.last.layer.number(b.strings, string(a.Layer)), policy: id(string(a.Policy)),
		name: id(a.Name), version: id(a.Version), doc: doc, inline: a.Inline, source: b.source(a.Origin, a.Pointer),
	})
	return nil
}

func (b *Builder) document(text []byte) uint32 {
	id := b.documents.id(unsafe.String(unsafe.SliceData(text), len(text)))
	if int(id) == len(b.hashes) {
		b.hashes = append(b.hashes, sha256.Sum256(text))
	}
	return id
}

// Cover takes a statement of coverage. Errors wrap ErrInvalid.
func (b *Builder) Cover(c graph.Coverage) error {
	if err := b.open(); err != nil {
		return err
	}
	if c.Status > graph.Failed {
		return invalid("coverage of %s %s: status %d", c.Listing.Service, c.Listing.Operation, c.Status)
	}
	origin := c.Origin
	if origin == nil {
		origin = &graph.Origin{Listing: c.Listing}
	}
	b.coverage = append(b.coverage, coverageRow{
		listing: b.listing(c.Listing), reason: b.strings.id(string(c.Reason)), affects: b.set(layers(c.Affects)),
		of: b.strings.id(string(c.Of)), status: c.Status, source: b.source(origin, c.Detail),
	})
	return nil
}

// Snapshot returns facts and conclusions in memory, as they would be read from
// what WriteTo writes. It freezes the facts if Facts was not called.
func (b *Builder) Snapshot() (*Snapshot, error) {
	facts, err := b.Facts()
	if err != nil || b.final == nil {
		return facts, err
	}
	s := &Snapshot{columns: *b.final, mapped: facts.mapped}
	return s, s.ready()
}

// WriteTo writes facts and conclusions as a snapshot file. It freezes the
// facts if Facts was not called.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	s, err := b.Snapshot()
	if err != nil {
		return 0, err
	}
	c := *s.inFile()
	if c.reserveHashes(); c.pieces == nil {
		sum := c.contentHash()
		copy(c.hash, sum[:])
		return c.write(w)
	}
	sum, pieces := c.hashAll()
	copy(c.hash, sum[:])
	c.pieces = pieces
	return c.write(w)
}

func (b *Builder) open() error {
	if b.facts != nil || b.err != nil {
		return invalid("the facts are frozen")
	}
	return nil
}

// source numbers an origin and what it says of the position in its document.
func (b *Builder) source(o *graph.Origin, note string) source {
	if o == nil {
		o = &graph.Origin{}
	}
	if *o == b.last.origin && note == b.last.note && len(b.origins.keys) > 0 {
		return source{origin: b.last.originID}
	}
	row := originRow{
		listing: b.listing(o.Listing), file: b.xstrings.id(o.File),
		collector: b.xstrings.id(o.Collector), note: b.xstrings.id(note),
	}
	if !o.At.IsZero() {
		row.second, row.nano = o.At.Unix(), uint32(o.At.Nanosecond())+1
	}
	b.last.originID, _ = b.origins.id(row)
	b.last.origin, b.last.note = *o, note
	return source{origin: b.last.originID}
}

func (b *Builder) listing(l graph.Listing) uint32 {
	if l == b.last.listing && len(b.listings.keys) > 0 {
		return b.last.listingID
	}
	id := b.strings.id
	b.last.listing = l
	b.last.listingID, _ = b.listings.id(listingRow{
		id(string(l.Scope)), id(l.Region), id(l.Service), id(l.Operation), id(string(l.Subject)),
	})
	return b.last.listingID
}

func (b *Builder) tags(tags []graph.Tag) uint32 {
	list := b.last.pairs[:0]
	for _, t := range tags {
		list = append(list, graph.Attr(t))
	}
	return b.numberPairs(list)
}

func (b *Builder) attrs(attrs []graph.Attr) uint32 {
	return b.numberPairs(append(b.last.pairs[:0], attrs...))
}

// numberPairs numbers a list of keys and values, sorted and without repetition.
func (b *Builder) numberPairs(list []graph.Attr) uint32 {
	if len(list) == 0 {
		return 0
	}
	slices.SortFunc(list, func(x, y graph.Attr) int {
		return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Value, y.Value))
	})
	ids := b.last.ids[:0]
	for _, p := range slices.Compact(list) {
		ids = append(ids, b.strings.id(p.Key), b.strings.id(p.Value))
	}
	b.last.pairs, b.last.ids = list, ids
	return b.lists.id(ids)
}

func layers(in []graph.LayerID) []string {
	out := make([]string, len(in))
	for i, l := range in {
		out[i] = string(l)
	}
	return out
}

// set numbers a list of strings, sorted and without repetition.
func (b *Builder) set(list []string) uint32 {
	slices.Sort(list)
	list = slices.Compact(list)
	ids := make([]uint32, len(list))
	for i, text := range list {
		ids[i] = b.strings.id(text)
	}
	return b.lists.id(ids)
}
