package snapshot

import (
	"encoding/binary"
	"slices"
)

// A listTable numbers sequences of numbers, the empty one being 0.
type listTable struct {
	ids map[string]uint32
	all [][]uint32
	key []byte
}

func newListTable() *listTable {
	t := &listTable{ids: map[string]uint32{}}
	t.id(nil)
	return t
}

func (t *listTable) id(items []uint32) uint32 {
	t.key = t.key[:0]
	for _, item := range items {
		t.key = binary.LittleEndian.AppendUint32(t.key, item)
	}
	if id, ok := t.ids[string(t.key)]; ok {
		return id
	}
	id := uint32(len(t.all))
	t.ids[string(t.key)] = id
	t.all = append(t.all, slices.Clone(items))
	return id
}

// freeze maps the items by itemRank (nil: as they are) and sorts the lists
// into columns. rank maps old numbers to new ones.
func (t *listTable) freeze(itemRank []uint32) (off, items u32s, rank []uint32) {
	if itemRank != nil {
		for _, list := range t.all {
			remapAll(list, itemRank)
		}
	}
	order := ordered(len(t.all), func(a, b uint32) int { return slices.Compare(t.all[a], t.all[b]) })
	off = make(u32s, 1, len(order)+1)
	for _, id := range order {
		items = append(items, t.all[id]...)
		off = append(off, uint32(len(items)))
	}
	return off, items, ranks(order)
}

// ordered returns the numbers below n sorted by compare.
func ordered(n int, compare func(a, b uint32) int) []uint32 {
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i)
	}
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
