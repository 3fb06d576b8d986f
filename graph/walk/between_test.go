package walk_test

import (
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// Between finds what the plain search finds, whether it lists the ends or goes
// from the starts until it comes upon one.
func TestBetween(t *testing.T) {
	listed, unlisted := 0, 0
	trials(t, func(t *testing.T, c trial) {
		want := walk.Shortest(t.Context(), c.s, c.from, c.goal, c.o)
		for _, most := range []int{len(c.goals), 1 << 20} {
			ends := walk.Ends{Is: c.goal, Most: most, List: func() []snapshot.FootholdIndex { listed++; return c.goals }}
			before := listed
			got := walk.Between(t.Context(), c.s, c.from, ends, c.o)
			same(t, "between", got.Paths, want.Paths)
			if got.Cut != want.Cut {
				t.Errorf("cut by %q, plainly by %q", got.Cut, want.Cut)
			}
			if listed == before && len(got.Paths) > 0 && len(got.Paths[0].Steps) > 0 {
				unlisted++
			}
			checkWithin(t, c, ends)
		}
	})
	if listed < 200 || unlisted < 200 {
		t.Errorf("ends were listed %d times, and %d paths found without", listed, unlisted)
	}
}

// checkWithin looks for paths of a few hops at most: to leave longer ones out
// is no cut.
func checkWithin(t *testing.T, c trial, ends walk.Ends) {
	t.Helper()
	c.o.MaxHops = 0
	paths := walk.Shortest(t.Context(), c.s, c.from, c.goal, c.o).Paths
	for ends.Within = 1; ends.Within < 4; ends.Within++ {
		want := paths
		if len(paths) > 0 && len(paths[0].Steps) > ends.Within {
			want = nil
		}
		got := walk.Between(t.Context(), c.s, c.from, ends, c.o)
		same(t, "within", got.Paths, want)
		if got.Cut != "" {
			t.Errorf("within %d hops: cut by %q", ends.Within, got.Cut)
		}
	}
}
