package answer

import (
	"cmp"
	"context"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// A BlastRadius is what follows if something falls into other hands.
type BlastRadius struct {
	s         *search
	origin    snapshot.Index
	out       *outward
	resources []*EffectiveAccess // rows of access, in order
	scopes    []*EffectiveAccess // rows of administration, in order
	held      []*Reached         // in order
	tally     *tally             // counts without rows, where there are too many; nil: the rows are counted
	jewels    []*EffectiveAccess // rows to crown jewels, where there are too many others
	question  []any
}

// Reached is a principal that can be held.
type Reached struct {
	s       *search
	node    snapshot.Index
	Verdict graph.Verdict
	Hops    int
	sure    int // hops of the surest path
	way     func() walk.Path
}

// A LevelCount is how many resources are reached at one level.
type LevelCount struct {
	Level string
	Count Count
}

// A ScopeCount is how many resources of one scope are reached.
type ScopeCount struct {
	Scope *Scope
	Count Count
}

// BlastRadius answers what follows if something falls into other hands.
func (v *View) BlastRadius(ctx context.Context, of EntitySelector, o *TraversalOptions) (*BlastRadius, error) {
	targets, err := v.targets(of, false)
	if err != nil {
		return nil, err
	}
	if len(targets) != 1 {
		return nil, fault(Ambiguous, "of: names %d things; ask for one", len(targets))
	}
	s, err := v.newSearch(o)
	if err != nil {
		return nil, err
	}
	ctx, done := s.deadline(ctx)
	defer done()
	b := &BlastRadius{s: s, origin: targets[0].node, question: []any{"blastRadius", targets[0].node, s.o.text()}}
	b.out = s.outward(ctx, b.origin, func(snapshot.Index) bool { return true })
	for _, row := range b.out.rows {
		if row.end.relation == graph.Administers {
			b.scopes = append(b.scopes, row)
			continue
		}
		b.resources = append(b.resources, row)
	}
	b.held = b.holding()
	if b.out.cut == walk.Rows {
		b.tally = b.out.by.count(b.out.reach.Reached)
		b.jewels = b.out.by.to(v.labelled(graph.CrownJewel), b.out.reach.Reached)
	}
	return b, nil
}

// BlastRadius answers for one principal.
func (p *Principal) BlastRadius(ctx context.Context, options *TraversalOptions) (*BlastRadius, error) {
	id := p.ID()
	return p.v.BlastRadius(ctx, EntitySelector{ID: &id}, options)
}

// holding lists the principals that are reached, each once.
func (b *BlastRadius) holding() []*Reached {
	best := map[snapshot.Index]*Reached{}
	routes := &routes{a: &b.out.reach}
	v := b.s.v
	for _, r := range b.out.reach.Reached {
		at := v.Snapshot.Foothold(r.Foothold)
		node := at.Node
		if node == b.origin || r.Hops == 0 || at.Hold == graph.DataOnly || !v.isHeld(node) {
			continue
		}
		node = v.shown(node)
		have := best[node]
		if have == nil {
			have = &Reached{s: b.s, node: node, Hops: r.Hops, sure: r.SureHops, Verdict: r.Verdict, way: routes.to(r.Foothold)}
			best[node] = have
		}
		if r.Verdict > have.Verdict {
			have.Verdict, have.sure, have.way = r.Verdict, r.SureHops, routes.to(r.Foothold)
		}
	}
	out := make([]*Reached, 0, len(best))
	for _, r := range best {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Reached) int {
		return cmp.Or(cmp.Compare(a.Hops, b.Hops), compareRefs(v.Snapshot.Ref(a.node), v.Snapshot.Ref(b.node)))
	})
	return out
}

// Principal returns who is held.
func (r *Reached) Principal() GraphEntity { return r.s.v.entity(r.node) }

// Via returns the surest path.
func (r *Reached) Via() *AccessPath { return r.s.path(r.way(), nil) }

// Origin returns what falls.
func (b *BlastRadius) Origin() GraphEntity { return b.s.v.entity(b.origin) }

// CutBy says what kept something out.
func (b *BlastRadius) CutBy() *walk.Budget { return cutBy(b.out.cut) }

// Coverage says what cannot be known.
func (b *BlastRadius) Coverage() *Coverage { return b.s.v.coverage() }

func (b *BlastRadius) count(n int) Count {
	return Count{n, b.out.cut == "" || b.tally != nil && b.out.reach.Cut == ""}
}

// PrincipalsReached counts who can be held. Too many rows of access are no
// reason not to know.
func (b *BlastRadius) PrincipalsReached() Count {
	return Count{len(b.held), b.out.cut == "" || b.out.cut == walk.Rows && b.out.reach.Cut == ""}
}

// ResourcesReached counts what may be acted on.
func (b *BlastRadius) ResourcesReached() Count {
	if b.tally != nil {
		return b.count(b.tally.resources())
	}
	return b.count(len(targetsOf(b.resources)))
}

// ScopesReached counts what can be administered.
func (b *BlastRadius) ScopesReached() Count {
	if b.tally != nil {
		return b.count(len(b.tally.scopes))
	}
	return b.count(len(targetsOf(b.scopes)))
}

// targetsOf returns the first row of each target.
func targetsOf(list []*EffectiveAccess) map[snapshot.Index]*EffectiveAccess {
	first := map[snapshot.Index]*EffectiveAccess{}
	for _, row := range list {
		if first[row.end.to] == nil {
			first[row.end.to] = row
		}
	}
	return first
}

// CrownJewels returns the paths to crown jewels.
func (b *BlastRadius) CrownJewels(first int) ([]*AccessPath, error) {
	w, err := b.s.v.window(first, nil)
	if err != nil {
		return nil, err
	}
	rows, scopes := targetsOf(b.resources), targetsOf(b.scopes)
	if b.jewels != nil {
		rows, scopes = targetsOf(b.jewels), nil
	}
	var paths []*AccessPath
	for _, jewel := range b.s.v.labelled(graph.CrownJewel) {
		at := slices.IndexFunc(b.held, func(r *Reached) bool { return r.node == jewel })
		switch {
		case rows[jewel] != nil:
			paths = append(paths, rows[jewel].Via())
		case scopes[jewel] != nil:
			paths = append(paths, scopes[jewel].Via())
		case at >= 0:
			paths = append(paths, b.held[at].Via())
		}
	}
	slices.SortStableFunc(paths, func(x, y *AccessPath) int {
		return cmp.Or(cmp.Compare(x.Hops(), y.Hops()), cmp.Compare(y.verdict, x.verdict))
	})
	return page(w, paths, func(_ string, p *AccessPath) *AccessPath { return p }), nil
}

// ByLevel counts resources by level of access.
func (b *BlastRadius) ByLevel() []LevelCount {
	out := []LevelCount{}
	levels := b.levels()
	for _, l := range strength {
		if n := levels[l]; n > 0 {
			out = append(out, LevelCount{l, b.count(n)})
		}
	}
	return out
}

func (b *BlastRadius) levels() map[string]int {
	if b.tally != nil {
		return b.tally.levels
	}
	reached := map[string]map[snapshot.Index]bool{}
	for _, row := range b.resources {
		for _, l := range row.Levels() {
			if reached[l] == nil {
				reached[l] = map[snapshot.Index]bool{}
			}
			reached[l][row.end.to] = true
		}
	}
	out := map[string]int{}
	for l, nodes := range reached {
		out[l] = len(nodes)
	}
	return out
}

// ByScope counts resources by the scope that holds them, most first.
func (b *BlastRadius) ByScope(first int) ([]ScopeCount, error) {
	w, err := b.s.v.window(first, nil)
	if err != nil {
		return nil, err
	}
	n := b.perScope()
	scopes := make([]snapshot.Index, 0, len(n))
	for i := range n {
		scopes = append(scopes, i)
	}
	slices.SortFunc(scopes, func(x, y snapshot.Index) int { return cmp.Or(cmp.Compare(n[y], n[x]), cmp.Compare(x, y)) })
	return page(w, scopes, func(_ string, i snapshot.Index) ScopeCount {
		if i == snapshot.None {
			return ScopeCount{nil, b.count(n[i])}
		}
		return ScopeCount{&Scope{Thing{b.s.v, i}}, b.count(n[i])}
	}), nil
}

func (b *BlastRadius) perScope() map[snapshot.Index]int {
	n := map[snapshot.Index]int{}
	if b.tally != nil {
		for _, c := range b.tally.targets {
			n[c.Scope] += c.Count
		}
		return n
	}
	for to := range targetsOf(b.resources) {
		n[b.s.v.Snapshot.ScopeOf(to)]++
	}
	return n
}

// Principals returns a page of who can be held.
func (b *BlastRadius) Principals(first int, after *string) (*ReachedConnection, error) {
	w, err := b.s.v.window(first, after, "principals", b.question)
	if err != nil {
		return nil, err
	}
	return &ReachedConnection{
		Edges:    page(w, b.held, func(cursor string, r *Reached) ReachedEdge { return ReachedEdge{cursor, r} }),
		PageInfo: w.info(len(b.held), false), TotalCount: b.count(len(b.held)),
	}, nil
}

// Scopes returns a page of what can be administered.
func (b *BlastRadius) Scopes(first int, after *string) (*EffectiveAccessConnection, error) {
	return b.rows(b.scopes, "scopes", first, after)
}

// Items returns a page of what may be done to resources.
func (b *BlastRadius) Items(first int, after *string) (*EffectiveAccessConnection, error) {
	return b.rows(b.resources, "items", first, after)
}

func (b *BlastRadius) rows(list []*EffectiveAccess, what string, first int, after *string) (*EffectiveAccessConnection, error) {
	w, err := b.s.v.window(first, after, what, b.question)
	if err != nil {
		return nil, err
	}
	return b.s.v.accessConnection(w, list, b.out.cut), nil
}
