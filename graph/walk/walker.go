package walk

import (
	"context"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

type (
	foothold = snapshot.FootholdIndex
	pivot    = snapshot.PivotIndex
)

// none is no pivot: the parent of a start.
const none = ^pivot(0)

// timeEvery is how many pivots are looked at between two looks at the clock.
const timeEvery = 4096

// A walker is one search with its budget.
type walker struct {
	ctx       context.Context
	s         *snapshot.Snapshot
	o         Options
	verdicts  [graph.Allowed + 1]bool
	relations map[graph.Relation]bool
	decided   map[pivot]graph.Verdict
	looked    int
	visited   int
	cut       Budget // Nodes or Time: the search must end
}

func newWalker(ctx context.Context, s *snapshot.Snapshot, o Options) *walker {
	w := &walker{ctx: ctx, s: s, o: o}
	w.verdicts = [...]bool{graph.Unknown: true, graph.Conditional: true, graph.Allowed: true}
	if o.Verdicts != nil {
		w.verdicts = [graph.Allowed + 1]bool{}
		for _, v := range o.Verdicts {
			w.verdicts[min(v, graph.Allowed)] = true
		}
	}
	if o.Relations != nil {
		w.relations = map[graph.Relation]bool{}
		for _, r := range o.Relations {
			w.relations[r] = true
		}
	}
	if o.Decide != nil {
		w.decided = map[pivot]graph.Verdict{}
	}
	w.clock()
	return w
}

// levels returns the verdicts to take, surest first.
func (w *walker) levels() (out []graph.Verdict) {
	for v := len(w.verdicts) - 1; v >= 0; v-- {
		if w.verdicts[v] {
			out = append(out, graph.Verdict(v))
		}
	}
	return out
}

// clock ends the search where time is up.
func (w *walker) clock() {
	if w.cut == "" && w.ctx.Err() != nil {
		w.cut = Time
	}
}

// count counts a pivot that was looked at.
func (w *walker) count() {
	if w.looked++; w.looked%timeEvery == 0 {
		w.clock()
	}
}

// look counts one pivot and returns whether the search may take it, given the
// least sure verdict.
func (w *walker) look(p pivot, least graph.Verdict) (graph.Verdict, bool) {
	w.count()
	v := w.verdict(p)
	if v < least || !w.verdicts[v] || w.o.Exclude[p] {
		return v, false
	}
	if w.relations != nil && !w.relations[w.s.PivotRelation(p)] {
		return v, false
	}
	if w.o.Techniques != nil {
		if id := w.s.PivotTechnique(p); id != "" && !w.o.Techniques(id) {
			return v, false
		}
	}
	return v, true
}

// verdict returns the verdict of a pivot.
func (w *walker) verdict(p pivot) graph.Verdict {
	if w.o.Decide == nil {
		return w.s.PivotVerdict(p)
	}
	v, ok := w.decided[p]
	if !ok {
		v = min(w.o.Decide(p), graph.Allowed)
		w.decided[p] = v
	}
	return v
}

// starts returns the footholds to start from, sorted, each once.
func (w *walker) starts(from []foothold) []foothold {
	from = slices.Clone(from)
	slices.Sort(from)
	from = slices.Compact(from)
	return slices.DeleteFunc(from, func(f foothold) bool { return int64(f) >= int64(w.s.NumFootholds()) })
}

// A mark says how a foothold was reached. It holds if the foothold is seen.
type mark struct {
	parent pivot
	hops   uint32
	place  uint32 // in the queue
}

// A tree is one breadth-first pass. Footholds are reached in the order of
// paths: the first way to one is the first of the shortest ones.
type tree struct {
	w     *walker
	least graph.Verdict // of the pivots to take
	back  bool          // against the direction of pivots
	skip  map[pivot]bool
	limit int  // hops; 0 is none
	hops  bool // the limit kept footholds out

	// Most pivots lead to what was not reached. That stands in a bit each, which
	// fit in a cache where marks do not.
	seen   []uint64
	marks  []mark
	queue  []foothold
	banned []foothold
}

var trees = sync.Pool{New: func() any { return new(tree) }}

// tree returns an empty tree, whose memory release gives back.
func (w *walker) tree(least graph.Verdict, limit int) *tree {
	t := trees.Get().(*tree)
	if n := w.s.NumFootholds(); len(t.marks) < n {
		t.marks, t.seen = make([]mark, n), make([]uint64, n/64+1)
	}
	*t = tree{w: w, least: least, limit: limit, seen: t.seen, marks: t.marks, queue: t.queue[:0], banned: t.banned[:0]}
	return t
}

func (t *tree) release() {
	t.w, t.skip = nil, nil
	if len(t.queue) > len(t.seen) {
		clear(t.seen)
	} else {
		for _, f := range t.queue {
			t.seen[f/64] = 0
		}
	}
	for _, f := range t.banned {
		t.seen[f/64] = 0
	}
	trees.Put(t)
}

func (t *tree) has(f foothold) bool { return t.seen[f/64]>>(f%64)&1 != 0 }

func (t *tree) mark(f foothold, m mark) {
	t.seen[f/64] |= 1 << (f % 64)
	t.marks[f] = m
}

// ban keeps the tree from reaching f.
func (t *tree) ban(f foothold) {
	t.mark(f, mark{parent: none})
	t.banned = append(t.banned, f)
}

// reach marks f and puts it in the queue. It is false where the budget ends.
func (t *tree) reach(f foothold, parent pivot, hops uint32) bool {
	if t.w.o.MaxNodes > 0 && t.w.visited >= t.w.o.MaxNodes && t.w.cut == "" {
		t.w.cut = Nodes
	}
	if t.w.cut != "" {
		return false
	}
	t.w.visited++
	t.mark(f, mark{parent, hops, uint32(len(t.queue))})
	t.queue = append(t.queue, f)
	return true
}

// grow reaches what it can from the starts, until goal (nil: never) is true.
func (t *tree) grow(from []foothold, goal func(foothold) bool) (foothold, bool) {
	for _, f := range from {
		if t.has(f) {
			continue
		}
		if !t.reach(f, none, 0) {
			return 0, false
		}
		if goal != nil && goal(f) {
			return f, true
		}
	}
	for next := 0; next < len(t.queue) && t.w.cut == ""; next++ {
		if f, found := t.expand(t.queue[next], goal); found {
			return f, true
		}
	}
	return 0, false
}

// expand looks at the pivots of f.
func (t *tree) expand(f foothold, goal func(foothold) bool) (foothold, bool) {
	hops := t.marks[f].hops
	for _, p := range t.pivots(f) {
		other := t.other(p)
		if int(other) >= len(t.marks) || t.has(other) || t.skip[p] {
			t.w.count()
			continue
		}
		if _, ok := t.w.look(p, t.least); !ok {
			continue
		}
		if t.limit > 0 && int(hops) >= t.limit {
			t.hops = true
			return 0, false
		}
		if !t.reach(other, p, hops+1) {
			return 0, false
		}
		if goal != nil && goal(other) {
			return other, true
		}
	}
	return 0, false
}

func (t *tree) pivots(f foothold) []pivot {
	if t.back {
		return t.w.s.PivotsIn(f)
	}
	return t.w.s.PivotsOut(f)
}

// other returns the end of p that the tree grows to.
func (t *tree) other(p pivot) foothold {
	from, to := t.w.s.PivotEnds(p)
	if t.back {
		return from
	}
	return to
}

// path returns the way on which the tree reached f, in the direction of pivots.
func (t *tree) path(f foothold) Path {
	path := Path{Start: f, Verdict: graph.Allowed}
	for t.marks[f].parent != none {
		p := t.marks[f].parent
		path.Steps = append(path.Steps, p)
		path.Verdict = min(path.Verdict, t.w.verdict(p))
		from, to := t.w.s.PivotEnds(p)
		if f = from; t.back {
			f = to
		}
	}
	if !t.back {
		path.Start = f
		slices.Reverse(path.Steps)
	}
	return path
}
