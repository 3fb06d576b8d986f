package answer

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/resolve/policy"
)

// TraversalOptions say what a search may use.
type TraversalOptions struct {
	MaxHops      *int
	Relations    []graph.Relation
	Actions      []string
	Levels       []string
	Techniques   bool
	TechniqueIds []string
	Verdicts     []graph.Verdict
	AssumeNone   []string
	Context      []ContextInput
	ExcludeEdges []string
	TimeoutMs    int
}

// sure are the verdicts that count where nothing else is said: no UNKNOWN is
// hidden.
var sure = []graph.Verdict{graph.Allowed, graph.Conditional, graph.Unknown}

// anything are the options of who gives none; they are the schema's defaults.
func anything() TraversalOptions {
	return TraversalOptions{Techniques: true, Verdicts: sure, TimeoutMs: 5000}
}

// A PathAlgorithm says which paths are listed.
type PathAlgorithm string

// The algorithms.
const (
	Shortest    PathAlgorithm = "SHORTEST"
	AllShortest PathAlgorithm = "ALL_SHORTEST"
	KShortest   PathAlgorithm = "K_SHORTEST"
)

// A search is one traversal of a view.
type search struct {
	v      *View
	o      TraversalOptions
	wanted wanted
	walk   walk.Options
	skip   map[string]bool // last steps not to take, by id
	ctx    context.Context // of the search; deciding again asks it for the time
	done   context.CancelFunc
	anew   sync.Map // pivot -> its verdict, as it was decided again
}

// newSearch checks options and makes a search of them.
func (v *View) newSearch(given *TraversalOptions) (*search, error) {
	o := anything()
	if given != nil {
		o = *given
	}
	s := &search{v: v, o: o, skip: map[string]bool{}}
	if o.MaxHops != nil && *o.MaxHops < 0 || o.TimeoutMs < 0 {
		return nil, fault(BadInput, "options: maxHops and timeoutMs must not be negative")
	}
	var err error
	if s.wanted, err = v.newWanted(o.Actions, o.Levels); err != nil {
		return nil, err
	}
	s.walk = walk.Options{MaxNodes: v.limits.Nodes, Verdicts: slices.Clone(o.Verdicts)}
	if s.walk.Verdicts == nil {
		s.walk.Verdicts = []graph.Verdict{}
	}
	if len(o.Relations) > 0 {
		s.walk.Relations = o.Relations
	}
	s.walk.Techniques = o.follows()
	if s.again() {
		s.walk.Decide = s.decidePivot
	}
	return s, s.exclude(o.ExcludeEdges)
}

// again reports whether recorded rulings do not hold, because the question
// states something that they did not know.
func (s *search) again() bool { return len(s.o.Context) > 0 || len(s.o.AssumeNone) > 0 }

// with adds to a question what the search states.
func (s *search) with(q policy.Question) policy.Question {
	q.Context = append(slices.Clone(q.Context), stated(s.o.Context)...)
	q.AssumeNone = append(slices.Clone(q.AssumeNone), layerIDs(s.o.AssumeNone)...)
	return q
}

// follows says which techniques are followed; nil is all.
func (o TraversalOptions) follows() func(id string) bool {
	switch {
	case !o.Techniques:
		return func(string) bool { return false }
	case o.TechniqueIds != nil:
		return func(id string) bool { return slices.Contains(o.TechniqueIds, id) }
	}
	return nil
}

// decidePivot decides a pivot again, once for all passes of a search. Once time
// is up it decides nothing more: the search is cut.
func (s *search) decidePivot(p snapshot.PivotIndex) graph.Verdict {
	if have, ok := s.anew.Load(p); ok {
		return have.(graph.Verdict)
	}
	if s.ctx != nil && s.ctx.Err() != nil {
		return s.v.Snapshot.PivotVerdict(p)
	}
	verdict := s.decideAnew(s.v.Snapshot.Pivot(p))
	s.anew.Store(p, verdict)
	return verdict
}

func (s *search) decideAnew(pivot snapshot.Pivot) graph.Verdict {
	if u := s.techniqueUse(pivot); u != nil {
		return u.verdict(pivot)
	}
	if d, ok := s.v.decideAgain(s, pivot, true); ok {
		return d.Verdict
	}
	return pivot.Ruling.Verdict
}

// late is the bound of time, where it passed while pivots were decided again:
// the walk itself may not have noticed.
func (s *search) late() walk.Budget {
	if s.again() && s.ctx != nil && s.ctx.Err() != nil {
		return walk.Time
	}
	return ""
}

// decideAgain decides a pivot anew; false where it was observed. Brief leaves
// out what would break it.
func (v *View) decideAgain(s *search, p snapshot.Pivot, brief bool) (policy.Decision, bool) {
	evaluator := v.evaluator(p.To.Node)
	if evaluator == nil {
		return policy.Decision{}, false
	}
	q, ok := evaluator.Question(p)
	if !ok {
		return policy.Decision{}, false
	}
	q.Brief = brief
	d, err := evaluator.Decide(s.with(q))
	return d, err == nil
}

// hops sets the limit of hops, unlimited where it is not given. walk takes 0
// as no limit, so a limit of 0 keeps every pivot out instead.
func (s *search) hops(limit *int) walk.Options {
	o := s.walk
	if limit == nil {
		return o
	}
	if *limit == 0 {
		o.Relations = []graph.Relation{}
		return o
	}
	o.MaxHops = *limit
	return o
}

func (s *search) options() walk.Options { return s.hops(s.o.MaxHops) }

// deadline bounds the time of a search. What of its answer is worked out only
// where it is asked for has what is left of that time, so nobody ends it before.
func (s *search) deadline(ctx context.Context) context.Context {
	limit := s.v.limits.Time
	if t := time.Duration(s.o.TimeoutMs) * time.Millisecond; t < limit {
		limit = t
	}
	s.ctx, s.done = context.WithTimeout(ctx, limit)
	return s.ctx
}

// levels are the verdicts that were asked for, surest first. Rows are looked for
// level by level: of each over steps that are as sure, or surer.
func (s *search) levels() []graph.Verdict {
	levels := slices.Clone(s.o.Verdicts)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	slices.Reverse(levels)
	return levels
}

// counts reports whether a verdict is one that was asked for.
func (s *search) counts(v graph.Verdict) bool { return slices.Contains(s.o.Verdicts, v) }
