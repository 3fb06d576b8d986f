package answer

import (
	"maps"
	"math"
	"slices"

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
	done   map[uint32]bool // classes
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
	n := &counter{collector: c, done: map[uint32]bool{}, what: map[listOf][]string{},
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
		if x := n.dataEnding(at.Node, s.PivotsIn(f), n.taken); x != nil {
			n.one(x)
		}
		return
	}
	for _, x := range n.assuming(f) {
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

// to returns the rows of what was reached that end at some nodes, in order. It
// looks at who may act on those, not at what everybody may act on, and has no
// more rows than they do. It is nil where time is up.
func (c *collector) to(nodes []snapshot.Index, reached []walk.Reached) []*EffectiveAccess {
	only := *c
	only.rows = newRows(math.MaxInt)
	classes := map[uint32][]*ending{}
	for _, node := range nodes {
		for class, list := range c.classesTo(node) {
			classes[class] = append(classes[class], list...)
		}
	}
	for _, r := range reached {
		if c.ctx.Err() != nil {
			return nil
		}
		only.arrive(r, nodes, classes)
	}
	return only.rows.list()
}

// arrive adds what ends at nodes.
func (c *collector) arrive(r walk.Reached, nodes []snapshot.Index, classes map[uint32][]*ending) {
	var list []*ending
	if !c.wanted.some() {
		list = c.administered(r.Foothold)
	}
	if at := c.v.Snapshot.Foothold(r.Foothold); at.Hold == graph.DataOnly && slices.Contains(nodes, at.Node) {
		if x := c.dataEnding(at.Node, c.v.Snapshot.PivotsIn(r.Foothold), c.taken); x != nil {
			list = append(list, x)
		}
	}
	list = append(list, c.assuming(r.Foothold)...)
	if class, ok := c.v.Snapshot.ClassOf(r.Foothold); ok {
		list = append(list, classes[class]...)
	}
	for _, x := range list {
		if slices.Contains(nodes, x.to) {
			c.add(r, x)
		}
	}
}
