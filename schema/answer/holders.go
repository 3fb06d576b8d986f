package answer

import (
	"container/heap"
	"iter"
	"maps"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// holders yields, in order, the footholds that have an ending as sure as a
// level, or surer.
func (e *endings) holders(level graph.Verdict) iter.Seq[snapshot.FootholdIndex] {
	return func(yield func(snapshot.FootholdIndex) bool) {
		for f := range e.candidates(level) {
			if list := e.of(f); len(list) > 0 && list[0].ruling.Verdict >= level && !yield(f) {
				return
			}
		}
	}
}

// candidates yields, in order, footholds that may have an ending as sure as a
// level, and all that have. Where many have access, it takes less to ask each foothold in turn until
// there are enough: one of so many that are asked has it.
func (e *endings) candidates(level graph.Verdict) iter.Seq[snapshot.FootholdIndex] {
	classes, few := e.classes(level)
	if !few {
		return e.everybody
	}
	lists := [][]snapshot.FootholdIndex{slices.Sorted(maps.Keys(e.byFoothold))}
	for _, class := range classes {
		lists = append(lists, e.s.v.Snapshot.ClassMembers(class))
	}
	return inOrder(lists)
}

// everybody yields all footholds, as long as there is time.
func (e *endings) everybody(yield func(snapshot.FootholdIndex) bool) {
	for f := range snapshot.FootholdIndex(e.s.v.Snapshot.NumFootholds()) {
		if f%4096 == 0 && e.s.ctx.Err() != nil {
			e.cut = walk.Time
			return
		}
		if !yield(f) {
			return
		}
	}
}

// atMost is no fewer than the candidates.
func (e *endings) atMost(level graph.Verdict) int {
	classes, few := e.classes(level)
	if !few {
		return e.s.v.Snapshot.NumFootholds()
	}
	n := len(e.byFoothold)
	for _, class := range classes {
		n += len(e.s.v.Snapshot.ClassMembers(class))
	}
	return n
}

// classes returns the classes that may have an ending as sure as a level, each
// once; few is false, and some are missing, where there are too many.
func (e *endings) classes(level graph.Verdict) (classes []uint32, few bool) {
	for _, a := range e.byClass {
		parts := a.at(level)
		if parts.many {
			return nil, false
		}
		for class := range a.classes(parts) {
			if classes = append(classes, class); len(classes) > e.s.v.limits.Few {
				return nil, false
			}
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes), true
}

// inOrder yields the footholds of sorted lists in order, each once. Of each list
// it looks no further than it is asked for.
func inOrder(lists [][]snapshot.FootholdIndex) iter.Seq[snapshot.FootholdIndex] {
	return func(yield func(snapshot.FootholdIndex) bool) {
		h := fronts(slices.DeleteFunc(slices.Clone(lists), func(l []snapshot.FootholdIndex) bool { return len(l) == 0 }))
		heap.Init(&h)
		last := ^snapshot.FootholdIndex(0)
		for len(h) > 0 {
			f := h[0][0]
			if f != last && !yield(f) {
				return
			}
			last = f
			if h[0] = h[0][1:]; len(h[0]) == 0 {
				heap.Pop(&h)
				continue
			}
			heap.Fix(&h, 0)
		}
	}
}

// fronts is a heap of lists by their first footholds.
type fronts [][]snapshot.FootholdIndex

func (h fronts) Len() int           { return len(h) }
func (h fronts) Less(i, j int) bool { return h[i][0] < h[j][0] }
func (h fronts) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *fronts) Push(x any)        { *h = append(*h, x.([]snapshot.FootholdIndex)) }
func (h *fronts) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
