package snapshot

import "sort"

// run returns a run of nodes; of a number that is none, and of one that is
// wrong, an empty one.
func (s *Snapshot) run(i uint32) Run {
	first, last := s.runFirst.at(i), s.runLast.at(i)
	if uint64(i) >= uint64(len(s.runFirst)) || first > last || last >= s.n {
		return Run{First: 1, Last: 0}
	}
	return Run{Index(first), Index(last)}
}

// runsOfSet returns the numbers of the runs of a set; none of None.
func (s *Snapshot) runsOfSet(set uint32) []uint32 {
	from, to := s.setOff.run(set, len(s.setRun))
	return s.setRun[from:to]
}

// setHas reports whether a set has a node.
func (s *Snapshot) setHas(set uint32, node Index) bool {
	runs := s.runsOfSet(set)
	at := s.firstUpTo(runs, node)
	if at == len(runs) {
		return false
	}
	r := s.run(runs[at])
	return r.First <= node && node <= r.Last
}

// firstUpTo returns the first of a set's runs that ends at a node or after it.
func (s *Snapshot) firstUpTo(runs []uint32, node Index) int {
	return sort.Search(len(runs), func(i int) bool { return Index(s.runLast.at(runs[i])) >= node })
}

// A gapped goes through the runs of a set without the nodes of another, whose
// runs are the holes.
type gapped struct {
	s           *Snapshot
	runs, holes []uint32 // that are still to come
	rest        Run      // what is left of the last run
	left        bool
}

// gaps starts at the first run of a set. It skips the holes before it at once.
func (s *Snapshot) gaps(set, home uint32) gapped {
	g := gapped{s: s, runs: s.runsOfSet(set)}
	if home != uint32(None) && len(g.runs) > 0 {
		holes := s.runsOfSet(home)
		g.holes = holes[s.firstUpTo(holes, s.run(g.runs[0]).First):]
	}
	return g
}

// next returns the next run; false after the last.
func (g *gapped) next() (Run, bool) {
	for g.enter() {
		hole, before := g.hole()
		if !before { // no hole is in the rest
			g.left = false
			return g.rest, true
		}
		out := Run{g.rest.First, hole.First - 1}
		g.left = hole.Last < g.rest.Last
		nothing := hole.First <= g.rest.First
		g.rest.First = hole.Last + 1
		if !nothing {
			return out, true
		}
	}
	return Run{}, false
}

// enter makes the rest one that has nodes; false where none is left.
func (g *gapped) enter() bool {
	for !g.left {
		if len(g.runs) == 0 {
			return false
		}
		g.rest = g.s.run(g.runs[0])
		g.runs = g.runs[1:]
		g.left = g.rest.Len() > 0
	}
	return true
}

// hole returns the first hole in the rest; false where there is none.
func (g *gapped) hole() (Run, bool) {
	for ; len(g.holes) > 0; g.holes = g.holes[1:] {
		if h := g.s.run(g.holes[0]); h.Len() > 0 && h.Last >= g.rest.First {
			return h, h.First <= g.rest.Last
		}
	}
	return Run{}, false
}
