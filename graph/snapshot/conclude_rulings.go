package snapshot

// freezeRulings writes the rulings in order and returns the new number of
// each.
func (k *concluder) freezeRulings(str []uint32, marks []bool) (rank []uint32) {
	var effects dictionary
	for _, id := range numbersUsed(k.rulings.len(), marks)[1:] { // 0 is the empty list, and no ruling
		list := k.rulings.list(id)
		list[1] = str[list[1]]
		for e := rulingHead; e < len(list); e += evidenceSize {
			list[e+2] = str[list[e+2]]
			if err := effects.add(list[e+2]); err != nil && k.err == nil {
				k.err = err
			}
		}
	}
	k.c.cdictEffect = effects.words
	off, items, rank := k.rulings.freezeUsed(nil, marks)
	k.rulingColumns(off, items, effects)
	for i := range rank {
		rank[i]-- // the empty list comes first
	}
	return rank
}

func (k *concluder) rulingColumns(off, items u32s, effects dictionary) {
	c, n := k.c, len(off)-2
	if n == 0 {
		return
	}
	evidence := (len(items) - rulingHead*n) / evidenceSize
	reserve(n, &c.rulingVerdict, &c.rulingLeast, &c.rulingMost)
	reserve(n, &c.rulingFormula)
	reserve(evidence, &c.evAttachment, &c.evStatement)
	reserve(evidence, &c.evEffect)
	c.rulingOff = make(u32s, 1, n+1)
	for i := 1; i <= n; i++ {
		list := items[off[i]:off[i+1]]
		c.rulingVerdict = append(c.rulingVerdict, uint8(list[0]>>16))
		c.rulingLeast = append(c.rulingLeast, uint8(list[0]>>8))
		c.rulingMost = append(c.rulingMost, uint8(list[0]))
		c.rulingFormula = append(c.rulingFormula, list[1])
		for e := rulingHead; e < len(list); e += evidenceSize {
			c.evAttachment = append(c.evAttachment, list[e])
			c.evStatement = append(c.evStatement, list[e+1])
			c.evEffect = append(c.evEffect, effects.code(list[e+2]))
		}
		c.rulingOff = append(c.rulingOff, uint32(len(c.evAttachment)))
	}
}
