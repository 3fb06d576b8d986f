package answer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// A Breaker is one change that breaks a step.
type Breaker struct {
	Text       string
	Statements []*Evidence
}

// Breakers returns changes any one of which breaks the step.
func (p *PathStep) Breakers() []Breaker {
	if p.use() != nil {
		return p.use().breakers()
	}
	if all := p.decisions(); len(all) > 0 {
		return p.s.v.breakersOf(all)
	}
	if e := p.Evidence(); len(e) > 0 {
		return []Breaker{together(e)}
	}
	if text := p.observedBreaker(); text != "" && !p.hidden {
		return []Breaker{{Text: text, Statements: []*Evidence{}}}
	}
	return []Breaker{}
}

// maxSorts is how many sorts of actions of a last step are decided one by one.
const maxSorts = 32

// decisions are those that a step rests on: one for each sort of action that a
// last step allows, since it stands as long as one of them does; none where no
// request stands behind it, or too many do.
func (p *PathStep) decisions() []policy.Decision {
	if p.ending == nil || len(p.ending.sorts) < 2 {
		if d := p.decide(); d != nil {
			return []policy.Decision{*d}
		}
		return nil
	}
	if len(p.ending.sorts) > maxSorts {
		return nil
	}
	var out []policy.Decision
	for _, action := range p.ending.sorts {
		if d := p.s.decideLast(p.from, p.ending, action); d != nil {
			out = append(out, *d)
		}
	}
	return out
}

// breakersOf are the single statements that break all of some decisions, or,
// where none does, one set that does: what breaks each, together.
func (v *View) breakersOf(all []policy.Decision) []Breaker {
	out := []Breaker{}
	for _, e := range all[0].Breaks {
		if !slices.ContainsFunc(all[1:], func(d policy.Decision) bool { return !breaks(d, e) }) {
			out = v.breaker(out, []graph.Evidence{e})
		}
	}
	if len(out) > 0 {
		return out
	}
	var set []graph.Evidence
	for _, d := range all {
		if len(d.Flips) == 0 {
			return out // nothing that is written breaks this one
		}
		for _, e := range d.Flips {
			if !slices.Contains(set, e) {
				set = append(set, e)
			}
		}
	}
	return v.breaker(out, set)
}

// breaker adds the change that takes some statements away, unless one of them
// is out of sight.
func (v *View) breaker(list []Breaker, set []graph.Evidence) []Breaker {
	statements := v.evidenceOf(set)
	if len(statements) < len(set) {
		return list
	}
	return append(list, together(statements))
}

func breaks(d policy.Decision, e graph.Evidence) bool { return slices.Contains(d.Breaks, e) }

// together is the change that takes some statements away, all of them.
func together(statements []*Evidence) Breaker {
	titles := make([]string, len(statements))
	for i, e := range statements {
		titles[i] = e.removal()
	}
	if len(titles) == 1 {
		return Breaker{titles[0], statements}
	}
	return Breaker{"together: " + strings.Join(titles, "; "), statements}
}

// observedBreaker says what stops a step that rests on no statement.
func (p *PathStep) observedBreaker() string {
	from, to := p.s.v.Snapshot.Ref(p.from.Node), p.s.v.Snapshot.Ref(p.to)
	switch p.Relation() {
	case graph.CredentialOf:
		return fmt.Sprintf("deactivate %s of %s", strings.Replace(string(from), ":", " ", 1), to)
	case graph.RunsAs:
		return fmt.Sprintf("let %s run as something else than %s", from, to)
	case graph.MemberOf:
		return fmt.Sprintf("take %s out of %s", from, to)
	}
	return ""
}

// Breakers returns changes any one of which breaks the path, each once: one
// statement may carry several steps.
func (p *AccessPath) Breakers() []Breaker {
	out := []Breaker{}
	for _, step := range p.steps {
		for _, b := range step.Breakers() {
			if !slices.ContainsFunc(out, func(have Breaker) bool { return have.Text == b.Text }) {
				out = append(out, b)
			}
		}
	}
	return out
}

// isHub reports whether a foothold is an account as whoever administers it
// holds it: all of its administrators meet there.
func (v *View) isHub(f snapshot.Foothold) bool {
	return f.Hold == graph.WithOwnPolicy && v.Snapshot.Kind(f.Node).Class() == graph.ClassScope
}
