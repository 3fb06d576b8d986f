package aws

import (
	"sync/atomic"

	"github.com/clewgraph/clew/graph/snapshot"
)

// A table keeps one value for each of some nodes. Reading takes no lock. Nodes
// of one account and type stand together, so few pages are ever made.
type table[T any] struct{ pages []atomic.Pointer[page[T]] }

const pageSize = 64

type page[T any] [pageSize]atomic.Pointer[T]

func newTable[T any](nodes int) table[T] {
	return table[T]{pages: make([]atomic.Pointer[page[T]], (nodes+pageSize-1)/pageSize)}
}

// get returns the value of a node, nil if it has none yet.
func (t *table[T]) get(node snapshot.Index) *T {
	if int(node/pageSize) >= len(t.pages) {
		return nil
	}
	if p := t.pages[node/pageSize].Load(); p != nil {
		return p[node%pageSize].Load()
	}
	return nil
}

// put gives a node its value and returns the one that it has from now on: that
// of whoever came first.
func (t *table[T]) put(node snapshot.Index, v *T) *T {
	if int(node/pageSize) >= len(t.pages) {
		return v
	}
	slot := &t.pages[node/pageSize]
	if slot.Load() == nil {
		slot.CompareAndSwap(nil, new(page[T]))
	}
	at := &slot.Load()[node%pageSize]
	if at.CompareAndSwap(nil, v) {
		return v
	}
	return at.Load()
}
