package answer

import (
	"maps"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// A tally counts what follows from a search by sets of nodes. It is made where
// there are more rows than an answer holds, and is exact all the same.
type tally struct {
	targets []snapshot.TargetCount // resources, by scope and type
	levels  map[string]int         // resources, by level
	scopes  map[snapshot.Index]bool
}

func (t *tally) resources() (n int) {
	for _, c := range t.targets {
		n += c.Count
	}
	return n
}

// A counter collects the sets that a tally is of.
type counter struct {
	*collector
	takes  func(snapshot.PivotIndex) bool // of techniques that give data
	done   map[uint32]bool                // classes
	what   map[listOf][]string
	all    gathering
	levels map[string]*gathering
	scopes map[snapshot.Index]bool
}

// A gathering is nodes, most of them as sets.
type gathering struct {
	sets  map[uint64]snapshot.Targets
	nodes []snapshot.Index
}

// count makes a tally of all that was reached; nil where sets do not say it:
// rulings are decided again, edges are left out, things are out of sight, or
// time is up.
func (c *collector) count(reached []walk.Reached) *tally {
	if c.again() || len(c.skip) > 0 || c.v.sight != nil {
		return nil
	}
	n := &counter{collector: c, takes: c.taken(among(reached)), done: map[uint32]bool{}, what: map[listOf][]string{},
		levels: map[string]*gathering{}, scopes: map[snapshot.Index]bool{}}
	for _, r := range reached {
		if c.ctx.Err() != nil {
			return nil
		}
		n.take(r.Foothold)
	}
	t := &tally{targets: c.v.Snapshot.CountTargets(n.all.runs(c.v.Snapshot)), levels: map[string]int{}, scopes: n.scopes}
	for level, g := range n.levels {
		for _, r := range g.runs(c.v.Snapshot) {
			t.levels[level] += r.Len()
		}
	}
	return t
}

// among tells what was reached; it looks when it is first asked.
func among(list []walk.Reached) func(snapshot.FootholdIndex) bool {
	set := sync.OnceValue(func() map[snapshot.FootholdIndex]bool {
		out := make(map[snapshot.FootholdIndex]bool, len(list))
		for _, r := range list {
			out[r.Foothold] = true
		}
		return out
	})
	return func(f snapshot.FootholdIndex) bool { return set()[f] }
}

// take counts what one foothold may do.
func (n *counter) take(f snapshot.FootholdIndex) {
	s := n.v.Snapshot
	if !n.wanted.some() {
		for _, x := range n.administered(f) {
			if n.counts(x.ruling.Verdict) {
				n.scopes[x.to] = true
			}
		}
	}
	if at := s.Foothold(f); at.Hold == graph.DataOnly {
		if x := n.dataEnding(at.Node, s.PivotsIn(f), n.takes); x != nil {
			n.one(x)
		}
		return
	}
	for x := range n.assuming(f) {
		n.one(x)
	}
	class, ok := s.ClassOf(f)
	if !ok || n.done[class] {
		return
	}
	n.done[class] = true
	for row := range n.access.RowsOf(class) {
		n.row(row)
	}
}

// one counts what a foothold may do to one node.
func (n *counter) one(x *ending) {
	if n.counts(x.ruling.Verdict) {
		n.each(n.wanted.levelsIn(n.v.evaluator(x.to), x.actions), func(g *gathering) { g.nodes = append(g.nodes, x.to) })
	}
}

func (n *counter) row(row snapshot.AccessSet) {
	if !n.counts(row.Ruling.Verdict) || len(row.Actions) == 0 {
		return
	}
	key := listOf{first: &row.Actions[0], n: len(row.Actions)}
	for r := range row.To.Runs() {
		key.by = n.v.evaluator(r.First) // a class is of one provider
		break
	}
	levels, known := n.what[key]
	if !known {
		if actions := n.wanted.ofRow(key.by, row.Actions); len(actions) > 0 {
			levels = words(n.wanted.levelsIn(key.by, actions))
		}
		n.what[key] = levels
	}
	if levels != nil {
		n.each(levels, func(g *gathering) { g.add(row.To) })
	}
}

// each calls f with what is gathered as a whole, and of each level.
func (n *counter) each(levels []string, f func(*gathering)) {
	f(&n.all)
	for _, l := range levels {
		if n.levels[l] == nil {
			n.levels[l] = &gathering{}
		}
		f(n.levels[l])
	}
}

func (g *gathering) add(t snapshot.Targets) {
	if g.sets == nil {
		g.sets = map[uint64]snapshot.Targets{}
	}
	g.sets[t.Number()] = t
}

func (g *gathering) runs(s *snapshot.Snapshot) []snapshot.Run {
	return s.Union(maps.Values(g.sets), g.nodes...)
}
