package answer

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// EffectiveAccess is one row: what one principal may do to one thing.
type EffectiveAccess struct {
	s         *search
	principal snapshot.Index
	end       *ending
	verdict   graph.Verdict
	hops      int
	way       func() walk.Path // the surest path to who may do it
}

// Principal returns who.
func (a *EffectiveAccess) Principal() GraphEntity { return a.s.v.entity(a.principal) }

// Target returns to what.
func (a *EffectiveAccess) Target() GraphEntity { return a.s.v.entity(a.end.to) }

// Relation tells access from administration.
func (a *EffectiveAccess) Relation() graph.Relation { return a.end.relation }

// Targets returns what of the target may be acted on.
func (a *EffectiveAccess) Targets() ResourceSet { return a.end.targets() }

// Actions returns what may be done.
func (a *EffectiveAccess) Actions() []string { return words(a.end.actions) }

// Levels returns the levels of the actions, strongest first.
func (a *EffectiveAccess) Levels() []string {
	return words(a.s.wanted.levelsIn(a.s.v.evaluator(a.end.to), a.end.actions))
}

// Verdict says how sure it is.
func (a *EffectiveAccess) Verdict() graph.Verdict { return a.verdict }

// Bounds are those of the last step.
func (a *EffectiveAccess) Bounds() graph.Bounds { return a.end.ruling.Bounds }

// Formula says what must hold for the last step; nothing of one that is taken
// out of sight.
func (a *EffectiveAccess) Formula() string {
	if a.beyond() {
		return ""
	}
	return formulaOf(a.end.ruling)
}

// beyond reports whether the last step is taken by somebody out of sight.
func (a *EffectiveAccess) beyond() bool { return a.s.v.sight != nil && a.s.v.hidden(a.holder().Node) }

// holder takes the last step.
func (a *EffectiveAccess) holder() snapshot.Foothold {
	return a.s.v.Snapshot.Foothold(a.way().End(a.s.v.Snapshot))
}

// Hops returns the steps before the last one.
func (a *EffectiveAccess) Hops() int { return a.hops }

// Via returns the surest path.
func (a *EffectiveAccess) Via() *AccessPath { return a.s.path(a.way(), a.end) }

// Evidence returns the statements that grant the last step.
func (a *EffectiveAccess) Evidence() []*Evidence {
	return a.s.v.recorded(a.end.evidence(a.s.v.Snapshot, a.holder()))
}

// Explanation decides the last step again for one action.
func (a *EffectiveAccess) Explanation(action *string) (*Explanation, error) {
	name := a.s.wanted.strongest(a.s.v.evaluator(a.end.to), a.end.actions)
	if action != nil {
		if name = *action; !slices.ContainsFunc(a.end.actions, func(x string) bool { return strings.EqualFold(x, name) }) {
			return nil, fault(BadInput, "action: %q is none of this row", shorten(name))
		}
	}
	d := a.s.decideLast(a.holder(), a.end, name)
	if d == nil || a.beyond() {
		return nil, nil
	}
	return &Explanation{a.s.v, *d}, nil
}

// rowKey tells rows apart.
type rowKey struct {
	principal, to snapshot.Index
	relation      graph.Relation
	what          string
}

func keyOf(principal snapshot.Index, x *ending) rowKey {
	what := strings.Join(x.actions, ",") + "|" + strings.Join(x.include, ",") + "|" + strings.Join(x.exclude, ",")
	return rowKey{principal, x.to, x.relation, what}
}

// An AccessFilter narrows effective access.
type AccessFilter struct {
	Actions      []string
	Levels       []string
	Verdicts     []graph.Verdict
	Accounts     []graph.Ref
	MaxHops      *int
	Techniques   bool
	TechniqueIds []string
}

// search makes a search of a filter.
func (v *View) filtered(f *AccessFilter, transitive bool) (*search, func(snapshot.Index) bool, error) {
	o := anything()
	o.TimeoutMs = int(v.limits.Time.Milliseconds())
	within := func(snapshot.Index) bool { return true }
	if f != nil {
		o.Actions, o.Levels, o.Verdicts, o.MaxHops = f.Actions, f.Levels, f.Verdicts, f.MaxHops
		o.Techniques, o.TechniqueIds = f.Techniques, f.TechniqueIds
		if len(f.Accounts) > 0 {
			var err error
			if within, err = v.within(f.Accounts); err != nil {
				return nil, nil, err
			}
		}
	}
	if !transitive {
		o.MaxHops = new(int)
	}
	s, err := v.newSearch(&o)
	return s, within, err
}

func (f *AccessFilter) text() []any {
	if f == nil {
		return nil
	}
	hops := -1
	if f.MaxHops != nil {
		hops = *f.MaxHops
	}
	return []any{f.Actions, f.Levels, f.Verdicts, f.Accounts, hops, f.Techniques, f.TechniqueIds}
}
