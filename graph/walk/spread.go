package walk

import (
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Spread returns all that can be reached from some footholds, or, in reverse,
// all from which they can be reached, themselves included, in no order that
// means anything. It says neither how surely nor over what, and so takes one
// pass.
func Spread(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, o Options, reverse bool) ([]snapshot.FootholdIndex, Budget) {
	w := newWalker(ctx, s, o)
	least := graph.Allowed
	if levels := w.levels(); len(levels) > 0 {
		least = levels[len(levels)-1]
	}
	t := w.tree(least, o.MaxHops)
	defer t.release()
	t.back = reverse
	t.grow(w.starts(from), nil)
	cut := w.cut
	if cut == "" && t.hops {
		cut = Hops
	}
	return slices.Clone(t.queue), cut
}
