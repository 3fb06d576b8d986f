package snapshot

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// footholds numbers every foothold that a conclusion names, in the order of
// node and hold.
func (k *concluder) footholds(nodes uint32) {
	k.holds = make([]uint32, nodes)
	steps := k.steps.keys
	for p := range k.pivots.all() {
		k.holds[p.from] |= holdBit(steps[p.step].from)
		k.holds[p.to] |= holdBit(steps[p.step].to)
	}
	for a := range k.admins.all() {
		k.mark(a.from)
	}
	for f := range k.members.all() {
		k.mark(f)
	}
	for f := range used(k.stay.feet) {
		k.mark(k.stay.footNow(f))
	}
	k.footholdColumns()
	k.footNow = make([]uint32, len(k.stay.feet))
	for f := range used(k.stay.feet) {
		k.footNow[f] = k.foothold(k.stay.footNow(f))
	}
}

// footNow returns where a foothold of last stands.
func (c *carried) footNow(f uint32) Foothold {
	at := c.last.Foothold(FootholdIndex(f))
	return Foothold{c.m.Nodes[at.Node], at.Hold}
}

// A bit for each way to hold a node.
func holdBit(h graph.Hold) uint32 { return 1 << h }

func (k *concluder) mark(f Foothold) { k.holds[f.Node] |= holdBit(f.Hold) }

func (k *concluder) footholdColumns() {
	total := 0
	for _, held := range k.holds {
		total += bits.OnesCount32(held)
	}
	c := k.c
	k.rank = make([]uint32, len(k.holds))
	reserve(total, &c.footNode)
	reserve(total, &c.footHold)
	for node, held := range k.holds {
		k.rank[node] = uint32(len(c.footNode))
		for ; held != 0; held &= held - 1 {
			c.footNode = append(c.footNode, uint32(node))
			c.footHold = append(c.footHold, uint8(bits.TrailingZeros32(held)))
		}
	}
}

// foothold returns the number of a foothold that was marked.
func (k *concluder) foothold(f Foothold) uint32 {
	return k.rank[f.Node] + uint32(bits.OnesCount32(k.holds[f.Node]&(holdBit(f.Hold)-1)))
}

func compareFoothold(a, b Foothold) int {
	return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Hold, b.Hold))
}

func (k *concluder) adminColumns(r newNumbers) {
	type row struct{ from, scope, through, ruling uint32 }
	list := make([]row, 0, k.admins.n)
	for a := range k.admins.all() {
		list = append(list, row{k.foothold(a.from), a.scope, r.lists.more[a.through], r.rulings.more[a.ruling]})
	}
	for _, a := range k.stay.admins {
		s := k.stay.last
		list = append(list, row{k.footNow[s.admFrom[a]], uint32(k.stay.m.Nodes[s.admScope[a]]), r.lists.stay[s.admThrough[a]], r.rulings.stay[s.admRuling[a]]})
	}
	slices.SortFunc(list, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.scope, b.scope), cmp.Compare(a.through, b.through), cmp.Compare(a.ruling, b.ruling))
	})
	c := k.c
	for _, a := range slices.Compact(list) {
		c.admFrom = append(c.admFrom, a.from)
		c.admScope = append(c.admScope, a.scope)
		c.admThrough = append(c.admThrough, a.through)
		c.admRuling = append(c.admRuling, a.ruling)
	}
	_, c.admBy = inverse(len(k.holds), c.admScope)
}

// memberColumns writes the members of classes and returns the classes in the
// order of their first members. Those without members are left out.
func (k *concluder) memberColumns() (sorted []classRow) {
	c := k.c
	c.footClass = slices.Repeat(u32s{uint32(None)}, len(c.footNode))
	members := k.joinAll() + k.joinStaying()
	classes := k.stay.appendClasses(slices.Collect(k.classes.all()))
	rank := slices.Repeat([]uint32{uint32(None)}, len(classes))
	for f, class := range c.footClass {
		if class == uint32(None) {
			continue
		}
		if rank[class] == uint32(None) {
			rank[class] = uint32(len(sorted))
			sorted = append(sorted, classes[class])
		}
		c.footClass[f] = rank[class]
	}
	k.classMembers(len(sorted), members)
	return sorted
}

// joinAll gives every member its class, and returns how many there are.
func (k *concluder) joinAll() (members int) {
	next, stop := iter.Pull(k.members.all())
	defer stop()
	number := uint32(0)
	for class := range k.classes.all() {
		for range class.members {
			if f, _ := next(); k.join(f, number) {
				members++
			}
		}
		number++
	}
	return members
}

// joinStaying gives the members of classes that stay theirs, whose numbers
// follow those of new ones.
func (k *concluder) joinStaying() (members int) {
	for f, class := range k.stay.last.footClass {
		if k.stay.members[f] && class != uint32(None) && k.join(k.stay.footNow(uint32(f)), uint32(k.classes.n)+class) {
			members++
		}
	}
	return members
}

// appendClasses appends the classes of last, all of them, so that their numbers
// follow on.
func (c *carried) appendClasses(list []classRow) []classRow {
	list = slices.Grow(list, len(c.classes))
	for class, stays := range c.classes {
		row := classRow{}
		if stays {
			row.parts = c.last.classParts[class] | ofLast
			if home := c.homeOf(uint32(class)); home != uint32(None) {
				row.home = c.sets[home]
			}
		}
		list = append(list, row)
	}
	return list
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
