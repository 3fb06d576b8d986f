package ingest

import (
	"maps"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// A Summary says what one collection held.
type Summary struct {
	Documents   int                // documents read
	Bytes       int64              // their size, unpacked
	Nodes       map[graph.Kind]int // records of described nodes, by kind
	Mentioned   int                // records of nodes that are only mentioned
	Edges       map[graph.Relation]int
	Attachments map[graph.LayerID]int
	// Gaps are the coverage records with Status Failed, in the order written.
	Gaps []graph.Coverage
	// Scopes are those of which something was collected, or failed to be; sorted.
	Scopes []graph.Ref
}

// tally passes records on and counts them. It keeps nothing of a document: estates
// have them by the million.
type tally struct {
	next   graph.Sink
	sum    Summary
	scopes map[graph.Ref]bool
	last   graph.Ref // of scopes: what comes next is often of the same
}

func newTally(next graph.Sink) *tally {
	return &tally{next: next, scopes: map[graph.Ref]bool{}, sum: Summary{
		Nodes:       map[graph.Kind]int{},
		Edges:       map[graph.Relation]int{},
		Attachments: map[graph.LayerID]int{},
	}}
}

// Read makes tally a Meter.
func (t *tally) Read(bytes int64) {
	t.sum.Documents++
	t.sum.Bytes += bytes
}

// Node passes n on.
func (t *tally) Node(n graph.Node) error {
	if n.Mentioned {
		t.sum.Mentioned++
	} else {
		t.sum.Nodes[n.Kind]++
	}
	return t.next.Node(n)
}

// Edge passes e on.
func (t *tally) Edge(e graph.Edge) error {
	t.sum.Edges[e.Relation]++
	return t.next.Edge(e)
}

// Attach passes a on.
func (t *tally) Attach(a graph.Attachment) error {
	t.sum.Attachments[a.Layer]++
	return t.next.Attach(a)
}

// Cover passes c on.
func (t *tally) Cover(c graph.Coverage) error {
	if c.Status == graph.Failed {
		t.sum.Gaps = append(t.sum.Gaps, c)
	}
	if scope := c.Listing.Scope; c.Status != graph.NotAsked && (scope != t.last || len(t.scopes) == 0) {
		t.scopes[scope], t.last = true, scope
	}
	return t.next.Cover(c)
}

func (t *tally) summary() Summary {
	t.sum.Scopes = slices.Sorted(maps.Keys(t.scopes))
	return t.sum
}
