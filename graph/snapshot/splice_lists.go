package snapshot

import (
	"cmp"
	"slices"
	"sort"
	"unsafe"
)

// lists are sequences of numbers, one after the other.
type lists struct{ off, items []uint32 }

func (l *lists) len() int { return max(0, len(l.off)-1) }

// list returns list i, which shares the memory.
func (l *lists) list(i uint32) []uint32 { return l.items[l.off[i]:l.off[i+1]] }

// rising reports whether lists stand in order, each once.
func (l *lists) rising() bool {
	err := beside(listPieces, func(piece int) error {
		from, to := l.len()*piece/listPieces, l.len()*(piece+1)/listPieces
		for i := max(1, from); i < to; i++ {
			if slices.Compare(l.list(uint32(i-1)), l.list(uint32(i))) >= 0 {
				return ErrInvalid
			}
		}
		return nil
	})
	return err == nil
}

const listPieces = 8

// joinedLists puts lists that stay and lists that are new into one table, in order
// and each once, and returns the new number of each. Those that stay are in
// order as a rule: then the new ones are put between them, and the rest is
// copied.
func joinedLists(stay, more *lists) (out lists, rank, rankMore []uint32) {
	if !stay.rising() {
		return sortedAll(stay, more)
	}
	order := sortedLists(more.len(), more.list)
	rankMore = make([]uint32, more.len())
	out = lists{make([]uint32, 1, len(stay.off)+len(order)+1), make([]uint32, 0, len(stay.items)+len(more.items))}
	rank = make([]uint32, stay.len())
	at := 0 // of those that stay
	for _, i := range order {
		mine := more.list(i)
		next, known := placeOf(stay, at, mine)
		out.copyRun(stay, at, next, rank)
		at = next
		if n := out.len(); !known && (n == 0 || !slices.Equal(out.list(uint32(n-1)), mine)) {
			out.add(mine)
		}
		rankMore[i] = uint32(out.len())
		if !known {
			rankMore[i]--
		}
	}
	out.copyRun(stay, at, stay.len(), rank)
	return out, rank, rankMore
}

// placeOf returns the place of a list among those from one on.
func placeOf(l *lists, from int, list []uint32) (at int, known bool) {
	at, known = sort.Find(l.len()-from, func(i int) int { return slices.Compare(list, l.list(uint32(from+i))) })
	return from + at, known
}

func (l *lists) add(list []uint32) {
	l.items = append(l.items, list...)
	l.off = append(l.off, uint32(len(l.items)))
}

// copyRun appends some lists of another table, and notes their new numbers.
func (l *lists) copyRun(other *lists, from, to int, rank []uint32) {
	if from == to {
		return
	}
	first, shift := l.len(), uint32(len(l.items))-other.off[from]
	l.items = append(l.items, other.items[other.off[from]:other.off[to]]...)
	for i := from; i < to; i++ {
		l.off = append(l.off, other.off[i+1]+shift)
		rank[i] = uint32(first + i - from)
	}
}

// sortedAll is spliced for lists that are in no order.
func sortedAll(stay, more *lists) (out lists, rank, rankMore []uint32) {
	n := stay.len()
	list := func(i uint32) []uint32 {
		if int(i) < n {
			return stay.list(i)
		}
		return more.list(i - uint32(n))
	}
	out.off, out.items = make([]uint32, 1, n+more.len()+1), make([]uint32, 0, len(stay.items)+len(more.items))
	all := make([]uint32, n+more.len())
	for _, i := range sortedLists(len(all), list) {
		if last := out.len() - 1; last < 0 || !slices.Equal(out.list(uint32(last)), list(i)) {
			out.add(list(i))
		}
		all[i] = uint32(out.len() - 1)
	}
	return out, all[:n], all[n:]
}

// triples views numbers as rows of three.
func triples(list []uint32) [][3]uint32 {
	if len(list) < 3 {
		return nil
	}
	return unsafe.Slice((*[3]uint32)(unsafe.Pointer(unsafe.SliceData(list))), len(list)/3)
}

func compareTriple(a, b [3]uint32) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
}
