package snapshot

import (
	"math"
	"slices"
)

// nodeSet numbers a set of nodes, the empty one being 0.
func (k *concluder) nodeSet(to []Index) uint32 {
	if len(to) == 0 {
		return 0
	}
	at, known := k.nodeLists.place(to)
	if known {
		return at.id
	}
	return at.keep(to, k.newNodeSet(to))
}

func (k *concluder) newNodeSet(to []Index) uint32 {
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
	return k.setOfRuns()
}

// setOfRuns numbers the set whose runs are in scratch.
func (k *concluder) setOfRuns() uint32 {
	if len(k.sets.items)+len(k.scratch) > math.MaxUint32-1 {
		k.fail("sets of more runs than an index can number")
		return 0
	}
	return k.sets.id(k.scratch)
}

// union numbers the union of sets.
func (k *concluder) union(sets []uint32) uint32 {
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
	return k.setOfRuns()
}

// appendRuns packs the runs of a set so that they sort as numbers.
func appendRuns(runs []uint64, set []uint32) []uint64 {
	for i := 0; i+1 < len(set); i += 2 {
		runs = append(runs, packRun(set[i], set[i+1]))
	}
	return runs
}

func unpacked(run uint64) (first, last uint32) { return uint32(run >> 32), uint32(run) }

// setColumns writes the sets that rows speak of, each run of nodes once, and
// gives the rows the new numbers.
func (k *concluder) setColumns(rows []accessRow) {
	used := k.usedSets(rows)
	runs, sets := k.runColumns(used)
	order := sortedLists(len(used), sets.list)
	c := k.c
	c.setOff, c.setRun = make(u32s, 1, len(order)+1), make(u32s, 0, len(sets.items))
	for _, i := range order {
		c.setRun = append(c.setRun, sets.list(i)...)
		c.setOff = append(c.setOff, uint32(len(c.setRun)))
	}
	rank := make([]uint32, k.sets.len())
	for place, i := range order {
		rank[used[i]] = uint32(place)
	}
	for i := range rows {
		rows[i].set = rank[rows[i].set]
	}
	k.sets = nil
	k.runSets(runs)
}

// usedSets returns the sets that rows speak of: some were joined to others.
func (k *concluder) usedSets(rows []accessRow) (used []uint32) {
	seen := make([]bool, k.sets.len())
	for _, r := range rows {
		if !seen[r.set] {
			seen[r.set] = true
			used = append(used, r.set)
		}
	}
	return used
}

// runColumns writes the distinct runs of sets, sorted, and returns the sets as
// lists of their numbers.
func (k *concluder) runColumns(used []uint32) (n int, sets *listTable) {
	sets = &listTable{off: make([]uint32, 1, len(used)+1)}
	var runs []uint64
	for _, set := range used {
		runs = appendRuns(runs, k.sets.list(set))
		sets.off = append(sets.off, uint32(len(runs)))
	}
	sorted := slices.Clone(runs)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	c := k.c
	reserve(len(sorted), &c.runFirst, &c.runLast)
	for _, r := range sorted {
		first, last := unpacked(r)
		c.runFirst, c.runLast = append(c.runFirst, first), append(c.runLast, last)
	}
	c.runMax = summits(c.runLast)
	sets.items = make([]uint32, len(runs))
	halves(len(runs), func(from, to int) {
		for i := from; i < to; i++ {
			at, _ := slices.BinarySearch(sorted, runs[i])
			sets.items[i] = uint32(at)
		}
	})
	return len(sorted), sets
}

// runSets lists the sets that each run is part of.
func (k *concluder) runSets(runs int) {
	c := k.c
	c.runSetOff, c.runSet = offsets(runs, c.setRun), make(u32s, len(c.setRun))
	next := slices.Clone(c.runSetOff)
	for set := range uint32(len(c.setOff) - 1) {
		for _, run := range c.setRun[c.setOff[set]:c.setOff[set+1]] {
			c.runSet[next[run]] = set
			next[run]++
		}
	}
}
