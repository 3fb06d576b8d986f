package answer

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// An AccessPath is a way from a thing to another.
type AccessPath struct {
	v       *View
	from    snapshot.Index
	steps   []*PathStep
	verdict graph.Verdict
}

// path makes a path of pivots and, if it has one, a last step.
func (s *search) path(p walk.Path, x *ending) *AccessPath {
	at := s.v.Snapshot.Foothold(p.Start)
	out := &AccessPath{v: s.v, from: at.Node, verdict: p.Verdict}
	for _, i := range p.Steps {
		pivot := s.v.Snapshot.Pivot(i)
		verdict := pivot.Ruling.Verdict
		if s.walk.Decide != nil {
			verdict = s.walk.Decide(i)
		}
		out.steps = append(out.steps, s.step(PathStep{
			Index: len(out.steps), from: pivot.From, to: pivot.To.Node, pivot: pivot, verdict: verdict,
		}))
		at = pivot.To
	}
	if x != nil && x.relation != "" && !x.held {
		out.steps = append(out.steps, s.step(PathStep{
			Index: len(out.steps), from: at, to: x.to, ending: x, verdict: x.ruling.Verdict,
		}))
		out.verdict = min(out.verdict, x.ruling.Verdict)
	}
	return s.cutAtBorder(out)
}

// Verdict says how sure it is.
func (p *AccessPath) Verdict() graph.Verdict { return p.verdict }

// Hops returns how many steps it has.
func (p *AccessPath) Hops() int { return len(p.steps) }

// From returns where it starts.
func (p *AccessPath) From() GraphEntity { return p.v.entity(p.from) }

// To returns where it ends.
func (p *AccessPath) To() GraphEntity {
	if len(p.steps) == 0 {
		return p.From()
	}
	return p.steps[len(p.steps)-1].To()
}

// Steps returns its steps in order.
func (p *AccessPath) Steps() []*PathStep { return append([]*PathStep{}, p.steps...) }

// Conditions returns all conditions of all steps.
func (p *AccessPath) Conditions() []Condition {
	out := []Condition{}
	for _, step := range p.steps {
		out = slices.Concat(out, step.Conditions())
	}
	return out
}
