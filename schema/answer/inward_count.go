package answer

import (
	"cmp"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// count counts who gets there, sort by sort of access, by the sets of footholds
// from which its holders are reached. Beyond the limit no further sort is
// counted.
func (in *inward) count(limit int) (Count, walk.Budget) {
	var holders [][]snapshot.FootholdIndex
	for lead := range in.leads(graph.Denied) {
		holders = append(holders, make([][]snapshot.FootholdIndex, len(in.keys)-len(holders))...)
		holders[lead.For] = append(holders[lead.For], lead.Foothold)
	}
	cut, n := in.ends.cut, 0
	for i, from := range holders {
		if n > limit {
			return Count{n, false}, cmp.Or(cut, walk.Rows)
		}
		reached, by := walk.Spread(in.s.ctx, in.s.v.Snapshot, from, in.s.options(), true)
		n += in.principals(reached)
		holders[i], cut = nil, cmp.Or(cut, by)
	}
	return Count{n, cut == ""}, cut
}

// principals counts whoever is shown as holding footholds, each once.
func (in *inward) principals(list []snapshot.FootholdIndex) (n int) {
	s := in.s.v.Snapshot
	marks := make([]uint64, s.NumFootholds()/64+1)
	for _, f := range list {
		marks[f/64] |= 1 << (f % 64)
	}
	instead := map[snapshot.Index]bool{} // who is shown in place of others
	last := snapshot.None                // the footholds of a node stand together
	for f := range snapshot.FootholdIndex(s.NumFootholds()) {
		if marks[f/64]>>(f%64)&1 == 0 {
			continue
		}
		node := s.Foothold(f).Node
		if node == last {
			continue
		}
		who, is := in.principal(f)
		switch {
		case !is:
			continue
		case who != node:
			instead[who] = true
		default:
			n++
		}
		last = node
	}
	return n + len(instead)
}
