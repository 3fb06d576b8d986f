package snapshot

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// collectFootholds numbers every foothold that a conclusion names, in the
// order of node and hold.
func (k *concluder) collectFootholds(in Conclusions) {
	k.holds = make([]uint8, k.nodes)
	for i := range in.Pivots {
		k.mark(in.Pivots[i].From)
		k.mark(in.Pivots[i].To)
	}
	for i := range in.Administrations {
		k.mark(in.Administrations[i].From)
	}
	for _, class := range in.Classes {
		for _, f := range class {
			k.mark(f)
		}
	}
	if k.err == nil {
		k.footholdColumns()
	}
}

func (k *concluder) mark(f Foothold) {
	if f.Hold > graph.DataOnly {
		k.fail("foothold of node %d: hold %d", f.Node, f.Hold)
	}
	if node := k.node(f.Node); k.err == nil {
		k.holds[node] |= holdBit(f.Hold)
	}
}

func (k *concluder) footholdColumns() {
	total := 0
	for _, held := range k.holds {
		total += bits.OnesCount8(held)
	}
	c := k.c
	k.rank = make([]uint32, k.nodes)
	reserve(total, &c.footNode)
	reserve(total, &c.footHold)
	for node, held := range k.holds {
		k.rank[node] = uint32(len(c.footNode))
		for ; held != 0; held &= held - 1 {
			c.footNode = append(c.footNode, uint32(node))
			c.footHold = append(c.footHold, uint8(bits.TrailingZeros8(held)))
		}
	}
}

// foothold returns the number of a foothold that was marked.
func (k *concluder) foothold(f Foothold) uint32 {
	return k.rank[f.Node] + uint32(bits.OnesCount8(k.holds[f.Node]&(holdBit(f.Hold)-1)))
}

func compareFoothold(a, b Foothold) int {
	return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Hold, b.Hold))
}

func (k *concluder) adminRows(in Conclusions) {
	for _, a := range in.Administrations {
		k.admins = append(k.admins, adminRow{k.foothold(a.From), k.node(a.Scope), k.list(a.Through), k.ruling(&a.Ruling)})
	}
}

func (k *concluder) adminColumns() {
	slices.SortFunc(k.admins, func(a, b adminRow) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.scope, b.scope), cmp.Compare(a.through, b.through), cmp.Compare(a.ruling, b.ruling))
	})
	c := k.c
	for _, a := range slices.Compact(k.admins) {
		c.admFrom = append(c.admFrom, a.from)
		c.admScope = append(c.admScope, a.scope)
		c.admThrough = append(c.admThrough, a.through)
		c.admRuling = append(c.admRuling, a.ruling)
	}
	k.admins = nil
	_, c.admBy = inverse(int(k.nodes), c.admScope)
}

// classColumns writes the classes in the order of their first members and
// returns the new number of each. Classes without members are left out.
func (k *concluder) classColumns(classes [][]Foothold) (rank []uint32) {
	c := k.c
	c.footClass = slices.Repeat(u32s{uint32(None)}, len(c.footNode))
	members := 0
	for i, class := range classes {
		for _, f := range class {
			if k.join(f, uint32(i)) {
				members++
			}
		}
	}
	rank = slices.Repeat([]uint32{uint32(None)}, len(classes))
	next := uint32(0)
	for f, class := range c.footClass {
		if class == uint32(None) {
			continue
		}
		if rank[class] == uint32(None) {
			rank[class] = next
			next++
		}
		c.footClass[f] = rank[class]
	}
	k.classMembers(int(next), members)
	return rank
}

// join gives a foothold its class; it is false where it has that already.
func (k *concluder) join(f Foothold, class uint32) bool {
	have := &k.c.footClass[k.foothold(f)]
	if *have != uint32(None) && *have != class {
		k.fail("the foothold of node %d, by %v, belongs to two classes", f.Node, f.Hold)
	}
	joined := *have == uint32(None)
	*have = class
	return joined
}

func (k *concluder) classMembers(classes, members int) {
	c := k.c
	if classes == 0 {
		return
	}
	c.classOff, c.classFoot = make(u32s, classes+1), make(u32s, members)
	for _, class := range c.footClass {
		if class != uint32(None) {
			c.classOff[class+1]++
		}
	}
	for i := range classes {
		c.classOff[i+1] += c.classOff[i]
	}
	next := slices.Clone(c.classOff)
	for f, class := range c.footClass {
		if class != uint32(None) {
			c.classFoot[next[class]] = uint32(f)
			next[class]++
		}
	}
}
