package snapshot

import (
	"cmp"
	"slices"
)

// A leap is a pivot without where it starts.
type leap struct{ to, step, ruling uint32 }

// pivotColumns groups the pivots by where they start, sorts each group, and
// writes those that are not there twice.
func (k *concluder) pivotColumns(r newNumbers) {
	steps, rank := k.stepColumns(r)
	off, leaps := k.leaps(r, rank)
	k.pivots = rows[pivotRow]{}
	halves(len(off)-1, func(from, to int) {
		for f := from; f < to; f++ {
			slices.SortFunc(leaps[off[f]:off[f+1]], compareLeap)
		}
	})
	leaps = distinct(off, leaps)
	k.leapColumns(steps, off, leaps)
	c := k.c
	c.pivotOutOff, c.pivotOut = off, counted(len(leaps))
	c.pivotInOff, c.pivotIn = inverse(len(off)-1, c.pivotTo)
}

// leaps returns the pivots in the order of where they start, and where those
// of each foothold begin.
func (k *concluder) leaps(r newNumbers, rank []uint32) (off u32s, out []leap) {
	steps := k.steps.keys
	off, out = make(u32s, len(k.c.footNode)+1), make([]leap, k.pivots.n)
	start := func(p pivotRow) uint32 { return k.foothold(Foothold{Index(p.from), steps[p.step].from}) }
	for p := range k.pivots.all() {
		off[start(p)+1]++
	}
	for i := 1; i < len(off); i++ {
		off[i] += off[i-1]
	}
	next := slices.Clone(off)
	for p := range k.pivots.all() {
		at := &next[start(p)]
		out[*at] = leap{k.foothold(Foothold{Index(p.to), steps[p.step].to}), rank[p.step], r.rulings[p.ruling]}
		*at++
	}
	return off, out
}

func compareLeap(a, b leap) int {
	return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.step, b.step), cmp.Compare(a.ruling, b.ruling))
}

// distinct leaves each row of a run out that is like the one before it.
func distinct[R comparable](off u32s, list []R) []R {
	n := uint32(0)
	for i := range len(off) - 1 {
		from, to := off[i], off[i+1]
		off[i] = n
		for at := from; at < to; at++ {
			if at == from || list[at] != list[at-1] {
				list[n] = list[at]
				n++
			}
		}
	}
	off[len(off)-1] = n
	return list[:n]
}

func (k *concluder) leapColumns(steps []step, off u32s, leaps []leap) {
	c, relations := k.c, k.stepRelations(steps)
	reserve(len(leaps), &c.pivotFrom, &c.pivotTo, &c.pivotAction, &c.pivotTechnique, &c.pivotRuling)
	reserve(len(leaps), &c.pivotRelation, &c.pivotVerdict)
	for from := range uint32(len(off) - 1) {
		for _, l := range leaps[off[from]:off[from+1]] {
			s := steps[l.step]
			c.pivotFrom = append(c.pivotFrom, from)
			c.pivotTo = append(c.pivotTo, l.to)
			c.pivotRelation = append(c.pivotRelation, relations.code(s.relation))
			c.pivotAction = append(c.pivotAction, s.action)
			c.pivotTechnique = append(c.pivotTechnique, s.technique)
			c.pivotRuling = append(c.pivotRuling, l.ruling)
			c.pivotVerdict = append(c.pivotVerdict, c.rulingVerdict[l.ruling])
		}
	}
}
