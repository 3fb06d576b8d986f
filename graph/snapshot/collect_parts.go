package snapshot

import (
	"cmp"
	"slices"
)

// While conclusions are taken, a part is a list of numbers: whether it is from
// abroad, and then of each row the three of a rowSize: grant, ruling and set.
// The rows are sorted, and no two say the same of several sets.
const (
	partHead = 1
	rowSize  = 3
)

// A rawRow is a row of a part on its way.
type rawRow struct{ grant, ruling, set uint32 }

func compareRaw(a, b rawRow) int {
	return cmp.Or(cmp.Compare(a.grant, b.grant), cmp.Compare(a.ruling, b.ruling), cmp.Compare(a.set, b.set))
}

// part numbers a part; that of no rows is 0.
func (k *intake) part(p *AccessPart) uint32 {
	raw := k.rawRowsOf(p.Rows)
	if len(raw) == 0 {
		return 0
	}
	list := append(k.partRows[:0], asNumber(p.Abroad))
	for start := 0; start < len(raw); {
		stop := start + 1
		for stop < len(raw) && raw[stop].grant == raw[start].grant && raw[stop].ruling == raw[start].ruling {
			stop++
		}
		list = append(list, raw[start].grant, raw[start].ruling, k.joined(raw[start:stop]))
		start = stop
	}
	k.partRows = list
	return k.listed(k.parts, list)
}

// partList numbers the parts of a class. That of no rows says nothing.
func (k *intake) partList(parts []PartIndex) uint32 {
	k.scratch = k.scratch[:0]
	for _, p := range parts {
		if int(p) >= k.parts.len() {
			k.fail("class of part %d of %d", p, k.parts.len())
		} else if p != 0 {
			k.scratch = append(k.scratch, uint32(p))
		}
	}
	slices.Sort(k.scratch)
	return k.listed(k.partLists, slices.Compact(k.scratch))
}

// rawRowsOf numbers what rows say and sorts them. Those of no nodes are left
// out.
func (k *intake) rawRowsOf(list []AccessRow) []rawRow {
	raw := k.rawRows[:0]
	for i := range list {
		row := &list[i]
		if set := k.nodeSet(row.To); set != 0 {
			may := grant{k.set(row.Actions), k.set(row.Include), k.set(row.Exclude)}
			number, _ := k.grants.id(may)
			raw = append(raw, rawRow{number, k.ruling(&row.Ruling), set})
		}
	}
	slices.SortFunc(raw, compareRaw)
	k.rawRows = raw
	return raw
}

// joined numbers the union of the sets of rows that say the same.
func (k *intake) joined(rows []rawRow) uint32 {
	if len(rows) == 1 {
		return rows[0].set
	}
	sets := make([]uint32, len(rows))
	for i, row := range rows {
		sets[i] = row.set
	}
	return k.union(sets)
}

func asNumber(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
