package walk

import (
	"context"
	"math"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A CountedAnswer holds the first of the shortest paths, and how many there are.
type CountedAnswer struct {
	Answer
	// Count is the number of shortest paths, math.MaxUint64 for that many or
	// more. It is exact unless the search was cut by Nodes or Time.
	Count uint64
}

// AllShortest returns all paths of the fewest hops, the surest first, and
// their number. It counts before it lists, so that MaxRows (Cut is Rows then)
// bounds the list and not the count.
func AllShortest(ctx context.Context, s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool, o Options) CountedAnswer {
	w := newWalker(ctx, s, o)
	l := w.layers(w.starts(from), goal)
	if len(l.goals) > 0 {
		l.count()
	}
	a := CountedAnswer{Count: l.total}
	if w.cut == "" {
		l.list()
	}
	a.Paths, a.Cut, a.Looked = l.paths, w.cut, w.looked
	if a.Cut == "" && len(l.paths) == 0 && l.hops {
		a.Cut = Hops
	}
	if a.Cut == "" && l.full {
		a.Cut = Rows
	}
	return a
}

// layers are the pivots that lead one hop further from the starts, hop by hop.
type layers struct {
	w      *walker
	from   []foothold
	pivots [][]pivot
	goals  map[foothold]bool // of the last layer
	hops   bool

	ways  map[foothold]uint64        // shortest ways from a foothold to a goal
	sure  map[foothold]graph.Verdict // the surest of them
	total uint64
	paths []Path
	full  bool // there are more paths than are listed
}

// layers walks hop by hop until a hop meets goals, or nothing is left.
func (w *walker) layers(from []foothold, goal func(foothold) bool) *layers {
	l := &layers{w: w, from: from, goals: map[foothold]bool{}}
	t := w.tree(0, w.o.MaxHops)
	defer t.release()
	for _, f := range from {
		if !t.reach(f, none, 0) {
			return l
		}
	}
	for start := 0; start < len(t.queue) && w.cut == ""; {
		layer := slices.Clone(t.queue[start:])
		start = len(t.queue)
		for _, f := range layer {
			if goal(f) {
				l.goals[f] = true
			}
		}
		if len(l.goals) > 0 {
			return l
		}
		if t.limit > 0 && len(l.pivots) == t.limit {
			l.hops = t.further(layer)
			return l
		}
		l.pivots = append(l.pivots, t.layer(layer))
	}
	return l
}

// layer returns the pivots from one layer to the next, in order.
func (t *tree) layer(footholds []foothold) (out []pivot) {
	for _, f := range footholds {
		hops := t.marks[f].hops
		for _, p := range t.w.s.PivotsOut(f) {
			_, to := t.w.s.PivotEnds(p)
			if _, ok := t.w.look(p, t.least); !ok || int(to) >= len(t.marks) || t.has(to) && t.marks[to].hops != hops+1 {
				continue
			}
			if !t.has(to) && !t.reach(to, p, hops+1) {
				return out
			}
			out = append(out, p)
		}
	}
	return out
}

// further reports whether a pivot leads on from a layer.
func (t *tree) further(footholds []foothold) bool {
	for _, f := range footholds {
		for _, p := range t.w.s.PivotsOut(f) {
			_, to := t.w.s.PivotEnds(p)
			if _, ok := t.w.look(p, t.least); ok && int(to) < len(t.marks) && !t.has(to) {
				return true
			}
		}
	}
	return false
}

// count counts the ways, from the goals back.
func (l *layers) count() {
	l.ways, l.sure = map[foothold]uint64{}, map[foothold]graph.Verdict{}
	for f := range l.goals {
		l.ways[f], l.sure[f] = 1, graph.Allowed
	}
	for i := len(l.pivots) - 1; i >= 0; i-- {
		for _, p := range l.pivots[i] {
			from, to := l.w.s.PivotEnds(p)
			if l.ways[to] == 0 {
				continue
			}
			l.ways[from] = saturating(l.ways[from], l.ways[to])
			l.sure[from] = max(l.sure[from], min(l.w.verdict(p), l.sure[to]))
		}
	}
	for _, f := range l.from {
		l.total = saturating(l.total, l.ways[f])
	}
}

func saturating(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// list lists the paths, surest first, as far as rows and time allow.
func (l *layers) list() {
	next := map[foothold][]pivot{}
	for _, layer := range l.pivots {
		for _, p := range layer {
			from, to := l.w.s.PivotEnds(p)
			if l.ways[to] > 0 {
				next[from] = append(next[from], p)
			}
		}
	}
	for _, level := range l.w.levelsOrAllowed() {
		for _, f := range l.from {
			if l.ways[f] > 0 && l.sure[f] >= level && !l.walk(f, level, Path{Start: f, Verdict: graph.Allowed}, f, next) {
				return
			}
		}
	}
}

// walk lists the ways on from at that end up with exactly the verdict of
// level. It is false where the list must end.
func (l *layers) walk(at foothold, level graph.Verdict, path Path, start foothold, next map[foothold][]pivot) bool {
	if l.goals[at] {
		return path.Verdict != level || l.add(path)
	}
	for _, p := range next[at] {
		l.w.count()
		if l.w.cut != "" {
			return false
		}
		_, to := l.w.s.PivotEnds(p)
		v := min(path.Verdict, l.w.verdict(p))
		if v < level || l.sure[to] < level {
			continue
		}
		if !l.walk(to, level, Path{start, append(path.Steps, p), v}, start, next) {
			return false
		}
	}
	return true
}

func (l *layers) add(path Path) bool {
	if limit := l.w.o.MaxRows; limit > 0 && len(l.paths) >= limit {
		l.full = true
		return false
	}
	path.Steps = slices.Clone(path.Steps)
	l.paths = append(l.paths, path)
	return true
}

// levelsOrAllowed are the verdicts that a path can have, surest first: a path
// of no hops is Allowed whatever pivots are taken.
func (w *walker) levelsOrAllowed() []graph.Verdict {
	levels := w.levels()
	if len(levels) == 0 || levels[0] != graph.Allowed {
		levels = append([]graph.Verdict{graph.Allowed}, levels...)
	}
	return levels
}
