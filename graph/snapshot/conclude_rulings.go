package snapshot

// freezeRulings writes the rulings in order and returns their new numbers.
func (k *concluder) freezeRulings(str ranked, marks []bool) ranked {
	var effects dictionary
	more, keptMore := k.rulings.picked(marks)
	more.off, keptMore = more.off[1:], keptMore[1:] // 0 is the empty list, and no ruling
	for i := range uint32(more.len()) {
		list := more.list(i)
		list[1] = str.more[list[1]]
		for e := rulingHead; e < len(list); e += evidenceSize {
			list[e+2] = str.more[list[e+2]]
			k.addWord(&effects, list[e+2])
		}
	}
	stay, kept := k.stayingRulings(str.stay, &effects)
	k.c.cdictEffect = effects.words
	out, rank, rankMore := joinedLists(&stay, &more)
	k.rulingColumns(&out, effects)
	return ranked{byNumber(len(k.stay.uses.rulings), kept, rank), byNumber(k.rulings.len(), keptMore, rankMore)}
}

// addWord adds a word to a dictionary.
func (k *concluder) addWord(words *dictionary, word uint32) {
	if err := words.add(word); err != nil && k.err == nil {
		k.err = err
	}
}

// stayingRulings lists the rulings of last that stay as they are, with the new
// numbers of strings and attachments.
func (k *concluder) stayingRulings(str []uint32, effects *dictionary) (out lists, kept []uint32) {
	s := k.stay.last
	kept = numbersUsed(len(k.stay.uses.rulings), k.stay.uses.rulings)
	out.off = make([]uint32, len(kept)+1)
	for i, ruling := range kept {
		out.off[i+1] = out.off[i] + rulingHead + evidenceSize*(s.rulingOff[ruling+1]-s.rulingOff[ruling])
	}
	out.items = make([]uint32, out.off[len(kept)])
	for code, word := range s.cdictEffect {
		if k.stay.effects[code] {
			k.addWord(effects, str[word])
		}
	}
	halves(len(kept), func(from, to int) {
		for i := from; i < to; i++ {
			list := k.stay.appendRuling(out.list(uint32(i))[:0], kept[i], k.stay.m.Attachments)
			list[1] = str[list[1]]
			for e := rulingHead; e < len(list); e += evidenceSize {
				list[e+2] = str[list[e+2]]
			}
		}
	})
	return out, kept
}

func (k *concluder) rulingColumns(all *lists, effects dictionary) {
	c, n := k.c, all.len()
	if n == 0 {
		return
	}
	c.rulingVerdict, c.rulingLeast, c.rulingMost = make(u8s, n), make(u8s, n), make(u8s, n)
	c.rulingFormula, c.rulingOff = make(u32s, n), make(u32s, n+1)
	evidence := (len(all.items) - rulingHead*n) / evidenceSize
	c.evAttachment, c.evStatement, c.evEffect = make(u32s, evidence), make(u32s, evidence), make(u8s, evidence)
	halves(n, func(from, to int) {
		for i := from; i < to; i++ {
			at := (all.off[i] - uint32(rulingHead*i)) / evidenceSize
			c.putRuling(uint32(i), all.list(uint32(i)), at, effects)
		}
	})
}

// putRuling writes a ruling whose evidence begins at a place.
func (c *columns) putRuling(i uint32, list []uint32, at uint32, effects dictionary) {
	c.rulingVerdict[i], c.rulingLeast[i], c.rulingMost[i] = uint8(list[0]>>16), uint8(list[0]>>8), uint8(list[0])
	c.rulingFormula[i] = list[1]
	for _, e := range triples(list[rulingHead:]) {
		c.evAttachment[at], c.evStatement[at], c.evEffect[at] = e[0], e[1], effects.code(e[2])
		at++
	}
	c.rulingOff[i+1] = at
}
