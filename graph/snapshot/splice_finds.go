package snapshot

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// A find is an edit of a column by which rows are found: of the numbers that
// stand in it, not of the rows.
type find struct {
	edit
	values []uint32 // that come, new numbers
}

// placeFinds finds what goes and comes in the columns by which nodes and edges
// are found.
func (s *splicer) placeFinds() whole {
	s.finds["find.ref"] = s.findRefs()
	s.finds["find.id"] = s.findIDs()
	s.finds["find.name"] = s.findStrings(s.before.findName, s.before.nodeName, func(r nodeRow) uint32 { return r.name })
	s.finds["find.native"] = s.findStrings(s.before.findNative, s.before.nodeNative, func(r nodeRow) uint32 { return r.native })
	s.finds["edge.in"] = s.findIncoming()
	from := s.finds["edge.in"]
	from.values = make([]uint32, len(from.values))
	places := s.edge.fresh()
	for i, number := range s.finds["edge.in"].values {
		k, _ := slices.BinarySearch(places, number)
		from.values[i] = s.edges[k].from
	}
	s.finds["edge.in.from"] = from
	return ""
}

func (s *splicer) findRefs() (f find) {
	c := s.before
	f.n = len(c.findRef)
	at := func(k uint32) uint32 { return s.str.old.at(c.nodeRef[c.findRef[k]]) }
	for _, ref := range s.refs {
		if _, stands := s.stands[ref]; !stands {
			k, _ := seek(f.n, func(k uint32) int { return cmp.Compare(at(k), ref) })
			f.gone = append(f.gone, k)
		}
	}
	for _, ref := range s.refs {
		if _, stood := s.stood[ref]; !stood {
			f.put = append(f.put, f.place(0, f.n, func(k uint32) bool { return at(k) < ref }))
			f.values = append(f.values, s.ends[ref])
		}
	}
	return f
}

// An identified is a node and its public identity.
type identified struct {
	id   graph.ID
	node uint32
}

func compareIdentified(a, b identified) int { return bytes.Compare(a.id[:], b.id[:]) }

func (s *splicer) findIDs() (f find) {
	f.n = len(s.before.findID)
	gone, come := s.identities()
	at := func(k uint32) graph.ID { return s.before.ID(Index(s.before.findID[k])) }
	f.gone = make([]uint32, len(gone))
	_ = beside(len(gone), func(i int) error {
		f.gone[i], _ = seek(f.n, func(k uint32) int { return compareIdentified(identified{id: at(k)}, gone[i]) })
		return nil
	})
	f.put = make([]uint32, len(come))
	_ = beside(len(come), func(i int) error {
		f.put[i] = f.place(0, f.n, func(k uint32) bool { return compareIdentified(identified{id: at(k)}, come[i]) < 0 })
		return nil
	})
	for _, c := range come {
		f.values = append(f.values, c.node)
	}
	return f
}

// identities returns the identities that go and come, in order.
func (s *splicer) identities() (gone, come []identified) {
	for _, ref := range s.refs {
		row, stood := s.stood[ref]
		i, stands := s.stands[ref]
		if stood && stands && s.nodeRow(row).provider == s.nodes[i].provider {
			continue
		}
		if stood {
			gone = append(gone, identified{s.before.ID(Index(row)), row})
		}
		if stands {
			id := graph.IDOf(graph.Provider(s.text(s.nodes[i].provider)), graph.Ref(s.text(ref)))
			come = append(come, identified{id, s.ends[ref]})
		}
	}
	slices.SortFunc(gone, compareIdentified)
	slices.SortFunc(come, compareIdentified)
	return gone, come
}

// findStrings is for a column of nodes in the order of a string that not all
// have.
func (s *splicer) findStrings(column, strings u32s, of func(nodeRow) uint32) (f find) {
	f.n = len(column)
	ends, str := s.shifts[gEnd], s.str.old
	var come [][2]uint32 // string and node
	for _, ref := range s.refs {
		row, stood := s.stood[ref]
		i, stands := s.stands[ref]
		if stood && stands && s.steady[ref] && str.at(strings[row]) == of(s.nodes[i]) {
			continue
		}
		if stood && strings[row] != 0 {
			k, _ := seek(f.n, func(k uint32) int {
				return cmp.Or(cmp.Compare(strings[column[k]], strings[row]), cmp.Compare(column[k], row))
			})
			f.gone = append(f.gone, k)
		}
		if stands && of(s.nodes[i]) != 0 {
			come = append(come, [2]uint32{of(s.nodes[i]), s.ends[ref]})
		}
	}
	slices.Sort(f.gone)
	slices.SortFunc(come, func(a, b [2]uint32) int { return slices.Compare(a[:], b[:]) })
	for _, c := range come {
		f.values = append(f.values, c[1])
		f.put = append(f.put, f.place(0, f.n, func(k uint32) bool {
			return cmp.Or(cmp.Compare(str.at(strings[column[k]]), c[0]), cmp.Compare(ends.at(column[k]), c[1])) < 0
		}))
	}
	return f
}

// findIncoming is for the edges in the order of where they lead.
func (s *splicer) findIncoming() (f find) {
	c, ends, edges := s.before, s.shifts[gEnd], s.shifts[gEdge]
	gone := newBitset(len(c.edgeFrom))
	for _, row := range s.edge.gone {
		gone.set(row)
	}
	f.n = len(c.edgeIn)
	f.gone = filter(f.n, func(k uint32) bool { return gone.has(c.edgeIn[k]) })
	numbers := s.edge.fresh()
	for _, i := range ordered(len(s.edges), func(a, b uint32) int {
		return cmp.Or(compareIncoming(s.edges[a], s.edges[b]), cmp.Compare(numbers[a], numbers[b]))
	}) {
		f.values = append(f.values, numbers[i])
		f.put = append(f.put, f.place(0, f.n, func(k uint32) bool {
			e := c.edgeIn[k]
			was := edgeRow{to: ends.at(c.edgeTo[e]), relation: s.relationOf(e)}
			return cmp.Or(compareIncoming(was, s.edges[i]), cmp.Compare(edges.at(e), numbers[i])) < 0
		}))
	}
	return f
}

func compareIncoming(a, b edgeRow) int {
	return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.relation, b.relation))
}
