package answer

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// WhatCanAccess answers what something can do to what.
func (v *View) WhatCanAccess(ctx context.Context, principal EntitySelector, f *AccessFilter, transitive bool, first int, after *string) (*EffectiveAccessConnection, error) {
	s, within, err := v.filtered(f, transitive)
	if err != nil {
		return nil, err
	}
	w, err := v.window(first, after, "whatCanAccess", principal.text(), f.text(), transitive)
	if err != nil {
		return nil, err
	}
	origins, err := v.targets(principal, false)
	if err != nil {
		return nil, err
	}
	ctx, done := s.deadline(ctx)
	defer done()
	var list []*EffectiveAccess
	var cut walk.Budget
	for _, node := range nodesOf(origins) {
		o := s.outward(ctx, node, within)
		list, cut = append(list, o.rows...), cmp.Or(cut, o.cut)
	}
	sortRows(list)
	return v.accessConnection(w, list, cut), nil
}

// EffectiveAccess returns what a principal may do itself.
func (p *Principal) EffectiveAccess(ctx context.Context, filter *AccessFilter, first int, after *string) (*EffectiveAccessConnection, error) {
	id := p.ID()
	return p.v.WhatCanAccess(ctx, EntitySelector{ID: &id}, filter, false, first, after)
}

// An outward search is everything that follows from one node.
type outward struct {
	rows  []*EffectiveAccess // in order
	reach walk.ReachAnswer
	cut   walk.Budget
	by    *collector // who collected the rows
}

// outward reaches whatever can be held from a node, and collects what that
// may do. A limit of hops is a question, not a cut: it says so only where it
// was not asked for.
func (s *search) outward(ctx context.Context, node snapshot.Index, within func(snapshot.Index) bool) *outward {
	o := &outward{reach: walk.Reach(ctx, s.v.Snapshot, s.v.starts([]snapshot.Index{node}), s.options())}
	c := &collector{search: s, origin: node, within: within, rows: newRows(s.v.limits.Rows), routes: &routes{a: &o.reach},
		classes: map[uint32][]*ending{}, seen: map[uint32]walk.Reached{}, access: s.v.Snapshot.AccessReader()}
	for _, r := range o.reach.Reached {
		if ctx.Err() == nil && c.collect(r) {
			continue
		}
		if ctx.Err() != nil {
			o.cut = walk.Time
		}
		break
	}
	o.cut = cmp.Or(o.reach.Cut, c.rows.cut, o.cut, s.late())
	if o.cut == walk.Hops && s.o.MaxHops != nil {
		o.cut = cmp.Or(c.rows.cut, walk.Hops)
	}
	o.rows, o.by = c.rows.list(), c
	return o
}

// A collector turns footholds that are reached into rows.
type collector struct {
	*search
	origin  snapshot.Index
	within  func(snapshot.Index) bool
	rows    *rows
	routes  *routes
	classes map[uint32][]*ending
	seen    map[uint32]walk.Reached // by class, the best so far
	access  *snapshot.AccessReader
	reached map[snapshot.FootholdIndex]bool
}

// taken reports whether a pivot can be taken from what was reached.
func (c *collector) taken(p snapshot.PivotIndex) bool {
	if c.reached == nil {
		c.reached = map[snapshot.FootholdIndex]bool{}
		for _, r := range c.routes.a.Reached {
			c.reached[r.Foothold] = true
		}
	}
	from, _ := c.v.Snapshot.PivotEnds(p)
	return c.reached[from] && c.takes(p)
}

// collect is false where the limit of rows is reached, or time is up.
func (c *collector) collect(r walk.Reached) bool {
	if !c.wanted.some() {
		for _, x := range c.administered(r.Foothold) {
			if !c.add(r, x) {
				return false
			}
		}
	}
	if at := c.v.Snapshot.Foothold(r.Foothold); at.Hold == graph.DataOnly {
		x := c.dataEnding(at.Node, c.v.Snapshot.PivotsIn(r.Foothold), c.taken)
		return x == nil || c.add(r, x)
	}
	for _, x := range c.assuming(r.Foothold) {
		if !c.add(r, x) {
			return false
		}
	}
	class, ok := c.v.Snapshot.ClassOf(r.Foothold)
	if !ok || c.dominated(class, r) {
		return true
	}
	for x := range c.endingsOf(class) {
		if !c.add(r, x) {
			return false
		}
	}
	return c.ctx.Err() == nil
}

// assuming is access to roles: members of an access class have it each for
// itself, as trust names them one by one, and so it is kept as pivots.
func (c *collector) assuming(f snapshot.FootholdIndex) []*ending {
	var out []*ending
	for _, i := range c.v.Snapshot.PivotsOut(f) {
		if c.v.Snapshot.PivotRelation(i) != graph.CanAssume || c.walk.Exclude[i] {
			continue
		}
		p := c.v.Snapshot.Pivot(i)
		if c.again() {
			p.Ruling.Verdict = c.decidePivot(i)
		}
		evaluator := c.v.evaluator(p.To.Node)
		if evaluator == nil || p.Action == "" || !c.counts(p.Ruling.Verdict) || len(c.wanted.of(evaluator, []string{p.Action})) == 0 {
			continue
		}
		out = append(out, &ending{relation: graph.CanAccess, to: p.To.Node, actions: []string{p.Action}, ruling: p.Ruling})
	}
	return out
}

// administered are the scopes that a foothold administers.
func (c *collector) administered(f snapshot.FootholdIndex) []*ending {
	var out []*ending
	for _, a := range c.v.Snapshot.AdministrationsOf(f) {
		out = append(out, administering(a))
	}
	if at := c.v.Snapshot.Foothold(f); c.v.isHub(at) {
		out = append(out, c.v.asAdministrator(at.Node))
	}
	return out
}

// dominated reports whether another member of the class was reached as surely
// in no more hops: its rows are the same.
func (c *collector) dominated(class uint32, r walk.Reached) bool {
	have, ok := c.seen[class]
	if ok && have.Verdict >= r.Verdict && have.SureHops <= r.SureHops {
		return true
	}
	if !ok || r.Verdict >= have.Verdict {
		c.seen[class] = r
	}
	return false
}

// endingsOf yields what a class may do, node by node. A class may do more than
// an answer can hold: what it does is kept for the next of its members only
// where that is no more than the limit of rows.
func (c *collector) endingsOf(class uint32) iter.Seq[*ending] {
	if list, ok := c.classes[class]; ok {
		return slices.Values(list)
	}
	return func(yield func(*ending) bool) {
		var kept []*ending
		for x := range c.readEndings(class) {
			if !yield(x) {
				return
			}
			if len(kept) <= c.v.limits.Rows {
				kept = append(kept, x)
			}
		}
		if len(kept) <= c.v.limits.Rows && c.ctx.Err() == nil {
			c.classes[class] = kept
		}
	}
}

// readEndings yields what a class may do as the snapshot has it, with what is
// alike of one node joined.
func (c *collector) readEndings(class uint32) iter.Seq[*ending] {
	return func(yield func(*ending) bool) {
		var here []*ending // of one node
		for row := range c.access.AccessOf(class) {
			if len(here) > 0 && here[0].to != row.To {
				for _, x := range alike(here) {
					if !yield(x) {
						return
					}
				}
				here = here[:0]
			}
			if c.ctx.Err() != nil {
				return
			}
			if x := c.accessing(row); x != nil {
				here = append(here, x)
			}
		}
		for _, x := range alike(here) {
			if !yield(x) {
				return
			}
		}
	}
}

func (c *collector) add(r walk.Reached, x *ending) bool {
	if !c.within(x.to) || c.v.hidden(x.to) || !c.counts(x.ruling.Verdict) {
		return true
	}
	if len(c.skip) > 0 && c.skip[c.v.lastID(c.v.Snapshot.Foothold(r.Foothold), x)] {
		return true
	}
	return c.rows.add(&EffectiveAccess{
		s: c.search, principal: c.origin, end: x, hops: r.SureHops,
		verdict: min(r.Verdict, x.ruling.Verdict), way: c.routes.to(r.Foothold),
	})
}

// isHeld reports whether a node counts as a principal that is held.
func (v *View) isHeld(node snapshot.Index) bool {
	kind := v.Snapshot.Kind(node)
	return kind.Class() == graph.ClassPrincipal && kind != graph.KindGroup
}
