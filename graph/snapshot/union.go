package snapshot

import (
	"iter"
	"slices"
)

// Union returns the nodes that any of some sets holds, and some more, as runs
// that are sorted and do not touch. It looks at the runs of each set once, and
// once for each home that some of them leave out: what all of their homes have
// is not there.
func (s *Snapshot) Union(sets iter.Seq[Targets], more ...Index) []Run {
	u := union{s: s, seen: map[uint32]bool{}}
	for _, i := range more {
		u.all = append(u.all, packRun(uint32(i), uint32(i)))
	}
	for set, holes := range s.commonHoles(sets) {
		u.add(set, holes)
	}
	slices.Sort(u.all)
	var out []Run
	for _, packed := range u.all {
		first, last := unpacked(packed)
		out = appendRun(out, Run{Index(first), Index(last)})
	}
	return out
}

// A union collects runs.
type union struct {
	s    *Snapshot
	seen map[uint32]bool // runs that are in it as a whole
	all  []uint64
}

// add adds a set without holes.
func (u *union) add(set uint32, holes []Run) {
	for _, run := range u.s.runsOfSet(set) {
		if u.seen[run] {
			continue
		}
		r := u.s.run(run)
		if len(holes) == 0 {
			u.seen[run] = true
			u.put(r)
			continue
		}
		holes = u.cut(r, holes)
	}
}

// cut adds a run without holes, and returns those that reach beyond it.
func (u *union) cut(r Run, holes []Run) []Run {
	for ; len(holes) > 0 && holes[0].First <= r.Last && r.Len() > 0; holes = holes[1:] {
		if holes[0].Last >= r.First {
			if holes[0].First > r.First {
				u.put(Run{r.First, holes[0].First - 1})
			}
			if holes[0].Last >= r.Last {
				return holes
			}
			r.First = holes[0].Last + 1
		}
	}
	u.put(r)
	return holes
}

func (u *union) put(r Run) {
	if r.Len() > 0 {
		u.all = append(u.all, packRun(uint32(r.First), uint32(r.Last)))
	}
}

// commonHoles returns, for each set, what every home that is left out of it has
// of it. None where somebody has it whole.
func (s *Snapshot) commonHoles(sets iter.Seq[Targets]) map[uint32][]Run {
	done, common := map[uint64]bool{}, map[uint32][]Run{}
	for t := range sets {
		if t.s == nil || done[t.Number()] {
			continue
		}
		done[t.Number()] = true
		holes, known := common[t.set]
		switch {
		case t.home == uint32(None):
			holes = nil
		case !known:
			holes = s.runsIn(t.home)
		case len(holes) > 0:
			holes = s.intersected(holes, t.home)
		}
		common[t.set] = holes
	}
	return common
}

// runsIn returns the runs of a set that has nodes.
func (s *Snapshot) runsIn(set uint32) (out []Run) {
	for _, i := range s.runsOfSet(set) {
		if r := s.run(i); r.Len() > 0 {
			out = append(out, r)
		}
	}
	return out
}

// intersected returns what runs and a set have in common.
func (s *Snapshot) intersected(runs []Run, set uint32) (out []Run) {
	others := s.runsOfSet(set)
	for _, r := range runs {
		for _, i := range others[s.firstUpTo(others, r.First):] {
			o := s.run(i)
			if o.Len() > 0 && o.First > r.Last {
				break
			}
			if both := (Run{max(r.First, o.First), min(r.Last, o.Last)}); o.Len() > 0 && both.Len() > 0 {
				out = append(out, both)
			}
		}
	}
	return out
}
