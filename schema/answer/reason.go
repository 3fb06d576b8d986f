package answer

import (
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/resolve/policy"
)

// reason says why nothing was found, once everything was searched: what stops
// the start itself, how far it gets, and which gaps could hide more.
func (f *finder) reason(origins, goals []target) (*Explanation, error) {
	d := policy.Decision{Formula: policy.False}
	if len(goals) == 1 && len(origins) == 1 {
		if own, ok := f.nearest(origins[0].node, goals[0]); ok {
			d = own
		}
	}
	sentences := []string{}
	if d.Text != "" {
		sentences = append(sentences, strings.TrimSuffix(d.Text, ".")+".")
	}
	reached := walk.Reach(f.ctx, f.v.Snapshot, f.starts, f.options())
	sentences = append(sentences, f.summary(f.count(reached)-len(f.starts), origins, goals))
	if c := f.v.coverage(); !c.Complete() {
		sentences = append(sentences, c.sentence())
	}
	d.Text = strings.Join(sentences, " ")
	return &Explanation{f.v, d}, nil
}

// count counts what was reached and is in sight.
func (f *finder) count(a walk.ReachAnswer) int {
	if f.v.sight == nil {
		return a.Count
	}
	n := 0
	for _, r := range a.Reached {
		if !f.v.hidden(f.v.Snapshot.Foothold(r.Foothold).Node) {
			n++
		}
	}
	return n
}

func (f *finder) summary(reached int, origins, goals []target) string {
	from, to := f.names(origins), f.names(goals)
	verb := fmt.Sprintf("do %s on %s", f.wanted, to)
	if len(goals) > 0 {
		switch kind := f.v.Snapshot.Kind(goals[0].node); {
		case kind.Class() == graph.ClassScope:
			verb = "administer " + to
		case !f.wanted.some() && kind.Class() == graph.ClassPrincipal && kind != graph.KindGroup:
			verb = "be used to hold " + to
		case !f.wanted.some():
			verb = "do anything to " + to
		}
	}
	if len(f.starts) == 0 {
		return fmt.Sprintf("Searched to the end: nothing can be done as %s at all.", from)
	}
	if f.ends.empty() {
		return fmt.Sprintf("Searched to the end: nobody in this snapshot may %s.", verb)
	}
	if reached <= 0 {
		return fmt.Sprintf("Searched to the end: no other principal can be held from %s, and itself it may not %s.", from, verb)
	}
	return fmt.Sprintf("Searched to the end: %d other principals can be held from %s; neither it nor any of them may %s.", reached, from, verb)
}

func (f *finder) names(list []target) string {
	if len(list) != 1 {
		return fmt.Sprintf("any of %d things", len(list))
	}
	if list[0].part != "" {
		return list[0].part
	}
	return string(f.v.Snapshot.Ref(list[0].node))
}

// nearest decides the request that would have been the whole path: the start's
// own, on the target.
func (f *finder) nearest(from snapshot.Index, to target) (policy.Decision, bool) {
	evaluator := f.v.evaluator(to.node)
	if evaluator == nil || len(f.starts) == 0 {
		return policy.Decision{}, false
	}
	start := f.v.Snapshot.Foothold(f.starts[0])
	q, ok := f.wouldBe(start, to)
	if !ok {
		return policy.Decision{}, false
	}
	d, err := evaluator.Decide(f.with(q))
	return d, err == nil && d.Verdict == graph.Denied
}

// wouldBe is the request from a foothold to a target: the action that was
// named, or the one by which others come to hold it.
func (f *finder) wouldBe(start snapshot.Foothold, to target) (policy.Question, bool) {
	q := policy.Question{Principal: f.v.Snapshot.Ref(start.Node), Hold: start.Hold, Resource: to.part}
	if q.Resource == "" {
		q.Resource = string(f.v.Snapshot.Ref(to.node))
	}
	if len(f.wanted.exact) > 0 {
		q.Action = f.wanted.exact[0]
		return q, true
	}
	if f.wanted.some() || f.v.Snapshot.Kind(to.node).Class() != graph.ClassPrincipal {
		return q, false
	}
	for _, foothold := range f.v.Snapshot.FootholdsOf(to.node) {
		for _, p := range f.v.Snapshot.PivotsIn(foothold) {
			pivot := f.v.Snapshot.Pivot(p)
			pivot.From = start
			if q, ok := f.v.evaluator(to.node).Question(pivot); ok {
				return q, true
			}
		}
	}
	return q, false
}

// sentence names the first gaps.
func (c *Coverage) sentence() string {
	gaps := c.gaps()
	const named = 3
	parts := make([]string, 0, named)
	for _, g := range gaps[:min(named, len(gaps))] {
		of := g.Of
		if of == "" {
			of = g.Listing.Scope
		}
		parts = append(parts, fmt.Sprintf("%s %s of %s (%s)", g.Listing.Service, g.Listing.Operation, of, g.Reason))
	}
	more := ""
	if n := len(gaps) - len(parts); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return "What was asked for and did not come: " + strings.Join(parts, "; ") + more + "."
}
