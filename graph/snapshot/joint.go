package snapshot

import "sort"

// A joint numbers together, in order, what the last snapshot and a Builder have
// of one sort: strings, lists, listings. What nothing refers to any more is
// known only when all is said; until then everything has its joint number.
type joint struct {
	edit
	old   *shift   // from the last snapshot's numbers to joint ones
	ids   []uint32 // by the Builder's number
	new   []uint32 // the Builder's numbers of what the last snapshot does not have, in order
	found []uint32 // the last snapshot's numbers of what both have
	end   *shift   // from joint numbers to those of the next one
}

// join numbers n things of the last snapshot and those of a Builder, which come
// in order. seek returns where one stands among those of the last snapshot, or
// before which.
func join(n int, order []uint32, seek func(id uint32) (at uint32, found bool)) joint {
	j := joint{edit: edit{n: n}, ids: make([]uint32, len(order))}
	for _, id := range order {
		at, found := seek(id)
		j.ids[id] = at + uint32(len(j.put))
		if found {
			j.found = append(j.found, at)
			continue
		}
		j.put, j.new = append(j.put, at), append(j.new, id)
	}
	j.old = newShift(n, j.stretches())
	return j
}

// split returns what a joint number is: the number of one of the new things, in
// order, or the last snapshot's number.
func (j *joint) split(number uint32) (at uint32, fresh bool) {
	k := sort.Search(len(j.put), func(k int) bool { return j.put[k]+uint32(k) > number })
	if k > 0 && j.put[k-1]+uint32(k-1) == number {
		return uint32(k - 1), true
	}
	return number - uint32(k), false
}

// keep lets go of what is not marked.
func (j *joint) keep(used bitset) {
	gone := used.missing(j.n)
	all := j.n + len(j.put)
	inJoint := make([]uint32, len(gone))
	for i, at := range gone {
		inJoint[i] = j.old.at(at)
	}
	j.end = newShift(all, (&edit{n: all, gone: inJoint}).stretches())
	j.gone = gone
}
