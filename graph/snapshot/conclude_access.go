package snapshot

import "slices"

// accessColumns writes what classes may do. classes are those that have
// members, in their new order, and parts those of the intake that they have.
func (k *concluder) accessColumns(r newNumbers, classes []classRow, parts []uint32, grants []bool) {
	k.pruneHomes(classes)
	sets := k.setColumns(k.usedSets(parts, classes))
	k.rewriteParts(parts, r.rulings, k.grantColumns(r, grants), sets)
	k.unitePartLists(classes, k.uniteParts(parts))
	order, rank := k.orderParts(classes)
	k.partColumns(order)
	k.classColumns(classes, rank, sets)
}

// pruneHomes forgets the homes of classes that nothing from abroad is told of.
func (k *concluder) pruneHomes(classes []classRow) {
	abroad := func(p uint32) bool { return k.parts.list(p)[0] != 0 }
	for i, class := range classes {
		if class.parts&ofLast == 0 && !slices.ContainsFunc(k.partLists.list(class.parts), abroad) {
			classes[i].home = 0
		}
	}
}

// usedParts lists the parts of the intake that classes have.
func (k *concluder) usedParts(classes []classRow) (used []uint32) {
	seen := make([]bool, k.parts.len())
	for _, class := range classes {
		if class.parts&ofLast != 0 {
			continue
		}
		for _, p := range k.partLists.list(class.parts) {
			if !seen[p] {
				seen[p] = true
				used = append(used, p)
			}
		}
	}
	return used
}

// orderParts numbers the parts that classes have by the first class that has
// each, so that what is read together stands together; within a class they
// stand in the order of what they say.
func (k *concluder) orderParts(classes []classRow) (order, rank []uint32) {
	rank = slices.Repeat([]uint32{uint32(None)}, k.parts.len())
	for _, class := range classes {
		from := len(order)
		for _, p := range k.partLists.list(class.parts) {
			if rank[p] == uint32(None) {
				order = append(order, p)
			}
		}
		mine := order[from:]
		slices.SortFunc(mine, func(a, b uint32) int { return slices.Compare(k.parts.list(a), k.parts.list(b)) })
		for i, p := range mine {
			rank[p] = uint32(from + i)
		}
	}
	return order, rank
}

// grantColumns writes what rows may do, in order, and returns the new numbers.
func (k *concluder) grantColumns(r newNumbers, marks []bool) ranked {
	s, str := k.stay.last, r.lists.stay
	keptMore := numbersUsed(len(k.grants.keys), marks)
	more, stay := lists{off: make([]uint32, 1)}, lists{off: make([]uint32, 1)}
	for _, i := range keptMore {
		g := k.grants.keys[i]
		more.add([]uint32{r.lists.more[g.actions], r.lists.more[g.include], r.lists.more[g.exclude]})
	}
	kept := numbersUsed(len(k.stay.uses.grants), k.stay.uses.grants)
	for _, i := range kept {
		stay.add([]uint32{str[s.grantActions[i]], str[s.grantInclude[i]], str[s.grantExclude[i]]})
	}
	out, rank, rankMore := joinedLists(&stay, &more)
	c := k.c
	reserve(out.len(), &c.grantActions, &c.grantInclude, &c.grantExclude)
	for _, g := range triples(out.items) {
		c.grantActions, c.grantInclude, c.grantExclude = append(c.grantActions, g[0]), append(c.grantInclude, g[1]), append(c.grantExclude, g[2])
	}
	return ranked{byNumber(len(k.stay.uses.grants), kept, rank), byNumber(len(k.grants.keys), keptMore, rankMore)}
}

// partColumns writes the rows, part by part.
func (k *concluder) partColumns(order []uint32) {
	c := k.c
	c.partOff = make(u32s, len(order)+1)
	for i, p := range order {
		c.partOff[i+1] = c.partOff[i] + uint32(len(k.parts.list(p))-partHead)/rowSize
	}
	total := c.partOff[len(order)]
	c.accPart, c.accSet, c.accGrant, c.accRuling = make(u32s, total), make(u32s, total), make(u32s, total), make(u32s, total)
	c.partAbroad = make(u8s, len(order))
	halves(len(order), func(from, to int) {
		for i := from; i < to; i++ {
			list, at := k.parts.list(order[i]), c.partOff[i]
			c.partAbroad[i] = uint8(list[0])
			for _, row := range triples(list[partHead:]) {
				c.accPart[at], c.accGrant[at], c.accRuling[at], c.accSet[at] = uint32(i), row[0], row[1], row[2]
				at++
			}
		}
	})
	k.parts = nil
	k.later.add(len(c.accSet), func() { c.accByOff, c.accBy = inverse(max(0, len(c.setOff)-1), c.accSet) })
}

// classColumns writes the parts and the home of each class. Lists of parts are
// numbered by the first class that has each.
func (k *concluder) classColumns(classes []classRow, parts []uint32, sets ranked) {
	c := k.c
	number := slices.Repeat([]uint32{uint32(None)}, k.partLists.len())
	reserve(len(classes), &c.classParts, &c.classHome)
	c.partsOff = make(u32s, 1)
	for _, class := range classes {
		at := &number[class.parts]
		if *at == uint32(None) {
			*at = uint32(len(c.partsOff) - 1)
			list := k.partLists.list(class.parts)
			remapAll(list, parts)
			slices.Sort(list)
			c.partsItem = append(c.partsItem, list...)
			c.partsOff = append(c.partsOff, uint32(len(c.partsItem)))
		}
		c.classParts = append(c.classParts, *at)
		home := uint32(None)
		if class.home != 0 {
			home = sets.of(class.home)
		}
		c.classHome = append(c.classHome, home)
	}
	k.later.add(len(c.partsItem), func() { c.partsByOff, c.partsBy = holders(len(c.partOff)-1, c.partsOff, c.partsItem) })
	k.later.add(len(c.classParts), func() { c.classByOff, c.classBy = inverse(len(c.partsOff)-1, c.classParts) })
}

// holders lists, for each item below n, the lists that hold it, in order.
func holders(n int, off, items u32s) (byOff, by u32s) {
	byOff, by = offsets(n, items), make(u32s, len(items))
	next := slices.Clone(byOff)
	for list := range uint32(len(off) - 1) {
		for _, item := range items[off[list]:off[list+1]] {
			by[next[item]] = list
			next[item]++
		}
	}
	return byOff, by
}
