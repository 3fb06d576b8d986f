package walk

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Budget names the bound that cut a search; "" is none.
type Budget string

// The bounds.
const (
	Hops  Budget = "HOPS"
	Nodes Budget = "NODES"
	Rows  Budget = "ROWS"
	Time  Budget = "TIME"
)

// Options bound a search and say which pivots it may take.
type Options struct {
	MaxHops  int // hops of a path; 0 is no limit
	MaxNodes int // footholds visited, again in each pass that a search makes; 0 is no limit
	MaxRows  int // paths, footholds or pivots that the answer lists; 0 is no limit

	Verdicts   []graph.Verdict              // of the pivots to take; nil is all but Denied
	Relations  []graph.Relation             // of the pivots to take; nil is all
	Techniques func(id string) bool         // which techniques to take; nil is all. Pivots without one are always taken
	Exclude    map[snapshot.PivotIndex]bool // pivots not to take

	// Decide gives the verdict of a pivot where the caller states context; nil
	// is the recorded one. It is asked once for each pivot of a search.
	Decide func(p snapshot.PivotIndex) graph.Verdict
}

// A Path is a way from a start to a goal.
type Path struct {
	Start   snapshot.FootholdIndex
	Steps   []snapshot.PivotIndex
	Verdict graph.Verdict // of the least sure step; Allowed if there is none
}

// ComparePaths orders paths as the package comment says.
func ComparePaths(a, b Path) int {
	return cmp.Or(
		cmp.Compare(len(a.Steps), len(b.Steps)), cmp.Compare(b.Verdict, a.Verdict),
		cmp.Compare(a.Start, b.Start), slices.Compare(a.Steps, b.Steps),
	)
}

// End returns the foothold that p leads to.
func (p Path) End(s *snapshot.Snapshot) snapshot.FootholdIndex {
	if len(p.Steps) == 0 {
		return p.Start
	}
	_, to := s.PivotEnds(p.Steps[len(p.Steps)-1])
	return to
}

// An Answer holds paths in order.
type Answer struct {
	Paths  []Path
	Cut    Budget // what may have kept paths, or shorter or surer ones, out
	Looked int    // pivots looked at
}
