package answer

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// A TechniqueUse is a technique as it is used at one step.
type TechniqueUse struct {
	s *search
	u resolve.Use
}

// A TechniqueNeed is one access question of a use, decided with every reason.
type TechniqueNeed struct {
	s *search
	n resolve.UsedNeed
	d policy.Decision
}

// A LogSignature is what a provider's log shows of a step: one sort of event.
type LogSignature struct {
	Source     string
	EventNames []string
	Match      JSON
}

// Technique returns how the technique of CAN_ESCALATE is used, nil for other
// steps.
func (p *PathStep) Technique() *TechniqueUse { return p.use() }

// techniqueUse finds the use behind a pivot.
func (s *search) techniqueUse(p snapshot.Pivot) *TechniqueUse {
	evaluator := s.v.evaluator(p.From.Node)
	if p.Technique == "" || evaluator == nil {
		return nil
	}
	u, ok := evaluator.Use(p)
	if !ok {
		u = resolve.Use{ID: p.Technique, Title: p.Technique}
	}
	for _, n := range u.Needs {
		if q := n.Question; !s.v.ofSight(string(q.Principal)) || !s.v.ofSight(q.Resource) {
			u.Needs, u.Log, u.Missing = nil, nil, nil // it is used with something out of sight
			break
		}
	}
	return &TechniqueUse{s, u}
}

// ID returns the published id.
func (t *TechniqueUse) ID() string { return t.u.ID }

// Title returns what the technique is called.
func (t *TechniqueUse) Title() string { return t.u.Title }

// Category returns what it turns.
func (t *TechniqueUse) Category() string { return t.u.Category }

// URL returns the page that describes it.
func (t *TechniqueUse) URL() string { return t.u.Reference }

// Missing returns the documents that an UNKNOWN use hangs on.
func (t *TechniqueUse) Missing() []string { return words(t.u.Missing) }

// Needs returns what it takes, decided again.
func (t *TechniqueUse) Needs() []*TechniqueNeed { return t.needs(false) }

func (t *TechniqueUse) needs(brief bool) []*TechniqueNeed {
	out := []*TechniqueNeed{}
	for _, n := range t.u.Needs {
		need := &TechniqueNeed{s: t.s, n: n, d: policy.Decision{Verdict: n.Ruling.Verdict, Bounds: n.Ruling.Bounds, Formula: policy.False}}
		if evaluator := t.s.v.deciderOf(n.Question); evaluator != nil {
			q := t.s.with(n.Question)
			q.Brief = brief
			if d, err := evaluator.Decide(q); err == nil {
				need.d = d
			}
		}
		out = append(out, need)
	}
	return out
}

// deciderOf returns who decides a request, by who asks.
func (v *View) deciderOf(q policy.Question) resolve.Evaluator {
	node, ok := v.Snapshot.Find(q.Principal)
	if !ok {
		node = snapshot.None
	}
	return v.evaluator(node)
}

// breakers are what breaks any of the needs.
func (t *TechniqueUse) breakers() []Breaker {
	out := []Breaker{}
	for _, n := range t.Needs() {
		for _, b := range t.s.v.breakersOf([]policy.Decision{n.d}) {
			if !slices.ContainsFunc(out, func(have Breaker) bool { return have.Text == b.Text }) {
				out = append(out, b)
			}
		}
	}
	return out
}

// verdict is that of the use under what the search states. A use that is then
// denied is one of several, where it could have been of another thing: that
// it hangs on context is all that is sure.
func (t *TechniqueUse) verdict(p snapshot.Pivot) graph.Verdict {
	if len(t.u.Needs) == 0 {
		return p.Ruling.Verdict
	}
	v := graph.Allowed
	for _, n := range t.needs(true) {
		one := n.d.Verdict
		if one == graph.Denied && !t.only(p, n.n.Question.Resource) {
			one = min(graph.Conditional, p.Ruling.Verdict)
		}
		v = min(v, one)
	}
	if len(t.u.Missing) > 0 {
		v = min(v, graph.Unknown)
	}
	return v
}

// only reports whether a use could be of no other thing than a resource.
func (t *TechniqueUse) only(p snapshot.Pivot, resource string) bool {
	s := t.s.v.Snapshot
	return resource == "*" || resource == string(s.Ref(p.From.Node)) || resource == string(s.Ref(p.To.Node))
}

// formula joins what must hold of the needs.
func (t *TechniqueUse) formula(recorded snapshot.Ruling) string {
	var parts []string
	for _, n := range t.needs(true) {
		if text := n.Formula(); n.d.Verdict != graph.Allowed && !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 && len(t.u.Missing) > 0 {
		return formulaOf(recorded)
	}
	if len(parts) == 0 {
		return formulaOf(certain)
	}
	return strings.Join(parts, "; ")
}

// conditions lists the tests of all needs, each once.
func (t *TechniqueUse) conditions() []Condition {
	out := []Condition{}
	for _, n := range t.needs(true) {
		for _, c := range n.Conditions() {
			same := func(have Condition) bool { return have.Expression == c.Expression }
			if n.d.Verdict != graph.Allowed && !slices.ContainsFunc(out, same) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Principal returns who asks: the one who takes the step, a service, a role.
func (n *TechniqueNeed) Principal() graph.Ref { return n.n.Question.Principal }

// Action returns what is asked.
func (n *TechniqueNeed) Action() string { return n.n.Question.Action }

// Resource returns to what.
func (n *TechniqueNeed) Resource() graph.Ref { return graph.Ref(n.n.Question.Resource) }

// Given reports whether the policy of the resource is what the actor wrote.
func (n *TechniqueNeed) Given() bool { return n.n.Question.Given }

// With returns what the request carries.
func (n *TechniqueNeed) With() []ContextValue {
	out := []ContextValue{}
	for _, v := range n.n.Question.Context {
		out = append(out, ContextValue{v.Key, words(v.Values)})
	}
	slices.SortFunc(out, func(a, b ContextValue) int { return compareRefs(graph.Ref(a.Key), graph.Ref(b.Key)) })
	return out
}

// A ContextValue is what a request carries for one key.
type ContextValue struct {
	Key    string
	Values []string
}

// Verdict says how sure it is.
func (n *TechniqueNeed) Verdict() graph.Verdict { return n.d.Verdict }

// Formula says what must hold.
func (n *TechniqueNeed) Formula() string { return n.d.Formula.String() }

// Conditions returns the tests in the formula.
func (n *TechniqueNeed) Conditions() []Condition { return conditionsOf(n.d.Formula) }

// Evidence returns the statements that grant it.
func (n *TechniqueNeed) Evidence() []*Evidence { return n.s.v.recorded(n.n.Ruling.Evidence) }

// Breakers returns changes any one of which ends it.
func (n *TechniqueNeed) Breakers() []Breaker { return n.s.v.breakersOf([]policy.Decision{n.d}) }

// Explanation returns the whole decision.
func (n *TechniqueNeed) Explanation() *Explanation { return &Explanation{n.s.v, n.d} }

// LogSignature returns what the log shows if the step is taken.
func (p *PathStep) LogSignature() []LogSignature {
	out := []LogSignature{}
	for _, event := range p.events() {
		match, err := json.Marshal(event.Match) // sorts the keys
		if err != nil || event.Match == nil {
			match = []byte("{}")
		}
		same := func(have LogSignature) bool {
			return have.Source == event.Source && string(have.Match) == string(match)
		}
		if at := slices.IndexFunc(out, same); at >= 0 {
			out[at].EventNames = append(out[at].EventNames, event.Name)
			continue
		}
		out = append(out, LogSignature{event.Source, []string{event.Name}, match})
	}
	return out
}

func (p *PathStep) events() []resolve.Event {
	if p.hidden {
		return nil
	}
	if u := p.use(); u != nil {
		return u.u.Log
	}
	if evaluator := p.s.v.evaluator(p.to); p.ending == nil && evaluator != nil {
		return evaluator.Log(p.pivot)
	}
	return nil
}
