package walk

import (
	"cmp"
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A CutsAnswer says what stops all paths between starts and goals.
type CutsAnswer struct {
	// Reached: there is a path. Where it is false and Cut is empty, there is
	// nothing to stop.
	Reached bool
	// Inside: a start is a goal itself. No pivot can stop that.
	Inside bool
	// Single holds every pivot that lies on all paths, in the order in which a
	// path takes them. Taking away any of them stops all.
	Single []snapshot.PivotIndex
	// Minimum is a smallest set of pivots that stops all paths when taken away
	// together, sorted; of several such sets the one nearest to the starts.
	Minimum []snapshot.PivotIndex
	// Cut is the bound that kept Single or Minimum from being found: Rows if
	// the smallest set has more than MaxRows pivots. Single and Minimum are
	// exact where they are not empty.
	Cut    Budget
	Looked int // pivots looked at
}

// Cuts returns the single pivots that stop every path from some footholds to
// any goal, and a smallest set that does. MaxHops does not count: what stops
// the short paths must stop the long ones.
func Cuts(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool, o Options) CutsAnswer {
	o.MaxHops = 0
	w := newWalker(ctx, s, o)
	starts := w.starts(from)
	path, found, _ := w.first(query{from: starts, goal: goal})
	a := CutsAnswer{Reached: found, Inside: found && len(path.Steps) == 0}
	if found && !a.Inside {
		if single, ok := w.singles(starts, path, goal); ok {
			a.Single = single
		}
		a.Minimum, a.Cut = w.minimum(starts, goal, a.Single)
	}
	a.Cut, a.Looked = cmp.Or(w.cut, a.Cut), w.looked
	return a
}

// singles finds the pivots of path that no other way goes around. It spreads
// from the starts without the pivots of the path. Whoever comes back to the
// path further on has gone around all before; where nobody does, the next
// pivot of the path is a single one, and the spreading goes on behind it.
func (w *walker) singles(starts []foothold, path Path, goal func(foothold) bool) (single []pivot, ok bool) {
	place := map[foothold]int{path.Start: 0}
	skip := map[pivot]bool{}
	for i, p := range path.Steps {
		_, to := w.s.PivotEnds(p)
		place[to] = i + 1
		skip[p] = true
	}
	t := w.tree(0, 0)
	defer t.release()
	t.skip = skip
	from := starts
	for reached := 0; reached < len(path.Steps); {
		furthest := t.around(from, place, len(path.Steps), goal)
		if w.cut != "" {
			return nil, false
		}
		from = nil
		if furthest <= reached {
			single = append(single, path.Steps[reached])
			furthest = reached + 1
		}
		for _, p := range path.Steps[reached:furthest] {
			_, to := w.s.PivotEnds(p)
			from = append(from, to)
		}
		reached = furthest
	}
	return single, true
}

// around grows the tree from further footholds and returns the furthest place
// on the path that it met; any goal is its end.
func (t *tree) around(from []foothold, place map[foothold]int, end int, goal func(foothold) bool) int {
	next, furthest := len(t.queue), 0
	for _, f := range from {
		if !t.has(f) && !t.reach(f, none, 0) {
			return 0
		}
	}
	for ; next < len(t.queue) && t.w.cut == ""; next++ {
		f := t.queue[next]
		if goal(f) {
			return end
		}
		furthest = max(furthest, place[f])
		t.expand(f, nil)
	}
	return furthest
}

// minimum finds a smallest set of pivots by as many disjoint ways as there
// are: flows of one, found one at a time.
func (w *walker) minimum(starts []foothold, goal func(foothold) bool, single []pivot) ([]pivot, Budget) {
	if len(single) > 0 {
		return single[:1:1], ""
	}
	f := flow{w: w, used: map[pivot]bool{}}
	defer func() { f.t.release() }()
	for size := 0; ; size++ {
		end, found := f.spread(starts, goal)
		if w.cut != "" {
			return nil, w.cut
		}
		if !found {
			return f.border(), ""
		}
		if w.o.MaxRows > 0 && size >= w.o.MaxRows {
			return nil, Rows
		}
		f.push(end)
	}
}

// A flow is a set of pivots that makes ways which share no pivot.
type flow struct {
	w    *walker
	used map[pivot]bool
	t    *tree // of the last spread: a parent that is used is given back
}

// spread looks for one more way to a goal.
func (f *flow) spread(starts []foothold, goal func(foothold) bool) (foothold, bool) {
	if f.t != nil {
		f.t.release()
	}
	f.t = f.w.tree(graph.Denied, 0)
	for _, s := range starts {
		f.add(s, none)
	}
	for next := 0; next < len(f.t.queue) && f.w.cut == ""; next++ {
		at := f.t.queue[next]
		if goal(at) {
			return at, true
		}
		f.forward(at)
		f.backward(at)
	}
	return 0, false
}

func (f *flow) add(to foothold, p pivot) {
	if int(to) < len(f.t.marks) && !f.t.has(to) {
		f.t.reach(to, p, 0)
	}
}

func (f *flow) forward(at foothold) {
	for _, p := range f.w.s.PivotsOut(at) {
		if _, ok := f.w.look(p, graph.Denied); ok && !f.used[p] {
			_, to := f.w.s.PivotEnds(p)
			f.add(to, p)
		}
	}
}

// backward gives used pivots back. Where nothing is used there is nothing to
// look for.
func (f *flow) backward(at foothold) {
	if len(f.used) == 0 {
		return
	}
	for _, p := range f.w.s.PivotsIn(at) {
		f.w.count()
		if f.used[p] {
			from, _ := f.w.s.PivotEnds(p)
			f.add(from, p)
		}
	}
}

// push takes the way that was found to end.
func (f *flow) push(end foothold) {
	for p := f.t.marks[end].parent; p != none; p = f.t.marks[end].parent {
		from, to := f.w.s.PivotEnds(p)
		if f.used[p] {
			delete(f.used, p)
			end = to
		} else {
			f.used[p] = true
			end = from
		}
	}
}

// border returns the used pivots that lead out of what is still reached.
func (f *flow) border() (out []pivot) {
	for p := range f.used {
		from, to := f.w.s.PivotEnds(p)
		if f.t.has(from) && !f.t.has(to) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}
