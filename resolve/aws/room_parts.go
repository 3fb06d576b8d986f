package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file cuts lists of things into those that no statement in play tells
// apart, as sets: one question of each part tells how sure the answer is for
// all of it.

// An axis is a list of things, in the order of their references, with what
// cuts it. The things themselves are read when something reaches one.
type axis struct {
	nodes  []snapshot.Index
	refs   []string
	at     []int // by position, the place in the list
	things []*roomThing
	owner  *account // of all of them
	mixed  bool     // they are of several accounts
	bases  map[string]*base
	covers map[covered]compile.Set
}

// A covered is a statement with the part of things that is asked about.
type covered struct {
	*Statement
	part string
}

// A base is an axis cut by what its things have in common, for callers of one
// account that none of their policies names.
type base struct {
	parts []compile.Set
	named map[string]compile.Set // things whose policies name a caller
}

// axisOf returns what is to know of a list of things, read once.
func (m *room) axisOf(list *escalate.Things) *axis {
	x, ok := m.axes[list]
	if !ok {
		x = m.newAxis(list.Nodes)
		m.axes[list] = x
	}
	return x
}

func (m *room) newAxis(nodes []snapshot.Index) *axis {
	x := &axis{bases: map[string]*base{}, covers: map[covered]compile.Set{}}
	refs := make([]string, len(nodes))
	x.nodes, x.refs, x.at = make([]snapshot.Index, 0, len(nodes)), make([]string, 0, len(nodes)), make([]int, len(nodes))
	for place, node := range nodes {
		refs[place], x.at[place] = string(m.e.s.Ref(node)), place
	}
	slices.SortFunc(x.at, func(a, b int) int { return strings.Compare(refs[a], refs[b]) })
	for _, place := range x.at {
		x.nodes, x.refs = append(x.nodes, nodes[place]), append(x.refs, refs[place])
	}
	return x
}

// read takes the things.
func (x *axis) read(m *room) {
	if x.things != nil {
		return
	}
	x.things = make([]*roomThing, len(x.nodes))
	for i, node := range x.nodes {
		x.things[i] = m.thing(node)
		x.owner = x.things[0].owner
		x.mixed = x.mixed || x.things[i].owner != x.owner
	}
}

// base cuts the axis for callers of an account that ask for some actions; for
// nil, for whom every policy may name.
func (x *axis) base(account *account, acts []*action) *base {
	key := baseKey(account, acts)
	b, ok := x.bases[key]
	if ok {
		return b
	}
	b = &base{named: map[string]compile.Set{}}
	x.bases[key] = b
	groups := map[uint32]compile.Set{}
	for i := range x.things {
		b.parts = x.group(b.parts, groups, x.alikeFor(b, account, acts, i), i)
	}
	return b
}

// baseKey is equal for the same callers and actions.
func baseKey(a *account, acts []*action) string {
	if a == nil {
		return ""
	}
	key := a.id
	for _, act := range acts {
		key += " " + act.folded
	}
	return key
}

// alikeFor is the number of what a thing is alike with, for callers that its
// policies do not name; those that they do are noted.
func (x *axis) alikeFor(b *base, account *account, acts []*action, i int) uint32 {
	t := x.things[i]
	switch {
	case account == nil:
		return t.spoken
	case !slices.ContainsFunc(acts, func(act *action) bool { return !t.silentOn(account, act) }):
		return t.quiet
	}
	there := t.names[account.id]
	if t.loud || there != nil && there.widely {
		return t.spoken
	}
	if there != nil {
		x.name(b, there.values, i)
	}
	return t.quiet
}

// name notes the callers that a thing's policies name.
func (x *axis) name(b *base, callers []string, i int) {
	for _, caller := range callers {
		if b.named[caller] == nil {
			b.named[caller] = compile.NewSet(len(x.nodes))
		}
		b.named[caller].Add(i)
	}
}

// group adds a thing to those with which it is alike; 0 is alike to none.
func (x *axis) group(parts []compile.Set, groups map[uint32]compile.Set, alike uint32, i int) []compile.Set {
	set := groups[alike]
	if set == nil {
		set = compile.NewSet(len(x.nodes))
		parts = append(parts, set)
		if alike != 0 {
			groups[alike] = set
		}
	}
	set.Add(i)
	return parts
}

// partsFor cuts the axis for a caller that asks for some actions: by what policies
// of things say of it.
func (x *axis) partsFor(p *principal, acts []*action) []compile.Set {
	if p.kind > kindRole {
		return slices.Clone(x.base(nil, nil).parts)
	}
	b := x.base(p.account, acts)
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
		return x.places(singles(within)), true // as most: the others are not read for it
	}
	parts, ok := a.alike(x, asks)
	switch {
	case within == nil:
		return x.places(parts), ok
	case ok:
		return x.places(inside(parts, within)), true
	}
	return x.places(singles(within)), true
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
	parts := x.partsFor(a.r.principal, acts)
	for _, ask := range asks {
		g := a.grouping(a.of(ask.Kind, ask.More), x.things[0], ask.Part)
		if g.apart || g.owner != x.owner {
			return nil, false
		}
		for _, s := range g.covers {
			parts = cut(parts, x.cover(covered{s, ask.Part}))
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
func (x *axis) places(parts []compile.Set) [][]int {
	out, all := make([][]int, len(parts)), make([]int, 0, len(x.at))
	for i, part := range parts {
		from := len(all)
		part.Each(func(position int) { all = append(all, x.at[position]) })
		out[i] = all[from:len(all):len(all)]
		slices.Sort(out[i])
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return out
}
