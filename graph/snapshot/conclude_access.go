package snapshot

import (
	"cmp"
	"slices"
)

// accessColumns writes what classes may do. classes are those that have
// members, in their new order, and parts those that they have.
func (k *concluder) accessColumns(r newNumbers, classes []classRow, parts []uint32, grants []bool) {
	k.pruneHomes(classes)
	sets := k.setColumns(k.usedSets(parts, classes))
	k.rewriteParts(parts, r.rulings, k.grantColumns(r, grants), sets)
	order, rank := k.orderParts(classes)
	k.partColumns(order)
	k.classColumns(classes, rank, sets)
}

// pruneHomes forgets the homes of classes that nothing from abroad is told of.
func (k *concluder) pruneHomes(classes []classRow) {
	abroad := func(p uint32) bool { return k.parts.list(p)[0] != 0 }
	for i := range classes {
		if !slices.ContainsFunc(k.partLists.list(classes[i].parts), abroad) {
			classes[i].home = 0
		}
	}
}

// usedParts lists the parts that classes have.
func (k *concluder) usedParts(classes []classRow) (used []uint32) {
	seen := make([]bool, k.parts.len())
	for _, class := range classes {
		for _, p := range k.partLists.list(class.parts) {
			if !seen[p] {
				seen[p] = true
				used = append(used, p)
			}
		}
	}
	return used
}

// rewriteParts gives the rows of parts the new numbers and sorts them.
func (k *concluder) rewriteParts(parts, rulings, grants, sets []uint32) {
	halves(len(parts), func(from, to int) {
		var sorted []rawRow
		for _, p := range parts[from:to] {
			list := k.parts.list(p)[partHead:]
			sorted = sorted[:0]
			for row := range slices.Chunk(list, rowSize) {
				sorted = append(sorted, rawRow{grants[row[0]], rulings[row[1]], sets[row[2]]})
			}
			slices.SortFunc(sorted, compareRaw)
			for i, row := range sorted {
				copy(list[i*rowSize:], []uint32{row.grant, row.ruling, row.set})
			}
		}
	})
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

// grantColumns writes what rows may do, in order, and returns the new number
// of each grant.
func (k *concluder) grantColumns(r newNumbers, marks []bool) (rank []uint32) {
	grants, c := k.grants.keys, k.c
	for i := range grants {
		g := &grants[i]
		*g = grant{r.lists[g.actions], r.lists[g.include], r.lists[g.exclude]}
	}
	order := numbersUsed(len(grants), marks)
	slices.SortFunc(order, func(a, b uint32) int {
		x, y := grants[a], grants[b]
		return cmp.Or(cmp.Compare(x.actions, y.actions), cmp.Compare(x.include, y.include), cmp.Compare(x.exclude, y.exclude))
	})
	reserve(len(order), &c.grantActions, &c.grantInclude, &c.grantExclude)
	rank = make([]uint32, len(grants))
	for place, i := range order {
		rank[i] = uint32(place)
		c.grantActions = append(c.grantActions, grants[i].actions)
		c.grantInclude = append(c.grantInclude, grants[i].include)
		c.grantExclude = append(c.grantExclude, grants[i].exclude)
	}
	return rank
}

// partColumns writes the rows, part by part, and who has what.
func (k *concluder) partColumns(order []uint32) {
	c, total := k.c, 0
	for _, p := range order {
		total += (len(k.parts.list(p)) - partHead) / rowSize
	}
	reserve(total, &c.accPart, &c.accSet, &c.accGrant, &c.accRuling)
	reserve(len(order), &c.partAbroad)
	c.partOff = make(u32s, 1, len(order)+1)
	for i, p := range order {
		list := k.parts.list(p)
		c.partAbroad = append(c.partAbroad, uint8(list[0]))
		for row := range slices.Chunk(list[partHead:], rowSize) {
			c.accPart = append(c.accPart, uint32(i))
			c.accGrant, c.accRuling, c.accSet = append(c.accGrant, row[0]), append(c.accRuling, row[1]), append(c.accSet, row[2])
		}
		c.partOff = append(c.partOff, uint32(len(c.accPart)))
	}
	k.parts = nil
	c.accByOff, c.accBy = inverse(max(0, len(c.setOff)-1), c.accSet)
}

// classColumns writes the parts and the home of each class. Lists of parts are
// numbered by the first class that has each.
func (k *concluder) classColumns(classes []classRow, parts, sets []uint32) {
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
			home = sets[class.home]
		}
		c.classHome = append(c.classHome, home)
	}
	c.partsByOff, c.partsBy = holders(len(c.partOff)-1, c.partsOff, c.partsItem)
	c.classByOff, c.classBy = inverse(len(c.partsOff)-1, c.classParts)
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
