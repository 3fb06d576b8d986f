package snapshot

import "sort"

// Runs that hold a node are found as in a tree of intervals. The runs are
// sorted by their first nodes; over their last ones stand summits: the
// greatest of each fan, the greatest of each fan of those, and so on.
const fan = 32

// summits returns the levels over last, the lowest first, up to one of a fan.
func summits(last u32s) (out u32s) {
	for level := last; len(level) > fan; {
		from := len(out)
		for i := 0; i < len(level); i += fan {
			top := level[i]
			for _, v := range level[i:min(i+fan, len(level))] {
				top = max(top, v)
			}
			out = append(out, top)
		}
		level = out[from:]
	}
	return out
}

// A climber looks for the runs that hold a node.
type climber struct {
	s      *Snapshot
	node   uint32
	levels []u32s // the runs' last nodes, and the summits above them
	found  func(run uint32)
}

// runsOf calls found for every run that holds a node, in order. It looks at a
// few fans of each level for every run that it finds, and at the binary
// logarithm of all runs besides.
func (s *Snapshot) runsOf(node uint32, found func(run uint32)) {
	n := min(len(s.runFirst), len(s.runLast))
	before := sort.Search(n, func(i int) bool { return s.runFirst[i] > node })
	c := climber{s: s, node: node, found: found, levels: []u32s{s.runLast[:n]}}
	rest := s.runMax
	for size := n; size > fan; {
		size = (size + fan - 1) / fan
		if size > len(rest) {
			return // the file is wrong: nothing is found
		}
		c.levels = append(c.levels, rest[:size])
		rest = rest[size:]
	}
	c.descend(len(c.levels)-1, 0, len(c.levels[len(c.levels)-1]), before)
}

// descend looks at some values of a level. Of the runs only those below before
// begin early enough.
func (c *climber) descend(level, from, to, before int) {
	width := 1
	for range level {
		width *= fan
	}
	for i := from; i < to && i*width < before; i++ {
		switch {
		case c.levels[level][i] < c.node:
		case level == 0:
			c.found(uint32(i))
		default:
			c.descend(level-1, i*fan, min((i+1)*fan, len(c.levels[level-1])), before)
		}
	}
}

// verifyRuns checks that runs and sets are sorted, do not overlap, and that
// the summits are those of the runs.
func (s *Snapshot) verifyRuns() error {
	for i := range s.runFirst {
		if s.runFirst[i] > s.runLast.at(uint32(i)) {
			return corrupt("run %d ends before it begins", i)
		}
		if i > 0 && packRun(s.runFirst[i-1], s.runLast.at(uint32(i-1))) >= packRun(s.runFirst[i], s.runLast.at(uint32(i))) {
			return corrupt("run %d stands after run %d", i-1, i)
		}
	}
	want := summits(s.runLast)
	if len(want) != len(s.runMax) {
		return corrupt("%d summits of runs, want %d", len(s.runMax), len(want))
	}
	for i, v := range want {
		if s.runMax[i] != v {
			return corrupt("summit %d of the runs is %d, want %d", i, s.runMax[i], v)
		}
	}
	return s.verifySets()
}

func (s *Snapshot) verifySets() error {
	for set := range uint32(max(0, len(s.setOff)-1)) {
		from, to := s.setOff.run(set, len(s.setRun))
		for i := from + 1; i < to; i++ {
			if uint64(s.runLast.at(s.setRun[i-1]))+1 >= uint64(s.runFirst.at(s.setRun[i])) {
				return corrupt("set %d is no list of runs apart", set)
			}
		}
	}
	for set, run := range s.setsByRun() {
		if from, to := s.setOff.run(set, len(s.setRun)); !holdsItem(s.setRun[from:to], run) {
			return corrupt("run %d is no part of set %d", run, set)
		}
	}
	return nil
}

func packRun(first, last uint32) uint64 { return uint64(first)<<32 | uint64(last) }
