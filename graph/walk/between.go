package walk

import (
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Ends are the footholds that a search from both ends looks for. They are listed
// only where that is less work than to look from the starts alone.
type Ends struct {
	Is     func(snapshot.FootholdIndex) bool
	List   func() []snapshot.FootholdIndex // those that Is is true of
	Most   int                             // of them, no fewer than there are
	Within int                             // hops; longer paths are not wanted, and to leave them out is no cut. 0: any
}

// ends are those of a sorted list.
func ends(list []foothold) Ends {
	return Ends{
		Is:   func(f foothold) bool { _, is := slices.BinarySearch(list, f); return is },
		List: func() []foothold { return list }, Most: len(list),
	}
}

// Between returns the first path, in the order of paths, from any of some
// footholds to any end: what Shortest returns, mostly after looking at far fewer
// pivots, as it goes from both sides and meets in between.
func Between(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, to Ends, o Options) Answer {
	w := newWalker(ctx, s, o)
	if o.MaxHops > 0 || w.verdicts[graph.Denied] {
		// Both sides may have far to go still when they have come to the limit of
		// hops: only one that goes alone knows whether it kept something out.
		return oneSided(ctx, s, from, to, o)
	}
	return w.between(w.starts(from), to, to.Within)
}

func oneSided(ctx context.Context, s *snapshot.Snapshot, from []foothold, to Ends, o Options) Answer {
	limit := o.MaxHops
	if to.Within > 0 && (limit == 0 || to.Within < limit) {
		o.MaxHops = to.Within
	}
	a := Shortest(ctx, s, from, to.Is, o)
	if a.Cut == Hops && o.MaxHops != limit {
		a.Cut = ""
	}
	return a
}

// between searches from both ends, no further than a limit of hops; 0 is none.
// Starts are sorted.
func (w *walker) between(from []foothold, to Ends, limit int) Answer {
	m := &meeting{w: w, to: to, limit: limit, least: graph.Allowed}
	if levels := w.levels(); len(levels) > 0 {
		m.least = levels[len(levels)-1]
	}
	defer m.release()
	path, found := m.search(from)
	a := Answer{Cut: w.cut, Looked: w.looked}
	if found && w.cut == "" {
		a.Paths = []Path{path}
	} else if a.Cut == "" && m.hops && w.o.MaxHops > 0 {
		a.Cut = Hops
	}
	return a
}
