package snapshot

import (
	"bytes"
	"sort"
	"unsafe"
)

// A heap keeps byte strings one after the other. Heaps of strings are sorted
// and hold each once, so that the number of a string compares as the string.
type heap struct {
	off  u64s // one more than there are strings
	data u8s
}

func (h heap) len() int { return max(0, len(h.off)-1) }

// bytes returns string i, which shares the heap's memory.
func (h heap) bytes(i uint32) []byte {
	if uint64(i)+1 >= uint64(len(h.off)) {
		return nil
	}
	from, to := h.off[i], h.off[i+1]
	if from > to || to > uint64(len(h.data)) {
		return nil
	}
	return h.data[from:to:to]
}

// shared returns string i without copying it.
func (h heap) shared(i uint32) string {
	b := h.bytes(i)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// find returns the number of text in a sorted heap.
func (h heap) find(text string) (uint32, bool) {
	want := unsafe.Slice(unsafe.StringData(text), len(text))
	i, found := sort.Find(h.len(), func(i int) int {
		return bytes.Compare(want, h.bytes(uint32(i)))
	})
	return uint32(i), found
}
