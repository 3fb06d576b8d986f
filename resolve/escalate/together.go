package escalate

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file looks at things together that no answer tells apart: accounts have
// hundreds of queues, and most ask the same of all.

// askings are the questions that tell a variable's things apart.
func (b *binding) askings(v *planVar) (list []Asking) {
	for _, i := range v.needs {
		n := &b.p.needs[i]
		one := Asking{Kind: &b.m.kinds[n.kind], More: b.stated(n, b.bound), Part: n.on.part}
		list = append(list, one)
		if slices.Contains(b.p.giving, i) {
			one.Kind, one.Aside = &b.m.kinds[n.bare], true
			list = append(list, one)
		}
	}
	return list
}

// A cast is the things that a variable can stand for, and those of them that
// are alike whoever acts.
type cast struct {
	list  []candidate
	nodes Things
	sorts []int // by place; equal for things of which nothing but answers differs
	had   []int // by sort, the part of which one was looked at last
	part  int   // at hand
}

// first reports whether the thing at a place is the first of its sort in the part
// at hand.
func (c *cast) first(place int) bool {
	sort := c.sorts[place]
	if c.had == nil {
		c.had = make([]int, len(c.list))
	}
	if c.had[sort] == c.part {
		return false
	}
	c.had[sort] = c.part
	return true
}

// firsts are the first things of each sort in a part.
func (c *cast) firsts(part []int) (list []int) {
	c.part++
	for _, i := range part {
		if c.first(i) {
			list = append(list, i)
		}
	}
	return list
}

// cast are the candidates of a variable that are looked at together.
func (s *Scene) cast(p *plan, v *planVar) *cast {
	c := s.things[v.cast].cast
	if c == nil {
		c = &cast{list: s.candidates(p, v)}
		c.nodes.Nodes, c.sorts = make([]snapshot.Index, 0, len(c.list)), make([]int, 0, len(c.list))
		sorts := map[string]int{}
		for i := range c.list {
			c.nodes.Nodes = append(c.nodes.Nodes, c.list[i].node)
			c.sorts = append(c.sorts, s.sort(v, &c.list[i], sorts))
		}
		s.things[v.cast].cast = c
	}
	return c
}

// sort numbers what a thing hangs on beside answers to the actor: missing
// documents, what services may do to it, what it runs as.
func (s *Scene) sort(v *planVar, c *candidate, sorts map[string]int) int {
	key := make([]byte, 0, 16)
	for _, text := range c.on().missing {
		key = append(append(key, text...), 0)
	}
	for _, ruling := range c.on().others {
		key = append(key, byte(ruling.Verdict))
	}
	if v.lone {
		for _, to := range s.m.s.Out(c.node, graph.RunsAs) {
			key = append(key, byte(to), byte(to>>8), byte(to>>16), byte(to>>24))
		}
		if s.m.s.Mentioned(c.node) {
			key = append(append(key, "mentioned "...), s.m.s.Ref(c.node)...)
		}
	}
	n, ok := sorts[string(key)]
	if !ok {
		n = len(sorts)
		sorts[string(key)] = n
	}
	return n
}

// together binds variable v to its things part by part; false where they are
// to be looked at one by one.
func (b *binding) together(v int) bool {
	variable := &b.p.vars[v]
	if !variable.alike || b.full || b.had != nil {
		return false
	}
	c := b.cast(b.p, variable)
	if len(c.list) < fewThings {
		return false
	}
	parts, ok := b.asks.Parts(b.askings(variable), &c.nodes)
	if !ok {
		return false
	}
	for _, part := range parts {
		b.part(v, c, part)
	}
	return true
}

// beyond binds variable v to those of its things of which a technique could yield
// data that the actor has not anyhow; false where they are to be looked at all.
func (b *binding) beyond(v int) bool {
	variable, by := &b.p.vars[v], &b.p.anyhow
	if by.of != v || variable.link != nil || b.full || !b.worthwhile {
		return false
	}
	c := b.cast(b.p, variable)
	if len(c.list) == 0 {
		return false
	}
	rest, ok := b.asks.Beyond(&b.m.kinds[by.does], &b.m.kinds[by.gets], by.part, &c.nodes)
	if !ok || 2*len(rest) > len(c.list) {
		return false
	}
	for _, i := range rest {
		b.bind(v, &c.list[i])
	}
	return true
}

// fewThings are looked at one by one.
const fewThings = 4

// part binds variable v to things about which the actor's answers are equally
// sure.
func (b *binding) part(v int, c *cast, part []int) {
	variable := &b.p.vars[v]
	if !b.worthwhileOf(v, &c.list[part[0]]) {
		return
	}
	chosen := part
	if variable.lone {
		chosen = c.firsts(part)
	}
	for _, i := range chosen {
		if !b.settled(variable, c.list[i].node) {
			b.bind(v, &c.list[i])
		}
	}
}

// worthwhileOf asks about one thing whether it, and those that are like it, can
// be had, and are not had anyhow.
func (b *binding) worthwhileOf(v int, c *candidate) bool {
	b.bound = append(b.bound, c.thing)
	defer func() { b.bound = b.bound[:v] }()
	if !b.suits(&b.p.vars[v], c) || b.ask(b.p.vars[v].needs) == graph.Denied {
		return false
	}
	if !b.worthwhile || len(b.p.giving) == 0 || v+1 < len(b.p.vars) || len(c.on().missing) > 0 {
		return true
	}
	h := hit{Match: Match{Ruling: snapshot.Ruling{Verdict: b.verdict()}}, bound: b.bound}
	return !b.gainsNothing(&h)
}
