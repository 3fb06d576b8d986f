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

// Targets is the set of nodes that a row of access speaks of for a class: those
// of a set, without those of the home of the class where the row is from
// abroad. It reads the snapshot, and must not be read after Close.
type Targets struct {
	s    *Snapshot
	set  uint32
	home uint32 // a set, or None
}

// Number identifies the nodes: of two Targets of a snapshot with one number
// they are equal.
func (t Targets) Number() uint64 { return uint64(t.home)<<32 | uint64(t.set) }

// Runs yields the nodes as runs, in order, no two of which touch.
func (t Targets) Runs() iter.Seq[Run] {
	return func(yield func(Run) bool) {
		if t.s == nil {
			return
		}
		g := t.s.gaps(t.set, t.home)
		for r, ok := g.next(); ok; r, ok = g.next() {
			if !yield(r) {
				return
			}
		}
	}
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
	return t.s != nil && t.s.setHas(t.set, node) && (t.home == uint32(None) || !t.s.setHas(t.home, node))
}

// empty reports whether there is no node. It looks at the first runs alone.
func (t Targets) empty() bool {
	for range t.Runs() {
		return false
	}
	return true
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
