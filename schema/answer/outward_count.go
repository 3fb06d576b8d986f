package answer

import (
	"cmp"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// A tellingOf is how many rows tell of what.
type tellingOf struct {
	resources, scopes int
	cut               walk.Budget
}

// of counts the rows of a part.
func (t tellingOf) of(of part) (Count, walk.Budget) {
	n := t.resources + t.scopes
	switch of {
	case onlyScopes:
		n = t.scopes
	case onlyResources:
		n = t.resources
	}
	return Count{n, t.cut == ""}, t.cut
}

func (o *outward) count(limit int) (Count, walk.Budget) {
	return o.telling(limit).of(everything)
}

// telling counts rows up to a limit. Which rows there are does not hang on how
// surely anything is reached: one pass finds what is, and each class is read
// once.
func (o *outward) telling(limit int) (t tellingOf) {
	a := &arrivals{outward: o, level: graph.Denied, seen: map[rowKey]bool{}, done: map[told]bool{}}
	for i, node := range o.origins {
		reached, cut := walk.Spread(o.ctx, o.v.Snapshot, o.v.starts([]snapshot.Index{node}), o.search.options(), false)
		t.cut = cmp.Or(t.cut, cut)
		for _, f := range reached {
			if o.ctx.Err() != nil {
				t.cut = walk.Time
				return t
			}
			if !a.telling(walk.Lead{Foothold: f, For: uint32(i)}, &t, limit) {
				t.cut = walk.Rows
				return t
			}
		}
	}
	t.cut = cmp.Or(t.cut, o.late())
	return t
}

// telling counts what one foothold adds; it is false where that is too much.
func (a *arrivals) telling(at walk.Lead, t *tellingOf, limit int) bool {
	for x := range a.endings(walk.Met{Lead: at}) {
		key := a.key(a.origins[at.For], x)
		switch {
		case a.seen[key]:
			continue
		case len(a.seen) == limit:
			return false
		case x.relation == graph.Administers:
			t.scopes++
		default:
			t.resources++
		}
		a.seen[key] = true
	}
	return true
}
