package ingest

import (
	"cmp"
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
	// Listings are those held whole, sorted: what the collection replaces.
	Listings []graph.Listing
	// Gaps are the coverage records with Status Failed, in the order written.
	Gaps []graph.Coverage
}

// Scopes are those of which something was collected, or failed to be; sorted.
func (s *Summary) Scopes() []graph.Ref {
	var scopes []graph.Ref
	for _, l := range s.Listings {
		scopes = append(scopes, l.Scope)
	}
	for _, g := range s.Gaps {
		scopes = append(scopes, g.Listing.Scope)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// tally passes records on and counts them.
type tally struct {
	next  graph.Sink
	sum   Summary
	whole map[graph.Listing]bool // false once a failure of the whole listing is seen
}

func newTally(next graph.Sink) *tally {
	return &tally{next: next, whole: map[graph.Listing]bool{}, sum: Summary{
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

// Cover passes c on and notes whether its listing is held whole: some record
// says that it came, and none that all of it did not. A part that did not (a
// policy that does not parse) is replaced all the same: the gap is its new state.
func (t *tally) Cover(c graph.Coverage) error {
	switch c.Status {
	case graph.Collected, graph.NoneExists:
		if _, seen := t.whole[c.Listing]; !seen {
			t.whole[c.Listing] = true
		}
	case graph.Failed:
		t.sum.Gaps = append(t.sum.Gaps, c)
		if c.Of == "" {
			t.whole[c.Listing] = false
		}
	}
	return t.next.Cover(c)
}

func (t *tally) summary() Summary {
	for l, whole := range t.whole {
		if whole {
			t.sum.Listings = append(t.sum.Listings, l)
		}
	}
	slices.SortFunc(t.sum.Listings, CompareListings)
	return t.sum
}

// CompareListings orders listings as Summary.Listings is sorted.
func CompareListings(a, b graph.Listing) int {
	return cmp.Or(
		cmp.Compare(a.Scope, b.Scope),
		cmp.Compare(a.Region, b.Region),
		cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Operation, b.Operation),
		cmp.Compare(a.Subject, b.Subject),
	)
}
