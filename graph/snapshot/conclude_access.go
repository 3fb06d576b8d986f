package snapshot

import (
	"cmp"
	"slices"
)

func (k *concluder) accessRows(in Conclusions) {
	k.access = make([]accessRow, 0, len(in.Access))
	for i := range in.Access {
		a := &in.Access[i]
		if int64(a.Class) >= int64(len(in.Classes)) || len(in.Classes[a.Class]) == 0 {
			k.fail("access of class %d, which has no members", a.Class)
		}
		if set := k.nodeSet(a.To); set != 0 {
			k.access = append(k.access, accessRow{a.Class, set,
				k.set(a.Actions), k.set(a.Include), k.set(a.Exclude), k.ruling(&a.Ruling)})
		}
	}
}

// accessColumns groups the rows by class and makes those that differ in their
// nodes alone one, so that it does not matter how a resolver split them.
func (k *concluder) accessColumns(class []uint32) {
	if k.err != nil || len(k.access) == 0 {
		return
	}
	for i := range k.access {
		k.access[i].class = class[k.access[i].class]
	}
	c := k.c
	classes := len(c.classOff) - 1
	off, rows := gathered(classes, k.access, func(a accessRow) uint32 { return a.class })
	k.access = nil
	halves(classes, func(from, to int) {
		for i := from; i < to; i++ {
			slices.SortFunc(rows[off[i]:off[i+1]], compareAccess)
		}
	})
	rows = k.joined(rows)
	k.setColumns(rows)
	k.rowColumns(rows)
	c.accOff = offsets(classes, c.accClass)
	c.accByOff, c.accBy = inverse(len(c.setOff)-1, c.accSet)
}

// compareAccess compares rows of one class by what may be done.
func compareAccess(a, b accessRow) int {
	if c := cmp.Compare(a.actions, b.actions); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.include, b.include), cmp.Compare(a.exclude, b.exclude), cmp.Compare(a.ruling, b.ruling))
}

// joined makes sorted rows that say the same of several sets one, of the union.
func (k *concluder) joined(rows []accessRow) []accessRow {
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
