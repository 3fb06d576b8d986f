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
	vars    []planVar
	needs   []planNeed
	start   stage // what speaks of no variable
	gain    int   // what is held afterwards
	isNew   bool  // it is made
	without int   // what is taken off, noVar if nothing is
	giving  []int // the needs whose policy is the actor's, of a technique that yields data
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
	link   *link      // how an earlier variable, or the actor, leads to it
	leads  []int      // later variables that have to be what it runs as
	asked  int        // first need on it, -1 if there is none
	settle bool       // it runs as what is gained
}

// A stage is what can be looked at as soon as some variable is bound.
type stage struct {
	cheap, costly []planFact
	needs         []int
}

// A planFact is a fact of variables a and b.
type planFact struct {
	*Fact
	a, b int
}

// A link is a fact that names what a variable can be.
type link struct {
	kind FactKind
	from int
}

// A planNeed is a need, ready to be asked.
type planNeed struct {
	*Need
	kind int
	bare int // kind of the same without what is given
	who  int // variable, or noVar for a service
	on   place
	more []moreValue // what is stated about variables
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
}

func (p *planner) plan(t *Technique) *plan {
	made := &plan{Technique: t, gain: t.indexOf(t.Yields.Of), without: t.indexOf(t.Yields.Without)}
	made.isNew = made.gain >= 0 && t.Vars[made.gain].New
	for i := range t.Needs {
		made.needs = append(made.needs, p.need(t, &t.Needs[i]))
	}
	for i := range t.Vars {
		made.vars = append(made.vars, p.variable(made, i))
	}
	for i, n := range made.needs {
		s := made.stageOf(max(n.last(len(t.Vars)), actorVar))
		s.needs = append(s.needs, i)
		if n.Given && t.Yields.Data != "" {
			made.giving = append(made.giving, i)
		}
	}
	for i := range t.Facts {
		f := &t.Facts[i]
		made.place(planFact{f, t.indexOf(f.A), t.indexOf(f.B)})
	}
	return made
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
			v.link = &link{RunsAs, a}
		case f.Kind == MemberOf && b == at && a < at && a != noVar && v.link == nil:
			v.link = &link{MemberOf, a}
		case f.Kind == AttachedTo && a == at && b < at && b != noVar && v.link == nil:
			v.link = &link{AttachedTo, b}
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
