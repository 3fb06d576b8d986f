package answer

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// An arrival is a way that ends at one of some nodes.
type arrival struct {
	from walk.Reached
	end  *ending
	path walk.Path // over steps as sure as the ending, or surer
}

func (a arrival) verdict() graph.Verdict { return min(a.from.Verdict, a.end.ruling.Verdict) }

// compareArrivals puts the one of fewer hops first, then the surer, then what
// stands first.
func compareArrivals(a, b arrival) int {
	return cmp.Or(
		cmp.Compare(len(a.path.Steps), len(b.path.Steps)), cmp.Compare(b.verdict(), a.verdict()),
		slices.Compare(a.end.actions, b.end.actions), slices.Compare(a.end.include, b.end.include),
		slices.Compare(a.end.exclude, b.end.exclude), cmp.Compare(a.from.Foothold, b.from.Foothold),
	)
}

// to returns the first way to each of some nodes. It looks at who may act on
// those, not at what everybody may act on. It is nil where time is up.
func (c *collector) to(nodes []snapshot.Index, a *reachable) map[snapshot.Index]arrival {
	var classes []*classAccess
	for _, node := range nodes {
		classes = append(classes, c.classAccess(node))
	}
	sure := map[rowKey]arrival{} // the surest for each set of actions
	takes := c.taken(among(a.Reached))
	for _, r := range a.Reached {
		if c.ctx.Err() != nil {
			return nil
		}
		for _, x := range c.arriving(r.Foothold, nodes, classes, takes) {
			if !slices.Contains(nodes, x.to) || !c.keeps(x) || c.skips(r.Foothold, x) {
				continue
			}
			one := arrival{from: r, end: x}
			one.path = a.as(r.Foothold, one.verdict())
			key := keyOf(0, x)
			if have, ok := sure[key]; !ok || cmp.Or(cmp.Compare(have.verdict(), one.verdict()), compareArrivals(one, have)) < 0 {
				sure[key] = one
			}
		}
	}
	return firstTo(sure)
}

func firstTo(sure map[rowKey]arrival) map[snapshot.Index]arrival {
	first := map[snapshot.Index]arrival{}
	for _, one := range sure {
		if have, ok := first[one.end.to]; !ok || compareArrivals(one, have) < 0 {
			first[one.end.to] = one
		}
	}
	return first
}

// arriving are the endings of a foothold that may be at some nodes.
func (c *collector) arriving(f snapshot.FootholdIndex, nodes []snapshot.Index, classes []*classAccess, takes func(snapshot.PivotIndex) bool) (list []*ending) {
	if !c.wanted.some() {
		list = c.administered(f)
	}
	at := c.v.Snapshot.Foothold(f)
	if at.Hold == graph.DataOnly && slices.Contains(nodes, at.Node) {
		if x := c.dataEnding(at.Node, c.v.Snapshot.PivotsIn(f), takes); x != nil {
			list = append(list, x)
		}
	}
	list = slices.AppendSeq(list, c.assuming(f))
	if class, ok := c.v.Snapshot.ClassOf(f); ok {
		for _, a := range classes {
			list = append(list, a.of(class)...)
		}
	}
	return list
}
