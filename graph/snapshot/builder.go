package snapshot

import (
	"cmp"
	"crypto/sha256"
	"io"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// A Builder collects facts, freezes them into a Snapshot, takes conclusions
// about that, and writes both. It implements graph.Sink. It is not safe for
// concurrent use.
type Builder struct {
	strings  *stringTable
	xstrings *stringTable // of provenance: no part of the content
	lists    *listTable
	listings map[listingRow]uint32
	origins  map[originRow]uint32

	nodes       []nodeRow
	edges       []edgeRow
	attachments []attachmentRow
	coverage    []coverageRow
	documents   map[[32]byte]uint32
	texts       arena

	facts *Snapshot
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

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder {
	return &Builder{
		strings: newStringTable(), xstrings: newStringTable(), lists: newListTable(),
		listings: map[listingRow]uint32{}, origins: map[originRow]uint32{}, documents: map[[32]byte]uint32{},
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
	id := b.strings.id
	b.nodes = append(b.nodes, nodeRow{
		ref: id(string(n.Ref)), provider: id(string(n.Provider)), kind: id(string(n.Kind)),
		typ: id(n.Type), service: id(service), name: id(n.Name), native: id(n.NativeID), scope: id(string(n.Scope)),
		tags: b.pairs(tagPairs(n.Tags)), attrs: b.pairs(n.Attrs),
		mentioned: n.Mentioned, source: b.source(n.Origin, ""),
	})
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
		attrs: b.pairs(e.Attrs), source: b.source(e.Origin, ""),
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
		doc = b.document(sha256.Sum256(a.Document), a.Document)
	}
	id := b.strings.id
	b.attachments = append(b.attachments, attachmentRow{
		to: id(string(a.To)), layer: id(string(a.Layer)), policy: id(string(a.Policy)),
		name: id(a.Name), version: id(a.Version), doc: doc, inline: a.Inline, source: b.source(a.Origin, a.Pointer),
	})
	return nil
}

func (b *Builder) document(hash [32]byte, text []byte) uint32 {
	if id, ok := b.documents[hash]; ok {
		return id
	}
	id := b.texts.add(text)
	b.documents[hash] = id
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
	s := &Snapshot{columns: *b.final}
	return s, s.ready()
}

// WriteTo writes facts and conclusions as a snapshot file. It freezes the
// facts if Facts was not called.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	s, err := b.Snapshot()
	if err != nil {
		return 0, err
	}
	c := s.columns
	sum := c.contentHash()
	c.hash = sum[:]
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
	row := originRow{
		listing: b.listing(o.Listing), file: b.xstrings.id(o.File),
		collector: b.xstrings.id(o.Collector), note: b.xstrings.id(note),
	}
	if !o.At.IsZero() {
		row.second, row.nano = o.At.Unix(), uint32(o.At.Nanosecond())+1
	}
	return source{origin: number(b.origins, row)}
}

func (b *Builder) listing(l graph.Listing) uint32 {
	id := b.strings.id
	return number(b.listings, listingRow{
		id(string(l.Scope)), id(l.Region), id(l.Service), id(l.Operation), id(string(l.Subject)),
	})
}

// number gives each key a number in the order in which they come.
func number[K comparable](ids map[K]uint32, key K) uint32 {
	id, ok := ids[key]
	if !ok {
		id = uint32(len(ids))
		ids[key] = id
	}
	return id
}

func tagPairs(tags []graph.Tag) []graph.Attr {
	out := make([]graph.Attr, len(tags))
	for i, t := range tags {
		out[i] = graph.Attr(t)
	}
	return out
}

// pairs numbers a list of keys and values, sorted and without repetition.
func (b *Builder) pairs(list []graph.Attr) uint32 {
	list = slices.Clone(list)
	slices.SortFunc(list, func(x, y graph.Attr) int {
		return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Value, y.Value))
	})
	ids := make([]uint32, 0, 2*len(list))
	for _, p := range slices.Compact(list) {
		ids = append(ids, b.strings.id(p.Key), b.strings.id(p.Value))
	}
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
