package neo4j

import (
	"iter"
	"maps"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A composer says what rows a snapshot consists of. Its tables must be read in
// order: those of relations need the keys of nodes.
type composer struct {
	estate  string
	snap    *snapshot.Snapshot
	jewels  map[graph.Ref]bool
	directs int // how many pairs of a foothold and an access are written
	pairs   int // how many pairs of a class and a thing are
	uid     func(table string, k key) string
	sources sources

	nodes    []key             // by Index
	loose    map[graph.Ref]key // what no node describes
	policies []key             // by record of attachment
	classes  []key             // by class
}

// Names of tables.
const (
	tableOrigin     = "origin"
	tableNode       = "node"
	tablePolicy     = "policy"
	tableCoverage   = "coverage"
	tableEdge       = "edge"
	tableScope      = "scope"
	tableAttachment = "attachment"
	tableClass      = "class"
	tablePivot      = "pivot"
	tableAdmin      = "admin"
	tableMember     = "member"
	tableAccess     = "access"
	tableDirect     = "direct"
)

// facts lists the tables of what was observed.
func (c *composer) facts() []table {
	out := []table{
		{name: tableOrigin, rows: each(c.sources.rows)},
		{name: tableNode, rows: c.nodeRows()},
		{name: tablePolicy, rows: c.policyRows()},
		{name: tableCoverage, rows: c.coverageRows()},
	}
	for _, r := range observed {
		out = append(out, table{tableEdge, r, c.edgeRows(r)})
	}
	return append(out,
		table{tableScope, graph.Contains, c.scopeRows()},
		table{tableAttachment, attachedTo, c.attachmentRows(false)},
		table{tableAttachment, mentionedFor, c.attachmentRows(true)})
}

func (c *composer) nodeRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		c.nodes, c.loose = nil, map[graph.Ref]key{}
		for r := range c.snap.NodeRecords() {
			row := c.nodeRow(r)
			if !r.Superseded {
				c.nodes = append(c.nodes, row.key)
			}
			if !yield(row, nil) {
				return
			}
		}
		for _, ref := range c.looseRefs() {
			row := node([]string{labelVersioned, labelDangling}, refProp(ref))
			c.loose[ref] = row.key
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (c *composer) nodeRow(r snapshot.Record[graph.Node]) row {
	n := r.Fact
	labels := []string{labelVersioned, labelSuperseded}
	if !r.Superseded {
		labels = labelsOf(n)
	}
	tags := make([]graph.Attr, len(n.Tags))
	for i, t := range n.Tags {
		tags[i] = graph.Attr(t)
	}
	props := []prop{
		refProp(n.Ref), {"id", n.ID().String()}, textProp("provider", string(n.Provider)), textProp("kind", string(n.Kind)),
		textProp("type", n.Type), textProp("name", n.Name), textProp("scope", string(n.Scope)), textProp("nativeId", n.NativeID),
		{"mentioned", n.Mentioned}, {"tags", pairs(tags)}, {"attrs", pairs(n.Attrs)},
	}
	return node(labels, append(props, c.sources.props(r.Sources)...)...)
}

// looseRefs lists, sorted, the refs at which a relation starts or ends and
// that no node describes.
func (c *composer) looseRefs() []graph.Ref {
	out := map[graph.Ref]bool{}
	add := func(ref graph.Ref) {
		if _, ok := c.snap.Find(ref); !ok && ref != "" {
			out[ref] = true
		}
	}
	for e := range c.snap.EdgeRecords() {
		add(e.Fact.From)
		add(e.Fact.To)
	}
	for a := range c.snap.AttachmentRecords() {
		add(a.Fact.To)
	}
	for i := range snapshot.Index(c.snap.NumNodes()) {
		if c.snap.ScopeOf(i) == snapshot.None {
			add(c.snap.Node(i).Scope)
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// end returns the uid of what a relation starts or ends at.
func (c *composer) end(ref graph.Ref) string {
	if i, ok := c.snap.Find(ref); ok {
		return c.at(i)
	}
	return c.uid(tableNode, c.loose[ref])
}

func (c *composer) at(i snapshot.Index) string { return c.uid(tableNode, c.nodes[i]) }

func (c *composer) policyRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		c.policies = nil
		for r := range c.snap.AttachmentRecords() {
			row := policyRow(r)
			c.policies = append(c.policies, row.key)
			if !yield(row, nil) {
				return
			}
		}
	}
}

func policyRow(r snapshot.Record[graph.Attachment]) row {
	a := r.Fact
	label := labelPolicy
	if r.Superseded {
		label = labelSuperseded
	}
	text := prop{name: "document"}
	if a.Document != nil {
		text.value = document(encode(string(a.Document)))
	}
	return node([]string{labelVersioned, label}, refProp(a.Policy), textProp("name", a.Name),
		textProp("version", a.Version), prop{"inline", a.Inline}, text)
}

func (c *composer) attachmentRows(superseded bool) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		n := 0
		for r := range c.snap.AttachmentRecords() {
			policy := c.policies[n]
			n++
			if r.Superseded != superseded {
				continue
			}
			props := append([]prop{textProp("layer", string(r.Fact.Layer))}, c.sources.props(r.Sources)...)
			if !yield(relation(c.uid(tablePolicy, policy), c.end(r.Fact.To), props...), nil) {
				return
			}
		}
	}
}

func (c *composer) edgeRows(of graph.Relation) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for r := range c.snap.EdgeRecords() {
			if r.Fact.Relation != of {
				continue
			}
			props := append([]prop{{"attrs", pairs(r.Fact.Attrs)}}, c.sources.props(r.Sources)...)
			if !yield(relation(c.end(r.Fact.From), c.end(r.Fact.To), props...), nil) {
				return
			}
		}
	}
}

// scopeRows are the containments that nodes say of themselves, where no
// relation was observed that says the same.
func (c *composer) scopeRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		type pair struct{ from, to graph.Ref }
		said := map[pair]bool{}
		for e := range c.snap.EdgeRecords() {
			if e.Fact.Relation == graph.Contains {
				said[pair{e.Fact.From, e.Fact.To}] = true
			}
		}
		for i := range snapshot.Index(c.snap.NumNodes()) {
			n := c.snap.Node(i)
			if n.Scope == "" || said[pair{n.Scope, n.Ref}] {
				continue
			}
			if !yield(relation(c.end(n.Scope), c.at(i)), nil) {
				return
			}
		}
	}
}

func (c *composer) coverageRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for r := range c.snap.CoverageRecords() {
			v := r.Fact
			props := append(listingProps(v.Listing), textProp("status", v.Status.String()), textProp("reason", string(v.Reason)),
				textsProp("affects", v.Affects), textProp("of", string(v.Of)))
			if !yield(node([]string{labelVersioned, labelCoverage}, append(props, c.sources.props(r.Sources)...)...), nil) {
				return
			}
		}
	}
}
