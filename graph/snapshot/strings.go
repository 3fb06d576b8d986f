package snapshot

import (
	"hash/maphash"
	"unsafe"
)

// An arena keeps byte strings in few large pieces of memory, without a pointer
// for each: estates have tens of millions, and what the garbage collector need
// not look at costs nothing.
type arena struct {
	chunks [][]byte
	starts []uint64 // of each string: chunk<<32 | place in it. It ends where the next one starts
}

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
	a.starts = append(a.starts, uint64(last)<<32|uint64(len(a.chunks[last])))
	a.chunks[last] = append(a.chunks[last], text...)
	return uint32(len(a.starts) - 1)
}

func (a *arena) bytes(id uint32) []byte {
	start := a.starts[id]
	chunk := a.chunks[start>>32]
	if next := int(id) + 1; next < len(a.starts) && a.starts[next]>>32 == start>>32 {
		return chunk[uint32(start):uint32(a.starts[next])]
	}
	return chunk[uint32(start):]
}

// heap copies the strings in the given order.
func (a *arena) heap(order []uint32) (h heap) {
	total := 0
	for _, c := range a.chunks {
		total += len(c)
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
type stringTable struct {
	arena
	seed maphash.Seed
	slots
}

func newStringTable() *stringTable {
	t := &stringTable{seed: maphash.MakeSeed()}
	t.id("")
	return t
}

func (t *stringTable) id(text string) uint32 {
	hash := maphash.String(t.seed, text)
	at, mask := t.start(hash)
	for ; t.at[at] != 0; at = (at + 1) & mask {
		if v := t.at[at]; uint32(v>>32) == uint32(hash) && string(t.bytes(uint32(v)-1)) == text {
			return uint32(v) - 1
		}
	}
	id := t.add(unsafe.Slice(unsafe.StringData(text), len(text)))
	t.put(at, hash, id)
	return id
}

// freeze sorts the strings into a heap. rank maps old numbers to new ones.
func (t *stringTable) freeze() (h heap, rank []uint32) { return t.freezeUsed(nil) }

// freezeUsed is freeze of the strings that are marked; nil: of all.
func (t *stringTable) freezeUsed(marks []bool) (h heap, rank []uint32) {
	t.slots = slots{}
	kept := numbersUsed(len(t.starts), marks)
	order := sortedStrings(len(kept), func(i uint32) []byte { return t.bytes(kept[i]) })
	rank = make([]uint32, len(t.starts))
	for place, i := range order {
		order[place] = kept[i]
		rank[kept[i]] = uint32(place)
	}
	return t.heap(order), rank
}

// A memo remembers the number of the last string: what is said of one thing
// after the other often begins alike.
type memo struct {
	text string
	id   uint32
}

// number numbers a string by table t.
func (m *memo) number(t *stringTable, text string) uint32 {
	if text != m.text {
		m.text, m.id = text, t.id(text)
	}
	return m.id
}
