package walk

import (
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Holds reports whether the index is of the pivots that a search with these
// options may take. With others, Shortest searches plainly.
func (x *Index) Holds(o Options) bool {
	return o.Verdicts == nil && o.Relations == nil && o.Techniques == nil && o.Decide == nil && len(o.Exclude) == 0
}

// fewPairs are looked up before a search that would visit much to find nothing.
const fewPairs = 64

// Shortest returns the first path, in the order of paths, from any of some
// footholds to any of others: what the function Shortest returns, found from
// both ends. Where nothing leads there, or not in so many hops, it knows which.
func (x *Index) Shortest(ctx context.Context, from, to []snapshot.FootholdIndex, o Options) Answer {
	w := newWalker(ctx, x.s, o)
	from, to = w.starts(from), w.starts(to)
	if !x.Holds(o) {
		return Between(ctx, x.s, from, ends(to), o)
	}
	if len(from)*len(to) <= fewPairs && !x.anyReaches(from, to) {
		return Answer{Cut: w.cut}
	}
	return w.between(from, ends(to), o.MaxHops)
}

func (x *Index) anyReaches(from, to []foothold) bool {
	return slices.ContainsFunc(from, func(f foothold) bool {
		return slices.ContainsFunc(to, func(g foothold) bool { return x.Reaches(f, g) })
	})
}

// A meeting is a search from both ends, hop by hop on the side that has fewer
// pivots to look at, until the sides meet.
type meeting struct {
	w             *walker
	least         graph.Verdict // of the pivots to take
	to            Ends
	limit         int // hops; 0 is none
	ahead, behind *tree
	hops          bool            // the limit of hops ended the search
	way           map[foothold]on // of the footholds on shortest paths
}

// on says where on the shortest paths a foothold is, and how sure the rest can
// be.
type on struct {
	place int
	rest  graph.Verdict
}

func (m *meeting) release() {
	m.ahead.release()
	m.behind.release()
}

func (m *meeting) search(from []foothold) (Path, bool) {
	m.ahead, m.behind = m.w.tree(m.least, 0), m.w.tree(m.least, 0)
	m.behind.back = true
	if !m.start(m.ahead, from) {
		return Path{}, false
	}
	if at := slices.IndexFunc(from, m.to.Is); at >= 0 {
		return Path{Start: from[at], Verdict: graph.Allowed}, true
	}
	middle, ahead, behind := m.spread(len(from))
	if len(middle) == 0 {
		return Path{}, false
	}
	m.way = map[foothold]on{}
	m.down(middle, ahead, behind)
	m.up(middle, ahead)
	return m.best(from, ahead+behind), m.w.cut == ""
}

func (m *meeting) start(t *tree, from []foothold) bool {
	for _, f := range from {
		if !t.reach(f, none, 0) {
			return false
		}
	}
	return true
}

// spread grows both trees until they meet. It returns where, and how many hops
// each has come: all shortest paths pass one of those footholds there. The ends
// are listed no sooner than it takes less to begin with them than to go on from
// the starts; until then what is reached is asked whether it is one.
func (m *meeting) spread(starts int) (middle []foothold, ahead, behind int) {
	edges := [2]side{{tree: m.ahead, to: starts}, {tree: m.behind, weight: m.to.Most, to: 1}}
	edges[0].weigh()
	listed := false
	for m.w.cut == "" && edges[0].open() && edges[1].open() {
		if m.limit > 0 && edges[0].hops+edges[1].hops == m.limit {
			m.hops = true
			return nil, 0, 0
		}
		switch near := edges[1].weight < edges[0].weight; {
		case near && !listed:
			listed = true
			edges[1].to = m.list()
			edges[1].weigh()
		case near:
			if middle = edges[1].touch(m.ahead); len(middle) == 0 {
				edges[1].grow(nil)
			}
		case listed:
			if middle = edges[0].touch(m.behind); len(middle) == 0 {
				edges[0].grow(nil)
			}
		default:
			middle = edges[0].grow(m.to.Is)
		}
		if len(middle) > 0 {
			return middle, edges[0].hops, edges[1].hops
		}
	}
	return nil, 0, 0
}

// list begins the tree of the ends, and returns how many there are.
func (m *meeting) list() int {
	m.start(m.behind, m.w.starts(m.to.List()))
	return len(m.behind.queue)
}

// down puts the middle, and what leads from there to goals, on the way, and
// says, from the goals back, how sure the rest can be.
func (m *meeting) down(middle []foothold, ahead, behind int) {
	layers := [][]foothold{middle}
	seen := map[foothold]bool{}
	for left := behind - 1; left >= 0; left-- {
		var layer []foothold
		for _, f := range layers[len(layers)-1] {
			m.each(m.ahead, f, m.behind, left, func(g foothold, _ graph.Verdict) {
				if !seen[g] {
					seen[g] = true
					layer = append(layer, g)
				}
			})
		}
		layers = append(layers, layer)
	}
	for left, layer := range backward(layers) {
		for _, f := range layer {
			rest := graph.Allowed
			if left > 0 {
				rest = graph.Denied
				m.each(m.ahead, f, m.behind, left-1, func(g foothold, v graph.Verdict) { rest = max(rest, min(v, m.way[g].rest)) })
			}
			m.way[f] = on{ahead + behind - left, rest}
		}
	}
}

// backward yields layers from the last, numbered from zero.
func backward(layers [][]foothold) func(func(int, []foothold) bool) {
	return func(yield func(int, []foothold) bool) {
		for i := range layers {
			if !yield(i, layers[len(layers)-1-i]) {
				return
			}
		}
	}
}

// up puts what leads from the starts to the middle on the way.
func (m *meeting) up(middle []foothold, ahead int) {
	layer := middle
	for place := ahead - 1; place >= 0; place-- {
		var before []foothold
		for _, f := range layer {
			rest := m.way[f].rest
			m.each(m.behind, f, m.ahead, place, func(g foothold, v graph.Verdict) {
				known, met := m.way[g]
				if !met {
					before = append(before, g)
				}
				m.way[g] = on{place, max(known.rest, min(v, rest))}
			})
		}
		layer = before
	}
}

// each calls do for what the pivots of f, as a tree grows, lead to, if it is
// so many hops away from the root of another tree.
func (m *meeting) each(grows *tree, f foothold, of *tree, hops int, do func(foothold, graph.Verdict)) {
	for _, p := range grows.pivots(f) {
		g := grows.other(p)
		if int(g) >= len(of.marks) || !of.has(g) || int(of.marks[g].hops) != hops {
			continue
		}
		if v, ok := m.w.look(p, m.least); ok {
			do(g, v)
		}
	}
}

// best follows the way from the first of the surest starts, and at each place
// the first pivot that is sure enough.
func (m *meeting) best(from []foothold, hops int) Path {
	path := Path{Verdict: graph.Denied}
	for _, f := range from {
		if at, ok := m.way[f]; ok && at.rest > path.Verdict {
			path.Start, path.Verdict = f, at.rest
		}
	}
	f := path.Start
	for place := 1; place <= hops; place++ {
		for _, p := range m.w.s.PivotsOut(f) {
			_, to := m.w.s.PivotEnds(p)
			at, ok := m.way[to]
			if v, taken := m.w.look(p, path.Verdict); ok && taken && at.place == place && min(v, at.rest) >= path.Verdict {
				path.Steps = append(path.Steps, p)
				f = to
				break
			}
		}
	}
	return path
}
