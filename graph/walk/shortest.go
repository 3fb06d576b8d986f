package walk

import (
	"container/heap"
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Shortest returns the first path, in the order of paths, from any of some
// footholds to any that is a goal.
func Shortest(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool, o Options) Answer {
	w := newWalker(ctx, s, o)
	q := query{from: w.starts(from), goal: goal, most: graph.Allowed, limit: o.MaxHops}
	path, found, hops := w.first(q)
	a := Answer{Cut: w.cut, Looked: w.looked}
	if found {
		a.Paths = []Path{path}
	} else if a.Cut == "" && hops {
		a.Cut = Hops
	}
	return a
}

// A query asks for the first of some paths.
type query struct {
	from  []foothold
	goal  func(foothold) bool
	ban   []foothold     // not to be passed
	skip  map[pivot]bool // not to be taken
	most  graph.Verdict  // surer than this is no better: an earlier step is no surer
	limit int            // hops; 0 is none
}

// first finds the first path: one pass for the number of hops, and, where that
// path could be surer, further ones over the surer pivots alone. hops says
// that the limit of hops kept something out.
func (w *walker) first(q query) (path Path, found, hops bool) {
	levels := w.levels()
	if len(levels) == 0 {
		levels = []graph.Verdict{graph.Allowed} // no pivot passes, starts still count
	}
	path, found, hops = w.pass(q, levels[len(levels)-1])
	if !found || path.Verdict >= q.most {
		return path, found, hops
	}
	q.limit = len(path.Steps)
	tried := graph.Allowed + 1
	for _, level := range levels {
		level = min(level, q.most)
		if level >= tried || level <= path.Verdict {
			continue
		}
		tried = level
		if surer, ok, _ := w.pass(q, level); ok {
			return surer, true, false
		}
	}
	return path, true, false
}

func (w *walker) pass(q query, least graph.Verdict) (path Path, found, hops bool) {
	t := w.tree(least, q.limit)
	defer t.release()
	t.skip = q.skip
	for _, f := range q.ban {
		t.ban(f)
	}
	end, found := t.grow(q.from, q.goal)
	if found {
		path = t.path(end)
	}
	return path, found, t.hops
}

// KShortest returns the first k paths, in the order of paths, none of which
// comes twice to one foothold. Where there are more than k, or than MaxRows,
// Cut is Rows.
func KShortest(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool, k int, o Options) Answer {
	if o.MaxRows > 0 {
		k = min(k, o.MaxRows)
	}
	w := newWalker(ctx, s, o)
	y := &yen{w: w, from: w.starts(from), goal: goal}
	y.candidate(detour{at: -1, from: y.from}, Path{Verdict: graph.Allowed})
	for len(y.found) <= k && y.open.Len() > 0 && w.cut == "" {
		d := heap.Pop(&y.open).(detour)
		y.found = append(y.found, d.Path)
		if len(y.found) <= k {
			y.detours(d)
		}
	}
	return y.answer(k)
}

// yen finds paths one after the other: each next one leaves one of those
// before at some foothold, and the first path of each such detour is kept open.
type yen struct {
	w     *walker
	from  []foothold
	goal  func(foothold) bool
	found []Path
	open  detours
	hops  bool // the limit of hops kept paths out
}

// A detour is a path that shares the steps before at with an earlier one; at
// is -1 where it starts elsewhere.
type detour struct {
	Path
	at   int
	from []foothold // where the rest starts
}

func (y *yen) answer(k int) Answer {
	a := Answer{Paths: y.found, Cut: y.w.cut, Looked: y.w.looked}
	if len(a.Paths) > k {
		a.Paths = a.Paths[:k]
		if a.Cut == "" {
			a.Cut = Rows
		}
	}
	if a.Cut == "" && y.hops {
		a.Cut = Hops
	}
	return a
}

// detours opens the detours that leave d at or after the place where d itself
// left an earlier path.
func (y *yen) detours(d detour) {
	if d.at < 0 {
		y.elsewhere()
	}
	spur := d.Start
	var passed []foothold
	verdict := graph.Allowed
	for i, step := range d.Steps {
		if i >= d.at {
			root := Path{d.Start, d.Steps[:i:i], verdict}
			y.spur(detour{at: i, from: []foothold{spur}}, root, passed)
		}
		passed = append(passed, spur)
		verdict = min(verdict, y.w.verdict(step))
		_, spur = y.w.s.PivotEnds(step)
	}
}

// elsewhere opens the first path from a start that no path has yet.
func (y *yen) elsewhere() {
	used := map[foothold]bool{}
	for _, p := range y.found {
		used[p.Start] = true
	}
	rest := slices.DeleteFunc(slices.Clone(y.from), func(f foothold) bool { return used[f] })
	y.candidate(detour{at: -1, from: rest}, Path{Verdict: graph.Allowed})
}

// spur opens the first path that shares root and then does what none has done.
func (y *yen) spur(d detour, root Path, passed []foothold) {
	skip := map[pivot]bool{}
	for _, p := range y.found {
		if p.Start == root.Start && len(p.Steps) > d.at && slices.Equal(p.Steps[:d.at], root.Steps) {
			skip[p.Steps[d.at]] = true
		}
	}
	y.search(d, root, query{from: d.from, goal: y.goal, ban: passed, skip: skip, most: root.Verdict})
}

func (y *yen) candidate(d detour, root Path) {
	y.search(d, root, query{from: d.from, goal: y.goal, most: graph.Allowed})
}

func (y *yen) search(d detour, root Path, q query) {
	if limit := y.w.o.MaxHops; limit > 0 {
		q.limit = limit - len(root.Steps)
	}
	rest, found, hops := y.w.first(q)
	y.hops = y.hops || hops
	if !found {
		return
	}
	d.Path = rest
	if d.at >= 0 {
		d.Path = Path{root.Start, slices.Concat(root.Steps, rest.Steps), min(root.Verdict, rest.Verdict)}
	}
	heap.Push(&y.open, d)
}

// detours is a heap in the order of paths.
type detours []detour

func (h detours) Len() int           { return len(h) }
func (h detours) Less(i, j int) bool { return ComparePaths(h[i].Path, h[j].Path) < 0 }
func (h detours) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *detours) Push(d any)        { *h = append(*h, d.(detour)) }
func (h *detours) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
