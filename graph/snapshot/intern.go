package snapshot

import (
	"hash/maphash"
	"slices"
)

// A listTable numbers sequences of numbers, the empty one being 0. It is an
// open hash table of numbers into one run of items: estates have millions of
// lists, and what has no pointers costs the garbage collector nothing.
type listTable struct {
	seed  maphash.Seed
	slots []uint32 // one more than the number; 0 is free. Their count is a power of two
	off   []uint64 // one more than there are lists
	items []uint32
}

func newListTable() *listTable {
	t := &listTable{seed: maphash.MakeSeed(), slots: make([]uint32, 64), off: make([]uint64, 1, 64)}
	t.id(nil)
	return t
}

// len returns how many lists there are.
func (t *listTable) len() int { return len(t.off) - 1 }

// list returns list id, which shares the table's memory until the next one
// comes.
func (t *listTable) list(id uint32) []uint32 { return t.items[t.off[id]:t.off[id+1]] }

func (t *listTable) id(items []uint32) uint32 {
	mask := uint64(len(t.slots) - 1)
	at := t.hash(items) & mask
	for ; t.slots[at] != 0; at = (at + 1) & mask {
		if id := t.slots[at] - 1; slices.Equal(t.list(id), items) {
			return id
		}
	}
	id := uint32(t.len())
	t.items = append(t.items, items...)
	t.off = append(t.off, uint64(len(t.items)))
	t.slots[at] = id + 1
	if t.len() > len(t.slots)/4*3 {
		t.grow()
	}
	return id
}

func (t *listTable) hash(items []uint32) uint64 { return maphash.Bytes(t.seed, asBytes(items)) }

func (t *listTable) grow() {
	t.slots = make([]uint32, 2*len(t.slots))
	mask := uint64(len(t.slots) - 1)
	for id := range uint32(t.len()) {
		at := t.hash(t.list(id)) & mask
		for ; t.slots[at] != 0; at = (at + 1) & mask {
		}
		t.slots[at] = id + 1
	}
}

// freeze maps the items by itemRank (nil: as they are) and sorts the lists
// into columns. rank maps old numbers to new ones.
func (t *listTable) freeze(itemRank []uint32) (off, items u32s, rank []uint32) {
	t.slots = nil
	if itemRank != nil {
		remapAll(t.items, itemRank)
	}
	order := sortedLists(t.len(), t.list)
	off, items = make(u32s, 1, len(order)+1), make(u32s, 0, len(t.items))
	for _, id := range order {
		items = append(items, t.list(id)...)
		off = append(off, uint32(len(items)))
	}
	return off, items, ranks(order)
}

// ordered returns the numbers below n sorted by compare.
func ordered(n int, compare func(a, b uint32) int) []uint32 {
	order := counted(n)
	slices.SortFunc(order, compare)
	return order
}

// ranks inverts order: the place of each number.
func ranks(order []uint32) []uint32 {
	rank := make([]uint32, len(order))
	for place, id := range order {
		rank[id] = uint32(place)
	}
	return rank
}

func remapAll(ids, rank []uint32) {
	for i, id := range ids {
		ids[i] = rank[id]
	}
}

func remap(rank []uint32, ids ...*uint32) {
	for _, id := range ids {
		*id = rank[*id]
	}
}

// A dictionary numbers the few words of a closed list by bytes.
type dictionary struct {
	words []uint32 // string numbers, sorted
}

func (d *dictionary) add(word uint32) error {
	at, found := slices.BinarySearch(d.words, word)
	if found {
		return nil
	}
	if len(d.words) == 256 {
		return invalid("more than 256 words of one sort")
	}
	d.words = slices.Insert(d.words, at, word)
	return nil
}

func (d *dictionary) code(word uint32) uint8 {
	at, _ := slices.BinarySearch(d.words, word)
	return uint8(at)
}

// inverse lists, for each number below n, the places where it stands in keys:
// those of number k are by[off[k]:off[k+1]], in order.
func inverse(n int, keys []uint32) (off, by u32s) {
	off, by = offsets(n, keys), make(u32s, len(keys))
	next := slices.Clone(off)
	for place, k := range keys {
		by[next[k]] = uint32(place)
		next[k]++
	}
	return off, by
}

// counted lists the numbers below n.
func counted(n int) u32s {
	out := make(u32s, n)
	for i := range out {
		out[i] = uint32(i)
	}
	return out
}

// offsets counts how many of keys are each number below n, as offsets.
func offsets(n int, keys []uint32) u32s {
	off := make(u32s, n+1)
	for _, k := range keys {
		off[k+1]++
	}
	for i := range n {
		off[i+1] += off[i]
	}
	return off
}
