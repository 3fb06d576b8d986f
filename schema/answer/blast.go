package answer

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// A BlastRadius is what follows if something falls into other hands. Each part
// of it is worked out when it is asked for, once.
type BlastRadius struct {
	s        *search
	origin   snapshot.Index
	question []any
	reach    func() *reachable
	held     func() []*Reached // in order
	tally    func() *tally     // counts by sets; nil where they do not say it
	rows     func() countedRows
	telling  func() tellingOf // how many rows there are
	cut      func() walk.Budget
	jewels   func() map[snapshot.Index]arrival
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
	s.deadline(ctx)
	b := &BlastRadius{s: s, origin: targets[0].node, question: []any{"blastRadius", targets[0].node, s.o.text()}}
	b.reach = sync.OnceValue(b.reached)
	b.held = sync.OnceValue(b.holding)
	b.tally = sync.OnceValue(func() *tally { return b.collector().count(b.reach().Reached) })
	b.rows = sync.OnceValue(b.counted)
	b.telling = sync.OnceValue(func() tellingOf { return b.outward(everything).telling(v.limits.Rows) })
	b.cut = sync.OnceValue(b.cuts)
	b.jewels = sync.OnceValue(b.toJewels)
	return b, nil
}

func (b *BlastRadius) reached() *reachable {
	a := walk.Reach(b.s.ctx, b.s.v.Snapshot, b.s.v.starts([]snapshot.Index{b.origin}), b.s.options())
	a.Cut = cmp.Or(a.Cut, b.s.late())
	return &reachable{ReachAnswer: a}
}

func anywhere(snapshot.Index) bool { return true }

func (b *BlastRadius) collector() *collector { return b.s.collector(anywhere, everything) }

// outward lists a part of what may be done from the origin.
func (b *BlastRadius) outward(of part) *outward {
	return b.s.outward([]snapshot.Index{b.origin}, anywhere, of)
}

func (b *BlastRadius) toJewels() map[snapshot.Index]arrival {
	jewels := b.s.v.labelled(graph.CrownJewel)
	if len(jewels) == 0 {
		return nil
	}
	return b.collector().to(jewels, b.reach())
}

// cuts finds which bound kept something out. A limit of hops is a question, not
// a cut: other bounds are told before it.
func (b *BlastRadius) cuts() walk.Budget {
	cut := b.reach().Cut
	if cut != "" && cut != walk.Hops {
		return cut
	}
	if t := b.tally(); t != nil && t.resources()+len(t.scopes) > b.s.v.limits.Rows {
		return walk.Rows
	}
	return cmp.Or(b.telling().cut, cut)
}

// BlastRadius answers for one principal.
func (p *Principal) BlastRadius(ctx context.Context, options *TraversalOptions) (*BlastRadius, error) {
	id := p.ID()
	return p.v.BlastRadius(ctx, EntitySelector{ID: &id}, options)
}

// holding lists the principals that are reached, each once.
func (b *BlastRadius) holding() []*Reached {
	best := map[snapshot.Index]*Reached{}
	v := b.s.v
	for _, r := range b.reach().Reached {
		at := v.Snapshot.Foothold(r.Foothold)
		node := at.Node
		if node == b.origin || r.Hops == 0 || at.Hold == graph.DataOnly || !v.isHeld(node) {
			continue
		}
		node = v.shown(node)
		have := best[node]
		if have == nil {
			have = &Reached{s: b.s, node: node, Hops: r.Hops, sure: r.SureHops, Verdict: r.Verdict, way: b.reach().to(r.Foothold)}
			best[node] = have
		}
		if r.Verdict > have.Verdict {
			have.Verdict, have.sure, have.way = r.Verdict, r.SureHops, b.reach().to(r.Foothold)
		}
	}
	return slices.SortedFunc(maps.Values(best), func(a, b *Reached) int {
		return cmp.Or(cmp.Compare(a.Hops, b.Hops), compareRefs(v.Snapshot.Ref(a.node), v.Snapshot.Ref(b.node)))
	})
}

// Principal returns who is held.
func (r *Reached) Principal() GraphEntity { return r.s.v.entity(r.node) }

// Via returns the surest path.
func (r *Reached) Via() *AccessPath { return r.s.path(r.way(), nil) }

// Origin returns what falls.
func (b *BlastRadius) Origin() GraphEntity { return b.s.v.entity(b.origin) }

// CutBy says what kept something out.
func (b *BlastRadius) CutBy() *walk.Budget { return cutBy(b.cut()) }

// Coverage says what cannot be known.
func (b *BlastRadius) Coverage() *Coverage { return b.s.v.coverage() }

// CrownJewels returns the paths to crown jewels.
func (b *BlastRadius) CrownJewels(first int) ([]*AccessPath, error) {
	w, err := b.s.v.window(first, nil)
	if err != nil {
		return nil, err
	}
	var paths []*AccessPath
	for _, jewel := range b.s.v.labelled(graph.CrownJewel) {
		at := slices.IndexFunc(b.held(), func(r *Reached) bool { return r.node == jewel })
		if one, ok := b.jewels()[jewel]; ok {
			paths = append(paths, b.s.path(one.path, one.end))
		} else if at >= 0 {
			paths = append(paths, b.held()[at].Via())
		}
	}
	slices.SortStableFunc(paths, func(x, y *AccessPath) int {
		return cmp.Or(cmp.Compare(x.Hops(), y.Hops()), cmp.Compare(y.verdict, x.verdict))
	})
	return page(w, paths, func(_ string, p *AccessPath) *AccessPath { return p }), nil
}

// Principals returns a page of who can be held.
func (b *BlastRadius) Principals(first int, after *string) (*ReachedConnection, error) {
	w, err := b.s.v.window(first, after, "principals", b.question)
	if err != nil {
		return nil, err
	}
	held := b.held()
	return &ReachedConnection{
		Edges:    page(w, held, func(cursor string, r *Reached) ReachedEdge { return ReachedEdge{cursor, r} }),
		PageInfo: w.info(len(held), false), TotalCount: b.PrincipalsReached(),
	}, nil
}

// Scopes returns a page of what can be administered.
func (b *BlastRadius) Scopes(first int, after *string) (*EffectiveAccessConnection, error) {
	return b.page(onlyScopes, "scopes", first, after)
}

// Items returns a page of what may be done to resources.
func (b *BlastRadius) Items(first int, after *string) (*EffectiveAccessConnection, error) {
	return b.page(onlyResources, "items", first, after)
}

func (b *BlastRadius) page(of part, what string, first int, after *string) (*EffectiveAccessConnection, error) {
	w, err := b.s.v.window(first, after, what, b.question)
	if err != nil {
		return nil, err
	}
	list := b.outward(of).list()
	list.count = func(int) (Count, walk.Budget) { return b.telling().of(of) }
	return list.connection(b.s.v, w), nil
}
