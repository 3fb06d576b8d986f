package snapshot

import "slices"

// newPivots are those that are put between the pivots that stay.
type newPivots struct {
	*concluder
	r         newNumbers
	relations dictionary
	steps     []step
	off       []uint32 // by foothold
	leaps     []leap
}

// spliceLeaps writes the pivots that stay and those that are new.
func (k *concluder) spliceLeaps(n newPivots) {
	c, was := k.c, k.formerly()
	off := make(u32s, len(was)+1)
	halves(len(was), func(from, to int) {
		for f := from; f < to; f++ {
			off[f+1] = n.off[f+1] - n.off[f] + k.stay.countPivots(was[f])
		}
	})
	for f := range was {
		off[f+1] += off[f]
	}
	w := n.splicer()
	all := newMostlyPivots(int(off[len(was)]), c.rulingVerdict, k.shared)
	less := make([]uint32, len(was)) // how many were there twice
	halves(len(was), func(from, to int) {
		var list []jump
		out := all.run(off[from])
		for f := from; f < to; f++ {
			if !w.copyPivots(out, off[f], uint32(f), was[f]) {
				list = w.mixed(list[:0], uint32(f), was[f])
				for i, j := range list {
					out.put(off[f]+uint32(i), uint32(f), j)
				}
				less[f] = off[f+1] - off[f] - uint32(len(list))
			}
		}
	})
	c.pivotOutOff = off
	gaps := slices.ContainsFunc(less, func(n uint32) bool { return n > 0 })
	if all.columns(c, gaps); gaps {
		c.closePivots(less)
	}
}

// formerly returns, by foothold, which one of last it was, None if it is new.
func (k *concluder) formerly() []uint32 {
	was := slices.Repeat([]uint32{uint32(None)}, len(k.c.footNode))
	for f := range used(k.stay.feet) {
		was[k.footNow[f]] = f
	}
	return was
}

// countPivots counts the pivots of a foothold of last that stay.
func (c *carried) countPivots(f uint32) (n uint32) {
	if f == uint32(None) || !c.starts[f] {
		return 0
	}
	from, to := c.last.pivotSpan(f)
	if c.dropped == nil {
		return to - from
	}
	for _, dropped := range c.dropped[from:to] {
		n += 1 - asNumber(dropped)
	}
	return n
}

// A pivotSplicer gives pivots that stay their new numbers.
type pivotSplicer struct {
	newPivots
	codes [256]uint32 // of relations
}

func (n newPivots) splicer() *pivotSplicer {
	w := &pivotSplicer{newPivots: n}
	for code, word := range n.stay.last.cdictRelation {
		if n.stay.relations[code] {
			w.codes[code] = uint32(n.relations.code(n.r.strings.stay[word]))
		}
	}
	return w
}

func (w *pivotSplicer) jump(p uint32) jump {
	s, str := w.stay.last, w.r.strings.stay
	return jump{w.footNow[s.pivotTo[p]], w.codes[s.pivotRelation[p]], str[s.pivotTechnique[p]], str[s.pivotAction[p]], w.r.rulings.stay[s.pivotRuling[p]]}
}

// copyPivots writes the pivots of a foothold from a place on, if none is new and
// they stay in order; false if not.
func (w *pivotSplicer) copyPivots(out *mostlyPivotsRun, at, foothold, was uint32) bool {
	if was == uint32(None) || !w.stay.starts[was] || w.off[foothold] != w.off[foothold+1] {
		return false
	}
	var last jump
	first := at
	for p, end := w.stay.last.pivotSpan(was); p < end; p++ {
		if w.stay.dropped != nil && w.stay.dropped[p] {
			continue
		}
		j := w.jump(p)
		if at > first && compareJump(last, j) >= 0 {
			return false
		}
		out.put(at, foothold, j)
		last = j
		at++
	}
	return true
}

// mixed lists all pivots of a foothold in order, each once.
func (w *pivotSplicer) mixed(list []jump, foothold, was uint32) []jump {
	for _, l := range w.leaps[w.off[foothold]:w.off[foothold+1]] {
		list = append(list, l.jump(w.relations, w.steps))
	}
	if was != uint32(None) {
		w.stay.eachStaying(was, func(p uint32) { list = append(list, w.jump(p)) })
	}
	slices.SortFunc(list, compareJump)
	return slices.Compact(list)
}

// eachStaying calls each for the pivots of a foothold that stay.
func (c *carried) eachStaying(f uint32, each func(p uint32)) {
	from, to := c.last.pivotSpan(f)
	for p := from; p < to && c.starts[f]; p++ {
		if c.dropped == nil || !c.dropped[p] {
			each(p)
		}
	}
}

// closePivots closes the gaps that pivots left which were there twice.
func (c *columns) closePivots(less []uint32) {
	to := uint32(0)
	for f, n := range less {
		from, end := c.pivotOutOff[f], c.pivotOutOff[f+1]-n
		c.movePivots(to, from, end)
		c.pivotOutOff[f] = to
		to += end - from
	}
	c.pivotOutOff[len(less)] = to
	for _, column := range []*u32s{&c.pivotFrom, &c.pivotTo, &c.pivotAction, &c.pivotTechnique, &c.pivotRuling} {
		*column = (*column)[:to]
	}
	c.pivotRelation, c.pivotVerdict = c.pivotRelation[:to], c.pivotVerdict[:to]
}

// movePivots moves pivots to a lower place.
func (c *columns) movePivots(to, from, end uint32) {
	for _, column := range []u32s{c.pivotFrom, c.pivotTo, c.pivotAction, c.pivotTechnique, c.pivotRuling} {
		copy(column[to:], column[from:end])
	}
	copy(c.pivotRelation[to:], c.pivotRelation[from:end])
	copy(c.pivotVerdict[to:], c.pivotVerdict[from:end])
}
