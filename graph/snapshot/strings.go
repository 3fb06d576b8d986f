package snapshot

import "hash/maphash"

// An arena keeps byte strings in few large pieces of memory, without a pointer
// for each: estates have tens of millions, and what the garbage collector need
// not look at costs nothing.
type arena struct {
	chunks [][]byte
	spans  []span32
}

// A span32 is where one string of an arena lies.
type span32 struct{ chunk, from, to uint32 }

const (
	firstChunk = 1 << 12
	lastChunk  = 1 << 20
)

// add keeps a copy of text and returns its number.
func (a *arena) add(text []byte) uint32 {
	last := len(a.chunks) - 1
	if last < 0 || cap(a.chunks[last])-len(a.chunks[last]) < len(text) {
		last++
		size := min(firstChunk<<min(last, 30), lastChunk)
		a.chunks = append(a.chunks, make([]byte, 0, max(size, len(text))))
	}
	from := len(a.chunks[last])
	a.chunks[last] = append(a.chunks[last], text...)
	a.spans = append(a.spans, span32{uint32(last), uint32(from), uint32(from + len(text))})
	return uint32(len(a.spans) - 1)
}

func (a *arena) bytes(id uint32) []byte {
	s := a.spans[id]
	return a.chunks[s.chunk][s.from:s.to]
}

// heap copies the strings in the given order.
func (a *arena) heap(order []uint32) (h heap) {
	total := 0
	for _, s := range a.spans {
		total += int(s.to - s.from)
	}
	h.off = make(u64s, 1, len(order)+1)
	h.data = make(u8s, 0, total)
	for _, id := range order {
		h.data = append(h.data, a.bytes(id)...)
		h.off = append(h.off, uint64(len(h.data)))
	}
	return h
}

// A stringTable numbers strings in the order in which they come, "" being 0.
// It is an open hash table of numbers into an arena.
type stringTable struct {
	arena
	seed  maphash.Seed
	slots []uint32 // one more than the number; 0 is free. Their count is a power of two
}

func newStringTable() *stringTable {
	t := &stringTable{seed: maphash.MakeSeed(), slots: make([]uint32, 64)}
	t.id("")
	return t
}

func (t *stringTable) id(text string) uint32 {
	mask := uint64(len(t.slots) - 1)
	at := maphash.String(t.seed, text) & mask
	for ; t.slots[at] != 0; at = (at + 1) & mask {
		if id := t.slots[at] - 1; string(t.bytes(id)) == text {
			return id
		}
	}
	id := t.add([]byte(text))
	t.slots[at] = id + 1
	if len(t.spans) > len(t.slots)/4*3 {
		t.grow()
	}
	return id
}

func (t *stringTable) grow() {
	t.slots = make([]uint32, 2*len(t.slots))
	mask := uint64(len(t.slots) - 1)
	for id := range uint32(len(t.spans)) {
		at := maphash.Bytes(t.seed, t.bytes(id)) & mask
		for ; t.slots[at] != 0; at = (at + 1) & mask {
		}
		t.slots[at] = id + 1
	}
}

// freeze sorts the strings into a heap. rank maps old numbers to new ones.
func (t *stringTable) freeze() (h heap, rank []uint32) {
	t.slots = nil
	order := sortedStrings(len(t.spans), t.bytes)
	return t.heap(order), ranks(order)
}
