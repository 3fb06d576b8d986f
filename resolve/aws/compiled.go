package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// A caster makes claims for one foothold, which stands for its access class:
// what every document in play says in a block, as sets.
type caster struct {
	*request
	foothold snapshot.Foothold
	h        *holding
	block    *compile.Block
	inside   []*inner // by claim
	listed   []heard
	asks     *reader // of what is decided one by one
	room     compile.Room
	levels   map[policy.Term]int // of the block
	whole    bool                // no axis is condensed: in tests
}

// heard is the statement behind a claim.
type heard struct {
	bound     *bound
	statement *Statement
	layer     layerNumber
}

// caller makes a foothold the one for whom claims are made. What was worked out
// for the one before is let go, and its memory used again.
func (c *caster) caller(e *Estate, f snapshot.Foothold) {
	if c.asks != nil && c.foothold == f {
		return
	}
	c.foothold, c.asks = f, e.newReader(f)
	if c.request != nil {
		c.asks.values, c.asks.matched = c.values[:0], c.matched[:0]
	}
	c.request = c.asks.request
}

// rows decides everything on the things of a holding.
func (c *caster) rows(h *holding, emit func(snapshot.AccessRow)) {
	if !h.open(c.principal, c.hold) {
		return
	}
	if h.things[0].typ == typeAPI {
		c.apis(h, emit)
		return
	}
	c.h = h
	h = c.condensed()
	c.begin(h)
	if !c.grants() {
		return
	}
	c.facts()
	c.ceilings()
	if h.parts {
		c.keys(emit)
		return
	}
	c.cells(emit)
}

// begin clears the table for a holding.
func (c *caster) begin(h *holding) {
	c.room.Clear()
	clear(c.inside)
	clear(c.listed)
	c.h, c.listed, c.inside = h, c.listed[:0], c.inside[:0]
	var claims []compile.Claim
	if c.block != nil {
		claims = c.block.Claims
		clear(claims)
	}
	c.block = &compile.Block{Actions: len(h.actions), Things: len(h.things), Claims: claims[:0], Room: &c.room}
	c.resource = h.things[0]
}

// apis decides APIs one by one: what their methods ask of callers is no policy.
func (c *caster) apis(h *holding, emit func(snapshot.AccessRow)) {
	for _, node := range h.nodes {
		c.asks.rows(node, "*", func(a snapshot.Access) bool {
			emit(snapshot.AccessRow{To: []snapshot.Index{node}, Actions: a.Actions, Include: a.Include, Exclude: a.Exclude, Ruling: a.Ruling})
			return true
		})
	}
}

// claim adds what a statement says of things, all of what they hold included.
func (c *caster) claim(t policy.Term, level int, actions, things compile.Set, when *policy.Formula, from int) {
	c.add(compile.Claim{Term: t, Level: level, Actions: actions, Things: things, When: when, From: from}, nil)
}

// claimInside adds what a statement says of some keys of things.
func (c *caster) claimInside(t policy.Term, actions, things compile.Set, in *inner, when *policy.Formula, from int) {
	c.add(compile.Claim{Term: t, Actions: actions, Things: things, When: when, From: from}, in)
}

func (c *caster) add(claim compile.Claim, in *inner) {
	if claim.When == policy.False || claim.Actions.Empty() || claim.Things.Empty() {
		return
	}
	c.block.Claims = append(c.block.Claims, claim)
	c.inside = append(c.inside, in)
}

func (c *caster) hear(n layerNumber, b *bound, s *Statement) int {
	c.listed = append(c.listed, heard{b, s, n})
	return len(c.listed) - 1
}

// everything is all actions of the block.
func (c *caster) everything() compile.Set { return c.room.Full(c.block.Actions) }

// grants makes the claims of layers that grant; false if there are none.
func (c *caster) grants() bool {
	c.identity()
	c.resourcePolicies()
	for i := range c.block.Claims {
		switch c.block.Claims[i].Term {
		case termIdentity, termResourceDirect, termResourceRole, termResourceAccount:
			return true
		}
	}
	return false
}

// identity mirrors readIdentity.
func (c *caster) identity() {
	p, all := c.principal, c.h.all()
	switch {
	case p.gone, !p.hasIdentity():
		return
	case p.kind == kindRoot, p.kind == kindExternal || p.uncollected:
		c.claim(termIdentity, 0, c.everything(), all, policy.True, -1)
		return
	case c.hold == graph.WithOwnPolicy:
		c.claim(termIdentity, 0, c.everything(), all, policy.True, -1)
		kept := c.keptBy(p)
		for i := range kept {
			c.document(numIdentity, &kept[i], termCount, termDenyIdentity, 0)
		}
	default:
		for i := range p.identity {
			c.document(numIdentity, &p.identity[i], termIdentity, termDenyIdentity, 0)
		}
	}
	if p.idGap != nil {
		c.claim(termIdentity, 0, c.everything(), all, p.idGap, -1)
		c.claim(termDenyIdentity, 0, c.everything(), all, policy.Not(p.idGap), -1)
	}
}

// document makes the claims of a document that names no principals. Its
// Allows go to one term, if that is any, its Denies to another.
func (c *caster) document(n layerNumber, b *bound, allow, deny policy.Term, level int) {
	if b.doc == nil {
		if allow != termCount {
			c.claim(allow, level, c.everything(), c.h.all(), b.missing, -1)
		}
		c.claim(deny, 0, c.everything(), c.h.all(), policy.Not(b.missing), -1)
		return
	}
	for i := range b.doc.Statements {
		s := &b.doc.Statements[i]
		term := allow
		if s.Deny {
			term = deny
		} else if allow == termCount {
			continue
		}
		actions := c.h.of(actionsOf(s))
		if actions.Empty() {
			continue
		}
		c.statement(s, actions, func(actions, things compile.Set, in *inner, when *policy.Formula) {
			c.add(compile.Claim{Term: term, Level: level, Actions: actions, Things: things, When: when, From: c.hear(n, b, s)}, in)
		})
	}
}

func (c *caster) one(action int) compile.Set {
	set := c.room.NewSet(c.block.Actions)
	set.Add(action)
	return set
}

func (c *caster) thing(i int) compile.Set {
	set := c.room.NewSet(len(c.h.things))
	set.Add(i)
	return set
}

// actionsWhere are the actions of the block for which something holds that the
// action alone tells, or the sort of the things. It is worked out once, by its
// name. The set must not be changed.
func (c *caster) actionsWhere(name string, holds func(*request) bool) compile.Set {
	return c.h.where.of(name, func() compile.Set {
		set := compile.NewSet(c.block.Actions)
		for i, id := range c.h.actions {
			c.action = actionOf(id)
			if holds(c.request) {
				set.Add(i)
			}
		}
		return set
	})
}

// facts claims what the request's own facts are.
func (c *caster) facts() {
	all := c.h.all()
	own := c.h.own(c.principal)
	c.resource = c.h.things[0]
	if own {
		c.claim(termSameAccount, 0, c.actionsWhere("either side", func(r *request) bool { return !needsBothSides(r.action.service) }), all, policy.True, -1)
	}
	c.claim(termImplicitGrant, 0, c.actionsWhere("implicit", func(r *request) bool { return !r.needsExplicitGrant() }), all, policy.True, -1)
	c.block.Base = nobodysFacts
	if c.principal.hasIdentity() {
		c.block.Base = somebodysFacts
	}
	if c.levels == nil {
		c.levels = map[policy.Term]int{}
	}
	c.block.Levels = c.levels
	for _, term := range [...]policy.Term{termSession, termEndpoint, termPublicAccess, termRCP, termSCP, termBoundary} {
		c.levels[term] = 0
	}
	if len(c.h.blocked) > 0 && c.principal.kind != kindService && !own {
		c.publicBlock()
	}
}

// What holds of every request of those who have identity policies, and of
// others.
var (
	somebodysFacts = map[policy.Term]*policy.Formula{termIdentitySide: policy.True, termUnbounded: policy.True}
	nobodysFacts   = map[policy.Term]*policy.Formula{termIdentitySide: policy.False, termUnbounded: policy.True}
)

// ceilings claims what bounds the principal and the things.
func (c *caster) ceilings() {
	p := c.principal
	c.ceiling(numBoundary, p.ownBoundary(), termBoundary, termDenyBoundary)
	c.ceiling(numSession, p.sessionPolicies(), termSession, termDenySession)
	if p.kind <= kindExternal && !p.account.management && !p.serviceLinked && !p.account.scp.assumed {
		c.block.Levels[termSCP] = len(p.account.scp.levels)
		for i := range p.account.scp.levels {
			c.level(numSCP, &p.account.scp.levels[i], termSCP, termDenySCP, i)
		}
	}
	if o := c.h.owner; o != nil && !o.management && !o.rcp.assumed && !p.serviceLinked {
		c.resourceControls(o)
	}
}

// ceiling claims what a layer of one level lets through.
func (c *caster) ceiling(n layerNumber, list []bound, allow, deny policy.Term) {
	if len(list) == 0 {
		return
	}
	c.block.Levels[allow] = 1
	for i := range list {
		c.document(n, &list[i], allow, deny, 0)
	}
}

func (c *caster) level(n layerNumber, l *level, allow, deny policy.Term, at int) {
	for i := range l.policies {
		c.document(n, &l.policies[i], allow, deny, at)
	}
	if l.gap == nil {
		return
	}
	if allow != termCount {
		c.claim(allow, at, c.everything(), c.h.all(), l.gap, -1)
	}
	c.claim(deny, 0, c.everything(), c.h.all(), policy.Not(l.gap), -1)
}
