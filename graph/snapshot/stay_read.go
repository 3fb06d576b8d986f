package snapshot

import (
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// What is carried over is read as what is collected is.

// numPivots returns how many pivots stay.
func (c *carried) numPivots() (n int) {
	for f, stays := range c.starts {
		if from, to := c.last.pivotSpan(uint32(f)); stays {
			n += int(to - from)
		}
	}
	for _, dropped := range c.dropped {
		n -= int(asNumber(dropped))
	}
	return n
}

// pivots yields the pivots that stay.
func (c *carried) pivots() iter.Seq[Pivot] {
	return func(yield func(Pivot) bool) {
		for f := range used(c.starts) {
			for p, end := c.last.pivotSpan(f); p < end; p++ {
				if (c.dropped == nil || !c.dropped[p]) && !yield(c.pivot(PivotIndex(p))) {
					return
				}
			}
		}
	}
}

func (c *carried) pivot(i PivotIndex) Pivot {
	p := c.last.Pivot(i)
	p.From.Node, p.To.Node = c.m.Nodes[p.From.Node], c.m.Nodes[p.To.Node]
	for k := range p.Ruling.Evidence {
		at := &p.Ruling.Evidence[k].Attachment
		*at = c.m.Attachments[*at]
	}
	slices.SortFunc(p.Ruling.Evidence, compareEvidence)
	return p
}

// administrations yields the administrations that stay.
func (c *carried) administrations() iter.Seq[Administration] {
	return func(yield func(Administration) bool) {
		for _, row := range c.admins {
			a := c.last.administration(row)
			a.From.Node, a.Scope = c.m.Nodes[a.From.Node], c.m.Nodes[a.Scope]
			a.Ruling = c.rulingAt(c.last.admRuling[row], c.m.Attachments)
			if !yield(a) {
				return
			}
		}
	}
}

// rulingAt is a ruling with its evidence where of says.
func (c *carried) rulingAt(ruling uint32, of []AttachmentIndex) Ruling {
	r := c.last.ruling(ruling)
	for i := range r.Evidence {
		at := &r.Evidence[i].Attachment
		*at = of[*at]
	}
	slices.SortFunc(r.Evidence, compareEvidence)
	return r
}

func (c *carried) numClasses() (n int) {
	for range used(c.classes) {
		n++
	}
	return n
}

// eachClass yields the members and the parts of the classes that stay.
func (c *carried) eachClass() iter.Seq2[[]Foothold, []PartIndex] {
	return func(yield func([]Foothold, []PartIndex) bool) {
		for class := range used(c.classes) {
			var held []Foothold
			for _, f := range c.last.ClassMembers(class) {
				if at := c.last.Foothold(f); c.members[f] {
					held = append(held, Foothold{c.m.Nodes[at.Node], at.Hold})
				}
			}
			if !yield(held, c.partsOf(class)) {
				return
			}
		}
	}
}

func (c *carried) partsOf(class uint32) (out []PartIndex) {
	for _, p := range c.last.PartsOf(class) {
		if c.parts[p] {
			out = append(out, p|ofLast)
		}
	}
	return out
}

// partRows yields the rows of a part that stays.
func (c *carried) partRows(part uint32) iter.Seq[PartRow] {
	return func(yield func(PartRow) bool) {
		s := c.last
		if int(part) >= len(c.parts) || !c.parts[part] {
			return
		}
		from, to := s.partOff.run(part, len(s.accPart))
		for row := from; row < to; row++ {
			may, runs := s.accGrant[row], c.runsOf(s.accSet[row])
			if len(runs) == 0 {
				continue
			}
			if !yield(PartRow{s.cwords(s.grantActions[may]), s.cwords(s.grantInclude[may]), s.cwords(s.grantExclude[may]), c.rowRuling(s.accRuling[row]), runs}) {
				return
			}
		}
	}
}

// runsOf returns the first and last nodes of the runs of a set.
func (c *carried) runsOf(set uint32) (out []uint32) {
	at := c.sets[set]
	if at == 0 {
		return nil
	}
	if at&ofLast == 0 {
		return c.bentSets.list(at - 1)
	}
	for _, run := range c.last.runsOfSet(set) {
		first, last := c.runEnds(run)
		out = append(out, first, last)
	}
	return out
}

// rowRuling is a ruling as rows have it now.
func (c *carried) rowRuling(ruling uint32) Ruling {
	at := c.rulings[ruling]
	if at&ofLast != 0 {
		return c.rulingAt(ruling, c.m.Attachments)
	}
	r, list := c.last.ruling(ruling), c.bentRulings.list(at - 1)[rulingHead:]
	r.Evidence = r.Evidence[:0]
	for _, e := range triples(list) {
		r.Evidence = append(r.Evidence, EvidenceRef{AttachmentIndex(e[0]), e[1], graph.Effect(c.last.text(&c.last.cstr, e[2]))})
	}
	return r
}
