package walk_test

import (
	"iter"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// leads are footholds that are followed for the same.
func leads(of uint32, from []snapshot.FootholdIndex) iter.Seq[walk.Lead] {
	return func(yield func(walk.Lead) bool) {
		for _, f := range from {
			if !yield(walk.Lead{Foothold: f, For: of}) {
				return
			}
		}
	}
}

// surer are options that take no pivot less sure than a level.
func surer(o walk.Options, level graph.Verdict) walk.Options {
	verdicts := o.Verdicts
	if verdicts == nil {
		verdicts = []graph.Verdict{graph.Unknown, graph.Conditional, graph.Allowed}
	}
	o.Verdicts = slices.DeleteFunc(slices.Clone(verdicts), func(v graph.Verdict) bool { return v < level })
	return o
}

// A sweep meets what a plain search reaches, in as few hops, one way or the
// other, and whatever else is followed at the same time. So does a spread, without
// a word of how.
func TestSweep(t *testing.T) {
	met := 0
	trials(t, func(t *testing.T, c trial) {
		for _, level := range []graph.Verdict{graph.Unknown, graph.Conditional, graph.Allowed} {
			for _, reverse := range []bool{false, true} {
				met += checkSweep(t, c, level, reverse)
			}
		}
		checkSpread(t, c, false)
		checkSpread(t, c, true)
	})
	if met < 10_000 {
		t.Errorf("only %d footholds were met", met)
	}
}

func checkSweep(t *testing.T, c trial, level graph.Verdict, reverse bool) (n int) {
	t.Helper()
	reach := walk.Reach
	if reverse {
		reach = walk.ReverseReach
	}
	sweep := walk.NewSweep(t.Context(), c.s, level, c.o, reverse)
	got, hops := [2]map[snapshot.FootholdIndex]int{{}, {}}, 0
	both := func(yield func(walk.Lead) bool) {
		for l := range leads(0, c.from) {
			if !yield(l) {
				return
			}
		}
		leads(1, c.goals)(yield)
	}
	for m := range sweep.All(both) {
		if _, twice := got[m.For][m.Foothold]; twice || m.Hops < hops {
			t.Errorf("%+v after %d hops, %v", m, hops, got)
		}
		got[m.For][m.Foothold], hops = m.Hops, m.Hops
		checkWay(t, c, sweep, m, level, reverse)
		n++
	}
	for of, from := range [2][]snapshot.FootholdIndex{c.from, c.goals} {
		want := reach(t.Context(), c.s, from, surer(c.o, level)).Reached
		for _, r := range want {
			if h, is := got[of][r.Foothold]; !is || h != r.Hops {
				t.Errorf("%d is %d hops away, met %v after %d", r.Foothold, r.Hops, is, h)
			}
		}
		if len(got[of]) != len(want) {
			t.Errorf("met %v, want %v", got[of], want)
		}
	}
	return n
}

func checkWay(t *testing.T, c trial, sweep *walk.Sweep, m walk.Met, level graph.Verdict, reverse bool) {
	t.Helper()
	path, start := sweep.Path(m)
	starts := [2][]snapshot.FootholdIndex{c.from, c.goals}[m.For]
	begin, end := start.Foothold, m.Foothold
	if reverse {
		begin, end = end, begin
	}
	if len(path.Steps) != m.Hops || path.Verdict < level || path.Start != begin || path.End(c.s) != end || !slices.Contains(starts, start.Foothold) {
		t.Errorf("%+v from %+v over %+v", m, start, path)
	}
	at := path.Start
	for _, p := range path.Steps {
		from, to := c.s.PivotEnds(p)
		if from != at || !(&naive{s: c.s, o: c.o}).takes(p) {
			t.Errorf("%+v does not hang together at %d", path, p)
		}
		at = to
	}
}

// A sweep looks at no pivot before somebody asks for what it leads to, and says
// what cut it.
func TestSweepIsLazy(t *testing.T) {
	s, asked := chain(t, 1000), 0
	o := walk.Options{Decide: func(p snapshot.PivotIndex) graph.Verdict { asked++; return s.PivotVerdict(p) }}
	from := []snapshot.FootholdIndex{0}
	for want := range 5 {
		asked = 0
		for m := range walk.NewSweep(t.Context(), s, graph.Unknown, o, false).All(leads(7, from)) {
			if m.Hops == want {
				break
			}
		}
		if asked != want {
			t.Errorf("%d pivots were decided for %d hops", asked, want)
		}
	}
	for want, sweep := range map[walk.Budget]*walk.Sweep{
		walk.Hops:  walk.NewSweep(t.Context(), s, graph.Unknown, walk.Options{MaxHops: 998}, false),
		walk.Nodes: walk.NewSweep(t.Context(), s, graph.Unknown, walk.Options{MaxNodes: 999}, false),
		walk.Time:  walk.NewSweep(expired(), s, graph.Unknown, walk.Options{}, false),
		"":         walk.NewSweep(t.Context(), s, graph.Unknown, walk.Options{MaxHops: 999, MaxNodes: 1000}, false),
	} {
		n := 0
		for range sweep.All(leads(0, from)) {
			n++
		}
		if sweep.Cut() != want || (n == 1000) != (want == "") {
			t.Errorf("want cut by %q: %d were met, cut by %q", want, n, sweep.Cut())
		}
	}
}

func checkSpread(t *testing.T, c trial, reverse bool) {
	t.Helper()
	a := walk.Reach(t.Context(), c.s, c.from, c.o)
	if reverse {
		a = walk.ReverseReach(t.Context(), c.s, c.from, c.o)
	}
	var want []snapshot.FootholdIndex
	for _, r := range a.Reached {
		want = append(want, r.Foothold)
	}
	got, cut := walk.Spread(t.Context(), c.s, c.from, c.o, reverse)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) || cut != a.Cut {
		t.Errorf("%v cut by %q, want %v cut by %q", got, cut, want, a.Cut)
	}
}
