package walk

import (
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// An Index answers the default question fast: over every pivot that is not
// denied, as it is recorded. Footholds that lead to each other are one
// component, and the components have no circle among them. What is asked with
// other pivots in mind is searched plainly.
//
// It takes time and memory that grow with footholds and pivots, and never
// holds who reaches whom. It is safe for concurrent use.
type Index struct {
	s *snapshot.Snapshot
	n int

	component []uint32 // of each foothold
	members   rows     // of each component
	next      rows     // components that one leads to; their numbers are lower
	before    rows     // components that lead to one; their numbers are higher
	labels    []label  // of each component
	scratch   sync.Pool
}

// rows are lists of numbers, one after the other.
type rows struct{ off, items []uint32 }

func (r rows) of(i uint32) []uint32 { return r.items[r.off[i]:r.off[i+1]] }

// NewIndex makes the index of a snapshot's pivots.
func NewIndex(s *snapshot.Snapshot) *Index {
	x := &Index{s: s, n: s.NumFootholds()}
	out := x.arrows()
	x.component, x.members = components(out)
	x.contract(out)
	x.labels = labelled(x.next, x.before)
	x.scratch.New = func() any { return &visits{epochs: make([]uint32, len(x.labels))} }
	return x
}

// arrows lists where each foothold leads.
func (x *Index) arrows() rows {
	out := rows{off: make([]uint32, 1, x.n+1), items: make([]uint32, 0, x.s.NumPivots())}
	for f := range foothold(x.n) {
		for _, p := range x.s.PivotsOut(f) {
			if _, to := x.s.PivotEnds(p); int(to) < x.n && x.s.PivotVerdict(p) != graph.Denied {
				out.items = append(out.items, uint32(to))
			}
		}
		out.off = append(out.off, uint32(len(out.items)))
	}
	return out
}

// contract draws the arrows between components, each once.
func (x *Index) contract(out rows) {
	count := len(x.members.off) - 1
	x.next = rows{off: make([]uint32, 1, count+1)}
	seen := make([]uint32, count) // by component: one more than the last that led to it
	for c := range uint32(count) {
		for _, f := range x.members.of(c) {
			for _, to := range out.of(f) {
				if d := x.component[to]; d != c && seen[d] != c+1 {
					seen[d] = c + 1
					x.next.items = append(x.next.items, d)
				}
			}
		}
		x.next.off = append(x.next.off, uint32(len(x.next.items)))
	}
	x.before = turned(x.next)
}

// turned turns arrows around.
func turned(r rows) rows {
	n := len(r.off) - 1
	back := rows{off: make([]uint32, n+1), items: make([]uint32, len(r.items))}
	for _, to := range r.items {
		back.off[to+1]++
	}
	for i := range n {
		back.off[i+1] += back.off[i]
	}
	at := slices.Clone(back.off)
	for from := range uint32(n) {
		for _, to := range r.of(from) {
			back.items[at[to]] = from
			at[to]++
		}
	}
	return back
}

// NumComponents returns how many components there are.
func (x *Index) NumComponents() int { return len(x.labels) }

// Component returns the component of a foothold; of what is none, one that
// there is not.
func (x *Index) Component(f snapshot.FootholdIndex) uint32 {
	if int64(f) >= int64(x.n) {
		return uint32(len(x.labels))
	}
	return x.component[f]
}

// Members returns the footholds of a component, in order. The slice belongs to
// the index.
func (x *Index) Members(component uint32) []snapshot.FootholdIndex {
	if int64(component) >= int64(len(x.labels)) {
		return nil
	}
	return footholds(x.members.of(component))
}

// Largest returns the component of the most members, the first of several.
func (x *Index) Largest() (component uint32) {
	for c := range uint32(len(x.labels)) {
		if len(x.members.of(c)) > len(x.members.of(component)) {
			component = c
		}
	}
	return component
}
