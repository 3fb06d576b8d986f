package answer

import (
	"cmp"
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// WhoCanAccess answers who can do what to something.
func (v *View) WhoCanAccess(ctx context.Context, resource EntitySelector, f *AccessFilter, transitive bool, first int, after *string) (*EffectiveAccessConnection, error) {
	s, within, err := v.filtered(f, transitive)
	if err != nil {
		return nil, err
	}
	w, err := v.window(first, after, "whoCanAccess", resource.text(), f.text(), transitive)
	if err != nil {
		return nil, err
	}
	targets, err := v.targets(resource, true)
	if err != nil {
		return nil, err
	}
	ctx, done := s.deadline(ctx)
	defer done()
	list, cut, err := s.inward(ctx, targets, within)
	if err != nil {
		return nil, err
	}
	return v.accessConnection(w, list, cut), nil
}

// WhoCanAccess answers for one resource.
func (r *Resource) WhoCanAccess(ctx context.Context, filter *AccessFilter, transitive bool, first int, after *string) (*EffectiveAccessConnection, error) {
	id := r.ID()
	return r.v.WhoCanAccess(ctx, EntitySelector{ID: &id}, filter, transitive, first, after)
}

// Administrators answers who administers a scope without another step.
func (s *Scope) Administrators(ctx context.Context, first int, after *string) (*EffectiveAccessConnection, error) {
	id := s.ID()
	return s.v.WhoCanAccess(ctx, EntitySelector{ID: &id}, nil, false, first, after)
}

// acts makes a principal, too, something that is acted on: who can access it
// asks for that, and not for who can hold it.
func (s *search) acts(ctx context.Context, targets []target) (*endings, error) {
	e := &endings{s: s, byFoothold: map[snapshot.FootholdIndex][]*ending{}, byClass: map[uint32][]*ending{}}
	for _, t := range targets {
		var err error
		switch {
		case t.part != "":
			err = e.parts(ctx, t)
		case s.v.Snapshot.Kind(t.node).Class() == graph.ClassScope:
			e.administrators(t.node)
		default:
			err = e.accesses(ctx, t.node)
		}
		if err != nil {
			return nil, err
		}
	}
	e.sort()
	return e, nil
}

// A sort of access is one set of actions on one target, with who has it.
type sortOfAccess struct {
	holders map[snapshot.FootholdIndex]*ending
}

// inward collects who gets to targets: for each set of actions whoever has it,
// and whoever can come to hold one of those.
func (s *search) inward(ctx context.Context, targets []target, within func(snapshot.Index) bool) ([]*EffectiveAccess, walk.Budget, error) {
	ends, err := s.acts(ctx, targets)
	if err != nil {
		return nil, "", err
	}
	all := newRows(s.v.limits.Rows)
	cut := ends.cut
	for _, sort := range ends.sorts() {
		for _, level := range sort.levels() {
			if ctx.Err() != nil {
				cut = walk.Time
				break
			}
			reach := walk.ReverseReach(ctx, s.v.Snapshot, sort.from(level), s.options())
			cut = cmp.Or(cut, reach.Cut)
			if !s.arrivals(all, &reach, sort, level, within) {
				break
			}
		}
	}
	return all.list(), cmp.Or(cut, all.cut, s.late()), nil
}

// arrivals makes rows of whoever reaches the holders.
func (s *search) arrivals(all *rows, reach *walk.ReachAnswer, sort *sortOfAccess, level graph.Verdict, within func(snapshot.Index) bool) bool {
	routes := &routes{a: reach}
	for _, r := range reach.Reached {
		at := s.v.Snapshot.Foothold(r.Foothold)
		if at.Hold >= graph.WithOwnPolicy || !s.v.isHeld(at.Node) || !within(at.Node) {
			continue
		}
		path, ok := reach.Path(r.Foothold)
		if !ok {
			continue
		}
		end := sort.holders[path.End(s.v.Snapshot)]
		if end == nil {
			continue
		}
		row := &EffectiveAccess{
			s: s, principal: s.v.shown(at.Node), end: end, hops: len(path.Steps),
			verdict: min(path.Verdict, end.ruling.Verdict), way: routes.to(r.Foothold),
		}
		if !all.add(row) {
			return false
		}
	}
	return true
}

// sorts groups endings by target and actions, in order.
func (e *endings) sorts() []*sortOfAccess {
	groups := map[rowKey]*sortOfAccess{}
	for f, list := range e.byFoothold {
		for _, x := range list {
			put(groups, f, x)
		}
	}
	for class, list := range e.byClass {
		for _, f := range e.s.v.Snapshot.ClassMembers(class) {
			for _, x := range list {
				put(groups, f, x)
			}
		}
	}
	keys := make([]rowKey, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b rowKey) int { return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.what, b.what)) })
	out := make([]*sortOfAccess, len(keys))
	for i, key := range keys {
		out[i] = groups[key]
	}
	return out
}

func put(groups map[rowKey]*sortOfAccess, f snapshot.FootholdIndex, x *ending) {
	key := keyOf(0, x)
	if groups[key] == nil {
		groups[key] = &sortOfAccess{map[snapshot.FootholdIndex]*ending{}}
	}
	if have := groups[key].holders[f]; have == nil || x.ruling.Verdict > have.ruling.Verdict {
		groups[key].holders[f] = x
	}
}

// levels are the verdicts that holders have, surest first: each is searched on
// its own, so that a surer holder further off is not hidden by a nearer one.
func (a *sortOfAccess) levels() []graph.Verdict {
	var out []graph.Verdict
	for _, x := range a.holders {
		if !slices.Contains(out, x.ruling.Verdict) {
			out = append(out, x.ruling.Verdict)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// from returns the holders that are as sure as level, or surer.
func (a *sortOfAccess) from(level graph.Verdict) []snapshot.FootholdIndex {
	var out []snapshot.FootholdIndex
	for f, x := range a.holders {
		if x.ruling.Verdict >= level {
			out = append(out, f)
		}
	}
	return out
}

func sortRows(list []*EffectiveAccess) { slices.SortFunc(list, compareRows) }
