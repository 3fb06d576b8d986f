package snapshot

import "slices"

// nodeSet numbers a set of nodes, the empty one being 0.
func (k *intake) nodeSet(to []Index) uint32 {
	if len(to) == 0 {
		return 0
	}
	at, known := k.nodeLists.place(to)
	if known {
		return at.id
	}
	return at.keep(to, k.newNodeSet(to))
}

func (k *intake) newNodeSet(to []Index) uint32 {
	if !rising(to) {
		to = slices.Clone(to)
		slices.Sort(to)
		to = slices.Compact(to)
	}
	k.node(to[len(to)-1])
	k.scratch = k.scratch[:0]
	for start := 0; start < len(to); {
		stop := start + 1
		for stop < len(to) && to[stop] == to[stop-1]+1 {
			stop++
		}
		k.scratch = append(k.scratch, uint32(to[start]), uint32(to[stop-1]))
		start = stop
	}
	return k.listed(k.sets, k.scratch)
}

// union numbers the union of sets.
func (k *intake) union(sets []uint32) uint32 {
	slices.Sort(sets)
	sets = slices.Compact(sets)
	if len(sets) == 1 {
		return sets[0]
	}
	var runs []uint64
	for _, set := range sets {
		runs = appendRuns(runs, k.sets.list(set))
	}
	slices.Sort(runs)
	k.scratch = k.scratch[:0]
	for _, r := range runs {
		first, last := unpacked(r)
		end := len(k.scratch) - 1
		if end > 0 && uint64(first) <= uint64(k.scratch[end])+1 {
			k.scratch[end] = max(k.scratch[end], last)
			continue
		}
		k.scratch = append(k.scratch, first, last)
	}
	return k.listed(k.sets, k.scratch)
}

// appendRuns packs the runs of a set so that they sort as numbers.
func appendRuns(runs []uint64, set []uint32) []uint64 {
	for i := 0; i+1 < len(set); i += 2 {
		runs = append(runs, packRun(set[i], set[i+1]))
	}
	return runs
}

func unpacked(run uint64) (first, last uint32) { return uint32(run >> 32), uint32(run) }
