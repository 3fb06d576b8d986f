package walk_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

type arrow struct {
	from, to  int
	verdict   graph.Verdict
	relation  graph.Relation
	technique string
}

// estate is a snapshot of n principals and the arrows between them. Foothold
// number i is that of principal i.
func estate(t testing.TB, n int, arrows []arrow) *snapshot.Snapshot {
	t.Helper()
	b := snapshot.NewBuilder()
	for i := range n {
		node := graph.Node{Provider: graph.AWS, Ref: graph.Ref(fmt.Sprintf("user/%07d", i)), Kind: graph.KindUser}
		if err := b.Node(node); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Facts(); err != nil {
		t.Fatal(err)
	}
	held := func(i int) snapshot.Foothold { return snapshot.Foothold{Node: snapshot.Index(i)} }
	c := new(snapshot.Conclusions)
	for _, a := range arrows {
		c.AddPivot(snapshot.Pivot{From: held(a.from), To: held(a.to), Relation: a.relation,
			Technique: a.technique, Ruling: snapshot.Ruling{Verdict: a.verdict}})
	}
	var all []snapshot.Foothold
	for i := range n {
		all = append(all, held(i))
	}
	c.AddClass(snapshot.AccessClass{Members: all})
	if err := b.Conclude(c); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.FromBytes(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// draw draws arrows: parallel ones, loops and circles among them.
func draw(rng *rand.Rand, n, arrows int) (out []arrow) {
	relations := []graph.Relation{graph.CanAssume, graph.MemberOf, graph.CanEscalate}
	for range arrows {
		a := arrow{from: rng.IntN(n), to: rng.IntN(n), verdict: graph.Verdict(rng.IntN(4)), relation: relations[rng.IntN(3)]}
		if a.relation == graph.CanEscalate {
			a.technique = fmt.Sprint("t", rng.IntN(2))
		}
		out = append(out, a)
	}
	return out
}

// a naive walk tries everything.
type naive struct {
	s    *snapshot.Snapshot
	o    walk.Options
	goal func(snapshot.FootholdIndex) bool
	out  []walk.Path
}

func (n *naive) takes(p snapshot.PivotIndex) bool {
	v := n.s.PivotVerdict(p)
	technique := n.s.PivotTechnique(p)
	switch {
	case n.o.Exclude[p],
		n.o.Verdicts == nil && v == graph.Denied,
		n.o.Verdicts != nil && !slices.Contains(n.o.Verdicts, v),
		n.o.Relations != nil && !slices.Contains(n.o.Relations, n.s.PivotRelation(p)),
		n.o.Techniques != nil && technique != "" && !n.o.Techniques(technique):
		return false
	}
	return true
}

// simple collects all paths without a circle, in order.
func (n *naive) simple(from []snapshot.FootholdIndex) []walk.Path {
	n.out = nil
	for _, f := range slices.Compact(slices.Sorted(slices.Values(from))) {
		n.extend(walk.Path{Start: f, Verdict: graph.Allowed}, f, []snapshot.FootholdIndex{f})
	}
	slices.SortFunc(n.out, walk.ComparePaths)
	return n.out
}

func (n *naive) extend(path walk.Path, at snapshot.FootholdIndex, seen []snapshot.FootholdIndex) {
	if n.goal(at) {
		n.out = append(n.out, path)
		return
	}
	if n.o.MaxHops > 0 && len(path.Steps) == n.o.MaxHops {
		return
	}
	for p := range snapshot.PivotIndex(n.s.NumPivots()) {
		from, to := n.s.PivotEnds(p)
		if from == at && !slices.Contains(seen, to) && n.takes(p) {
			next := walk.Path{Start: path.Start, Steps: append(slices.Clone(path.Steps), p), Verdict: min(path.Verdict, n.s.PivotVerdict(p))}
			n.extend(next, to, append(slices.Clone(seen), to))
		}
	}
}

// A trial is one random question.
type trial struct {
	s     *snapshot.Snapshot
	from  []snapshot.FootholdIndex
	goals []snapshot.FootholdIndex
	o     walk.Options
	paths []walk.Path
}

func (c trial) goal(f snapshot.FootholdIndex) bool { return slices.Contains(c.goals, f) }

// trials asks many random questions of small random estates.
func trials(t *testing.T, check func(t *testing.T, c trial)) {
	rng := rand.New(rand.NewPCG(11, 22))
	for i := range 3000 {
		n := 2 + rng.IntN(6)
		arrows := rng.IntN(3 * n)
		if i%4 == 0 {
			n, arrows = 4, 8+rng.IntN(8) // few principals and many ways between them
		}
		c := trial{s: estate(t, n, draw(rng, n, arrows))}
		for range 1 + rng.IntN(2) {
			c.from = append(c.from, snapshot.FootholdIndex(rng.IntN(n)))
			c.goals = append(c.goals, snapshot.FootholdIndex(rng.IntN(n)))
		}
		c.o = drawOptions(rng, c.s.NumPivots())
		c.paths = (&naive{s: c.s, o: c.o, goal: c.goal}).simple(c.from)
		if check(t, c); t.Failed() {
			t.Fatalf("trial %d: from %v to %v with %+v; paths %v", i, c.from, c.goals, c.o, c.paths)
		}
	}
}

func drawOptions(rng *rand.Rand, pivots int) (o walk.Options) {
	if rng.IntN(3) == 0 {
		o.MaxHops = 1 + rng.IntN(3)
	}
	switch rng.IntN(4) {
	case 0:
		o.Verdicts = []graph.Verdict{graph.Allowed, graph.Unknown}
	case 1:
		o.Verdicts = []graph.Verdict{graph.Denied, graph.Conditional, graph.Unknown}
	}
	if rng.IntN(4) == 0 {
		o.Relations = []graph.Relation{graph.CanEscalate, graph.CanAssume}
		o.Techniques = func(id string) bool { return id == "t1" }
	}
	if rng.IntN(3) == 0 && pivots > 0 {
		o.Exclude = map[snapshot.PivotIndex]bool{snapshot.PivotIndex(rng.IntN(pivots)): true}
	}
	return o
}

// expired is a context whose time is up.
func expired() context.Context {
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	cancel()
	return ctx
}
