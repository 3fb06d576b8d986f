package answer

import (
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// Coverage says what was asked of providers and what came back.
type Coverage struct {
	v  *View
	of map[snapshot.Index]bool // scopes; nil is all
	// read gives all entries about the scopes, gaps those that failed alone.
	read, gaps func() []graph.Coverage
}

// A CoverageGap is something that was asked for and did not come.
type CoverageGap struct {
	v *View
	c graph.Coverage
}

// A ScopeCoverage is what is known of one scope.
type ScopeCoverage struct {
	Scope  *Scope
	Layers []LayerCoverage
}

// A LayerCoverage is what is known of one layer of one scope.
type LayerCoverage struct {
	Layer    *policy.Layer
	Status   graph.Status
	Listings int
}

// coverage is about the whole snapshot.
func (v *View) coverage() *Coverage {
	if v.sight == nil {
		return v.coverageOf(nil)
	}
	seen := map[snapshot.Index]bool{}
	for _, i := range v.scopes() {
		seen[i] = true
	}
	return v.coverageOf(seen)
}

func (v *View) coverageOf(scopes map[snapshot.Index]bool) *Coverage {
	c := &Coverage{v: v, of: scopes}
	c.read = sync.OnceValue(func() []graph.Coverage { return c.entries(v.Snapshot.Coverage()) })
	c.gaps = sync.OnceValue(func() []graph.Coverage { return c.entries(v.Snapshot.Failures()) })
	return c
}

// Coverage answers for some scopes and what they hold, or for all.
func (v *View) Coverage(scopes []graph.Ref) (*Coverage, error) {
	if len(scopes) == 0 {
		return v.coverage(), nil
	}
	within, err := v.within(scopes)
	if err != nil {
		return nil, err
	}
	of := map[snapshot.Index]bool{}
	for _, i := range v.scopes() {
		if within(i) {
			of[i] = true
		}
	}
	return v.coverageOf(of), nil
}

// within returns a test of whether a node is one of some scopes or lies in
// one.
func (v *View) within(scopes []graph.Ref) (func(snapshot.Index) bool, error) {
	roots := map[snapshot.Index]bool{}
	for _, ref := range scopes {
		i, err := v.find(ref)
		if err != nil {
			return nil, err
		}
		if v.Snapshot.Kind(i).Class() != graph.ClassScope {
			return nil, fault(BadInput, "%s is no scope", v.Snapshot.Ref(i))
		}
		roots[i] = true
	}
	return func(i snapshot.Index) bool {
		return roots[i] || slices.ContainsFunc(v.above(i), func(s snapshot.Index) bool { return roots[s] })
	}, nil
}

// scopes returns every scope, in the order of references.
func (v *View) scopes() []snapshot.Index {
	var out []snapshot.Index
	for _, k := range graph.Kinds {
		if k.Class() == graph.ClassScope {
			out = slices.AppendSeq(out, v.Snapshot.OfKind(k))
		}
	}
	out = v.seen(out)
	slices.SortFunc(out, func(a, b snapshot.Index) int { return compareRefs(v.Snapshot.Ref(a), v.Snapshot.Ref(b)) })
	return out
}

// entries are those that are about the scopes.
func (c *Coverage) entries(list []graph.Coverage) []graph.Coverage {
	return slices.DeleteFunc(list, func(entry graph.Coverage) bool { return !c.about(entry) })
}

// about reports whether an entry speaks of the scopes: they were asked, or
// something that they hold is meant.
func (c *Coverage) about(entry graph.Coverage) bool {
	return c.of == nil || slices.ContainsFunc(c.v.scopesOf(entry), func(i snapshot.Index) bool { return c.of[i] })
}

// scopesOf returns the scopes that an entry speaks of: that of its node where
// it names one, else the one that was asked.
func (v *View) scopesOf(entry graph.Coverage) []snapshot.Index {
	ref := entry.Listing.Scope
	if entry.Of != "" {
		ref = entry.Of
	}
	i, ok := v.Snapshot.Find(ref)
	if !ok {
		return nil
	}
	if v.Snapshot.Kind(i).Class() != graph.ClassScope {
		if i = v.Snapshot.ScopeOf(i); i == snapshot.None {
			return nil
		}
	}
	return []snapshot.Index{i}
}

// Complete reports whether there is no gap.
func (c *Coverage) Complete() bool { return c.GapCount() == 0 }

// Snapshot returns which snapshot it is about.
func (c *Coverage) Snapshot() Snapshot { return Snapshot{c.v.Info, c.v.sight != nil} }

// GapCount returns how many gaps there are.
func (c *Coverage) GapCount() int { return len(c.gaps()) }

// Gaps returns the first gaps.
func (c *Coverage) Gaps(first int) ([]CoverageGap, error) {
	w, err := c.v.window(first, nil)
	if err != nil {
		return nil, err
	}
	return page(w, c.gaps(), func(_ string, entry graph.Coverage) CoverageGap { return CoverageGap{c.v, entry} }), nil
}

// Scopes returns what is known of the first scopes.
func (c *Coverage) Scopes(first int) ([]ScopeCoverage, error) {
	w, err := c.v.window(first, nil)
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.v.scopes(), func(i snapshot.Index) bool { return c.of != nil && !c.of[i] })
	known := map[snapshot.Index]map[graph.LayerID]LayerCoverage{}
	for _, entry := range c.read() {
		for _, i := range c.v.scopesOf(entry) {
			if known[i] == nil {
				known[i] = map[graph.LayerID]LayerCoverage{}
			}
			note(known[i], entry)
		}
	}
	return page(w, list, func(_ string, i snapshot.Index) ScopeCoverage {
		return ScopeCoverage{&Scope{Thing{c.v, i}}, c.v.layerCoverage(i, known[i])}
	}), nil
}

// note adds an entry: a failure of one part is a failure, and one part that
// was collected makes the layer collected.
func note(known map[graph.LayerID]LayerCoverage, entry graph.Coverage) {
	worse := map[graph.Status]int{graph.NotAsked: 0, graph.NoneExists: 1, graph.Collected: 2, graph.Failed: 3}
	for _, id := range entry.Affects {
		l := known[id]
		l.Listings++
		if worse[entry.Status] > worse[l.Status] {
			l.Status = entry.Status
		}
		known[id] = l
	}
}

func (v *View) layerCoverage(scope snapshot.Index, known map[graph.LayerID]LayerCoverage) []LayerCoverage {
	out := []LayerCoverage{}
	provider := v.Snapshot.Node(scope).Provider
	for id, l := range v.layers {
		if l.Provider == provider {
			one := known[id]
			one.Layer = l
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b LayerCoverage) int { return strings.Compare(string(a.Layer.ID), string(b.Layer.ID)) })
	return out
}

// Scope returns the scope that was asked.
func (g CoverageGap) Scope() *Scope {
	i, ok := g.v.Snapshot.Find(g.c.Listing.Scope)
	if !ok || g.v.Snapshot.Kind(i).Class() != graph.ClassScope || g.v.hidden(i) {
		return nil
	}
	return &Scope{Thing{g.v, i}}
}

// ScopeRef returns the reference of that scope.
func (g CoverageGap) ScopeRef() graph.Ref { return g.c.Listing.Scope }

// Of returns the node whose part is missing.
func (g CoverageGap) Of() *graph.Ref {
	if g.c.Of == "" {
		return nil
	}
	return &g.c.Of
}

// Operation returns service and operation.
func (g CoverageGap) Operation() string { return g.c.Listing.Service + " " + g.c.Listing.Operation }

// Region returns the region, of regional operations.
func (g CoverageGap) Region() *string { return optional(g.c.Listing.Region) }

// Reason returns why it did not come.
func (g CoverageGap) Reason() graph.GapReason { return g.c.Reason }

// Detail says in a sentence what happened.
func (g CoverageGap) Detail() string { return g.c.Detail }

// Since returns when it was asked for.
func (g CoverageGap) Since() *DateTime {
	if g.c.Origin == nil {
		return nil
	}
	return optionalTime(g.c.Origin.At)
}

// Affects returns the layers whose answers hang on it.
func (g CoverageGap) Affects() []string {
	out := []string{}
	for _, id := range g.c.Affects {
		out = append(out, string(id))
	}
	return out
}
