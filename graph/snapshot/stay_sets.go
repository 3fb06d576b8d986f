package snapshot

import "slices"

// A piece is nodes that followed each other and still do.
type piece struct{ first, last, now uint32 }

// piecesOf returns the pieces of all nodes, in their old order.
func piecesOf(nodes []Index) (out []piece) {
	for i := 0; i < len(nodes); {
		start := i
		for i++; i < len(nodes) && nodes[i] == nodes[i-1]+1 && nodes[i-1] != None; i++ {
		}
		if nodes[start] != None {
			out = append(out, piece{uint32(start), uint32(i - 1), uint32(nodes[start])})
		}
	}
	return out
}

// from returns the pieces from the one on that a node is in, or after.
func from(pieces []piece, node uint32) []piece {
	at, _ := slices.BinarySearchFunc(pieces, node, func(p piece, node uint32) int {
		if p.last < node {
			return -1
		}
		return 1
	})
	return pieces[at:]
}

// appendMoved appends where a run stands now, as packed runs.
func appendMoved(out []uint64, pieces []piece, first, last uint32) []uint64 {
	for _, p := range from(pieces, first) {
		if p.first > last {
			break
		}
		low, high := max(first, p.first), min(last, p.last)
		out = append(out, packRun(p.now+low-p.first, p.now+high-p.first))
	}
	return out
}

// findSets finds where the nodes of each set stand that stays: first of rows, to
// know which parts are left, and then of the homes of classes that have some
// from abroad.
func (c *carried) findSets() {
	pieces := piecesOf(c.m.Nodes)
	c.moveRuns(pieces)
	c.sets = make([]uint32, max(0, len(c.last.setOff)-1))
	c.moveSets(c.setsOfRows(), pieces)
	c.findLeft()
	c.moveSets(c.setsOfHomes(), pieces)
}

// moveSets finds where sets stand that are not known yet.
func (c *carried) moveSets(sets []bool, pieces []piece) {
	halves(len(sets), func(from, to int) {
		for set := from; set < to; set++ {
			if sets[set] && c.whole(uint32(set)) {
				c.sets[set] = uint32(set) | ofLast
			}
		}
	})
	var runs []uint64
	for set := range used(sets) {
		if c.sets[set] == 0 {
			runs = runs[:0]
			for _, run := range c.last.runsOfSet(set) {
				runs = appendMoved(runs, pieces, c.last.runFirst[run], c.last.runLast[run])
			}
			c.sets[set] = c.bentSets.addRuns(runs)
		}
	}
}

// setsOfRows marks the sets of rows of parts that stay.
func (c *carried) setsOfRows() []bool {
	s, sets := c.last, make([]bool, len(c.sets))
	marking(len(s.accPart), [][]bool{sets}, func(marks [][]bool, from, to int) {
		for row := from; row < to; row++ {
			if c.parts[s.accPart[row]] {
				marks[0][s.accSet[row]] = true
			}
		}
	})
	return sets
}

// findLeft forgets parts of which no row has nodes any more, and finds the lists
// that have some from abroad.
func (c *carried) findLeft() {
	s := c.last
	halves(len(c.parts), func(from, to int) {
		for p := from; p < to; p++ {
			c.parts[p] = c.parts[p] && slices.ContainsFunc(s.accSet[s.partOff[p]:s.partOff[p+1]], func(set uint32) bool { return c.sets[set] != 0 })
		}
	})
	halves(len(c.lists), func(from, to int) {
		for list := from; list < to; list++ {
			c.abroad[list] = c.lists[list] && slices.ContainsFunc(s.partsItem[s.partsOff[list]:s.partsOff[list+1]], func(p uint32) bool {
				return c.parts[p] && s.partAbroad[p] != 0
			})
		}
	})
}

// setsOfHomes marks the homes of classes, but for those that are known.
func (c *carried) setsOfHomes() []bool {
	sets := make([]bool, len(c.sets))
	for class := range used(c.classes) {
		if home := c.homeOf(class); home != uint32(None) && c.sets[home] == 0 {
			sets[home] = true
		}
	}
	return sets
}

// homeOf returns the home of a class, None where nothing from abroad is told.
func (c *carried) homeOf(class uint32) uint32 {
	if !c.abroad[c.last.classParts[class]] {
		return uint32(None)
	}
	return c.last.classHome[class]
}

// moveRuns finds where the runs stand now that did not come apart.
func (c *carried) moveRuns(pieces []piece) {
	s := c.last
	c.runNow = make([]uint32, len(s.runFirst))
	halves(len(c.runNow), func(low, high int) {
		if low == high {
			return
		}
		rest := from(pieces, s.runFirst[low])
		for run := low; run < high; run++ {
			first := s.runFirst[run]
			for len(rest) > 0 && rest[0].last < first { // runs begin one after the other
				rest = rest[1:]
			}
			c.runNow[run] = uint32(None)
			if len(rest) > 0 && rest[0].first <= first && s.runLast[run] <= rest[0].last {
				c.runNow[run] = rest[0].now + first - rest[0].first
			}
		}
	})
}

// runEnds returns where a run that did not come apart stands now.
func (c *carried) runEnds(run uint32) (first, last uint32) {
	first = c.runNow[run]
	return first, first + c.last.runLast[run] - c.last.runFirst[run]
}

// whole reports whether the runs of a set are what they were: none came apart,
// none met another, and they stand in the same order.
func (c *carried) whole(set uint32) bool {
	end := uint64(0) // one beyond the first node that may follow
	for i, run := range c.last.runsOfSet(set) {
		first, last := c.runEnds(run)
		if first == uint32(None) || i > 0 && uint64(first) < end {
			return false
		}
		end = uint64(last) + 2
	}
	return true
}

// addRuns adds the union of runs, and returns 1 + its number; 0 of none.
func (l *lists) addRuns(runs []uint64) uint32 {
	if len(runs) == 0 {
		return 0
	}
	slices.Sort(runs)
	from := len(l.items)
	for _, r := range runs {
		first, last := unpacked(r)
		end := len(l.items) - 1
		if end > from && uint64(first) <= uint64(l.items[end])+1 {
			l.items[end] = max(l.items[end], last)
			continue
		}
		l.items = append(l.items, first, last)
	}
	l.off = append(l.off, uint32(len(l.items)))
	return uint32(l.len())
}
