package answer

import (
	"cmp"
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// An inward search is who gets to targets: whoever holds access there, and
// whoever can come to hold one of those. Each set of actions on a target is
// followed by itself.
type inward struct {
	s      *search
	ends   *endings
	within func(snapshot.Index) bool
	sorts  map[rowKey]uint32
	of     map[*ending]uint32 // the sort of each ending that was met
	keys   []rowKey           // by sort
}

func (s *search) inward(ends *endings, within func(snapshot.Index) bool) *inward {
	return &inward{s: s, ends: ends, within: within, sorts: map[rowKey]uint32{}, of: map[*ending]uint32{}}
}

// sort numbers the sorts of access as they are met: an ending is of one, by what
// may be done to what.
func (in *inward) sort(x *ending) uint32 {
	if sort, met := in.of[x]; met {
		return sort
	}
	key := keyOf(0, x)
	sort, met := in.sorts[key]
	if !met {
		sort = uint32(len(in.keys))
		in.sorts[key], in.keys = sort, append(in.keys, key)
	}
	in.of[x] = sort
	return sort
}

func (in *inward) compareSorts(a, b uint32) int { return compareKeys(in.keys[a], in.keys[b]) }

func compareKeys(a, b rowKey) int {
	return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.what, b.what), cmp.Compare(a.relation, b.relation))
}

func (in *inward) list() *rowList {
	return &rowList{begin: in.begin, count: in.count, limit: in.s.v.limits.Rows}
}

// told is who a row tells of, and which sort of access it has.
type told struct {
	principal snapshot.Index
	sort      uint32
}

// begin goes from those who hold access against the direction of pivots: first
// over what is surest, which leads to all rows that are so sure and to no other,
// then over what is less sure.
func (in *inward) begin() (iter.Seq[*EffectiveAccess], func() walk.Budget) {
	cut := in.ends.cut
	rows := func(yield func(*EffectiveAccess) bool) {
		seen := map[told]bool{}
		for _, level := range in.s.levels() {
			sweep := walk.NewSweep(in.s.ctx, in.s.v.Snapshot, level, in.s.options(), true)
			for m := range sweep.All(in.leads(level)) {
				who, is := in.principal(m.Foothold)
				if of := (told{who, m.For}); !is || seen[of] {
					continue
				} else {
					seen[of] = true
				}
				if !yield(in.row(sweep, m, who, level)) {
					return
				}
			}
			if cut = cmp.Or(cut, in.ends.cut, sweep.Cut()); cut == walk.Time || cut == walk.Nodes {
				return
			}
		}
	}
	return rows, func() walk.Budget { return cmp.Or(cut, in.s.late()) }
}

// principal is who is shown as holding a foothold, false where that is nobody
// who is asked about.
func (in *inward) principal(f snapshot.FootholdIndex) (snapshot.Index, bool) {
	v := in.s.v
	at := v.Snapshot.Foothold(f)
	if at.Hold >= graph.WithOwnPolicy || !v.isHeld(at.Node) || !in.within(at.Node) {
		return snapshot.None, false
	}
	return v.shown(at.Node), true
}

func (in *inward) row(sweep *walk.Sweep, m walk.Met, who snapshot.Index, level graph.Verdict) *EffectiveAccess {
	path, start := sweep.Path(m)
	return &EffectiveAccess{
		s: in.s, principal: who, end: in.end(start), hops: m.Hops, verdict: level,
		way: func() walk.Path { return path },
	}
}

// end is what a holder has of a sort of access, the surest of it.
func (in *inward) end(holder walk.Lead) *ending {
	list := in.ends.of(holder.Foothold)
	return list[slices.IndexFunc(list, func(x *ending) bool { return in.sort(x) == holder.For })]
}

// leads yields who has access as sure as a level, or surer, in the order of
// footholds, with each sort of it.
func (in *inward) leads(level graph.Verdict) iter.Seq[walk.Lead] {
	return func(yield func(walk.Lead) bool) {
		var sorts []uint32
		for f := range in.ends.holders(level) {
			sorts = sorts[:0]
			for _, x := range in.ends.of(f) {
				if x.ruling.Verdict >= level {
					sorts = append(sorts, in.sort(x))
				}
			}
			slices.SortFunc(sorts, in.compareSorts)
			for _, sort := range slices.Compact(sorts) {
				if !yield(walk.Lead{Foothold: f, For: sort}) {
					return
				}
			}
		}
	}
}
