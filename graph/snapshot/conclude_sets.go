package snapshot

import "slices"

// setColumns writes sets, each run of nodes once, and returns the new number
// of each.
func (k *concluder) setColumns(used []uint32) (rank []uint32) {
	rank = make([]uint32, k.sets.len())
	if len(used) == 0 {
		return rank
	}
	runs, sets := k.runColumns(used)
	order := sortedLists(len(used), sets.list)
	c := k.c
	c.setOff, c.setRun = make(u32s, 1, len(order)+1), make(u32s, 0, len(sets.items))
	for _, i := range order {
		c.setRun = append(c.setRun, sets.list(i)...)
		c.setOff = append(c.setOff, uint32(len(c.setRun)))
	}
	for place, i := range order {
		rank[used[i]] = uint32(place)
	}
	k.sets = nil
	c.runSetOff, c.runSet = holders(runs, c.setOff, c.setRun)
	return rank
}

// usedSets returns the sets that parts and homes are: some were joined to
// others.
func (k *concluder) usedSets(parts []uint32, classes []classRow) (used []uint32) {
	seen := make([]bool, k.sets.len())
	seen[0] = true // the empty one
	use := func(set uint32) {
		if !seen[set] {
			seen[set] = true
			used = append(used, set)
		}
	}
	for _, p := range parts {
		for row := range slices.Chunk(k.parts.list(p)[partHead:], rowSize) {
			use(row[2])
		}
	}
	for _, class := range classes {
		use(class.home)
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
