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
	relations := k.relationColumn(r, steps)
	if len(k.stay.last.pivotTo) == 0 {
		k.leapColumns(relations, steps, off, leaps)
	} else {
		k.spliceLeaps(newPivots{k, r, relations, steps, off, leaps})
	}
	k.later.add(len(k.c.pivotTo), k.numberPivots)
	k.later.add(len(k.c.pivotTo), k.invertPivots)
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
		out[*at] = leap{k.foothold(Foothold{Index(p.to), steps[p.step].to}), rank[p.step], r.rulings.more[p.ruling]}
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

func (k *concluder) leapColumns(relations dictionary, steps []step, off u32s, leaps []leap) {
	c := k.c
	c.reservePivots(len(leaps))
	for from := range uint32(len(off) - 1) {
		for at := off[from]; at < off[from+1]; at++ {
			c.putPivot(at, from, leaps[at].jump(relations, steps))
		}
	}
	c.pivotOutOff = off
}

// A jump is a pivot without where it starts, in the numbers of columns. Jumps
// stand in order.
type jump struct{ to, relation, technique, action, ruling uint32 }

func (l leap) jump(relations dictionary, steps []step) jump {
	s := steps[l.step]
	return jump{l.to, uint32(relations.code(s.relation)), s.technique, s.action, l.ruling}
}

func compareJump(a, b jump) int {
	return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.relation, b.relation), cmp.Compare(a.technique, b.technique),
		cmp.Compare(a.action, b.action), cmp.Compare(a.ruling, b.ruling))
}

// reservePivots makes room for n pivots.
func (c *columns) reservePivots(n int) {
	for _, column := range []*u32s{&c.pivotFrom, &c.pivotTo, &c.pivotAction, &c.pivotTechnique, &c.pivotRuling} {
		*column = make(u32s, n)
	}
	c.pivotRelation, c.pivotVerdict = make(u8s, n), make(u8s, n)
}

func (c *columns) putPivot(at, from uint32, j jump) {
	c.pivotFrom[at], c.pivotTo[at], c.pivotRuling[at] = from, j.to, j.ruling
	c.pivotTechnique[at], c.pivotAction[at], c.pivotRelation[at] = j.technique, j.action, uint8(j.relation)
	c.pivotVerdict[at] = c.rulingVerdict[j.ruling]
}
