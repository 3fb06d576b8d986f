package answer

import (
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// An Explanation is a decision with every reason.
type Explanation struct {
	v *View
	d policy.Decision
}

// A LayerDecision is what one layer said.
type LayerDecision struct {
	Layer    *policy.Layer
	Effect   graph.Effect
	Reason   string
	Evidence []*Evidence
}

// A Condition is a test that a verdict hangs on.
type Condition struct {
	Expression    string
	Key           string
	Values        []string
	SatisfiableBy policy.Control
}

// A DecisionGap is a document that did not come and could change a verdict.
type DecisionGap struct {
	Of     graph.Ref
	Layer  *policy.Layer
	Reason graph.GapReason
	Detail string
}

// Verdict returns what it came to.
func (x *Explanation) Verdict() graph.Verdict { return x.d.Verdict }

// Bounds returns what an unknown verdict could be.
func (x *Explanation) Bounds() graph.Bounds { return x.d.Bounds }

// Text returns the answer in a sentence.
func (x *Explanation) Text() string { return x.d.Text }

// Formula returns what must hold, in words.
func (x *Explanation) Formula() string { return x.d.Formula.String() }

// Include returns the parts that may be acted on.
func (x *Explanation) Include() []string { return words(x.d.Include) }

// Exclude returns those among them that may not.
func (x *Explanation) Exclude() []string { return words(x.d.Exclude) }

// Flips returns the smallest set of statements whose removal changes the
// verdict.
func (x *Explanation) Flips() []*Evidence { return x.v.evidenceOf(x.d.Flips) }

// Breaks returns the statements any one of which, removed by itself, changes
// the verdict.
func (x *Explanation) Breaks() []*Evidence { return x.v.evidenceOf(x.d.Breaks) }

// Assumptions returns what the answer takes for granted.
func (x *Explanation) Assumptions() []policy.Assumption {
	return append([]policy.Assumption{}, x.d.Assumptions...)
}

// DecidingLayer returns the layer that the verdict comes from.
func (x *Explanation) DecidingLayer() *policy.Layer {
	if x.d.Deciding == "" {
		return nil
	}
	return x.v.layer(x.d.Deciding)
}

// DecidingStatement returns the statement that decided.
func (x *Explanation) DecidingStatement() *Evidence {
	if x.d.Statement == nil {
		return nil
	}
	return x.v.evidence(*x.d.Statement)
}

// Layers returns what each layer said.
func (x *Explanation) Layers() []LayerDecision {
	out := make([]LayerDecision, len(x.d.Layers))
	for i, w := range x.d.Layers {
		out[i] = LayerDecision{w.Layer, w.Effect, w.Reason, x.v.evidenceOf(w.Evidence)}
	}
	return out
}

// Gaps returns what did not come and could change the verdict.
func (x *Explanation) Gaps() []DecisionGap {
	out := make([]DecisionGap, len(x.d.Gaps))
	for i, g := range x.d.Gaps {
		out[i] = DecisionGap{g.Of, x.v.layer(g.Layer), g.Reason, g.Detail}
	}
	return out
}

// Conditions returns the tests in the formula.
func (x *Explanation) Conditions() []Condition { return conditionsOf(x.d.Formula) }

// conditionsOf lists the tests of a formula in the sense in which they stand
// there: a formula may ask that a test fails.
func conditionsOf(f *policy.Formula) []Condition {
	out := []Condition{}
	if f == nil {
		return out
	}
	text := f.String()
	for _, t := range f.Tests() {
		c := Condition{Expression: t.String(), Key: t.Key.Name, Values: words(t.Values), SatisfiableBy: t.Key.Control}
		negated := policy.Not(policy.Leaf(t)).String()
		if strings.Contains(text, negated) {
			rest := strings.ReplaceAll(text, negated, "")
			if !strings.Contains(rest, c.Expression) {
				c.Expression = negated
			}
		}
		out = append(out, c)
	}
	return out
}

// words is never null.
func words(list []string) []string { return append([]string{}, list...) }
