package walk_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// The index answers as the plain searches do.
func TestIndexShortest(t *testing.T) {
	found := 0
	trials(t, func(t *testing.T, c trial) {
		for _, o := range []walk.Options{{}, {MaxHops: c.o.MaxHops}, c.o} {
			x := walk.NewIndex(c.s)
			a, b := x.Shortest(t.Context(), c.from, c.goals, o), walk.Shortest(t.Context(), c.s, c.from, c.goal, o)
			same(t, "shortest", a.Paths, b.Paths)
			found += len(a.Paths)
			reached := walk.Reach(t.Context(), c.s, c.from, walk.Options{}).Reached
			reaches := slices.ContainsFunc(reached, func(r walk.Reached) bool { return c.goal(r.Foothold) })
			want := walk.Budget("")
			if len(b.Paths) == 0 && reaches && x.Holds(o) {
				want = walk.Hops
			}
			if x.Holds(o) && a.Cut != want || !x.Holds(o) && a.Cut != b.Cut {
				t.Errorf("with %+v cut by %q, plainly by %q", o, a.Cut, b.Cut)
			}
		}
	})
	if found < 1000 {
		t.Errorf("only %d paths were found", found)
	}
}

// Larger estates have longer paths and components to go around.
func TestIndexOfLargerEstates(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	long := 0
	for range 60 {
		n := 50 + rng.IntN(100)
		s := estate(t, n, draw(rng, n, n+rng.IntN(n)))
		x := walk.NewIndex(s)
		checkComponents(t, s, x)
		for range 40 {
			from := []snapshot.FootholdIndex{snapshot.FootholdIndex(rng.IntN(n)), snapshot.FootholdIndex(rng.IntN(n))}
			to := []snapshot.FootholdIndex{snapshot.FootholdIndex(rng.IntN(n))}
			a := x.Shortest(t.Context(), from, to, walk.Options{})
			b := walk.Shortest(t.Context(), s, from, func(f snapshot.FootholdIndex) bool { return f == to[0] }, walk.Options{})
			same(t, "shortest", a.Paths, b.Paths)
			if len(a.Paths) > 0 && len(a.Paths[0].Steps) > 6 {
				long++
			}
			checkSets(t, s, x, from)
		}
		if t.Failed() {
			return
		}
	}
	if long < 20 {
		t.Errorf("only %d paths were long", long)
	}
}

// checkSets compares sets, and every pair, with the plain searches.
func checkSets(t *testing.T, s *snapshot.Snapshot, x *walk.Index, from []snapshot.FootholdIndex) {
	t.Helper()
	for _, c := range []struct {
		set   walk.Set
		plain walk.ReachAnswer
	}{
		{x.Reach(from), walk.Reach(t.Context(), s, from, walk.Options{})},
		{x.ReverseReach(from), walk.ReverseReach(t.Context(), s, from, walk.Options{})},
	} {
		var want []snapshot.FootholdIndex
		for _, r := range c.plain.Reached {
			want = append(want, r.Foothold)
		}
		slices.Sort(want)
		got := slices.Sorted(c.set.All())
		if !slices.Equal(got, want) || c.set.Count != len(want) {
			t.Errorf("from %v: %d of %v, want %v", from, c.set.Count, got, want)
		}
		for f := range snapshot.FootholdIndex(s.NumFootholds()) {
			if _, in := slices.BinarySearch(want, f); c.set.Has(f) != in {
				t.Errorf("from %v: has %d is %v", from, f, !in)
			}
		}
	}
	forward := x.Reach(from[:1])
	for f := range snapshot.FootholdIndex(s.NumFootholds() + 2) {
		if x.Reaches(from[0], f) != forward.Has(f) {
			t.Errorf("%d reaches %d: %v", from[0], f, !forward.Has(f))
		}
	}
}

// checkComponents holds that footholds share a component exactly where each
// reaches the other.
func checkComponents(t *testing.T, s *snapshot.Snapshot, x *walk.Index) {
	t.Helper()
	members, largest := 0, 0
	for c := range uint32(x.NumComponents()) {
		list := x.Members(c)
		members, largest = members+len(list), max(largest, len(list))
		back := x.ReverseReach(list[:1])
		for _, f := range slices.Collect(x.Reach(list[:1]).All()) {
			if back.Has(f) != (x.Component(f) == c) {
				t.Errorf("%d and %d: one component is %v", list[0], f, x.Component(f) == c)
			}
		}
	}
	if members != s.NumFootholds() || len(x.Members(x.Largest())) != largest || x.Members(uint32(x.NumComponents())) != nil {
		t.Errorf("%d members of %d footholds, %d in the largest component", members, s.NumFootholds(), largest)
	}
}

// A long chain closed to a circle is one component, and takes no stack.
func TestIndexOfLongChain(t *testing.T) {
	const n = 50_000
	var arrows []arrow
	for i := range n {
		arrows = append(arrows, arrow{from: i, to: (i + 1) % n, verdict: graph.Allowed, relation: graph.CanAssume})
	}
	open, circle := walk.NewIndex(estate(t, n, arrows[:n-1])), walk.NewIndex(estate(t, n, arrows))
	if open.NumComponents() != n || circle.NumComponents() != 1 {
		t.Errorf("%d and %d components", open.NumComponents(), circle.NumComponents())
	}
	if !open.Reaches(0, n-1) || open.Reaches(n-1, 0) || !circle.Reaches(n-1, 0) || open.Reach([]snapshot.FootholdIndex{10}).Count != n-10 {
		t.Error("the chain leads elsewhere")
	}
	a := open.Shortest(t.Context(), []snapshot.FootholdIndex{0}, []snapshot.FootholdIndex{n - 1}, walk.Options{})
	if len(a.Paths) != 1 || len(a.Paths[0].Steps) != n-1 {
		t.Errorf("%d paths, cut by %q", len(a.Paths), a.Cut)
	}
}

func TestIndexBudgets(t *testing.T) {
	x := walk.NewIndex(chain(t, 100))
	from, to := []snapshot.FootholdIndex{0}, []snapshot.FootholdIndex{99}
	for want, a := range map[walk.Budget]walk.Answer{
		walk.Hops:  x.Shortest(t.Context(), from, to, walk.Options{MaxHops: 98}),
		walk.Nodes: x.Shortest(t.Context(), from, to, walk.Options{MaxNodes: 50}),
		walk.Time:  x.Shortest(expired(), from, to, walk.Options{}),
		"":         x.Shortest(t.Context(), from, to, walk.Options{MaxHops: 99}),
	} {
		if a.Cut != want || (len(a.Paths) == 1) != (want == "") {
			t.Errorf("want cut by %q: %d paths, cut by %q", want, len(a.Paths), a.Cut)
		}
	}
	if a := x.Shortest(t.Context(), to, from, walk.Options{MaxHops: 3}); a.Cut != "" || len(a.Paths) != 0 {
		t.Errorf("nothing leads back: %+v", a)
	}
}

// An empty estate, and footholds that are none.
func TestIndexOfNothing(t *testing.T) {
	s, err := snapshot.NewBuilder().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	x := walk.NewIndex(s)
	if x.NumComponents() != 0 || x.Reaches(0, 0) || x.Reach([]snapshot.FootholdIndex{3}).Count != 0 || x.Members(x.Largest()) != nil {
		t.Error("there is something in an empty estate")
	}
	if a := x.Shortest(t.Context(), []snapshot.FootholdIndex{1}, []snapshot.FootholdIndex{1}, walk.Options{}); len(a.Paths) > 0 {
		t.Errorf("%+v", a)
	}
}

// Many may ask one index at once.
func TestIndexAtOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	const n = 200
	x := walk.NewIndex(estate(t, n, draw(rng, n, 2*n)))
	want := make([]int, n)
	for f := range want {
		want[f] = x.Reach([]snapshot.FootholdIndex{snapshot.FootholdIndex(f)}).Count
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for f := range snapshot.FootholdIndex(n) {
				reached := 0
				for g := range snapshot.FootholdIndex(n) {
					if x.Reaches(f, g) {
						reached++
					}
				}
				if reached != want[f] || x.Reach([]snapshot.FootholdIndex{f}).Count != want[f] {
					t.Errorf("%d reaches %d, want %d", f, reached, want[f])
				}
			}
		})
	}
	group.Wait()
}
