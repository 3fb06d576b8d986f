package walk

import (
	"iter"
	"slices"
	"unsafe"

	"github.com/clewgraph/clew/graph/snapshot"
)

// A Set is what can be reached, or who can reach, held as components.
type Set struct {
	Count  int // footholds, the starts among them
	Looked int // arrows between components looked at

	x          *Index
	components []uint32 // sorted
}

// Has reports whether a foothold is in the set.
func (s Set) Has(f snapshot.FootholdIndex) bool {
	if s.x == nil {
		return false
	}
	_, found := slices.BinarySearch(s.components, s.x.Component(f))
	return found
}

// All yields the footholds of the set, component by component.
func (s Set) All() iter.Seq[snapshot.FootholdIndex] {
	return func(yield func(snapshot.FootholdIndex) bool) {
		for _, c := range s.components {
			for _, f := range s.x.Members(c) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// Reach returns all that can be reached from some footholds, themselves
// included.
func (x *Index) Reach(from []snapshot.FootholdIndex) Set { return x.spread(from, x.next) }

// ReverseReach returns all from which some footholds can be reached,
// themselves included.
func (x *Index) ReverseReach(to []snapshot.FootholdIndex) Set { return x.spread(to, x.before) }

func (x *Index) spread(from []foothold, arrows rows) Set {
	v := x.visits()
	defer x.scratch.Put(v)
	s := Set{x: x}
	for _, f := range from {
		if int64(f) < int64(x.n) {
			v.add(x.component[f])
		}
	}
	for next := 0; next < len(v.queue); next++ {
		c := v.queue[next]
		s.Count += int(x.members.off[c+1] - x.members.off[c])
		for _, d := range arrows.of(c) {
			s.Looked++
			v.add(d)
		}
	}
	s.components = v.sorted()
	return s
}

// Reaches reports whether one foothold can be reached from another. Each
// reaches itself.
func (x *Index) Reaches(from, to snapshot.FootholdIndex) bool {
	if int64(max(from, to)) >= int64(x.n) {
		return false
	}
	u, goal := x.component[from], x.component[to]
	if known, sure := x.known(u, goal); sure {
		return known
	}
	v := x.visits()
	defer x.scratch.Put(v)
	v.add(u)
	for len(v.queue) > 0 {
		c := v.queue[len(v.queue)-1]
		v.queue = v.queue[:len(v.queue)-1]
		for _, d := range x.next.of(c) {
			known, sure := x.known(d, goal)
			if known {
				return true
			}
			if !sure {
				v.add(d)
			}
		}
	}
	return false
}

// known says whether u reaches v, and whether that is sure without a search.
func (x *Index) known(u, v uint32) (reaches, sure bool) {
	switch {
	case u == v:
		return true, true
	case u < v || !x.labels[u].mayReach(&x.labels[v]):
		return false, true
	case x.labels[u].reachedFirst(&x.labels[v]):
		return true, true
	}
	return false, false
}

// visits are the components that one search has met.
type visits struct {
	epochs []uint32
	epoch  uint32
	queue  []uint32
}

func (x *Index) visits() *visits {
	v := x.scratch.Get().(*visits)
	if v.epoch++; v.epoch == 0 {
		clear(v.epochs)
		v.epoch = 1
	}
	v.queue = v.queue[:0]
	return v
}

func (v *visits) add(c uint32) {
	if v.epochs[c] != v.epoch {
		v.epochs[c] = v.epoch
		v.queue = append(v.queue, c)
	}
}

// sorted returns what was met, in order. Where that is much of all, it is picked
// out of all: that takes less than to sort it.
func (v *visits) sorted() []uint32 {
	out := make([]uint32, 0, len(v.queue))
	if len(v.queue) < len(v.epochs)/pickFrom {
		out = append(out, v.queue...)
		slices.Sort(out)
		return out
	}
	for c, epoch := range v.epochs {
		if epoch == v.epoch {
			out = append(out, uint32(c))
		}
	}
	return out
}

// pickFrom is how many are looked at to pick one, rather than sorted.
const pickFrom = 16

// footholds gives a list of numbers another name.
func footholds(list []uint32) []foothold {
	return unsafe.Slice((*foothold)(unsafe.SliceData(list)), len(list))
}
