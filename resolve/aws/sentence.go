package aws

import (
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// sentence says the decision in one line of plain English.
func (r *request) sentence(d *policy.Decision, o outcome) string {
	who, what := r.who(), r.action.text+" on "+r.resource.arn
	if o.impossible != "" {
		return fmt.Sprintf("%s may not do %s: %s, so there is no such request.", who, what, o.impossible)
	}
	switch d.Verdict {
	case graph.Allowed:
		return fmt.Sprintf("%s may do %s: %s.", who, what, r.because(d))
	case graph.Conditional:
		return fmt.Sprintf("%s may do %s if %s.", who, what, d.Formula)
	case graph.Unknown:
		return fmt.Sprintf("%s may or may not do %s, between %s and %s: %s.", who, what, d.Bounds.Least, d.Bounds.Most, gapText(d.Gaps))
	}
	return fmt.Sprintf("%s may not do %s: %s.", who, what, r.because(d))
}

func (r *request) who() string {
	switch r.principal.kind {
	case kindAnonymous:
		return "Anybody"
	case kindService:
		return "Service " + r.principal.ref
	case kindExternal:
		return "Whoever controls account " + r.principal.account.id
	}
	return r.principal.ref
}

func (r *request) because(d *policy.Decision) string {
	name := layerName(d.Deciding)
	if d.Statement != nil {
		verb := "allows it"
		if d.Statement.Effect == graph.EffectDeny {
			verb = "explicitly denies it"
		}
		return fmt.Sprintf("statement %d of %s %s %s", d.Statement.Statement, name, policyName(d.Statement), verb)
	}
	if d.Verdict == graph.Allowed {
		return "no policy is needed for it"
	}
	for _, w := range d.Layers {
		if w.Layer.ID == d.Deciding && w.Effect == graph.EffectLimit {
			return "the " + name + " " + w.Reason
		}
	}
	return "no " + name + " allows it"
}

func layerName(id graph.LayerID) string {
	for _, l := range Layers {
		if l.ID == id {
			return l.Name
		}
	}
	return strings.TrimPrefix(string(id), "aws:")
}

func policyName(e *graph.Evidence) string {
	if e.Name != "" {
		return e.Name
	}
	return string(e.Policy)
}
