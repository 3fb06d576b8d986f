package walk

import (
	"cmp"
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A ReachAnswer holds what can be reached, or who can reach.
type ReachAnswer struct {
	// Reached holds the starts (of no hops) and all that is reached, in the
	// order of Hops and foothold.
	Reached []Reached
	// Count is how many there are, also where MaxRows cut the list.
	Count  int
	Cut    Budget
	Looked int // pivots looked at

	s       *snapshot.Snapshot
	verdict func(snapshot.PivotIndex) graph.Verdict
	reverse bool
	passes  [graph.Allowed + 1]*pass
}

// A pass keeps how one tree reached what it reached, for the paths that are
// asked for later.
type pass struct {
	footholds []foothold
	parents   []pivot
	places    map[foothold]int // made when the first path is asked for
}

func (t *tree) pass() *pass {
	p := &pass{footholds: slices.Clone(t.queue), parents: make([]pivot, len(t.queue))}
	for i, f := range t.queue {
		p.parents[i] = t.marks[f].parent
	}
	return p
}

// parent returns how f was reached, false where it was not.
func (p *pass) parent(f foothold) (pivot, bool) {
	if p == nil {
		return none, false
	}
	if p.places == nil {
		p.places = make(map[foothold]int, len(p.footholds))
		for i, g := range p.footholds {
			p.places[g] = i
		}
	}
	i, ok := p.places[f]
	if !ok {
		return none, false
	}
	return p.parents[i], true
}

// Reached is one foothold of a ReachAnswer.
type Reached struct {
	Foothold snapshot.FootholdIndex
	Hops     int           // of the shortest path
	Verdict  graph.Verdict // of the surest path within the limit of hops
	SureHops int           // of the shortest path that is as sure as that
}

// Reach returns every foothold that can be reached from some footholds. Where
// a search for surer paths was cut, a verdict may be less sure than it could.
func Reach(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, o Options) ReachAnswer {
	return reach(ctx, s, from, o, false)
}

// ReverseReach returns every foothold from which some can be reached.
func ReverseReach(ctx context.Context, s *snapshot.Snapshot, to []snapshot.FootholdIndex, o Options) ReachAnswer {
	return reach(ctx, s, to, o, true)
}

func reach(ctx context.Context, s *snapshot.Snapshot, from []foothold, o Options, reverse bool) ReachAnswer {
	w := newWalker(ctx, s, o)
	a := ReachAnswer{s: s, verdict: w.verdict, reverse: reverse}
	from = w.starts(from)
	all := a.shortest(w, from)
	defer all.release()
	for _, level := range w.levels() {
		a.surest(w, from, level, all)
	}
	a.Count, a.Looked = len(a.Reached), w.looked
	slices.SortFunc(a.Reached, func(x, y Reached) int {
		return cmp.Or(cmp.Compare(x.Hops, y.Hops), cmp.Compare(x.Foothold, y.Foothold))
	})
	a.Cut = cmp.Or(w.cut, a.Cut)
	if o.MaxRows > 0 && len(a.Reached) > o.MaxRows {
		a.Reached = slices.Clip(a.Reached[:o.MaxRows])
		a.Cut = cmp.Or(a.Cut, Rows)
	}
	return a
}

// shortest finds what is reached at all, in as few hops as can be. The tree
// that it returns knows where each foothold stands in the answer.
func (a *ReachAnswer) shortest(w *walker, from []foothold) *tree {
	least := graph.Allowed
	if levels := w.levels(); len(levels) > 0 {
		least = levels[len(levels)-1]
	}
	t := w.tree(least, w.o.MaxHops)
	t.back = a.reverse
	t.grow(from, nil)
	if t.hops {
		a.Cut = Hops
	}
	a.passes[least] = t.pass()
	a.Reached = make([]Reached, len(t.queue))
	for i, f := range t.queue {
		m := t.marks[f]
		a.Reached[i] = Reached{Foothold: f, Hops: int(m.hops), Verdict: least, SureHops: int(m.hops)}
		if m.parent == none {
			a.Reached[i].Verdict = graph.Allowed
		}
	}
	return t
}

// surest gives the verdict of level to what is reached over such pivots alone
// and has no surer one.
func (a *ReachAnswer) surest(w *walker, from []foothold, level graph.Verdict, all *tree) {
	if a.passes[level] != nil || w.cut != "" {
		return
	}
	t := w.tree(level, w.o.MaxHops)
	defer t.release()
	t.back = a.reverse
	t.grow(from, nil)
	a.passes[level] = t.pass()
	for _, f := range t.queue {
		if r := &a.Reached[all.marks[f].place]; level > r.Verdict {
			r.Verdict, r.SureHops = level, int(t.marks[f].hops)
		}
	}
}

// Path returns the shortest of the surest paths to a foothold that was
// reached; of a reverse answer, from it. It is false for any other. Not safe
// for concurrent use.
func (a *ReachAnswer) Path(f snapshot.FootholdIndex) (Path, bool) {
	for level := len(a.passes) - 1; level >= 0; level-- {
		if _, ok := a.passes[level].parent(f); ok {
			return a.path(f, a.passes[level]), true
		}
	}
	return Path{}, false
}

// PathAs is Path to a foothold over pivots as sure as level: of those the
// shortest, though others be surer.
func (a *ReachAnswer) PathAs(f snapshot.FootholdIndex, level graph.Verdict) (Path, bool) {
	for ; level > graph.Denied; level-- {
		if _, ok := a.passes[level].parent(f); ok {
			return a.path(f, a.passes[level]), true
		}
	}
	return Path{}, false
}

func (a *ReachAnswer) path(f foothold, pass *pass) Path {
	path := Path{Start: f, Verdict: graph.Allowed}
	for p, _ := pass.parent(f); p != none; p, _ = pass.parent(f) {
		path.Steps = append(path.Steps, p)
		path.Verdict = min(path.Verdict, a.verdict(p))
		from, to := a.s.PivotEnds(p)
		if f = from; a.reverse {
			f = to
		}
	}
	if !a.reverse {
		path.Start = f
		slices.Reverse(path.Steps)
	}
	return path
}
