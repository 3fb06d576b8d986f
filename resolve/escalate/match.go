package escalate

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A thing is what a variable stands for: a node, or one that no document
// describes.
type thing struct {
	node snapshot.Index
	made *made // set where node is None
}

// A made is what is to know of a thing that no document describes: scenes hold
// millions that some does.
type made struct {
	ref   graph.Ref
	tags  []graph.Tag
	limit *Limit
}

// unmade is of things of which nothing is known.
var unmade made

// as is what is to know of a thing that no document describes.
func (t thing) as() *made {
	if t.made == nil {
		return &unmade
	}
	return t.made
}

// A binding is a technique while its variables are filled.
type binding struct {
	view
	*actor
	p     *plan
	bound []thing // by variable, as far as they are
	asked []*snapshot.Ruling
	found []hit
	best  map[snapshot.Foothold]int // gain → index in found

	ruled       bool // last is the ruling of these:
	lastAsked   []*snapshot.Ruling
	lastMissing []string
	last        snapshot.Ruling
}

// A hit is a match with what it was found by.
type hit struct {
	Match
	bound []thing
}

// start makes a binding ready for a technique.
func (b *binding) start(a *actor, p *plan) {
	b.view = view{m: a.m, account: a.Scene.account, missing: b.missing[:0]}
	b.actor, b.p, b.found, b.ruled = a, p, b.found[:0], false
	b.bound = slices.Grow(b.bound[:0], len(p.vars))
	b.asked = slices.Grow(b.asked[:0], len(p.needs))[:len(p.needs)]
	if len(b.best) > 0 {
		clear(b.best)
	}
}

// next binds variable v and those after it. Needs and facts are looked at as
// soon as all their variables are bound.
func (b *binding) next(v int) {
	if v == len(b.p.vars) {
		b.conclude()
		return
	}
	variable := &b.p.vars[v]
	if !variable.New {
		b.each(v)
		if b.allListed(variable) {
			return
		}
	}
	if made, ok := b.likeliest(v); ok {
		b.bind(v, &candidate{thing: made})
	}
}

// each binds variable v to every described thing that it can stand for.
func (b *binding) each(v int) {
	if b.beyond(v) || b.together(v) {
		return
	}
	variable := &b.p.vars[v]
	for _, c := range b.described(variable) {
		if !b.settled(variable, c.node) {
			b.bind(v, &c)
		}
	}
}

// bind lets variable v stand for a thing.
func (b *binding) bind(v int, c *candidate) {
	variable, kept := &b.p.vars[v], len(b.missing)
	b.bound = append(b.bound, c.thing)
	if b.had == nil || v != b.p.gain || !b.had(b.gain()) {
		if c.node == snapshot.None && c.as().limit == nil && !variable.New {
			b.lack(variable.Listing)
		}
		for _, text := range c.on().missing {
			b.miss(text)
		}
		if b.suits(variable, c) && b.passes(&variable.stage) {
			b.next(v + 1)
		}
	}
	b.bound, b.missing = b.bound[:v], b.missing[:kept]
}

// suits looks at what a variable wants of a thing whoever acts: of one that is
// described, the scene looked.
func (b *binding) suits(v *planVar, c *candidate) bool {
	if c.node == snapshot.None {
		return b.all(v.own) && b.ask(v.others) != graph.Denied
	}
	for at, i := range v.others {
		b.asked[i] = c.on().others[at]
	}
	return true
}

// described are the described things that a variable can stand for: those that
// a bound thing leads to, where a fact says that it does.
func (b *binding) described(v *planVar) []candidate {
	if v.Type == Limits {
		return b.limits()
	}
	if v.link == nil {
		return b.candidates(b.p, v)
	}
	from := b.thing(v.link.from).node
	switch undescribed := from == snapshot.None || b.m.s.Mentioned(from); {
	case undescribed && v.link.service != "":
		return b.trusting(b.p, v, v.link.service)
	case undescribed:
		return b.candidates(b.p, v)
	}
	return b.linked(b.p, v, from)
}

// settled reports whether a thing that runs as what is gained would add nothing:
// all that it runs as is surely had by the technique already.
func (b *binding) settled(v *planVar, node snapshot.Index) bool {
	if !v.settle {
		return false
	}
	roles := b.m.s.Out(node, graph.RunsAs)
	return len(roles) > 0 && !slices.ContainsFunc(roles, func(role snapshot.Index) bool {
		at, ok := b.best[snapshot.Foothold{Node: role, Hold: gainedHold(b.p.Technique)}]
		return !ok || b.found[at].Ruling.Verdict != graph.Allowed
	})
}

// likeliest is the name that suits the actor best for a thing that no document
// describes: needs on one such thing hang on nothing else. Tags gain nothing where
// what is done under them is as sure without: then none are tried.
func (b *binding) likeliest(v int) (best thing, ok bool) {
	variable, sure, plain := &b.p.vars[v], graph.Denied, graph.Denied
	if variable.Type == Tags {
		if plain = b.untagged(v); plain == graph.Allowed {
			return best, false
		}
	}
	for _, made := range b.made(v) {
		b.bound = append(b.bound, made)
		verdict := min(b.ask(variable.others), b.ask(variable.needs))
		b.bound = b.bound[:v]
		if !ok || verdict > sure {
			best, sure, ok = made, verdict, true
		}
		if sure == graph.Allowed {
			break
		}
	}
	return best, ok && sure > plain
}

// kindOn is the first question about a variable, nil if there is none.
func (b *binding) kindOn(v *planVar) *Kind {
	if v.asked < 0 {
		return nil
	}
	return &b.m.kinds[b.p.needs[v.asked].kind]
}

// passes looks at what a variable completes, the cheap facts first.
func (b *binding) passes(s *stage) bool {
	return b.all(s.cheap) && b.ask(s.needs) != graph.Denied && b.all(s.costly)
}

func (b *binding) all(facts []planFact) bool {
	return !slices.ContainsFunc(facts, func(f planFact) bool { return !b.fact(f) })
}

// ask decides some needs and returns the least sure of their verdicts.
func (b *binding) ask(needs []int) graph.Verdict {
	sure := graph.Allowed
	for _, i := range needs {
		b.asked[i] = b.rule(&b.p.needs[i], b.bound)
		if sure = min(sure, b.asked[i].Verdict); sure == graph.Denied {
			break
		}
	}
	return sure
}

// conclude writes down what was found, now that everything is bound.
func (b *binding) conclude() {
	to := b.gain()
	if to == b.from || to.Node == snapshot.None {
		return
	}
	verdict := b.verdict()
	at, ok := b.best[to]
	if ok && verdict <= b.found[at].Ruling.Verdict {
		return
	}
	h := hit{Match: Match{Technique: b.p.Technique, From: b.from, To: to, Ruling: b.ruling()}}
	if b.full {
		b.tell(&h.Match)
	}
	if len(b.p.giving) > 0 {
		h.bound = slices.Clone(b.bound)
	}
	if ok {
		b.found[at] = h
		return
	}
	b.best[to] = len(b.found)
	b.found = append(b.found, h)
}

// verdict is that of the least sure need, now that all are asked.
func (b *binding) verdict() graph.Verdict {
	verdict := graph.Allowed
	for _, ruling := range b.asked {
		verdict = min(verdict, ruling.Verdict)
	}
	if len(b.missing) > 0 {
		verdict = min(verdict, graph.Unknown)
	}
	return verdict
}

// ruling is that of all the needs together. It is shared by matches one after
// another whose answers are the same: many things fall together.
func (b *binding) ruling() snapshot.Ruling {
	if !b.ruled || !slices.Equal(b.asked, b.lastAsked) || !slices.Equal(b.missing, b.lastMissing) {
		b.lastAsked, b.lastMissing = append(b.lastAsked[:0], b.asked...), append(b.lastMissing[:0], b.missing...)
		b.last, b.ruled = b.joined(), true
	}
	return b.last
}

// joined is ruling, worked out.
func (b *binding) joined() snapshot.Ruling {
	all := snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	var formulas []string
	for _, ruling := range b.asked {
		all.Verdict = min(all.Verdict, ruling.Verdict)
		all.Bounds.Least = min(all.Bounds.Least, ruling.Bounds.Least)
		all.Bounds.Most = min(all.Bounds.Most, ruling.Bounds.Most)
		if len(all.Evidence) == 0 {
			all.Evidence = slices.Clip(ruling.Evidence) // shared, until more comes
		} else {
			all.Evidence = append(all.Evidence, ruling.Evidence...)
		}
		if ruling.Formula != "" && !slices.Contains(formulas, ruling.Formula) {
			formulas = append(formulas, ruling.Formula)
		}
	}
	for _, text := range b.missing {
		formulas = append(formulas, "what the missing "+text+" would show")
		all.Verdict, all.Bounds.Least = min(all.Verdict, graph.Unknown), graph.Denied
	}
	all.Formula = strings.Join(formulas, "; ")
	return all
}

// gain is the foothold that the technique yields. Code that runs as a role and
// a session of it make the same requests, and are one foothold. It is known
// once the variable that is gained is bound.
func (b *binding) gain() snapshot.Foothold {
	if b.p.without >= 0 {
		return snapshot.Foothold{Node: b.from.Node, Hold: b.bound[b.p.without].as().limit.Then}
	}
	if b.p.isNew {
		return snapshot.Foothold{Node: b.view.account, Hold: graph.WithOwnPolicy}
	}
	return snapshot.Foothold{Node: b.thing(b.p.gain).node, Hold: gainedHold(b.p.Technique)}
}

func gainedHold(t *Technique) graph.Hold {
	switch {
	case t.Yields.Data != "":
		return graph.DataOnly
	case t.Yields.Hold == graph.AsCode:
		return graph.AsSession
	}
	return t.Yields.Hold
}
