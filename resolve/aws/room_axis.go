package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file holds lists of things as sets over their places, with what their own
// policies tell apart.

// An axis is a list of things, in the order of their references, with what
// cuts it. The things themselves are read when something reaches one.
type axis struct {
	nodes  []snapshot.Index
	refs   []string
	at     []int // by position, the place in the list
	things []*roomThing
	one    *resource // the first, as it is named
	owner  *account  // of all of them
	mixed  bool      // they are of several accounts
	bases  map[string]*base
	covers map[covered]compile.Set
	tagged map[string][]compile.Set // by tag, the things of each value
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
func (x *axis) base(m *room, account *account, acts []*action) *base {
	key := baseKey(account, acts)
	b, ok := x.bases[key]
	if ok {
		return b
	}
	b = &base{named: map[string]compile.Set{}}
	x.bases[key] = b
	groups := map[uint32]compile.Set{}
	for i := range x.things {
		b.parts = x.group(b.parts, groups, x.alikeFor(m, b, account, acts, i), i)
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
func (x *axis) alikeFor(m *room, b *base, account *account, acts []*action, i int) uint32 {
	t := x.things[i]
	switch {
	case account == nil:
		return t.spoken
	case !slices.ContainsFunc(acts, func(act *action) bool { return !t.silentOn(account, act) }):
		return t.quiet
	}
	if t.loud || t.namesWidely(account.id) {
		if t.owner != account {
			return t.spoken
		}
		x.nameAll(b, t, account, i)
		return m.heard(t, acts...)
	}
	x.nameAll(b, t, account, i)
	return t.quiet
}

// nameAll notes the callers of an account that a thing's policies name.
func (x *axis) nameAll(b *base, t *roomThing, account *account, i int) {
	for _, n := range t.names {
		if n.account != account.id {
			continue
		}
		if b.named[n.value] == nil {
			b.named[n.value] = compile.NewSet(len(x.nodes))
		}
		b.named[n.value].Add(i)
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
