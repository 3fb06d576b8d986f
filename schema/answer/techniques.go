package answer

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// A Technique is a known way to turn permissions into more.
type Technique struct{ t *escalate.Technique }

// A TechniqueRequirement is one request that a technique takes.
type TechniqueRequirement struct {
	Who, Action, On string
	With            []ContextValue
}

// Techniques lists what is known, in the order of families.
func Techniques() []*Technique {
	out := make([]*Technique, len(escalate.AWS))
	for i := range escalate.AWS {
		out[i] = &Technique{&escalate.AWS[i]}
	}
	return out
}

// ID returns the published id.
func (t Technique) ID() string { return t.t.ID }

// Title returns what it is called.
func (t Technique) Title() string { return t.t.Title }

// Provider returns where it works.
func (t Technique) Provider() graph.Provider { return t.t.Provider }

// Category returns what it turns.
func (t Technique) Category() string { return string(t.t.Category) }

// URL returns the page that describes it.
func (t Technique) URL() string { return t.t.Reference }

// Status says whether it works today.
func (t Technique) Status() string { return string(cmp.Or(t.t.Status, escalate.Known)) }

// Data says what is given instead of a foothold, nil if one is.
func (t Technique) Data() *string { return optional(t.t.Yields.Data) }

// Needs returns what it takes.
func (t Technique) Needs() []TechniqueRequirement {
	out := []TechniqueRequirement{}
	for _, n := range t.t.Needs {
		out = append(out, TechniqueRequirement{cmp.Or(n.Who, escalate.Actor), n.Action, n.On, carried(n.With)})
	}
	return out
}

func carried(with map[string]string) []ContextValue {
	out := []ContextValue{}
	for key, value := range with {
		name, absent := strings.CutPrefix(key, "!")
		one := ContextValue{name, []string{value}}
		if absent {
			one.Values = []string{}
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b ContextValue) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// Log returns what the provider's log shows of it.
func (t Technique) Log() []LogSignature {
	out := []LogSignature{}
	for _, event := range t.t.Log {
		match, err := json.Marshal(event.Match)
		if err != nil || event.Match == nil {
			match = []byte("{}")
		}
		out = append(out, LogSignature{event.Source, []string{event.Name}, match})
	}
	return out
}

// WhoCanUse answers who can take a step by a technique now, surest first, then
// in the order of who takes it and what it leads to.
func (v *View) WhoCanUse(technique string, first int, after *string) (*PathStepConnection, error) {
	w, err := v.window(first, after, "whoCanUse", technique)
	if err != nil {
		return nil, err
	}
	s, err := v.newSearch(nil)
	if err != nil {
		return nil, err
	}
	list := v.uses(technique)
	if len(list) == 0 && escalate.ByID(technique) == nil {
		return nil, fault(NotFound, "no technique has the id %q", shorten(technique))
	}
	return &PathStepConnection{
		Edges: page(w, list, func(cursor string, i snapshot.PivotIndex) PathStepEdge {
			p := usedBy(technique, v.Snapshot.Pivot(i))
			return PathStepEdge{cursor, s.step(PathStep{from: p.From, to: p.To.Node, pivot: p, verdict: p.Ruling.Verdict})}
		}),
		PageInfo: w.info(len(list), false), TotalCount: Count{len(list), true}, Coverage: v.coverage(),
	}, nil
}

// between reports whether both ends of a pivot are in sight.
func (v *View) between(i snapshot.PivotIndex) bool {
	from, to := v.Snapshot.PivotEnds(i)
	return !v.hidden(v.Snapshot.Foothold(from).Node) && !v.hidden(v.Snapshot.Foothold(to).Node)
}

// usedBy is a pivot as a step by a technique: those of a technique that other
// passes tell do not name it.
func usedBy(technique string, p snapshot.Pivot) snapshot.Pivot {
	if p.Technique == "" {
		p.Relation, p.Technique = graph.CanEscalate, technique
	}
	return p
}

// usedAt yields the pivots that are uses of a technique.
func (v *View) usedAt(technique string) iter.Seq[snapshot.PivotIndex] {
	t := escalate.ByID(technique)
	if t == nil || t.Told == "" {
		return v.Snapshot.PivotsBy(technique)
	}
	return func(yield func(snapshot.PivotIndex) bool) {
		for i := range snapshot.PivotIndex(v.Snapshot.NumPivots()) {
			if v.Snapshot.PivotRelation(i) == t.Told && t.Tells(t.Told, v.Snapshot.PivotAction(i)) && !yield(i) {
				return
			}
		}
	}
}

// uses returns the pivots of a technique in order.
func (v *View) uses(technique string) []snapshot.PivotIndex {
	var out []snapshot.PivotIndex
	for i := range v.usedAt(technique) {
		if v.between(i) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b snapshot.PivotIndex) int {
		return cmp.Or(cmp.Compare(v.Snapshot.PivotVerdict(b), v.Snapshot.PivotVerdict(a)), cmp.Compare(a, b))
	})
	return out
}
