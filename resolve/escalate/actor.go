package escalate

import (
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
)

// An actor is whoever holds a foothold, while techniques are matched for it.
type actor struct {
	*Scene
	from       snapshot.Foothold
	asks       Asker
	had        func(snapshot.Foothold) bool // nil: nothing is had
	passed     map[gaining]int              // how many of the first things that could be gained are had
	full       bool                         // matches tell their questions
	worthwhile bool                         // data that the actor has anyhow is left out
	b          binding                      // used again for each technique

	home, abroad compile.Set // what is tried on things of the account, and of others
}

// actor lets whoever holds f act in the scene, in place of who did before.
func (s *Scene) actor(f snapshot.Foothold) *actor {
	a := &s.acting
	*a = actor{Scene: s, from: f, asks: s.room.Actor(f), b: a.b}
	a.home, a.abroad = a.asks.Tried()
	if a.b.best == nil {
		a.b.best = map[snapshot.Foothold]int{}
	}
	return a
}

// match finds the uses of one technique.
func (a *actor) match(p *plan, found func(Match)) {
	if a.account == snapshot.None || !a.tries(p) {
		return
	}
	b := &a.b
	b.start(a, p)
	if b.passes(&p.start) && !a.idle(p) {
		b.next(0)
	}
	for i := range b.found {
		if h := &b.found[i]; !a.worthwhile || !b.gainsNothing(h) {
			found(h.Match)
		}
	}
}

// tries reports whether something could allow each of the actor's actions.
func (a *actor) tries(p *plan) bool {
	for _, n := range p.acts {
		tried := a.home
		if n.abroad {
			tried = a.abroad
		}
		if !tried.Has(int(n.kind)) {
			return false
		}
	}
	return true
}

// A gaining is a list of things that could be gained, and how.
type gaining struct {
	typ    string
	across int // cast of variables that stand for things of every account, else -1
	hold   graph.Hold
}

// hasAll reports whether everything that a technique could yield is had. What is
// had stays so: those that were passed over once are not looked at again.
func (a *actor) hasAll(p *plan) bool {
	if p.gain < 0 || p.isNew {
		return true // itself, or something new: a holder of everything gains nothing
	}
	v := &p.vars[p.gain]
	g := gaining{v.Type, -1, gainedHold(p.Technique)}
	if v.Across {
		g.across = v.cast
	}
	nodes, at := a.m.ofType(a.account, v), a.passed[g]
	for at < len(nodes) && a.had(snapshot.Foothold{Node: nodes[at], Hold: g.hold}) {
		at++
	}
	a.passed[g] = at
	return at == len(nodes)
}

// gainsNothing reports whether a technique gives data that its actor may have
// without it, as surely.
func (b *binding) gainsNothing(h *hit) bool {
	for _, i := range b.p.giving {
		n := &b.p.needs[i]
		bare := *n
		bare.kind = n.bare
		if ruling := b.rule(&bare, h.bound); ruling.Verdict < h.Ruling.Verdict {
			return false
		}
	}
	return len(b.p.giving) > 0
}

// accountID is the id in an account's reference.
func accountID(ref graph.Ref) string { return strings.TrimPrefix(string(ref), "account:") }
