package escalate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/policy"
)

// A plan is a technique as the matcher reads it: names are numbers, and what
// hangs on a variable stands at the last one that it speaks of. Numbers of
// variables are those of Technique.Vars; the actor is actorVar.
type plan struct {
	*Technique
	number  int
	vars    []planVar
	needs   []planNeed
	start   stage // what speaks of no variable
	gain    int   // what is held afterwards
	isNew   bool  // it is made
	without int   // what is taken off, noVar if nothing is
	tags    int   // tags that are set, -1 if none are
	giving  []int // the needs whose policy is the actor's, of a technique that yields data
	anyhow  anyhow
	acts    []act // what the actor itself needs
}

// An act is a need as it is looked at first, for every actor and technique.
type act struct {
	kind   int32
	abroad bool
}

const (
	actorVar = -1
	noVar    = -2
)

// A planVar is a variable with what it completes.
type planVar struct {
	Var
	stage
	own    []planFact // facts of it alone, whoever acts
	others []int      // needs on it alone that a service has, whoever acts
	link   *link      // how an earlier variable, or the actor, leads to it
	leads  []int      // later variables that have to be what it runs as
	asked  int        // first need on it, -1 if there is none
	settle bool       // it runs as what is gained

	// alike: things that answers do not tell apart are looked at together.
	// lone: what is found of one of them is found of all.
	alike, lone bool
	// cast numbers what is wanted of things whoever acts: variables of several
	// techniques that want the same have the same candidates.
	cast int
}

// A stage is what can be looked at as soon as some variable is bound.
type stage struct {
	cheap, costly []planFact
	needs         []int
}

// A planFact is a fact of variables a and b.
type planFact struct {
	*Fact
	a, b   int
	number uint32 // equal for facts that ask the same of a thing
}

// A link is a fact that names what a variable can be.
type link struct {
	kind    FactKind
	from    int
	service string // for which a thing runs that no document describes
}

// A planNeed is a need, ready to be asked.
type planNeed struct {
	*Need
	kind int
	bare int // kind of the same without what is given
	who  int // variable, or noVar for a service
	// abroad: it is on a thing of another account.
	abroad bool
	on     place
	more   []moreValue // what is stated about variables
}

// A place is what a need is on.
type place struct {
	of       int // variable; noVar for text
	part     string
	property string
	template bool
	text     string
}

// A moreValue is a context key with the reference of a variable.
type moreValue struct {
	key string
	of  int
}

func (t *Technique) indexOf(name string) int {
	if name == Actor {
		return actorVar
	}
	if i := slices.IndexFunc(t.Vars, func(v Var) bool { return v.Name == name }); i >= 0 {
		return i
	}
	return noVar
}

// A planner makes plans, and numbers the kinds of question in them.
type planner struct {
	kinds   []Kind
	numbers map[string]int
	casts   map[string]int
	facts   map[Fact]uint32
}

// factNumber numbers what a fact asks of its things.
func (p *planner) factNumber(f *Fact) uint32 {
	key := Fact{Kind: f.Kind, Value: f.Value, Listing: f.Listing}
	n, ok := p.facts[key]
	if !ok {
		n = uint32(len(p.facts))
		p.facts[key] = n
	}
	return n
}

func (p *planner) plan(t *Technique) *plan {
	made := &plan{Technique: t, gain: t.indexOf(t.Yields.Of), without: t.indexOf(t.Yields.Without)}
	made.tags = slices.IndexFunc(t.Vars, func(v Var) bool { return v.Type == Tags })
	made.isNew = made.gain >= 0 && t.Vars[made.gain].New
	for i := range t.Needs {
		made.needs = append(made.needs, p.need(t, &t.Needs[i]))
	}
	for i := range t.Vars {
		made.vars = append(made.vars, p.variable(made, i))
	}
	for i, n := range made.needs {
		if n.Who == "" {
			made.acts = append(made.acts, act{int32(n.kind), n.abroad})
		}
		last := max(n.last(len(t.Vars)), actorVar)
		if n.who == noVar && n.on.whole() && last >= 0 && len(n.more) == 0 {
			made.vars[last].others = append(made.vars[last].others, i)
		} else {
			s := made.stageOf(last)
			s.needs = append(s.needs, i)
		}
		if n.Given && t.Yields.Data != "" {
			made.giving = append(made.giving, i)
		}
	}
	for i := range t.Facts {
		f := &t.Facts[i]
		made.place(planFact{f, t.indexOf(f.A), t.indexOf(f.B), p.factNumber(f)})
	}
	made.anyhow = made.findAnyhow()
	for i := range made.vars {
		made.together(i)
		p.number(made, &made.vars[i])
	}
	return made
}

// An anyhow is what a technique that yields data does to a thing, and what it gets
// by that: who could do the one could mostly have the other without it.
type anyhow struct {
	of         int // variable, noVar if there is none
	does, gets int // kinds of question
	part       string
}

func (p *plan) findAnyhow() anyhow {
	if len(p.giving) != 1 {
		return anyhow{of: noVar}
	}
	gets := &p.needs[p.giving[0]]
	for i := range p.needs {
		does := &p.needs[i]
		if !does.Given && does.plain() && does.on.part == "" && gets.plain() && does.on.of == gets.on.of {
			return anyhow{gets.on.of, does.kind, gets.bare, gets.on.part}
		}
	}
	return anyhow{of: noVar}
}

// plain: asked by the actor of a described thing or a part of it, and nothing is
// stated about variables.
func (n *planNeed) plain() bool {
	return n.who == actorVar && n.on.of >= 0 && n.on.property == "" && len(n.more) == 0
}

// number numbers what is wanted of a variable's things whoever acts. What they
// lead to is a matter of one technique.
func (p *planner) number(made *plan, v *planVar) {
	key := fmt.Sprint(v.Type, v.Across, v.lone)
	for _, f := range v.own {
		key += fmt.Sprintf(" %d %q %q", f.Kind, f.Value, f.Listing)
	}
	for _, i := range v.others {
		key += fmt.Sprintf(" %d %q", made.needs[i].kind, made.needs[i].Who)
	}
	if len(v.leads) > 0 {
		key += " " + made.ID + " " + v.Name
	}
	n, ok := p.casts[key]
	if !ok {
		n = len(p.casts)
		p.casts[key] = n
	}
	v.cast = n
}

// together finds out whether things that a variable can stand for are looked at
// together: where all that is asked of them is asked by the actor, and, if they
// are not what is gained, what follows does not ask which of them it is.
func (p *plan) together(at int) {
	v := &p.vars[at]
	v.lone = at != p.gain
	v.alike = !v.New && v.link == nil && len(v.costly) == 0 && !p.asksLater(at) &&
		!slices.ContainsFunc(v.cheap, func(f planFact) bool { return v.lone || f.Kind != IsNotActor }) &&
		!slices.ContainsFunc(v.needs, func(i int) bool {
			n := &p.needs[i]
			return n.who != actorVar || n.on.of != at || n.on.property != "" || slices.ContainsFunc(n.more, func(m moreValue) bool { return m.of == at })
		})
}

// asksLater reports whether anything after a variable's own stage, but what it
// runs as, speaks of it.
func (p *plan) asksLater(at int) bool {
	for i := range p.needs {
		n := &p.needs[i]
		speaks := n.who == at || n.on.of == at || n.on.template || slices.ContainsFunc(n.more, func(m moreValue) bool { return m.of == at })
		if speaks && !slices.Contains(p.vars[at].needs, i) && !slices.Contains(p.vars[at].others, i) {
			return true
		}
	}
	for later := at + 1; later < len(p.vars); later++ {
		s := &p.vars[later].stage
		for _, f := range slices.Concat(s.cheap, s.costly) {
			if f.b == at || f.a == at && f.Kind != RunsAs && f.Kind != InProfile {
				return true
			}
		}
	}
	return false
}

// place puts a fact where it can be looked at.
func (p *plan) place(f planFact) {
	s := p.stageOf(max(f.a, f.b, actorVar))
	switch {
	case f.Kind == Enough:
		s.costly = append(s.costly, f)
	case f.a >= 0 && f.b == noVar && f.Kind != IsActor && f.Kind != IsNotActor && !p.vars[f.a].New:
		p.vars[f.a].own = append(p.vars[f.a].own, f)
	default:
		s.cheap = append(s.cheap, f)
	}
}

// governs reports whether the technique is one of management accounts alone.
func (p *plan) governs() bool {
	return slices.ContainsFunc(p.start.cheap, func(f planFact) bool { return f.Kind == IsManagement })
}

// stageOf is the stage of a variable, or of the actor.
func (p *plan) stageOf(v int) *stage {
	if v < 0 {
		return &p.start
	}
	return &p.vars[v].stage
}

func (p *planner) variable(made *plan, at int) planVar {
	v := planVar{Var: made.Vars[at], asked: slices.IndexFunc(made.needs, func(n planNeed) bool { return n.On == made.Vars[at].Name })}
	for _, f := range made.Facts {
		a, b := made.indexOf(f.A), made.indexOf(f.B)
		runs := f.Kind == RunsAs || f.Kind == InProfile
		switch {
		case runs && b == at && a >= 0 && a < at && v.link == nil:
			v.link = &link{RunsAs, a, f.Value}
		case f.Kind == MemberOf && b == at && a < at && a != noVar && v.link == nil:
			v.link = &link{kind: MemberOf, from: a}
		case f.Kind == AttachedTo && a == at && b < at && b != noVar && v.link == nil:
			v.link = &link{kind: AttachedTo, from: b}
		case runs && a == at && b > at:
			v.leads = append(v.leads, b)
		}
		if f.Kind == RunsAs && a == at && f.B == made.Yields.Of {
			v.settle = true
		}
	}
	return v
}

func (p *planner) need(t *Technique, n *Need) planNeed {
	made := planNeed{Need: n, who: actorVar, on: t.placeOf(n.On)}
	if name, ok := strings.CutPrefix(n.Who, "$"); ok {
		made.who = t.indexOf(name)
	} else if n.Who != "" {
		made.who = noVar
	}
	var stated []policy.Value
	for _, key := range slices.Sorted(maps.Keys(n.With)) {
		value := n.With[key]
		if left, out := strings.CutPrefix(key, "!"); out {
			stated = append(stated, policy.Value{Key: left, Absent: true})
		} else if name, ok := strings.CutPrefix(value, "$"); ok {
			made.more = append(made.more, moreValue{key, t.indexOf(name)})
		} else {
			stated = append(stated, policy.Value{Key: key, Values: []string{value}})
		}
	}
	made.abroad = made.on.of >= 0 && slices.ContainsFunc(t.Facts, func(f Fact) bool { return f.Kind == OtherAccount && t.indexOf(f.A) == made.on.of })
	made.kind, made.bare = p.kind(n.Action, stated, n.Given), p.kind(n.Action, stated, false)
	return made
}

// kind numbers a sort of question.
func (p *planner) kind(action string, stated []policy.Value, given bool) int {
	key := fmt.Sprintf("%s %v %#v", action, given, stated)
	n, ok := p.numbers[key]
	if !ok {
		n = len(p.kinds)
		p.numbers[key] = n
		p.kinds = append(p.kinds, Kind{Number: n, Action: action, Context: stated, Given: given})
	}
	return n
}

// placeOf reads what a need is on.
func (t *Technique) placeOf(on string) place {
	if strings.Contains(on, "${") {
		return place{of: noVar, template: true, text: on}
	}
	if whole, property, ok := strings.Cut(on, "@"); ok {
		return place{of: t.indexOf(whole), property: property}
	}
	whole, part, _ := strings.Cut(on, "/")
	if of := t.indexOf(whole); of != noVar {
		return place{of: of, part: part}
	}
	return place{of: noVar, text: on}
}

// whole: a variable as it is.
func (p place) whole() bool { return p.of != noVar && p.part == "" && p.property == "" }

// last is the last variable that a need speaks of; a template is filled from
// whatever is bound.
func (n *planNeed) last(vars int) int {
	if n.on.template {
		return vars - 1
	}
	last := max(n.on.of, n.who)
	for _, m := range n.more {
		last = max(last, m.of)
	}
	return last
}
