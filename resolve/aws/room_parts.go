package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file cuts lists of things into those that no statement in play tells
// apart, as sets: one question of each part tells how sure the answer is for
// all of it.

// partsFor cuts the axis for a caller that asks for some actions: by what policies
// of things say of it.
func (x *axis) partsFor(m *room, p *principal, acts []*action) []compile.Set {
	if p.kind > kindRole {
		return slices.Clone(x.base(m, nil, nil).parts)
	}
	b := x.base(m, p.account, acts)
	named := b.named[p.ref]
	if named == nil {
		return slices.Clone(b.parts)
	}
	var parts []compile.Set
	for _, part := range b.parts {
		part = part.Clone()
		if part.Subtract(named); !part.Empty() {
			parts = append(parts, part)
		}
	}
	groups := map[uint32]compile.Set{}
	named.Each(func(i int) { parts = x.group(parts, groups, x.things[i].spoken, i) })
	return parts
}

// cover returns the things that the patterns of a statement cover, or a part of
// which they cover.
func (x *axis) cover(c covered) compile.Set {
	set, ok := x.covers[c]
	if ok {
		return set
	}
	set = compile.NewSet(len(x.nodes))
	for i := range c.compiled.resources {
		p := &c.compiled.resources[i]
		if c.part == "" {
			x.coverWhole(set, p)
			continue
		}
		for at, ref := range x.refs {
			if p.matches(ref + "/" + c.part) {
				set.Add(at)
			}
		}
	}
	x.covers[c] = set
	return set
}

func (x *axis) coverWhole(set compile.Set, p *resourcePattern) {
	literal := p.text
	if wild := strings.IndexAny(literal, "*?"); wild >= 0 {
		literal = literal[:wild]
	}
	from, to := beginWith(x.refs, literal)
	for at := from; at < to; at++ {
		if p.matches(x.refs[at]) {
			set.Add(at)
		}
	}
}

// cut parts things that are in a set from those that are not.
func cut(parts []compile.Set, by compile.Set) []compile.Set {
	for i, n := 0, len(parts); i < n; i++ {
		if !parts[i].Meets(by) {
			continue
		}
		outside := parts[i].Clone()
		if outside.Subtract(by); !outside.Empty() {
			inside := parts[i].Clone()
			inside.Intersect(by)
			parts[i] = inside
			parts = append(parts, outside)
		}
	}
	return parts
}

// Parts cuts things into those about which answers to some questions are equally
// sure, those apart that nothing could allow. It is false where statements look
// closer at things than to tell that together.
func (a *asker) Parts(asks []escalate.Asking, list *escalate.Things) ([][]int, bool) {
	if a.r == nil || len(list.Nodes) == 0 {
		return nil, false
	}
	x := a.axisOf(list)
	within := a.within(x, asks)
	if within != nil && (x.things == nil || within.Len() <= fewReached) && 2*within.Len() <= len(x.nodes) {
		return x.places(a.room, singles(within)), true // as most: the others are not read for it
	}
	parts, ok := a.alike(x, asks)
	switch {
	case within == nil:
		return x.places(a.room, parts), ok
	case ok:
		return x.places(a.room, inside(parts, within)), true
	}
	return x.places(a.room, singles(within)), true
}

// fewReached are asked about one by one, also where the things have been read.
const fewReached = 4

// alike cuts an axis into things about which answers to some questions are
// equally sure.
func (a *asker) alike(x *axis, asks []escalate.Asking) ([]compile.Set, bool) {
	if x.read(a.room); x.mixed {
		return nil, false
	}
	var acts []*action
	for _, ask := range asks {
		if !ask.Kind.Given { // who is given something has the policy speak as it likes
			acts = append(acts, &a.kind(ask.Kind).action)
		}
	}
	parts := x.partsFor(a.room, a.r.principal, acts)
	for _, ask := range asks {
		g := a.grouping(a.of(ask.Kind, ask.More), x.things[0], ask.Part)
		if g.apart || g.owner != x.owner {
			return nil, false
		}
		for _, s := range g.covers {
			parts = cut(parts, x.cover(covered{s, ask.Part}))
		}
		for _, tag := range g.tags {
			values := x.taggedWith(tag)
			if len(values) > maxCovers {
				return nil, false // as good as one by one
			}
			for _, set := range values {
				parts = cut(parts, set)
			}
		}
	}
	return parts, true
}

// grouping is how things, or parts of them, fall together for a question.
func (a *asker) grouping(asked *askedKind, t *roomThing, part string) *groups {
	if asked.groups == nil {
		asked.groups = a.groupsOf(asked.kind, t)
	}
	if part == "" && isBucket(t.resource) && a.asksInside(asked.kind, t) {
		return &groups{apart: true}
	}
	return asked.groups
}

// asksInside reports whether an action that is asked of a thing acts on what it
// holds: the answer is then cut by keys.
func (a *asker) asksInside(kind *roomKind, t *roomThing) bool {
	a.r.action, a.r.resource = kind.action, t.resource
	return a.r.fit() == fitsParts
}

// places are parts as places in the list, in its order.
func (x *axis) places(m *room, parts []compile.Set) [][]int {
	n := 0
	for _, part := range parts {
		n += part.Len()
	}
	out, all := make([][]int, len(parts)), m.ints(n)
	for i, part := range parts {
		from := len(all)
		part.Each(func(position int) { all = append(all, x.at[position]) })
		out[i] = all[from:len(all):len(all)]
		slices.Sort(out[i])
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return out
}
