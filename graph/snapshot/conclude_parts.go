package snapshot

import (
	"hash/maphash"
	"slices"
)

// rewriteParts gives the rows of parts the new numbers and sorts them. Behind
// the parts of the intake it puts those that stay, by their numbers there.
func (k *concluder) rewriteParts(parts []uint32, rulings, grants, sets ranked) {
	halves(len(parts), func(from, to int) {
		for _, p := range parts[from:to] {
			rows := triples(k.parts.list(p)[partHead:])
			for i, row := range rows {
				rows[i] = [3]uint32{grants.more[row[0]], rulings.more[row[1]], sets.more[row[2]]}
			}
			sortRows(rows)
		}
	})
	first := k.parts.len()
	k.addStayingParts()
	s := k.stay
	halves(len(s.parts), func(from, to int) {
		for p := from; p < to; p++ {
			if s.parts[p] {
				s.putPart(k.parts.list(uint32(first+p)), uint32(p), rulings, grants, sets)
			}
		}
	})
}

func sortRows(rows [][3]uint32) {
	if !slices.IsSortedFunc(rows, compareTriple) {
		slices.SortFunc(rows, compareTriple)
	}
}

// addStayingParts makes room for the parts of last, of those that go for
// nothing.
func (k *concluder) addStayingParts() {
	s, t := k.stay, k.parts
	t.off = slices.Grow(t.off, len(s.parts))
	end := uint32(len(t.items))
	for p, stays := range s.parts {
		if stays {
			end += partHead
			for _, set := range s.last.accSet[s.last.partOff[p]:s.last.partOff[p+1]] {
				if s.sets[set] != 0 {
					end += rowSize
				}
			}
		}
		t.off = append(t.off, end)
	}
	t.items = slices.Grow(t.items, int(end)-len(t.items))[:end]
}

// putPart writes the rows of a part of last that have nodes.
func (c *carried) putPart(list []uint32, part uint32, rulings, grants, sets ranked) {
	s, rows, n := c.last, triples(list[partHead:]), 0
	list[0] = uint32(s.partAbroad[part])
	for row := s.partOff[part]; row < s.partOff[part+1]; row++ {
		if set := c.sets[s.accSet[row]]; set != 0 {
			rows[n] = [3]uint32{grants.stay[s.accGrant[row]], rulings.of(c.rulings[s.accRuling[row]]), sets.of(set)}
			n++
		}
	}
	sortRows(rows)
}

// uniteParts finds parts that say the same, and returns which one stands for
// each; nil where none stands for another. Of parts that stay and lost no node
// no two are alike.
func (k *concluder) uniteParts(parts []uint32) []uint32 {
	s, first := k.stay, uint32(k.parts.len()-len(k.stay.parts))
	if len(s.parts) == 0 {
		return nil
	}
	others, clean := slices.Clone(parts), make([]bool, k.parts.len())
	for p := range used(s.parts) {
		lost := slices.ContainsFunc(s.last.accSet[s.last.partOff[p]:s.last.partOff[p+1]], func(set uint32) bool { return s.sets[set]&ofLast == 0 })
		if clean[first+p] = !lost; lost {
			others = append(others, first+p)
		}
	}
	return alike(k.parts, others, clean)
}

// alike finds lists among others that are like each other or like a clean one.
func alike(t *listTable, others []uint32, clean []bool) (stands []uint32) {
	if len(others) == 0 || len(clean) == 0 {
		return nil
	}
	stands = counted(t.len())
	by, seed := make(map[uint64][]uint32, len(others)), maphash.MakeSeed()
	for _, id := range others {
		hash := maphash.Bytes(seed, rawBytes(t.list(id)))
		by[hash] = append(by[hash], id)
	}
	for _, ids := range by {
		for i, id := range ids {
			same := slices.IndexFunc(ids[:i], func(other uint32) bool { return slices.Equal(t.list(id), t.list(other)) })
			if same >= 0 {
				stands[id] = stands[ids[same]]
			}
		}
	}
	findClean(t, clean, seed, by, stands)
	return stands
}

// findClean finds the clean lists that are like others, which they stand for.
func findClean(t *listTable, clean []bool, seed maphash.Seed, by map[uint64][]uint32, stands []uint32) {
	halves(len(clean), func(from, to int) {
		for id := from; id < to; id++ {
			if !clean[id] {
				continue
			}
			list := t.list(uint32(id))
			for _, other := range by[maphash.Bytes(seed, rawBytes(list))] {
				if slices.Equal(t.list(other), list) {
					stands[other] = uint32(id)
				}
			}
		}
	})
}

// unitePartLists puts the lists of parts that stay behind those of the intake,
// has lists name the parts that stand for others, and gives each class the list
// that stands for its own.
func (k *concluder) unitePartLists(classes []classRow, stands []uint32) {
	first := uint32(k.partLists.len())
	clean, others := k.addStayingLists(stands)
	for i := range classes {
		if at := &classes[i].parts; *at&ofLast != 0 {
			*at = first + *at&^ofLast
		}
	}
	for list := range first {
		others = append(others, list)
		k.nameParts(list, stands)
	}
	same := alike(k.partLists, others, clean)
	for i := range classes {
		if same != nil {
			classes[i].parts = same[classes[i].parts]
		}
	}
}

// nameParts has a list of the intake name the parts that stand for others.
func (k *concluder) nameParts(list uint32, stands []uint32) {
	if items := k.partLists.list(list); stands != nil {
		remapAll(items, stands)
		slices.Sort(items)
	}
}

// addStayingLists puts the lists of last that stay behind those of the intake.
// Clean are those of which no part is gone, or stood for by another.
func (k *concluder) addStayingLists(stands []uint32) (clean []bool, others []uint32) {
	s, t := k.stay, k.partLists
	if len(s.lists) == 0 {
		return nil, nil
	}
	first, firstPart := t.len(), uint32(k.parts.len()-len(s.parts))
	clean = make([]bool, first+len(s.lists))
	t.off, t.items = slices.Grow(t.off, len(s.lists)), slices.Grow(t.items, len(s.last.partsItem))
	for list, stays := range s.lists {
		from := len(t.items)
		if stays {
			whole := true
			for _, p := range s.last.partsItem[s.last.partsOff[list]:s.last.partsOff[list+1]] {
				part := firstPart + p
				if stands != nil && s.parts[p] {
					part = stands[part]
				}
				if whole = whole && s.parts[p] && part == firstPart+p; s.parts[p] {
					t.items = append(t.items, part)
				}
			}
			if clean[first+list] = whole; !whole {
				mine := t.items[from:]
				slices.Sort(mine)
				t.items = t.items[:from+len(slices.Compact(mine))]
				others = append(others, uint32(first+list))
			}
		}
		t.off = append(t.off, uint32(len(t.items)))
	}
	return clean, others
}
