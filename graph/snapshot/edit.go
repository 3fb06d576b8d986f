package snapshot

import "sort"

// An edit says how the rows of a group become those of the next snapshot: some
// go, some come, and those that stay keep their order.
type edit struct {
	n    int      // rows there were
	gone []uint32 // in order
	put  []uint32 // of each row that comes, in order: the old row before which it stands
}

// size returns how many rows there are now.
func (e *edit) size() int { return e.n - len(e.gone) + len(e.put) }

// fresh returns the new numbers of the rows that come.
func (e *edit) fresh() []uint32 {
	out, gone := make([]uint32, len(e.put)), 0
	for k, at := range e.put {
		for gone < len(e.gone) && e.gone[gone] < at {
			gone++
		}
		out[k] = at - uint32(gone) + uint32(k)
	}
	return out
}

// goneBelow counts the rows before an old row that go.
func (e *edit) goneBelow(row int) int {
	return sort.Search(len(e.gone), func(i int) bool { return int(e.gone[i]) >= row })
}

// stay returns the old number of the k-th row that stays.
func (e *edit) stay(k int) uint32 {
	return uint32(k + sort.Search(len(e.gone), func(i int) bool { return int(e.gone[i])-i > k }))
}

// place returns before which of the old rows in [from, to) a new one stands:
// after all that stay and are before it.
func (e *edit) place(from, to int, before func(old uint32) bool) uint32 {
	first := from - e.goneBelow(from)
	last := to - e.goneBelow(to)
	k := first + sort.Search(last-first, func(k int) bool { return !before(e.stay(first + k)) })
	if k == last {
		return uint32(to)
	}
	return e.stay(k)
}

// next returns the first row from one on that stays, to if none before it does.
func (e *edit) next(row, to int) uint32 {
	if k := row - e.goneBelow(row); k < to-e.goneBelow(to) {
		return e.stay(k)
	}
	return uint32(to)
}

// A stretch is rows that follow each other before and after.
type stretch struct {
	old, new, n int
	fresh       bool // old counts the rows that come, not the old ones
}

// stretches returns of what the new rows are made, in order.
func (e *edit) stretches() (out []stretch) {
	at, now, gone, put := 0, 0, 0, 0
	add := func(old, n int, fresh bool) {
		if end := len(out) - 1; end >= 0 && fresh && out[end].fresh {
			out[end].n += n
		} else if n > 0 {
			out = append(out, stretch{old, now, n, fresh})
		}
		now += n
	}
	for {
		next := e.n
		if gone < len(e.gone) {
			next = min(next, int(e.gone[gone]))
		}
		if put < len(e.put) {
			next = min(next, int(e.put[put]))
		}
		add(at, next-at, false)
		at = next
		first := put
		for put < len(e.put) && int(e.put[put]) == at {
			put++
		}
		add(first, put-first, true)
		switch {
		case gone < len(e.gone) && int(e.gone[gone]) == at:
			gone++
			at++
		case at == e.n:
			return out
		}
	}
}

// items returns the stretches of the items of lists, of which stretches are given.
func items[N word32or64](lists []stretch, old, fresh []N) (out []stretch) {
	size := 0
	for _, p := range lists {
		off := old
		if p.fresh {
			off = fresh
		}
		from, to := int(off[p.old]), int(off[p.old+p.n])
		if to > from {
			out = append(out, stretch{from, size, to - from, p.fresh})
		}
		size += to - from
	}
	return out
}
