package answer

import (
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// A Breaker is one change that breaks a step.
type Breaker struct {
	Text       string
	Statements []*Evidence
}

// Breakers returns changes any one of which breaks the step.
func (p *PathStep) Breakers() []Breaker {
	if d := p.decide(); d != nil {
		if len(d.Flips) == 0 {
			return []Breaker{}
		}
		return []Breaker{remove(p.s.v.evidenceOf(d.Flips))}
	}
	if e := p.Evidence(); len(e) > 0 {
		return []Breaker{remove(e)}
	}
	if text := p.observedBreaker(); text != "" {
		return []Breaker{{Text: text, Statements: []*Evidence{}}}
	}
	return []Breaker{}
}

// remove is the change that takes some statements away, all together.
func remove(statements []*Evidence) Breaker {
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

// Breakers returns changes any one of which breaks the path.
func (p *AccessPath) Breakers() []Breaker {
	out := []Breaker{}
	for _, step := range p.steps {
		out = append(out, step.Breakers()...)
	}
	return out
}
