package aws

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// A caster makes claims for one foothold, which stands for its access class:
// what every document in play says in a block, as sets.
type caster struct {
	*request
	h      *holding
	block  *compile.Block
	listed []heard
	states map[string]state // of formulas, by text

	decided *reader     // for the keys of buckets whose statements tell them apart
	apart   compile.Set // buckets whose own policies do, to this caller
	spoken  compile.Set // things whose own policies speak of this caller
}

// heard is the statement behind a claim.
type heard struct {
	bound     *bound
	statement *Statement
	layer     layerNumber
}

func (e *Estate) newCaster(f snapshot.Foothold) *caster {
	r := e.newReader(f)
	return &caster{request: r.request, decided: r, states: e.states()}
}

// states is a small memory of what formulas come to.
func (e *Estate) states() map[string]state { return map[string]state{} }

// rows decides everything on the things of a holding.
func (c *caster) rows(h *holding, emit func(snapshot.AccessRow)) {
	if !h.reaches(c.principal, c.hold) {
		return
	}
	if h.things[0].typ == typeAPI {
		c.apis(h, emit)
		return
	}
	c.h, c.listed = h, c.listed[:0]
	c.block = &compile.Block{Actions: len(h.actions), Things: len(h.things)}
	c.apart, c.spoken = compile.NewSet(len(h.things)), compile.NewSet(len(h.things))
	c.resource = h.things[0]
	granted := c.grants()
	divided := compile.NewSet(len(h.things))
	if h.parts {
		divided = c.divided()
	}
	if granted {
		c.facts()
		c.ceilings()
		c.cells(divided, emit)
	}
	c.inside(divided, emit)
}

// apis decides APIs one by one: what their methods ask of callers is no policy.
func (c *caster) apis(h *holding, emit func(snapshot.AccessRow)) {
	for _, node := range h.nodes {
		c.decided.rows(node, "*", func(a snapshot.Access) bool {
			emit(snapshot.AccessRow{To: []snapshot.Index{node}, Actions: a.Actions, Include: a.Include, Exclude: a.Exclude, Ruling: a.Ruling})
			return true
		})
	}
}

// claim adds what a statement says.
func (c *caster) claim(t policy.Term, level int, actions, things compile.Set, when *policy.Formula, from int) {
	if when == policy.False || actions.Empty() || things.Empty() {
		return
	}
	c.block.Claims = append(c.block.Claims, compile.Claim{Term: t, Level: level, Actions: actions, Things: things, When: when, From: from})
}

func (c *caster) hear(n layerNumber, b *bound, s *Statement) int {
	c.listed = append(c.listed, heard{b, s, n})
	return len(c.listed) - 1
}

// everything is all actions of the block.
func (c *caster) everything() compile.Set { return compile.Full(c.block.Actions) }

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
		c.statement(s, actions, c.h.all(), func(actions, things compile.Set, when *policy.Formula) {
			c.claim(term, level, actions, things, when, c.hear(n, b, s))
		})
	}
}

// statement calls claim for each part of the block in which a statement says
// one thing. Only things within are looked at.
func (c *caster) statement(s *Statement, actions, within compile.Set, claim func(actions, things compile.Set, when *policy.Formula)) {
	c.resources(s, within, func(things compile.Set, when *policy.Formula) {
		if len(s.Conditions) == 0 {
			claim(actions, things, when)
			return
		}
		for _, a := range c.alikeActions(s, actions) {
			for _, t := range c.alikeThings(s, things) {
				c.action, c.resource = actionOf(c.h.actions[a.First()]), c.h.things[t.First()]
				c.values = c.values[:0]
				if f := policy.And(when, c.conditions(s)); f != policy.False {
					claim(a, t, f)
				}
			}
		}
	})
}

// resources finds the things that a statement covers, and when.
func (c *caster) resources(s *Statement, within compile.Set, each func(compile.Set, *policy.Formula)) {
	open := s.HasResources && slices.ContainsFunc(s.compiled.resources, func(p resourcePattern) bool { return p.parts != nil })
	if !open {
		things := c.h.told(s)
		if within.Len() < c.block.Things {
			things = things.Clone()
			things.Intersect(within)
		}
		if !things.Empty() {
			each(things, policy.True)
		}
		return
	}
	// A variable's value is the caller's: each thing by itself.
	sure := compile.NewSet(c.block.Things)
	within.Each(func(i int) {
		c.resource, c.target, c.values = c.h.things[i], c.h.refs[i], c.values[:0]
		switch f := c.matchesResource(s); f {
		case policy.False:
		case policy.True:
			sure.Add(i)
		default:
			one := compile.NewSet(c.block.Things)
			one.Add(i)
			each(one, f)
		}
	})
	if !sure.Empty() {
		each(sure, policy.True)
	}
}

// alikeActions cuts actions into those whose requests carry the same of the
// keys that a statement's conditions test.
func (c *caster) alikeActions(s *Statement, actions compile.Set) []compile.Set {
	parts := []compile.Set{actions}
	cut := func(by compile.Set) {
		for i, n := 0, len(parts); i < n; i++ {
			inside, outside := parts[i].Clone(), parts[i].Clone()
			inside.Intersect(by)
			outside.Subtract(by)
			if !inside.Empty() && !outside.Empty() {
				parts[i] = inside
				parts = append(parts, outside)
			}
		}
	}
	for i := range s.Conditions {
		cut(c.h.supporting(s.Conditions[i].compiled.key))
		for _, key := range variablesOf(&s.Conditions[i]) {
			cut(c.h.supporting(key))
		}
	}
	if len(c.h.services) > 1 {
		for _, service := range c.h.services {
			cut(service)
		}
	}
	c.h.alone.Each(func(i int) {
		one := compile.NewSet(c.block.Actions)
		one.Add(i)
		cut(one)
	})
	return parts
}

// variablesOf are the keys that the values of a condition speak of.
func variablesOf(c *Condition) []string {
	var keys []string
	for _, value := range c.compiled.parts {
		for _, p := range value {
			if p.variable != nil {
				keys = append(keys, strings.ToLower(p.variable.key))
			}
		}
	}
	return keys
}

// alikeThings cuts things into those that look the same to the conditions of
// a statement.
func (c *caster) alikeThings(s *Statement, things compile.Set) []compile.Set {
	var keys []string
	for i := range s.Conditions {
		for _, key := range append(variablesOf(&s.Conditions[i]), s.Conditions[i].compiled.key) {
			if ofThing(key) {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) == 0 {
		return []compile.Set{things}
	}
	groups := map[string]compile.Set{}
	var order []compile.Set
	things.Each(func(i int) {
		c.resource = c.h.things[i]
		looks := c.looks(keys)
		if groups[looks] == nil {
			groups[looks] = compile.NewSet(c.block.Things)
			order = append(order, groups[looks])
		}
		groups[looks].Add(i)
	})
	return order
}

// ofThing reports whether a key's state follows from what is acted on, the
// owner apart, which a holding's things have in common.
func ofThing(key string) bool {
	_, name, _ := strings.Cut(key, ":")
	switch name {
	case "requestedregion", "permissionsboundary", "passedtoservice", "viaservice", "functionurlauthtype":
		return true
	}
	return strings.HasPrefix(name, "resourcetag/")
}

// looks is what keys say of the resource at hand, as text.
func (c *caster) looks(keys []string) string {
	var b strings.Builder
	for _, key := range keys {
		c.values = c.values[:0]
		if key == "lambda:functionurlauthtype" {
			types, gap := c.estate.urlTypes(c.resource.node)
			fmt.Fprintf(&b, "%q %v;", types, gap != nil)
			continue
		}
		if key == "iam:passedtoservice" {
			fmt.Fprintf(&b, "%q;", c.passableServices())
			continue
		}
		// Boundaries that entities have are asked for by an action that does
		// not set one.
		c.action = action{service: "iam", name: "deleteuser"}
		state := c.foldedKey(key, key)
		fmt.Fprintf(&b, "%v %v %q;", state.known, state.values != nil, state.values)
	}
	return b.String()
}

// resourcePolicies mirrors readResource, but for trust, which says who may
// assume a role and nothing else.
func (c *caster) resourcePolicies() {
	if c.h.things[0].layer == numTrust {
		return
	}
	actions := c.everything()
	for i, id := range c.h.actions {
		if actionOf(id).folded == "kms:retiregrant" {
			actions.Subtract(c.one(i))
		}
	}
	for i := range c.h.said {
		c.saying(&c.h.said[i], actions)
	}
	for _, i := range c.h.gaps {
		c.resourceGap(i, c.h.things[i].gap, actions)
	}
	if c.h.own(c.principal) {
		c.defaultKeys(actions)
	}
}

func (c *caster) one(action int) compile.Set {
	set := compile.NewSet(c.block.Actions)
	set.Add(action)
	return set
}

func (c *caster) thing(i int) compile.Set {
	set := compile.NewSet(c.block.Things)
	set.Add(i)
	return set
}

func (c *caster) resourceGap(i int, gap *policy.Formula, actions compile.Set) {
	c.claim(termResourceDirect, 0, actions, c.thing(i), gap, -1)
	c.claim(termResourceAnyone, 0, actions, c.thing(i), gap, -1)
	c.claim(termDenyResource, 0, actions, c.thing(i), policy.Not(gap), -1)
}

// defaultKeys: a key whose policy nobody collected lets identity policies
// decide.
func (c *caster) defaultKeys(actions compile.Set) {
	kms := actions.Clone()
	for i, id := range c.h.actions {
		if actionOf(id).service != "kms" {
			kms.Subtract(c.one(i))
		}
	}
	for _, i := range c.h.assumed {
		c.claim(termResourceAccount, 0, kms, c.thing(i), policy.True, -1)
		c.claim(termResourceAnyone, 0, kms, c.thing(i), policy.True, -1)
	}
}

// saying makes the claims of one statement of a thing's own policy.
func (c *caster) saying(said *saying, allowed compile.Set) {
	if said.statement == nil {
		c.resourceGap(said.thing, said.bound.missing, allowed)
		return
	}
	s := said.statement
	c.resource, c.values = c.h.things[said.thing], c.values[:0]
	names := c.names(s)
	if names == [3]*policy.Formula{policy.False, policy.False, policy.False} {
		return
	}
	c.spoken.Add(said.thing)
	if said.apart {
		c.apart.Add(said.thing)
	}
	actions := c.h.of(actionsOf(s)).Clone()
	actions.Intersect(allowed)
	if !s.Deny && !c.h.own(c.principal) {
		actions.Subtract(c.ownerOnlyActions())
	}
	if s.Deny && c.principal.kind == kindRoot && c.h.own(c.principal) {
		actions.Subtract(c.bucketPolicyActions())
	}
	if actions.Empty() {
		return
	}
	c.statement(s, actions, c.thing(said.thing), func(a, t compile.Set, when *policy.Formula) {
		from := c.hear(numResource, said.bound, s)
		if said.bound.when != nil {
			when = policy.And(when, said.bound.when)
		}
		if s.Deny {
			c.claim(termDenyResource, 0, a, t, policy.And(when, names[0]), from)
			return
		}
		for how, term := range [...]policy.Term{termResourceDirect, termResourceRole, termResourceAccount} {
			f := policy.And(when, names[how])
			c.claim(term, 0, a, t, f, from)
			c.claim(termResourceAnyone, 0, a, t, f, from)
		}
	})
}

// names returns when a statement names the caller in each of three ways; for a
// Deny, when it does at all.
func (c *caster) names(s *Statement) (when [3]*policy.Formula) {
	when = [3]*policy.Formula{policy.False, policy.False, policy.False}
	if s.Deny {
		when[0] = c.deniesTo(s)
		return when
	}
	for how := range when {
		when[how] = c.grantsTo(s, naming(how))
	}
	return when
}

func (c *caster) ownerOnlyActions() compile.Set {
	return c.actionsWhere(func(r *request) bool { return r.ownerOnly() })
}

func (c *caster) bucketPolicyActions() compile.Set {
	return c.actionsWhere(func(r *request) bool { return r.onBucketPolicy() })
}

// actionsWhere are the actions of the block for which something holds that the
// action alone tells.
func (c *caster) actionsWhere(holds func(*request) bool) compile.Set {
	set := compile.NewSet(c.block.Actions)
	for i, id := range c.h.actions {
		c.action = actionOf(id)
		if holds(c.request) {
			set.Add(i)
		}
	}
	return set
}

// facts claims what the request's own facts are.
func (c *caster) facts() {
	all := c.h.all()
	own := c.h.own(c.principal)
	c.resource = c.h.things[0]
	if own {
		c.claim(termSameAccount, 0, c.actionsWhere(func(r *request) bool { return !needsBothSides(r.action.service) }), all, policy.True, -1)
	}
	c.claim(termImplicitGrant, 0, c.actionsWhere(func(r *request) bool { return !r.needsExplicitGrant() }), all, policy.True, -1)
	c.block.Base = map[policy.Term]*policy.Formula{
		termIdentitySide: policy.Constant(c.principal.hasIdentity()),
		termUnbounded:    policy.True,
	}
	c.block.Levels = map[policy.Term]int{termSession: 0, termEndpoint: 0, termPublicAccess: 0, termRCP: 0, termSCP: 0, termBoundary: 0}
	if c.h.blocked && c.principal.kind != kindService && !own {
		c.publicBlock()
	}
}

// publicBlock mirrors readPublicBlock.
func (c *caster) publicBlock() {
	c.block.Levels[termPublicAccess] = 1
	for i, b := range c.h.things {
		when := policy.True
		if b.restrictPublic != nil && b.hasPublicPolicy() {
			switch {
			case b.restrictPublic == policy.True:
				when = policy.False
			case b.publicGap != nil:
				when = b.publicGap
			}
		}
		c.claim(termPublicAccess, 0, c.everything(), c.thing(i), when, -1)
	}
}

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

// resourceControls makes the claims of RCPs, which only deny, and takes those
// away that do not bind: other services' actions, AWS's own keys and roles.
func (c *caster) resourceControls(o *account) {
	begin := len(c.block.Claims)
	for i := range o.rcp.levels {
		c.level(numRCP, &o.rcp.levels[i], termCount, termDenyRCP, 0)
	}
	if begin == len(c.block.Claims) {
		return
	}
	actions := c.actionsWhere(func(r *request) bool {
		return reference.SupportsRCP(r.action.service) && r.action.folded != "kms:retiregrant"
	})
	things := c.h.all().Clone()
	for i, b := range c.h.things {
		if strings.HasPrefix(b.parts.Resource, "role/aws-service-role/") || awsManagedKey(b.arn) {
			things.Subtract(c.thing(i))
		}
	}
	for i := begin; i < len(c.block.Claims); i++ {
		claim := &c.block.Claims[i]
		claim.Actions, claim.Things = claim.Actions.Clone(), claim.Things.Clone()
		claim.Actions.Intersect(actions)
		claim.Things.Intersect(things)
	}
}

// divided returns the buckets of which some statement in play speaks of some
// keys and not of others.
func (c *caster) divided() compile.Set {
	set := c.apart.Clone()
	for _, s := range c.aboutParts(c.h.all()) {
		for _, text := range s.Resources {
			set.Union(c.h.partlyCovered(text))
		}
	}
	return set
}

// inside decides the keys of buckets that statements tell apart, once for
// buckets of which every statement covers the same keys.
func (c *caster) inside(buckets compile.Set, emit func(snapshot.AccessRow)) {
	groups := map[string]compile.Set{}
	var order []compile.Set
	statements := c.aboutParts(buckets)
	buckets.Each(func(i int) {
		key := c.keysOf(i, statements)
		if groups[key] == nil {
			groups[key] = compile.NewSet(c.block.Things)
			order = append(order, groups[key])
		}
		groups[key].Add(i)
	})
	for _, alike := range order {
		to := c.h.nodesOf(alike)
		c.decided.partRows(c.h.nodes[alike.First()], func(a snapshot.Access) {
			emit(snapshot.AccessRow{To: to, Actions: a.Actions, Include: a.Include, Exclude: a.Exclude, Ruling: a.Ruling})
		})
	}
}

// aboutParts are the statements in play, resources' own policies aside.
func (c *caster) aboutParts(buckets compile.Set) []*Statement {
	if buckets.Empty() {
		return nil
	}
	var list []*Statement
	for _, documents := range c.decided.documentsInPlay()[1:] {
		for i := range documents {
			if documents[i].doc == nil {
				continue
			}
			for j := range documents[i].doc.Statements {
				if s := &documents[i].doc.Statements[j]; !c.h.of(actionsOf(s)).Empty() {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// keysOf tells which keys of a bucket each statement covers, and what else of
// the bucket decisions look at.
func (c *caster) keysOf(i int, statements []*Statement) string {
	b := c.h.things[i]
	if c.apart.Has(i) || c.spoken.Has(i) || b.gap != nil || b.publicGap != nil {
		return "\x00" + b.arn // its own policy speaks of the caller
	}
	var key strings.Builder
	fmt.Fprint(&key, b.attrs["kms-key"], " ", b.attrs["region"], " ", b.attrs["abac"], b.hasPublicPolicy(), b.restrictPublic == policy.True)
	for _, s := range statements {
		for j := range s.compiled.resources {
			p := &s.compiled.resources[j]
			if p.parts != nil {
				fmt.Fprintf(&key, " %q", c.remainders(p, strings.TrimSuffix(c.h.refs[i], anyKey)))
				continue
			}
			key.WriteString(c.h.remainder(p, i))
		}
		key.WriteByte(';')
	}
	return key.String()
}

// cells decides the block and writes rows down.
func (c *caster) cells(without compile.Set, emit func(snapshot.AccessRow)) {
	merged := newRowMerger(c.h)
	c.block.Cells(Combine, func(cell compile.Cell) {
		cell.Things.Subtract(without)
		if cell.Things.Empty() {
			return
		}
		plain := cell.Actions.Clone()
		plain.Subtract(c.h.extra)
		evidence := c.evidence(cell.Claims)
		if !plain.Empty() {
			c.put(merged, plain, cell.Things, cell.Formula, evidence)
		}
		extra := cell.Actions.Clone()
		extra.Intersect(c.h.extra)
		extra.Each(func(a int) { c.more(merged, a, cell, evidence) })
	})
	merged.emit(c.h, emit)
}

// put adds a part of the block with one ruling, denials left out.
func (c *caster) put(m *rowMerger, actions, things compile.Set, f *policy.Formula, evidence []snapshot.EvidenceRef) {
	s := c.state(f)
	if s.verdict == graph.Denied {
		return
	}
	m.put(actions, things, snapshot.Ruling{Verdict: s.verdict, Bounds: s.bounds, Formula: s.text, Evidence: evidence})
}

// state is State and Reduce, remembered.
func (c *caster) state(f *policy.Formula) state {
	if f == policy.True {
		return state{verdict: graph.Allowed, bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	}
	key := f.String()
	s, ok := c.states[key]
	if !ok {
		s.verdict, s.bounds = f.State()
		if s.verdict != graph.Denied && s.verdict != graph.Allowed {
			s.text = f.Reduce().String()
		}
		c.states[key] = s
	}
	return s
}

// more decides an action that needs more than the thing itself, for things
// that need the same.
func (c *caster) more(m *rowMerger, a int, cell compile.Cell, evidence []snapshot.EvidenceRef) {
	groups := map[string]compile.Set{}
	var order []compile.Set
	c.action = actionOf(c.h.actions[a])
	cell.Things.Each(func(i int) {
		b := c.h.things[i]
		if c.resource = b; c.byURL() {
			if c.impossible() == "" {
				order = append(order, c.thing(i)) // every function has URLs of its own
			}
			return
		}
		key := b.attrs["kms-key"] + " " + b.parts.Region + " " + b.attrs["region"]
		if groups[key] == nil {
			groups[key] = compile.NewSet(c.block.Things)
			order = append(order, groups[key])
		}
		groups[key].Add(i)
	})
	for _, things := range order {
		c.action, c.resource = actionOf(c.h.actions[a]), c.h.things[things.First()]
		c.target = c.resource.arn
		c.matched = c.matched[:0]
		f := policy.And(cell.Formula, c.alsoNeeded())
		c.put(m, c.one(a), things, f, append(slices.Clip(evidence), c.grantsMatched()...))
	}
}

// grantsMatched are the grants that a request heard.
func (r *request) grantsMatched() []snapshot.EvidenceRef {
	var list []snapshot.EvidenceRef
	for i := range r.matched {
		m := &r.matched[i]
		if m.gap || m.statement.Deny || m.bound.of == statedAttachment || Layers[m.layer].Mode != policy.Grant {
			continue
		}
		list = append(list, snapshot.EvidenceRef{Attachment: m.bound.of, Statement: uint32(m.statement.Index), Effect: graph.EffectAllow})
	}
	return list
}

// evidence are the statements of a cell that grant.
func (c *caster) evidence(claims []int) []snapshot.EvidenceRef {
	var list []snapshot.EvidenceRef
	for _, i := range claims {
		claim := &c.block.Claims[i]
		if claim.From < 0 {
			continue
		}
		l := &c.listed[claim.From]
		if l.statement.Deny || l.bound.of == statedAttachment || Layers[l.layer].Mode != policy.Grant {
			continue
		}
		ref := snapshot.EvidenceRef{Attachment: l.bound.of, Statement: uint32(l.statement.Index), Effect: graph.EffectAllow}
		if !slices.Contains(list, ref) {
			list = append(list, ref)
		}
	}
	return list
}

// A rowMerger joins parts of a block that have one ruling, first over things,
// then over actions.
type rowMerger struct {
	h     *holding
	parts map[string]*mergedPart
	order []string
}

type mergedPart struct {
	things, actions compile.Set
	ruling          snapshot.Ruling
}

func newRowMerger(h *holding) *rowMerger { return &rowMerger{h: h, parts: map[string]*mergedPart{}} }

func (m *rowMerger) put(actions, things compile.Set, ruling snapshot.Ruling) {
	key := fmt.Sprint(ruling) + keyOf(things)
	if p, ok := m.parts[key]; ok {
		p.actions.Union(actions)
		return
	}
	m.parts[key] = &mergedPart{things: things.Clone(), actions: actions.Clone(), ruling: ruling}
	m.order = append(m.order, key)
}

// wholly is what a row of a bucket's keys includes where none are told apart.
var wholly = []string{"*"}

func (m *rowMerger) emit(h *holding, emit func(snapshot.AccessRow)) {
	for _, key := range m.order {
		p := m.parts[key]
		row := snapshot.AccessRow{To: h.nodesOf(p.things), Actions: h.names(p.actions), Ruling: p.ruling}
		if h.parts {
			row.Include = wholly
		}
		emit(row)
	}
}

// partRows decides the actions on what a bucket holds.
func (r *reader) partRows(bucket snapshot.Index, emit func(snapshot.Access)) {
	r.resource = r.estate.resourceByNode(bucket)
	whole := r.resource
	for _, g := range r.actionGroups() {
		r.resource, r.action = whole, actionOf(g.actions[0])
		if r.fit() != fitsParts {
			continue
		}
		o := r.decide()
		ruling := r.ruling(o)
		if ruling.Verdict == graph.Denied {
			continue
		}
		row := snapshot.Access{To: bucket, Include: o.include, Exclude: o.exclude, Ruling: ruling}
		for _, id := range g.actions {
			row.Actions = append(row.Actions, id.String())
		}
		sort.Strings(row.Actions)
		emit(row)
	}
}
