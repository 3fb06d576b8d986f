package snapshot

import (
	"cmp"
	"iter"
	"slices"
	"sort"
)

// A Run is nodes that follow each other, from First to Last.
type Run struct{ First, Last Index }

// Len returns how many nodes a run has.
func (r Run) Len() int { return int(r.Last) - int(r.First) + 1 }

// Targets is the set of nodes that a row of access speaks of. It reads the
// snapshot, and must not be read after Close.
type Targets struct {
	s   *Snapshot
	set uint32
}

// Number returns the number of the set: equal sets of a snapshot have one.
func (t Targets) Number() uint32 { return t.set }

// Runs yields the nodes as runs, in order, no two of which touch.
func (t Targets) Runs() iter.Seq[Run] {
	return func(yield func(Run) bool) {
		if t.s == nil {
			return
		}
		from, to := t.s.setOff.run(t.set, len(t.s.setRun))
		for ; from < to; from++ {
			if !yield(t.s.run(t.s.setRun.at(from))) {
				return
			}
		}
	}
}

// run returns a run of nodes; of a number that is none, and of one that is
// wrong, an empty one.
func (s *Snapshot) run(i uint32) Run {
	first, last := s.runFirst.at(i), s.runLast.at(i)
	if uint64(i) >= uint64(len(s.runFirst)) || first > last || last >= s.n {
		return Run{First: 1, Last: 0}
	}
	return Run{Index(first), Index(last)}
}

// Nodes yields the nodes, in order.
func (t Targets) Nodes() iter.Seq[Index] {
	return func(yield func(Index) bool) {
		for r := range t.Runs() {
			for i := r.First; i <= r.Last && r.First <= r.Last; i++ {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// Len returns how many nodes there are. It looks at runs, not at nodes.
func (t Targets) Len() (n int) {
	for r := range t.Runs() {
		n += r.Len()
	}
	return n
}

// Has reports whether a node is in the set, by binary search over its runs.
func (t Targets) Has(node Index) bool {
	if t.s == nil {
		return false
	}
	from, to := t.s.setOff.run(t.set, len(t.s.setRun))
	runs := t.s.setRun[from:to]
	at := sort.Search(len(runs), func(i int) bool { return Index(t.s.runLast.at(runs[i])) >= node })
	if at == len(runs) {
		return false
	}
	r := t.s.run(runs[at])
	return r.First <= node && node <= r.Last
}

// Union returns the nodes that any of some sets holds, and some more, as runs
// that are sorted and do not touch. It looks at the runs of each set once.
func (s *Snapshot) Union(sets iter.Seq[Targets], more ...Index) []Run {
	seen, done := map[uint32]bool{}, map[uint32]bool{}
	var all []uint64
	for _, i := range more {
		all = append(all, packRun(uint32(i), uint32(i)))
	}
	for t := range sets {
		if done[t.set] {
			continue
		}
		done[t.set] = true
		from, to := s.setOff.run(t.set, len(s.setRun))
		for _, run := range s.setRun[from:to] {
			if r := s.run(run); !seen[run] && r.Len() > 0 {
				seen[run] = true
				all = append(all, packRun(uint32(r.First), uint32(r.Last)))
			}
		}
	}
	slices.Sort(all)
	var out []Run
	for _, packed := range all {
		first, last := unpacked(packed)
		out = appendRun(out, Run{Index(first), Index(last)})
	}
	return out
}

// appendRun adds a run to sorted ones that begin no later.
func appendRun(out []Run, r Run) []Run {
	if end := len(out) - 1; end >= 0 && uint64(r.First) <= uint64(out[end].Last)+1 {
		out[end].Last = max(out[end].Last, r.Last)
		return out
	}
	return append(out, r)
}

// A TargetCount is how many nodes are of one type and in one scope.
type TargetCount struct {
	Scope Index // the innermost; None of nodes in no scope that is a node
	Type  string
	Count int
}

// CountTargets counts the nodes of runs that Union returned by scope and type,
// in that order. It looks at each run, and within runs at each place where the
// type or scope changes, but not at each node.
func (s *Snapshot) CountTargets(runs []Run) []TargetCount {
	type kind struct {
		scope Index
		typ   uint32
	}
	counts := map[kind]int{}
	for _, r := range runs {
		for part := range s.parts(r) {
			counts[kind{s.ScopeOf(part.First), s.nodeType.at(uint32(part.First))}] += part.Len()
		}
	}
	out := make([]TargetCount, 0, len(counts))
	for of, n := range counts {
		out = append(out, TargetCount{of.scope, s.str.text(of.typ), n})
	}
	slices.SortFunc(out, func(a, b TargetCount) int { return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Type, b.Type)) })
	return out
}

// parts yields the parts of a run whose nodes are of one type and in one scope.
func (s *Snapshot) parts(r Run) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		at := sort.Search(len(s.group), func(i int) bool { return Index(s.group[i]) > r.First })
		for from := r.First; from <= r.Last; at++ {
			last := r.Last
			if at < len(s.group) && s.group[at] > uint32(from) {
				last = min(last, Index(s.group[at])-1)
			}
			if !yield(Run{from, last}) {
				return
			}
			from = last + 1
		}
	}
}
