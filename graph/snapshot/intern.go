package snapshot

import (
	"hash/maphash"
	"slices"
)

// slots are an open hash table of numbers. Beside each stand 32 bits of its
// hash: a look at what does not fit costs no look at what it stands for, and
// the table grows without one.
type slots struct {
	at []uint64 // hash<<32 | number+1, 0 where free; a power of two of them
	n  int
}

// start makes room for one more and returns where the search for a hash begins.
func (s *slots) start(hash uint64) (at, mask uint32) {
	if 4*(s.n+1) > 3*len(s.at) {
		s.grow()
	}
	mask = uint32(len(s.at) - 1)
	return uint32(hash) & mask, mask
}

// put gives a free place to a number.
func (s *slots) put(at uint32, hash uint64, id uint32) {
	s.at[at] = hash<<32 | uint64(id+1)
	s.n++
}

func (s *slots) grow() {
	old := s.at
	s.at = make([]uint64, max(64, 2*len(old)))
	mask := uint32(len(s.at) - 1)
	for _, v := range old {
		if v == 0 {
			continue
		}
		at := uint32(v>>32) & mask
		for ; s.at[at] != 0; at = (at + 1) & mask {
		}
		s.at[at] = v
	}
}

// A table numbers keys in the order in which they come.
type table[K comparable] struct {
	seed maphash.Seed
	keys []K
	slots
}

func newTable[K comparable]() *table[K] { return &table[K]{seed: maphash.MakeSeed()} }

func (t *table[K]) id(key K) (id uint32, known bool) {
	hash := maphash.Comparable(t.seed, key)
	at, mask := t.start(hash)
	for ; t.at[at] != 0; at = (at + 1) & mask {
		if v := t.at[at]; uint32(v>>32) == uint32(hash) && t.keys[uint32(v)-1] == key {
			return uint32(v) - 1, true
		}
	}
	id = uint32(len(t.keys))
	t.keys = append(t.keys, key)
	t.put(at, hash, id)
	return id, false
}

// A listTable numbers sequences of numbers, the empty one being 0.
type listTable struct {
	seed  maphash.Seed
	off   []uint32
	items []uint32
	slots
}

func newListTable() *listTable {
	t := &listTable{seed: maphash.MakeSeed(), off: []uint32{0}}
	t.id(nil)
	return t
}

// len returns how many lists there are.
func (t *listTable) len() int { return len(t.off) - 1 }

// list returns list id, which shares the table's memory until the next one
// comes.
func (t *listTable) list(id uint32) []uint32 { return t.items[t.off[id]:t.off[id+1]] }

func (t *listTable) id(items []uint32) uint32 {
	hash := maphash.Bytes(t.seed, rawBytes(items))
	at, mask := t.start(hash)
	for ; t.at[at] != 0; at = (at + 1) & mask {
		if v := t.at[at]; uint32(v>>32) == uint32(hash) && slices.Equal(t.list(uint32(v)-1), items) {
			return uint32(v) - 1
		}
	}
	id := uint32(t.len())
	t.items = append(t.items, items...)
	t.off = append(t.off, uint32(len(t.items)))
	t.put(at, hash, id)
	return id
}

// freeze maps the items by itemRank (nil: as they are) and sorts the lists
// into columns. rank maps old numbers to new ones.
func (t *listTable) freeze(itemRank []uint32) (off, items u32s, rank []uint32) {
	t.slots = slots{}
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
