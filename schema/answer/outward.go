package answer

import (
	"cmp"
	"iter"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// An outward search is everything that follows from some nodes: whatever can be
// held from there, and what that may do.
type outward struct {
	*collector
	origins []snapshot.Index
	reached map[uint32]map[snapshot.FootholdIndex]bool // by origin, once asked for
}

// A part of what follows is which rows are wanted.
type part uint8

const (
	everything part = iota
	onlyScopes
	onlyResources
)

func (s *search) outward(origins []snapshot.Index, within func(snapshot.Index) bool, of part) *outward {
	return &outward{s.collector(within, of), origins, map[uint32]map[snapshot.FootholdIndex]bool{}}
}

func (o *outward) list() *rowList {
	return &rowList{begin: o.begin, count: o.count, limit: o.v.limits.Rows}
}

// begin goes from the origins in the direction of pivots: first over what is
// surest, which leads to all rows that are so sure and to no other, then over
// what is less sure.
func (o *outward) begin() (iter.Seq[*EffectiveAccess], func() walk.Budget) {
	var cut walk.Budget
	rows := func(yield func(*EffectiveAccess) bool) {
		seen := map[rowKey]bool{}
		for _, level := range o.levels() {
			sweep := walk.NewSweep(o.ctx, o.v.Snapshot, level, o.options(), false)
			a := &arrivals{outward: o, sweep: sweep, level: level, seen: seen, done: map[told]bool{}}
			if !a.all(yield) {
				return
			}
			if cut = cmp.Or(cut, sweep.Cut(), a.cut); cut == walk.Time || cut == walk.Nodes {
				return
			}
		}
	}
	return rows, func() walk.Budget { return cmp.Or(cut, o.late()) }
}

// leads yields the footholds of each origin, which are followed for it.
func (o *outward) leads(yield func(walk.Lead) bool) {
	for i, node := range o.origins {
		for _, f := range o.v.starts([]snapshot.Index{node}) {
			if !yield(walk.Lead{Foothold: f, For: uint32(i)}) {
				return
			}
		}
	}
}

// arrivals makes rows of one level.
type arrivals struct {
	*outward
	sweep *walk.Sweep
	level graph.Verdict
	seen  map[rowKey]bool // of this level and those before
	done  map[told]bool   // by origin and class: all members may do the same
	cut   walk.Budget
}

func (a *arrivals) all(yield func(*EffectiveAccess) bool) bool {
	for m := range a.sweep.All(a.leads) {
		if !a.at(m, yield) {
			return false
		}
		if a.ctx.Err() != nil {
			a.cut = walk.Time
			break
		}
	}
	return true
}

// at makes rows of what one foothold may do.
func (a *arrivals) at(m walk.Met, yield func(*EffectiveAccess) bool) bool {
	way := a.way(m)
	origin := a.origins[m.For]
	for x := range a.endings(m) {
		key := a.key(origin, x)
		if a.seen[key] {
			continue
		}
		a.seen[key] = true
		if !yield(&EffectiveAccess{s: a.search, principal: origin, end: x, hops: m.Hops, verdict: a.level, way: way}) {
			return false
		}
	}
	return true
}

// way gives the path to a foothold, which is read when it is first asked for:
// most rows are not on the page. Sweeps are no more written to by then.
func (a *arrivals) way(m walk.Met) func() walk.Path {
	return sync.OnceValue(func() walk.Path {
		path, _ := a.sweep.Path(m)
		return path
	})
}

// endings yields what a foothold may do, as surely as the level. Of a class it
// is read once for an origin, unless steps of single members are left out.
func (a *arrivals) endings(m walk.Met) iter.Seq[*ending] {
	return func(yield func(*ending) bool) {
		skipped := false
		take := func(x *ending) bool {
			switch {
			case x.ruling.Verdict < a.level || !a.keeps(x):
				return true
			case a.skips(m.Foothold, x):
				skipped = true
				return true
			}
			return yield(x)
		}
		if !a.own(m, take) {
			return
		}
		class, ok := a.v.Snapshot.ClassOf(m.Foothold)
		of := told{snapshot.Index(m.For), class}
		if !ok || a.of == onlyScopes || a.done[of] {
			return
		}
		for x := range a.readEndings(class, a.level) {
			if !take(x) {
				return
			}
		}
		a.done[of] = !skipped
	}
}

// own takes what a foothold may do by itself, not as one of its class.
func (a *arrivals) own(m walk.Met, take func(*ending) bool) bool {
	if a.of != onlyResources && !a.wanted.some() && !each(slices.Values(a.administered(m.Foothold)), take) {
		return false
	}
	if a.of == onlyScopes {
		return true
	}
	if at := a.v.Snapshot.Foothold(m.Foothold); at.Hold == graph.DataOnly {
		x := a.dataEnding(at.Node, a.v.Snapshot.PivotsIn(m.Foothold), a.taken(a.reachedFrom(m.For)))
		return x == nil || take(x)
	}
	return each(a.assuming(m.Foothold), take)
}

// reachedFrom tells what can be reached from an origin at all.
func (o *outward) reachedFrom(origin uint32) func(snapshot.FootholdIndex) bool {
	if o.reached[origin] == nil {
		list, _ := walk.Spread(o.ctx, o.v.Snapshot, o.v.starts(o.origins[origin:origin+1]), o.search.options(), false)
		o.reached[origin] = map[snapshot.FootholdIndex]bool{}
		for _, f := range list {
			o.reached[origin][f] = true
		}
	}
	return func(f snapshot.FootholdIndex) bool { return o.reached[origin][f] }
}

func each(list iter.Seq[*ending], take func(*ending) bool) bool {
	for x := range list {
		if !take(x) {
			return false
		}
	}
	return true
}
