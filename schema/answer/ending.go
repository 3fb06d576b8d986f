package answer

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/resolve/policy"
)

// An ending is what a path ends with: the last step from a foothold to a
// resource or scope, or none, where holding is all that is asked.
type ending struct {
	relation graph.Relation // "" where there is no last step
	to       snapshot.Index
	actions  []string // that count; of ADMINISTERS, those that give the rest
	include  []string
	exclude  []string
	part     string // the reference that was asked for, inside of to
	ruling   snapshot.Ruling
	shared   bool     // the ruling is of a row, which all of a class share
	held     bool     // reaching the foothold is the end: there is no step to take
	sorts    []string // one action of each recorded row, where several are joined
}

// endings are the goals of a search, by foothold and, node by node, by access
// class.
type endings struct {
	s          *search
	byFoothold map[snapshot.FootholdIndex][]*ending // surest first
	byClass    []*classAccess
	cut        walk.Budget
}

// of returns what a path can end with at a foothold, surest first.
func (e *endings) of(f snapshot.FootholdIndex) []*ending {
	list := e.byFoothold[f]
	if class, ok := e.s.v.Snapshot.ClassOf(f); ok {
		for _, a := range e.byClass {
			list = mergeEndings(list, a.of(class))
		}
	}
	if len(e.s.skip) == 0 {
		return list
	}
	from := e.s.v.Snapshot.Foothold(f)
	return slices.DeleteFunc(slices.Clone(list), func(x *ending) bool { return e.s.skip[e.s.v.lastID(from, x)] })
}

// mergeEndings returns what is in either list. The result must not be changed.
func mergeEndings(a, b []*ending) []*ending {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	out := slices.Concat(a, b)
	slices.SortStableFunc(out, surestEnding)
	return out
}

// surestEnding orders endings: the surer first, then as targets and actions
// stand.
func surestEnding(a, b *ending) int {
	return cmp.Or(
		cmp.Compare(b.ruling.Verdict, a.ruling.Verdict), cmp.Compare(a.to, b.to),
		slices.Compare(a.actions, b.actions), slices.Compare(a.include, b.include),
	)
}

// goal is true of footholds that have an ending as sure as least, or surer.
func (e *endings) goal(least graph.Verdict) func(snapshot.FootholdIndex) bool {
	return func(f snapshot.FootholdIndex) bool {
		list := e.of(f)
		return len(list) > 0 && list[0].ruling.Verdict >= least
	}
}

// goals are the footholds of which goal is true.
func (e *endings) goals(least graph.Verdict) walk.Ends {
	return walk.Ends{Is: e.goal(least), Most: e.atMost(least), List: func() []snapshot.FootholdIndex {
		return slices.Collect(e.holders(least))
	}}
}

// empty reports whether nobody at all gets there.
func (e *endings) empty() bool {
	any := func(a *classAccess) bool { return a.some(func(*ending) bool { return true }) }
	return len(e.byFoothold) == 0 && !slices.ContainsFunc(e.byClass, any)
}

// endings finds what counts as reaching targets: to hold a principal, to
// administer a scope, to act on a resource. A principal is acted on too, where
// actions or levels are named; a group is never held.
func (s *search) endings(ctx context.Context, targets []target) (*endings, error) {
	e := &endings{s: s, byFoothold: map[snapshot.FootholdIndex][]*ending{}}
	for _, t := range targets {
		kind := s.v.Snapshot.Kind(t.node)
		var err error
		switch {
		case t.part != "":
			err = e.parts(ctx, t)
		case kind.Class() == graph.ClassScope:
			e.administrators(t.node)
		case s.wanted.some() || kind.Class() == graph.ClassResource || kind == graph.KindGroup:
			err = e.accesses(ctx, t.node)
		default:
			e.held(t.node)
		}
		if err != nil {
			return nil, err
		}
	}
	e.sort()
	return e, nil
}

func (e *endings) sort() {
	for _, list := range e.byFoothold {
		slices.SortStableFunc(list, surestEnding)
	}
}

func (e *endings) held(node snapshot.Index) {
	for _, f := range e.s.v.Snapshot.FootholdsOf(node) {
		if e.s.v.Snapshot.Foothold(f).Hold == graph.DataOnly {
			continue
		}
		e.byFoothold[f] = append(e.byFoothold[f], &ending{to: node, ruling: certain})
	}
}

// certain is the ruling of what needs none.
var certain = snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}

func (e *endings) administrators(scope snapshot.Index) {
	for _, a := range e.s.v.Snapshot.AdministratorsOf(scope) {
		if f, ok := e.s.v.Snapshot.FindFoothold(a.From); ok && e.s.counts(a.Ruling.Verdict) {
			e.byFoothold[f] = append(e.byFoothold[f], administering(a))
		}
	}
	if f, ok := e.s.v.Snapshot.FindFoothold(snapshot.Foothold{Node: scope, Hold: graph.WithOwnPolicy}); ok {
		e.byFoothold[f] = append(e.byFoothold[f], e.s.v.asAdministrator(scope))
	}
}

// asAdministrator is the end of a way that leads to an account as whoever
// administers it.
func (v *View) asAdministrator(scope snapshot.Index) *ending {
	return &ending{relation: graph.Administers, to: scope, ruling: certain, held: true}
}

func administering(a snapshot.Administration) *ending {
	return &ending{relation: graph.Administers, to: a.Scope, actions: a.Through, ruling: a.Ruling}
}

// accesses finds who may act on a node. Recorded rows hold the actions of the
// provider's reference; an action that is in none is decided now, and so is
// one of which the search states more than the recorded rows knew.
func (e *endings) accesses(ctx context.Context, node snapshot.Index) error {
	e.data(node)
	classes := e.s.classAccess(node)
	e.byClass = append(e.byClass, classes)
	for _, action := range e.s.wanted.exact {
		if classes.recorded(action) || !e.s.wanted.level(e.s.v.evaluator(node), action) {
			continue
		}
		q := policy.Question{Action: action, Resource: string(e.s.v.Snapshot.Ref(node))}
		if err := e.decided(ctx, q, target{node: node}); err != nil {
			return err
		}
	}
	return nil
}

// accessing makes an ending of a recorded row; nil where nothing of it counts.
func (s *search) accessing(row snapshot.Access) *ending {
	if !s.countsRow(row.Actions, row.Ruling.Verdict, row.To) {
		return nil
	}
	x := s.ofRow(row)
	if s.again() {
		s.redecide(x, row.Class)
	}
	if !s.counts(x.ruling.Verdict) {
		return nil
	}
	return x
}

// countsRow reports whether something of a recorded row counts, as it was
// decided, or, where it is decided again, may count then.
func (s *search) countsRow(actions []string, verdict graph.Verdict, node snapshot.Index) bool {
	return (s.again() || s.counts(verdict)) && len(s.wanted.ofRow(s.v.evaluator(node), actions)) > 0
}

// ofRow makes an ending of a recorded row as it was decided.
func (s *search) ofRow(row snapshot.Access) *ending {
	return &ending{
		relation: graph.CanAccess, to: row.To, actions: s.wanted.ofRow(s.v.evaluator(row.To), row.Actions),
		include: row.Include, exclude: row.Exclude, ruling: row.Ruling, shared: true,
	}
}

// evidence returns what grants the ending to one foothold.
func (x *ending) evidence(s *snapshot.Snapshot, from snapshot.Foothold) []snapshot.EvidenceRef {
	if !x.shared {
		return x.ruling.Evidence
	}
	return s.EvidenceFor(from, x.to, x.ruling.Evidence)
}

// redecide decides a row again with what the search states. Its actions share
// one ruling and its members are alike, so one of each is asked.
func (s *search) redecide(x *ending, class uint32) {
	evaluator := s.v.evaluator(x.to)
	members := s.v.Snapshot.ClassMembers(class)
	if evaluator == nil || len(members) == 0 {
		return
	}
	q := s.lastQuestion(s.v.Snapshot.Foothold(members[0]), x, x.actions[0])
	q.Brief = true
	d, err := evaluator.Decide(q)
	if err != nil {
		return
	}
	x.ruling.Verdict, x.ruling.Bounds, x.ruling.Formula = d.Verdict, d.Bounds, d.Formula.String()
	x.include, x.exclude = d.Include, d.Exclude
}

// lastQuestion is the request of a last step to a resource.
func (s *search) lastQuestion(from snapshot.Foothold, x *ending, action string) policy.Question {
	resource := x.part
	if resource == "" {
		resource = string(s.v.Snapshot.Ref(x.to))
	}
	return s.with(policy.Question{Principal: s.v.Snapshot.Ref(from.Node), Hold: from.Hold, Action: action, Resource: resource})
}

// parts finds who may act on something inside of a node that no document
// lists.
func (e *endings) parts(ctx context.Context, t target) error {
	if len(e.s.wanted.exact) == 0 {
		return fault(BadInput, "%s is in no document: name the actions on it (options.actions), or ask for %s", shorten(t.part), e.s.v.Snapshot.Ref(t.node))
	}
	for _, action := range e.s.wanted.exact {
		if err := e.decided(ctx, policy.Question{Action: action, Resource: t.part}, t); err != nil {
			return err
		}
	}
	return nil
}

// decided asks the evaluator who may do one action.
func (e *endings) decided(ctx context.Context, q policy.Question, t target) error {
	evaluator := e.s.v.evaluator(t.node)
	if evaluator == nil {
		return nil
	}
	err := evaluator.WhoCan(ctx, e.s.with(q), func(from snapshot.Foothold, ruling snapshot.Ruling) bool {
		if f, ok := e.s.v.Snapshot.FindFoothold(from); ok && e.s.counts(ruling.Verdict) {
			e.byFoothold[f] = append(e.byFoothold[f], &ending{
				relation: graph.CanAccess, to: t.node, actions: []string{q.Action}, part: t.part, ruling: ruling,
			})
		}
		return true
	})
	if errors.Is(err, context.DeadlineExceeded) {
		e.cut = walk.Time
		return nil
	}
	if err != nil {
		return asked(err)
	}
	return nil
}
