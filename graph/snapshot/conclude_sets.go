package snapshot

import "slices"

// setColumns writes sets, each run of nodes once, and returns their new numbers.
func (k *concluder) setColumns(used []uint32, stays []bool) ranked {
	if len(used) == 0 && !slices.Contains(stays, true) {
		return ranked{make([]uint32, len(stays)), make([]uint32, k.sets.len())}
	}
	more := lists{off: make([]uint32, 1, len(used)+1)}
	var runs []uint64
	for _, set := range used {
		runs = appendRuns(runs, k.sets.list(set))
		more.off = append(more.off, uint32(len(runs)))
	}
	stay, kept, now := k.stayingRuns(stays)
	all, rank := k.runColumns(now, runs)
	remapAll(stay.items, rank)
	more.items = placesOf(runs, all)
	out, rank, rankMore := joinedLists(&stay, &more)
	c := k.c
	c.setOff, c.setRun = out.off, out.items
	k.later.add(len(c.setRun), k.invertSets)
	n := k.sets.len()
	k.sets = nil
	return ranked{byNumber(len(stays), kept, rank), byNumber(n, used, rankMore)}
}

// usedSets returns the sets of the intake that parts and homes are, and marks
// those of last: some were joined to others.
func (k *concluder) usedSets(parts []uint32, classes []classRow) (used []uint32, stays []bool) {
	seen, stays := make([]bool, k.sets.len()), make([]bool, len(k.stay.sets))
	seen[0] = true // the empty one
	use := func(set uint32) {
		if set&ofLast != 0 {
			stays[set&^ofLast] = true
		} else if !seen[set] {
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
	for row, part := range k.stay.last.accPart {
		if k.stay.parts[part] {
			use(k.stay.sets[k.stay.last.accSet[row]])
		}
	}
	return used, stays
}

// stayingRuns lists the sets of last that stay, as the places of their runs
// among those that stay, which it returns too.
func (k *concluder) stayingRuns(stays []bool) (sets lists, kept []uint32, runs []uint64) {
	s := k.stay.last
	sets, kept = pickStaying(stays, s.runsOfSet)
	inUse := make([]bool, len(s.runFirst))
	for _, run := range sets.items {
		inUse[run] = true
	}
	place := make([]uint32, len(inUse))
	for run := range used(inUse) {
		place[run] = uint32(len(runs))
		runs = append(runs, packRun(k.stay.runEnds(run)))
	}
	remapAll(sets.items, place)
	return sets, kept, runs
}

// runColumns writes the distinct runs, sorted, and returns them, and where those
// that stay are now.
func (k *concluder) runColumns(stay, more []uint64) (all []uint64, rank []uint32) {
	some := slices.Clone(more)
	slices.Sort(some)
	all = united(stay, slices.Compact(some))
	c := k.c
	c.runFirst, c.runLast = make(u32s, len(all)), make(u32s, len(all))
	for i, r := range all {
		c.runFirst[i], c.runLast[i] = unpacked(r)
	}
	c.runMax = summits(c.runLast)
	return all, placesOf(stay, all)
}

// united returns the numbers of two lists of which no one holds any twice,
// sorted.
func united(a, b []uint64) []uint64 {
	if len(a) == 0 {
		return b
	}
	if !slices.IsSorted(a) {
		b, a = append(b, a...), nil
		slices.Sort(b)
		return slices.Compact(b)
	}
	out := make([]uint64, 0, len(a)+len(b))
	for _, v := range b {
		at, known := slices.BinarySearch(a, v)
		out = append(out, a[:at]...)
		if a = a[at:]; !known {
			out = append(out, v)
		}
	}
	return append(out, a...)
}

// placesOf returns where numbers stand in a sorted list.
func placesOf(list, sorted []uint64) []uint32 {
	out := make([]uint32, len(list))
	halves(len(list), func(from, to int) {
		at := 0
		for i := from; i < to; i++ {
			if at++; at >= len(sorted) || sorted[at] != list[i] { // lists mostly rise too
				at, _ = slices.BinarySearch(sorted, list[i])
			}
			out[i] = uint32(at)
		}
	})
	return out
}
