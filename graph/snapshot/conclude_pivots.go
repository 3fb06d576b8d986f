package snapshot

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
)

func (k *concluder) pivotRows(in Conclusions) {
	allowed := map[graph.Relation]uint32{}
	for _, r := range graph.Relations {
		allowed[r] = 0
	}
	k.pivots = make([]pivotRow, 0, len(in.Pivots))
	for i := range in.Pivots {
		p := &in.Pivots[i]
		relation, ok := allowed[p.Relation]
		if !ok {
			k.fail("pivot of relation %q", p.Relation)
		}
		if relation == 0 {
			relation = k.text(string(p.Relation))
			allowed[p.Relation] = relation
		}
		k.pivots = append(k.pivots, pivotRow{k.foothold(p.From), k.foothold(p.To),
			relation, k.text(p.Action), k.text(p.Technique), k.ruling(&p.Ruling)})
	}
}

// pivotColumns groups the pivots by where they start, sorts each group, and
// writes those that are not there twice.
func (k *concluder) pivotColumns() {
	n := len(k.c.footNode)
	off, rows := gathered(n, k.pivots, func(p pivotRow) uint32 { return p.from })
	k.pivots = nil
	halves(n, func(from, to int) {
		for f := from; f < to; f++ {
			slices.SortFunc(rows[off[f]:off[f+1]], comparePivot)
		}
	})
	rows = slices.Compact(rows)
	var relations dictionary
	for i := range rows {
		if err := relations.add(rows[i].relation); err != nil && k.err == nil {
			k.err = err
		}
	}
	c := k.c
	c.cdictRelation = relations.words
	reserve(len(rows), &c.pivotFrom, &c.pivotTo, &c.pivotAction, &c.pivotTechnique, &c.pivotRuling)
	reserve(len(rows), &c.pivotRelation, &c.pivotVerdict)
	for _, p := range rows {
		c.pivotFrom = append(c.pivotFrom, p.from)
		c.pivotTo = append(c.pivotTo, p.to)
		c.pivotRelation = append(c.pivotRelation, relations.code(p.relation))
		c.pivotAction = append(c.pivotAction, p.action)
		c.pivotTechnique = append(c.pivotTechnique, p.technique)
		c.pivotRuling = append(c.pivotRuling, p.ruling)
		c.pivotVerdict = append(c.pivotVerdict, c.rulingVerdict[p.ruling])
	}
	c.pivotOutOff, c.pivotOut = offsets(n, c.pivotFrom), counted(len(rows))
	c.pivotInOff, c.pivotIn = inverse(n, c.pivotTo)
}

// comparePivot compares pivots that start alike.
func comparePivot(a, b pivotRow) int {
	if c := cmp.Compare(a.to, b.to); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.relation, b.relation), cmp.Compare(a.technique, b.technique),
		cmp.Compare(a.action, b.action), cmp.Compare(a.ruling, b.ruling))
}

// gathered returns rows in the order of a number below n that each has, and
// where those of each number begin.
func gathered[R any](n int, rows []R, key func(R) uint32) (off u32s, out []R) {
	off, out = make(u32s, n+1), make([]R, len(rows))
	for i := range rows {
		off[key(rows[i])+1]++
	}
	for i := range n {
		off[i+1] += off[i]
	}
	next := slices.Clone(off)
	for i := range rows {
		at := &next[key(rows[i])]
		out[*at] = rows[i]
		*at++
	}
	return off, out
}
