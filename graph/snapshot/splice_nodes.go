package snapshot

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
)

// takeNodes takes out every record of each ref of which a record goes, or
// comes: records of one ref are weighed together.
func (s *splicer) takeNodes() whole {
	c := s.before
	s.stale = s.staleSets()
	s.touched = newBitset(c.str.len())
	for _, row := range filter(len(c.nodeRef), func(row uint32) bool { return s.stale.has(c.nodeOrigins[row]) }) {
		s.touched.set(c.nodeRef[row])
	}
	for i := range s.nodes {
		if at, fresh := s.str.split(s.nodes[i].ref); !fresh {
			s.touched.set(at)
		}
	}
	s.node = edit{n: len(c.nodeRef), gone: filter(len(c.nodeRef), func(row uint32) bool { return s.touched.has(c.nodeRef[row]) })}
	if s.much() {
		return wholeMuch
	}
	for _, row := range s.node.gone {
		s.takeNode(row)
	}
	return ""
}

// staleSets are the sets of origins some of which go.
func (s *splicer) staleSets() bitset {
	c := s.before
	stale := newBitset(len(c.osetOff))
	aligned(len(c.osetOff)-1, func(from, to int) {
		for set := from; set < to; set++ {
			for _, o := range c.osetItem[c.osetOff[set]:c.osetOff[set+1]] {
				if s.gone[c.orgListing[o]] {
					stale.set(uint32(set))
				}
			}
		}
	})
	return stale
}

// takeNode takes out a record, what stays of it is among the rows.
func (s *splicer) takeNode(row uint32) {
	r := s.nodeRow(row)
	if row < s.before.n {
		s.stood[r.ref] = row
	}
	for o := range s.staying(s.before.nodeOrigins[row]) {
		r.origin = o
		s.nodes = append(s.nodes, r)
	}
}

// nodeRow returns a record of the last snapshot in joint numbers.
func (s *splicer) nodeRow(row uint32) nodeRow {
	c, str := s.before, s.str.old.at
	return nodeRow{
		ref: str(c.nodeRef[row]), provider: str(c.dictProvider[c.nodeProvider[row]]), kind: str(c.dictKind[c.nodeKind[row]]),
		typ: str(c.nodeType[row]), service: s.serviceOf(c.nodeType[row]), name: str(c.nodeName[row]), native: str(c.nodeNative[row]),
		scope: s.refOf(c.nodeScope[row]), tags: s.list.old.at(c.nodeTags[row]), attrs: s.list.old.at(c.nodeAttrs[row]),
		mentioned: c.nodeFlags[row]&flagMentioned != 0,
	}
}

// serviceOf returns the joint number of the service of a type.
func (s *splicer) serviceOf(typ uint32) uint32 {
	id, known := s.services[typ]
	if !known {
		service, _, _ := strings.Cut(s.before.str.text(typ), ":")
		at, found := s.before.str.find(service)
		s.odd = s.odd || !found
		id = at
		s.services[typ] = id
	}
	return s.str.old.at(id)
}

// refOf returns the joint number of the ref of an end of the last snapshot, 0
// of none.
func (s *splicer) refOf(end uint32) uint32 {
	switch {
	case end == uint32(None):
		return 0
	case end < s.before.n:
		return s.str.old.at(s.before.nodeRef[end])
	}
	return s.str.old.at(s.before.loose[end-s.before.n])
}

// describeNodes gathers the records and puts them in order.
func (s *splicer) describeNodes() whole {
	s.accountKind = s.numberOf(string(graph.KindAccount))
	s.gatherNodes(s.str.n + len(s.str.put))
	if s.describeAll(func(ref, best uint32) { s.stands[ref] = best }) != nil {
		return wholeConflict
	}
	for i := range s.nodes {
		if r := &s.nodes[i]; !r.superseded {
			r.account, _ = s.accountOf(*r, s.above)
		}
	}
	slices.SortFunc(s.nodes, compareStanding)
	clear(s.stands)
	for i, r := range s.nodes {
		if !r.superseded {
			s.stands[r.ref] = uint32(i)
			s.standing++
		}
	}
	refs := slices.AppendSeq(slices.Collect(maps.Keys(s.stood)), maps.Keys(s.stands))
	slices.Sort(refs)
	s.refs = slices.Compact(refs)
	if s.odd {
		return wholeOdd
	}
	return ""
}

// compareStanding is the order of nodes.
func compareStanding(a, b nodeRow) int {
	return cmp.Or(compareGroup(a.group(), b.group()), cmp.Compare(a.name, b.name), compareNode(a, b))
}

// placeNodes finds where the rows stand among those that stay, and which refs
// do not stand where they stood: what hangs on these is sorted anew.
func (s *splicer) placeNodes() whole {
	c := s.before
	s.moved = newBitset(int(c.end))
	for i := range s.nodes {
		s.node.put = append(s.node.put, s.placeNode(&s.nodes[i]))
	}
	for _, ref := range s.refs {
		end, was := s.endBefore(ref)
		_, is := s.stands[ref]
		if was && (!is || end >= c.n || !s.steady[ref]) {
			s.moved.set(end)
			s.anyMoved = true
		}
	}
	providers, kinds, err := s.nodeWords()
	if err != nil || !s.joinWords(gProvider, c.dictProvider, c.nodeProvider, &s.node, providers) ||
		!s.joinWords(gKind, c.dictKind, c.nodeKind, &s.node, kinds) {
		return wholeConflict
	}
	return ""
}

func (s *splicer) placeNode(r *nodeRow) uint32 {
	n := int(s.before.n)
	if r.superseded {
		return s.node.place(n, s.node.n, func(old uint32) bool { return compareStanding(s.rowInOrder(old), *r) < 0 })
	}
	if row, stood := s.stood[r.ref]; stood {
		if was := s.rowInOrder(row); was.group() == r.group() && was.name == r.name {
			s.steady[r.ref] = true
			return s.node.next(int(row), n)
		}
	}
	return s.node.place(0, n, func(old uint32) bool { return compareStanding(s.rowInOrder(old), *r) < 0 })
}

// rowInOrder returns a record of the last snapshot with what it is sorted by.
func (s *splicer) rowInOrder(row uint32) nodeRow {
	r := s.nodeRow(row)
	if r.superseded = row >= s.before.n; !r.superseded {
		r.account, _ = s.accountOf(r, s.aboveBefore)
	}
	return r
}
