package answer

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// AccessPaths answers which ways lead from something to something.
func (v *View) AccessPaths(ctx context.Context, from, to EntitySelector, o *TraversalOptions, algorithm PathAlgorithm, first int, after *string) (*AccessPathConnection, error) {
	s, err := v.newSearch(o)
	if err != nil {
		return nil, err
	}
	w, err := v.window(first, after, "accessPaths", from.text(), to.text(), s.o.text(), algorithm)
	if err != nil {
		return nil, err
	}
	origins, err := v.targets(from, false)
	if err != nil {
		return nil, err
	}
	goals, err := v.targets(to, true)
	if err != nil {
		return nil, err
	}
	ctx = s.deadline(ctx)
	ends, err := s.endings(ctx, goals)
	if err != nil {
		return nil, err
	}
	f := &finder{search: s, ends: ends, starts: v.starts(nodesOf(origins))}
	found := f.find(ctx, algorithm, w.from+w.first)
	return f.connection(w, found, origins, goals), nil
}

// A finder looks for paths that end with one of some endings.
type finder struct {
	*search
	ends   *endings
	starts []snapshot.FootholdIndex
}

// found are paths with what they end with, in order.
type found struct {
	paths []fullPath
	count Count
	cut   walk.Budget
}

// A fullPath is one path of pivots and its ending.
type fullPath struct {
	walk.Path
	end *ending
}

func (w fullPath) verdict() graph.Verdict { return min(w.Path.Verdict, w.end.ruling.Verdict) }

// comparePaths is the documented order: hops, then the surer, then starts and
// steps.
func comparePaths(a, b fullPath) int {
	return cmp.Or(
		cmp.Compare(len(a.Steps), len(b.Steps)), cmp.Compare(b.verdict(), a.verdict()),
		cmp.Compare(a.Start, b.Start), slices.Compare(a.Steps, b.Steps), surestEnding(a.end, b.end),
	)
}

func (f *finder) find(ctx context.Context, algorithm PathAlgorithm, need int) found {
	if len(f.starts) == 0 || f.ends.empty() {
		return found{count: Count{0, f.ends.cut == ""}, cut: f.ends.cut}
	}
	var out found
	switch algorithm {
	case AllShortest:
		out = f.allShortest(ctx)
	case KShortest:
		out = f.kShortest(ctx, need)
	default:
		out = f.shortest(ctx)
	}
	out.cut = cmp.Or(out.cut, f.ends.cut, f.late())
	slices.SortStableFunc(out.paths, comparePaths)
	return out
}

// ended gives paths their surest endings.
func (f *finder) ended(paths []walk.Path) []fullPath {
	out := make([]fullPath, 0, len(paths))
	for _, p := range paths {
		if list := f.ends.of(p.End(f.v.Snapshot)); len(list) > 0 && !f.twice(p, list[0]) {
			out = append(out, fullPath{p, list[0]})
		}
	}
	return out
}

// twice reports whether a path is another one over again: whoever administers
// an account is at the end already, one step before the account itself.
func (f *finder) twice(p walk.Path, x *ending) bool {
	n := len(p.Steps)
	return x.held && n > 0 && f.v.Snapshot.PivotRelation(p.Steps[n-1]) == graph.Administers
}

// shortest finds the path of the fewest hops, and of those the surest, its
// ending counted. A first search tells the number of hops; where that path
// could be surer, others look for surer endings over surer steps.
func (f *finder) shortest(ctx context.Context) found {
	a := walk.Between(ctx, f.v.Snapshot, f.starts, f.ends.goals(graph.Unknown), f.options())
	best := f.ended(a.Paths)
	if len(best) == 0 {
		return found{count: Count{0, a.Cut == ""}, cut: a.Cut}
	}
	hops := len(best[0].Steps)
	for _, level := range []graph.Verdict{graph.Allowed, graph.Conditional} {
		if level <= best[0].verdict() {
			break
		}
		o, to := f.hops(&hops), f.ends.goals(level)
		o.MaxHops, to.Within = 0, hops
		o.Verdicts = slices.DeleteFunc(slices.Clone(o.Verdicts), func(v graph.Verdict) bool { return v < level })
		surer := f.ended(walk.Between(ctx, f.v.Snapshot, f.starts, to, o).Paths)
		if len(surer) > 0 && len(surer[0].Steps) == hops {
			best = surer
			break
		}
	}
	return found{paths: best, count: Count{1, true}}
}

func (f *finder) allShortest(ctx context.Context) found {
	o := f.options()
	o.MaxRows = f.v.limits.Paths
	a := walk.AllShortest(ctx, f.v.Snapshot, f.starts, f.ends.goal(graph.Unknown), o)
	exact := a.Count <= math.MaxInt32 && a.Cut != walk.Time && a.Cut != walk.Nodes
	return found{paths: f.ended(a.Paths), count: Count{int(min(a.Count, math.MaxInt32)), exact}, cut: a.Cut}
}

// kShortest finds the first so many paths, and as many more as it takes to
// know all of the same number of hops: how sure an ending is decides about
// their order, and the walk does not know that.
func (f *finder) kShortest(ctx context.Context, need int) found {
	for k := need + 8; ; k *= 2 {
		k = min(k, f.v.limits.Paths)
		a := walk.KShortest(ctx, f.v.Snapshot, f.starts, f.ends.goal(graph.Unknown), k, f.options())
		paths := f.ended(a.Paths)
		n := len(paths)
		whole := a.Cut != walk.Rows || n > need && need > 0 && len(paths[n-1].Steps) > len(paths[need-1].Steps)
		if !whole && k < f.v.limits.Paths {
			continue
		}
		out := found{paths: paths, count: Count{n, a.Cut == ""}}
		if a.Cut != walk.Rows || k == f.v.limits.Paths {
			out.cut = a.Cut
		}
		return out
	}
}

func (f *finder) connection(w window, found found, origins, goals []target) *AccessPathConnection {
	more := !found.count.Exact && found.cut == "" || found.count.Value > len(found.paths)
	c := &AccessPathConnection{
		Edges: page(w, found.paths, func(cursor string, p fullPath) AccessPathEdge {
			return AccessPathEdge{cursor, f.path(p.Path, p.end)}
		}),
		PageInfo:   w.info(len(found.paths), more && w.end(len(found.paths)) < len(found.paths)),
		TotalCount: found.count, CutBy: cutBy(found.cut), Coverage: f.v.coverage(),
	}
	c.why = sync.OnceValues(func() (*Explanation, error) { return f.reason(origins, goals) })
	if len(found.paths) > 0 || found.cut != "" {
		c.why = func() (*Explanation, error) { return nil, nil }
	}
	return c
}

// text spells a selector for cursors, without addresses.
func (s EntitySelector) text() []string {
	var out []string
	if s.Ref != nil {
		out = append(out, "ref", string(*s.Ref))
	}
	if s.ID != nil {
		out = append(out, "id", *s.ID)
	}
	if s.Label != nil {
		out = append(out, "label", *s.Label)
	}
	return out
}

// text spells options for cursors.
func (o TraversalOptions) text() []any {
	hops := -1
	if o.MaxHops != nil {
		hops = *o.MaxHops
	}
	return []any{hops, o.Relations, o.Actions, o.Levels, o.Techniques, o.TechniqueIds, o.Verdicts, o.AssumeNone, o.Context, o.ExcludeEdges}
}
