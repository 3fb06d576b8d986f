package escalate

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file looks at what variables can stand for, whoever acts.

// A candidate is a thing that a variable can stand for, with the documents
// that this hangs on, and what services may do to it.
type candidate struct {
	thing
	hangs *hanging // nil: on nothing
}

// A hanging is what the use of a thing hangs on, whoever acts: few have any.
type hanging struct {
	missing []string
	others  []*snapshot.Ruling // as planVar.others
}

// onNothing is of things whose use hangs on nothing.
var onNothing hanging

// on is what the use of the thing hangs on. It is not to be changed.
func (c *candidate) on() *hanging {
	if c.hangs == nil {
		return &onNothing
	}
	return c.hangs
}

// add adds what else it hangs on: what it hangs on already others may share.
func (c *candidate) add(missing []string, others ...*snapshot.Ruling) {
	h := &hanging{missing: slices.Clone(c.on().missing), others: append(slices.Clone(c.on().others), others...)}
	for _, text := range missing {
		h.missing = withText(h.missing, text)
	}
	c.hangs = h
}

// candidates are the described things of a variable's type that have what it
// wants, whoever acts.
func (s *Scene) candidates(p *plan, v *planVar) []candidate {
	if found := &s.things[v.cast]; found.known {
		return found.list
	}
	nodes, list := s.m.ofType(s.account, v), s.things[v.cast].list[:0]
	for _, node := range nodes {
		if c, fits := s.candidate(p, v, node); fits {
			if cap(list) == 0 {
				list = make([]candidate, 0, len(nodes))
			}
			list = append(list, c)
		}
	}
	s.things[v.cast] = castings{known: true, list: list}
	return list
}

// candidate looks at what is true of one thing, whoever acts.
func (s *Scene) candidate(p *plan, v *planVar, node snapshot.Index) (candidate, bool) {
	c := candidate{thing: thing{node: node}}
	for _, f := range v.own {
		answer := s.own(f, node)
		if !answer.holds {
			return c, false
		}
		switch {
		case answer.hangs == nil:
		case c.hangs == nil:
			c.hangs = answer.hangs
		default:
			c.add(answer.hangs.missing)
		}
	}
	for _, i := range v.others {
		n := &p.needs[i]
		ruling := s.asker(snapshot.None, n.Who).Of(&s.m.kinds[n.kind], nil, node)
		if ruling.Verdict == graph.Denied {
			return c, false
		}
		c.add(nil, ruling)
	}
	for _, to := range v.leads {
		if !s.m.s.Mentioned(node) && len(s.leadsTo(&p.vars[to], node)) == 0 {
			return c, false
		}
	}
	return c, true
}

// own looks at a fact of one thing.
func (s *Scene) own(f planFact, node snapshot.Index) ownAnswer {
	key := ownFact{f.number, node}
	answer, ok := s.facts[key]
	if !ok {
		look := view{m: s.m, account: s.account}
		answer.holds = look.own(f, thing{node: node})
		answer.hangs = s.hanging(look.missing)
		s.facts[key] = answer
	}
	return answer
}

// hanging is what hangs on missing documents; nil: on none. Most lack the same one.
func (s *Scene) hanging(missing []string) *hanging {
	if len(missing) == 0 {
		return nil
	}
	if len(missing) > 1 {
		return &hanging{missing: missing}
	}
	h := s.hangs[missing[0]]
	if h == nil {
		h = &hanging{missing: missing}
		s.hangs[missing[0]] = h
	}
	return h
}

// linked are the described things that a variable can stand for where an
// earlier one, from, leads to it.
func (s *Scene) linked(p *plan, v *planVar, from snapshot.Index) []candidate {
	key := linking{v.cast, v.link.kind, from}
	list, ok := s.links[key]
	if !ok {
		list = s.follow(p, v, from)
		s.links[key] = list
	}
	return list
}

// A linking is a variable with the thing that leads to what it can stand for.
type linking struct {
	cast int
	kind FactKind
	from snapshot.Index
}

func (s *Scene) follow(p *plan, v *planVar, from snapshot.Index) []candidate {
	var nodes []snapshot.Index
	switch v.link.kind {
	case MemberOf:
		nodes = s.ofVar(v, slices.Clone(s.m.s.Out(from, graph.MemberOf)))
	case AttachedTo:
		nodes = s.ofVar(v, s.managedOf(from))
	default:
		nodes = s.leadsTo(v, from)
	}
	var list []candidate
	for _, node := range nodes {
		if c, fits := s.candidate(p, v, node); fits {
			list = append(list, c)
		}
	}
	return list
}
