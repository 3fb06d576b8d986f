package walk_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

func same(t *testing.T, what string, got, want []walk.Path) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d paths, want %d\n got %v\nwant %v", what, len(got), len(want), got, want)
		return
	}
	for i := range got {
		if walk.ComparePaths(got[i], want[i]) != 0 {
			t.Errorf("%s: path %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// pruned checks Cut of a search that only MaxHops can cut: it must be cut
// where unlimited hops find more, and must not where there is no limit.
func pruned(t *testing.T, c trial, cut walk.Budget, all int) {
	t.Helper()
	if cut != "" && (cut != walk.Hops || c.o.MaxHops == 0) {
		t.Errorf("cut by %q", cut)
	}
	free := c.o
	free.MaxHops = 0
	if more := len((&naive{s: c.s, o: free, goal: c.goal}).simple(c.from)); cut == "" && more > all {
		t.Errorf("not cut, and %d of %d paths", all, more)
	}
}

func TestShortest(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		a := walk.Shortest(t.Context(), c.s, c.from, c.goal, c.o)
		same(t, "shortest", a.Paths, c.paths[:min(1, len(c.paths))])
		if len(c.paths) == 0 {
			pruned(t, c, a.Cut, 0)
		} else if a.Cut != "" {
			t.Errorf("cut by %q", a.Cut)
		}
	})
}

func TestAllShortest(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		a := walk.AllShortest(t.Context(), c.s, c.from, c.goal, c.o)
		var want []walk.Path
		for _, p := range c.paths {
			if len(p.Steps) == len(c.paths[0].Steps) {
				want = append(want, p)
			}
		}
		same(t, "all", a.Paths, want)
		if a.Count != uint64(len(want)) {
			t.Errorf("counted %d of %d", a.Count, len(want))
		}
		if len(want) > 1 {
			c.o.MaxRows = len(want) - 1
			a = walk.AllShortest(t.Context(), c.s, c.from, c.goal, c.o)
			same(t, "one page", a.Paths, want[:len(want)-1])
			if a.Cut != walk.Rows || a.Count != uint64(len(want)) {
				t.Errorf("page cut by %q, counted %d of %d", a.Cut, a.Count, len(want))
			}
		}
	})
}

func TestKShortest(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		a := walk.KShortest(t.Context(), c.s, c.from, c.goal, len(c.paths)+5, c.o)
		same(t, "all", a.Paths, c.paths)
		pruned(t, c, a.Cut, len(c.paths))
		for k := range len(c.paths) {
			a := walk.KShortest(t.Context(), c.s, c.from, c.goal, k, c.o)
			same(t, "first k", a.Paths, c.paths[:k])
			if a.Cut != walk.Rows {
				t.Errorf("k of %d: cut by %q", k, a.Cut)
			}
			if k > 3 {
				break
			}
		}
	})
}

// Behind a conditional step, a surer rest makes no surer path: the lower
// pivots come first.
func TestKShortestBehindALessSureStep(t *testing.T) {
	arrows := []arrow{{from: 0, to: 1, verdict: graph.Conditional, relation: graph.CanAssume}}
	for i, v := range []graph.Verdict{graph.Unknown, graph.Conditional, graph.Conditional, graph.Allowed} {
		arrows = append(arrows, arrow{from: 1, to: 2, verdict: v, relation: graph.CanEscalate, technique: string(rune('a' + i))})
	}
	s := estate(t, 3, arrows)
	start, goal := []snapshot.FootholdIndex{0}, func(f snapshot.FootholdIndex) bool { return f == 2 }
	n := naive{s: s, goal: goal}
	same(t, "all", walk.KShortest(t.Context(), s, start, goal, 9, walk.Options{}).Paths, n.simple(start))
}

func TestReach(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		checkReach(t, c, walk.Reach(t.Context(), c.s, c.from, c.o), func(f snapshot.FootholdIndex) []walk.Path {
			n := naive{s: c.s, o: c.o, goal: func(g snapshot.FootholdIndex) bool { return g == f }}
			return n.simple(c.from)
		})
	})
}

func TestReverseReach(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		checkReach(t, c, walk.ReverseReach(t.Context(), c.s, c.goals, c.o), func(f snapshot.FootholdIndex) []walk.Path {
			n := naive{s: c.s, o: c.o, goal: c.goal}
			return n.simple([]snapshot.FootholdIndex{f})
		})
	})
}

// checkReach compares an answer with all paths to or from each foothold.
func checkReach(t *testing.T, c trial, a walk.ReachAnswer, paths func(snapshot.FootholdIndex) []walk.Path) {
	got := map[snapshot.FootholdIndex]walk.Reached{}
	for _, r := range a.Reached {
		got[r.Foothold] = r
	}
	if len(got) != a.Count || !slices.IsSortedFunc(a.Reached, func(x, y walk.Reached) int { return x.Hops - y.Hops }) {
		t.Errorf("counted %d: %v", a.Count, a.Reached)
	}
	for f := range snapshot.FootholdIndex(c.s.NumFootholds()) {
		all := paths(f)
		r, reached := got[f]
		if reached != (len(all) > 0) {
			t.Errorf("%d: reached is %v, %d paths", f, reached, len(all))
			continue
		}
		path, ok := a.Path(f)
		if !reached {
			if ok {
				t.Errorf("%d: a path to what is not reached", f)
			}
			continue
		}
		sure := surest(all)
		want := walk.Reached{Foothold: f, Hops: len(all[0].Steps), Verdict: sure.Verdict, SureHops: len(sure.Steps)}
		if r != want {
			t.Errorf("%d: %+v, want %+v", f, r, want)
		}
		if !slices.ContainsFunc(all, func(p walk.Path) bool { return walk.ComparePaths(p, path) == 0 }) ||
			path.Verdict != sure.Verdict || len(path.Steps) != len(sure.Steps) {
			t.Errorf("%d: path %v, want one like %v", f, path, sure)
		}
	}
	if a.Cut != "" && (a.Cut != walk.Hops || c.o.MaxHops == 0) {
		t.Errorf("cut by %q", a.Cut)
	}
}

// surest returns the shortest of the surest paths.
func surest(paths []walk.Path) walk.Path {
	return slices.MinFunc(paths, func(a, b walk.Path) int {
		if a.Verdict != b.Verdict {
			return int(b.Verdict) - int(a.Verdict)
		}
		return len(a.Steps) - len(b.Steps)
	})
}

func TestCuts(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		c.o.MaxHops = 0
		n := naive{s: c.s, o: c.o, goal: c.goal}
		paths := n.simple(c.from)
		a := walk.Cuts(t.Context(), c.s, c.from, c.goal, c.o)
		inside := len(paths) > 0 && len(paths[0].Steps) == 0
		if a.Reached != (len(paths) > 0) || a.Inside != inside || a.Cut != "" {
			t.Errorf("%+v", a)
		}
		if len(paths) == 0 || inside {
			if len(a.Single)+len(a.Minimum) > 0 {
				t.Errorf("cuts of nothing: %+v", a)
			}
			return
		}
		var single []snapshot.PivotIndex
		for _, p := range paths[0].Steps {
			if !slices.ContainsFunc(paths, func(other walk.Path) bool { return !slices.Contains(other.Steps, p) }) {
				single = append(single, p)
			}
		}
		if !slices.Equal(a.Single, single) {
			t.Errorf("single %v, want %v", a.Single, single)
		}
		if size := smallestCut(c.s, paths); len(a.Minimum) != size || !stops(paths, a.Minimum) {
			t.Errorf("minimum %v, want %d that stop", a.Minimum, size)
		}
		if c.o.MaxRows = len(a.Minimum) - 1; c.o.MaxRows > 0 {
			if a := walk.Cuts(t.Context(), c.s, c.from, c.goal, c.o); a.Cut != walk.Rows || a.Minimum != nil {
				t.Errorf("with fewer rows: %+v", a)
			}
		}
	})
}

// The shortest way from 0 to 3 goes over a pivot that two disjoint ways must
// not share: the smallest cut is found only if it is given back.
func TestCutsGiveBack(t *testing.T) {
	var arrows []arrow
	for _, a := range [][2]int{{0, 1}, {1, 2}, {2, 3}, {0, 4}, {4, 5}, {5, 2}, {1, 6}, {6, 7}, {7, 3}} {
		arrows = append(arrows, arrow{from: a[0], to: a[1], verdict: graph.Allowed, relation: graph.CanAssume})
	}
	s := estate(t, 8, arrows)
	end := func(f snapshot.FootholdIndex) bool { return f == 3 }
	a := walk.Cuts(t.Context(), s, []snapshot.FootholdIndex{0}, end, walk.Options{})
	var from []snapshot.FootholdIndex
	for _, p := range a.Minimum {
		at, _ := s.PivotEnds(p)
		from = append(from, at)
	}
	if len(a.Single) != 0 || !slices.Equal(from, []snapshot.FootholdIndex{0, 0}) {
		t.Errorf("single %v, minimum from %v, want both pivots of the start", a.Single, from)
	}
}

func stops(paths []walk.Path, cut []snapshot.PivotIndex) bool {
	return !slices.ContainsFunc(paths, func(p walk.Path) bool {
		return !slices.ContainsFunc(p.Steps, func(step snapshot.PivotIndex) bool { return slices.Contains(cut, step) })
	})
}

// smallestCut tries all sets of pivots, small ones first.
func smallestCut(s *snapshot.Snapshot, paths []walk.Path) int {
	for size := 1; ; size++ {
		if tryCuts(s, paths, nil, 0, size) {
			return size
		}
	}
}

func tryCuts(s *snapshot.Snapshot, paths []walk.Path, cut []snapshot.PivotIndex, next, size int) bool {
	if len(cut) == size {
		return stops(paths, cut)
	}
	for p := next; p < s.NumPivots(); p++ {
		if tryCuts(s, paths, append(slices.Clone(cut), snapshot.PivotIndex(p)), p+1, size) {
			return true
		}
	}
	return false
}

// chain is a row of principals, each of which leads to the next by two pivots.
func chain(t testing.TB, n int) *snapshot.Snapshot {
	var arrows []arrow
	for i := range n - 1 {
		arrows = append(arrows, arrow{from: i, to: i + 1, verdict: graph.Allowed, relation: graph.CanAssume},
			arrow{from: i, to: i + 1, verdict: graph.Conditional, relation: graph.MemberOf})
	}
	return estate(t, n, arrows)
}

func TestBudgets(t *testing.T) {
	s := chain(t, 100)
	start := []snapshot.FootholdIndex{0}
	end := func(f snapshot.FootholdIndex) bool { return f == 99 }
	for _, c := range []struct {
		o    walk.Options
		late bool
		want walk.Budget
	}{
		{o: walk.Options{}, want: ""},
		{o: walk.Options{MaxHops: 98}, want: walk.Hops},
		{o: walk.Options{MaxHops: 99}, want: ""},
		{o: walk.Options{MaxNodes: 99}, want: walk.Nodes},
		{o: walk.Options{}, late: true, want: walk.Time},
	} {
		ctx := t.Context()
		if c.late {
			ctx = expired()
		}
		a := walk.Shortest(ctx, s, start, end, c.o)
		if a.Cut != c.want || (len(a.Paths) == 1) != (c.want == "") {
			t.Errorf("shortest with %+v: %d paths, cut by %q", c.o, len(a.Paths), a.Cut)
		}
		if a := walk.Reach(ctx, s, start, c.o); a.Cut != c.want || (a.Count == 100) != (c.want == "") {
			t.Errorf("reach with %+v: %d, cut by %q", c.o, a.Count, a.Cut)
		}
		if a := walk.KShortest(ctx, s, start, end, 1, c.o); a.Cut == "" {
			t.Errorf("one path of many with %+v is not cut", c.o)
		}
	}
	if a := walk.Reach(t.Context(), s, start, walk.Options{MaxRows: 7}); a.Cut != walk.Rows || len(a.Reached) != 7 || a.Count != 100 {
		t.Errorf("7 rows: %d of %d, cut by %q", len(a.Reached), a.Count, a.Cut)
	}
	if a := walk.Cuts(expired(), s, start, end, walk.Options{}); a.Cut != walk.Time || a.Single != nil || a.Minimum != nil {
		t.Errorf("late cuts: %+v", a)
	}
}

func TestCountSaturates(t *testing.T) {
	s := chain(t, 100) // 2^99 paths
	end := func(f snapshot.FootholdIndex) bool { return f == 99 }
	a := walk.AllShortest(t.Context(), s, []snapshot.FootholdIndex{0}, end, walk.Options{MaxRows: 3})
	if a.Count != math.MaxUint64 || len(a.Paths) != 3 || a.Cut != walk.Rows {
		t.Errorf("counted %d, listed %d, cut by %q", a.Count, len(a.Paths), a.Cut)
	}
	if a.Paths[0].Verdict != graph.Allowed || a.Paths[1].Verdict != graph.Conditional {
		t.Errorf("%v before %v", a.Paths[0].Verdict, a.Paths[1].Verdict)
	}
}

// The caller's verdicts hold in place of the recorded ones, everywhere.
func TestDecide(t *testing.T) {
	trials(t, func(t *testing.T, c trial) {
		asked := map[snapshot.PivotIndex]int{}
		turned := c.o
		turned.Decide = func(p snapshot.PivotIndex) graph.Verdict {
			asked[p]++
			return c.s.PivotVerdict(p)
		}
		a, b := walk.KShortest(t.Context(), c.s, c.from, c.goal, 5, turned), walk.KShortest(t.Context(), c.s, c.from, c.goal, 5, c.o)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("decided %+v, recorded %+v", a, b)
		}
		for p, n := range asked {
			if n > 1 {
				t.Errorf("pivot %d was decided %d times", p, n)
			}
		}
		turned.Decide = func(snapshot.PivotIndex) graph.Verdict { return graph.Denied }
		turned.Verdicts = nil
		for _, p := range walk.Shortest(t.Context(), c.s, c.from, c.goal, turned).Paths {
			if len(p.Steps) > 0 {
				t.Errorf("a path of denied steps: %v", p)
			}
		}
	})
}
