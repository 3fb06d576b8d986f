package snapshot

import "slices"

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
