package snapshot

import (
	"cmp"
	"slices"
)

// An accessRow is what the members of a class may do to a set.
type accessRow struct{ class, set, actions, include, exclude, ruling uint32 }

// accessColumns groups the rows by class and makes those that differ in their
// nodes alone one, so that it does not matter how a resolver split them.
func (k *concluder) accessColumns(r newNumbers, class []uint32) {
	list := k.accessRows(r, class)
	if k.err != nil || len(list) == 0 {
		return
	}
	c := k.c
	classes := len(c.classOff) - 1
	off, rows := gathered(classes, list, func(a accessRow) uint32 { return a.class })
	halves(classes, func(from, to int) {
		for i := from; i < to; i++ {
			slices.SortFunc(rows[off[i]:off[i+1]], compareAccess)
		}
	})
	rows = k.joinedRows(rows)
	k.setColumns(rows)
	k.rowColumns(rows)
	c.accOff = offsets(classes, c.accClass)
	c.accByOff, c.accBy = inverse(len(c.setOff)-1, c.accSet)
}

// accessRows lists what the parts of each class say.
func (k *concluder) accessRows(r newNumbers, class []uint32) (out []accessRow) {
	number := 0
	for row := range k.classes.all() {
		for _, p := range k.partLists.list(row.parts) {
			part := k.parts.list(p)
			for raw := range slices.Chunk(part[partHead:], rowSize) {
				set, may := raw[2], k.grants.keys[raw[0]]
				if part[0] != 0 {
					set = k.without(set, row.home)
				}
				if set != 0 {
					out = append(out, accessRow{class[number], set, r.lists[may.actions], r.lists[may.include], r.lists[may.exclude], r.rulings[raw[1]]})
				}
			}
		}
		number++
	}
	return out
}

// compareAccess compares rows of one class by what may be done.
func compareAccess(a, b accessRow) int {
	if c := cmp.Compare(a.actions, b.actions); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.include, b.include), cmp.Compare(a.exclude, b.exclude), cmp.Compare(a.ruling, b.ruling))
}

// joinedRows makes sorted rows that say the same of several sets one, of the union.
func (k *concluder) joinedRows(rows []accessRow) []accessRow {
	out := rows[:0]
	var sets []uint32
	for start := 0; start < len(rows); {
		stop := start + 1
		for stop < len(rows) && rows[stop].class == rows[start].class && compareAccess(rows[start], rows[stop]) == 0 {
			stop++
		}
		row := rows[start]
		if stop-start > 1 {
			sets = sets[:0]
			for _, r := range rows[start:stop] {
				sets = append(sets, r.set)
			}
			row.set = k.union(sets)
		}
		out = append(out, row)
		start = stop
	}
	return out
}

func (k *concluder) rowColumns(rows []accessRow) {
	c := k.c
	reserve(len(rows), &c.accClass, &c.accSet, &c.accActions, &c.accInclude, &c.accExclude, &c.accRuling)
	for _, a := range rows {
		c.accClass = append(c.accClass, a.class)
		c.accSet = append(c.accSet, a.set)
		c.accActions = append(c.accActions, a.actions)
		c.accInclude = append(c.accInclude, a.include)
		c.accExclude = append(c.accExclude, a.exclude)
		c.accRuling = append(c.accRuling, a.ruling)
	}
}
