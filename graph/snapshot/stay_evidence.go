package snapshot

import (
	"slices"

	"github.com/clewgraph/clew/graph"
)

// heirs says, by attachment of last that evidence in rows stands at, where that
// stands now: where the attachment moved to, and at canonical layers the first
// that speaks like those which spoke like it. None where there is none.
func heirs(last, facts *Snapshot, m *Moves, canonical func(graph.LayerID) bool) []AttachmentIndex {
	if canonical == nil {
		return m.Attachments
	}
	of, in := slices.Clone(m.Attachments), last.attachmentsAt(canonical)
	for row, moved := range m.Attachments {
		if moved != AttachmentIndex(None) && in[row] {
			of[last.Canonical(AttachmentIndex(row))] = facts.Canonical(moved)
		}
	}
	return of
}

// attachmentsAt marks the attachments at some layers.
func (s *Snapshot) attachmentsAt(some func(graph.LayerID) bool) []bool {
	out, layers := make([]bool, s.attachments), map[uint32]bool{}
	for row := range out {
		layer := s.attLayer.at(uint32(row))
		in, known := layers[layer]
		if !known {
			in = some(s.AttachmentLayer(AttachmentIndex(row)))
			layers[layer] = in
		}
		out[row] = in
	}
	return out
}

// findRows marks what the rows of parts say that have nodes, and finds the
// rulings whose evidence stands elsewhere now.
func (c *carried) findRows(of []AttachmentIndex) error {
	s := c.last
	rulings := make([]bool, len(s.rulingVerdict))
	marking(len(s.accPart), [][]bool{rulings, c.uses.grants}, func(marks [][]bool, from, to int) {
		for row := from; row < to; row++ {
			if c.parts[s.accPart[row]] && c.sets[s.accSet[row]] != 0 {
				marks[0][s.accRuling[row]], marks[1][s.accGrant[row]] = true, true
			}
		}
	})
	c.rulings = slices.Repeat([]uint32{uint32(None)}, len(rulings))
	for ruling := range used(rulings) {
		if err := c.inherit(ruling, of); err != nil {
			return err
		}
	}
	return nil
}

// inherit finds where the evidence of a ruling of rows stands.
func (c *carried) inherit(ruling uint32, of []AttachmentIndex) error {
	s, bent := c.last, false
	from, to := s.rulingOff[ruling], s.rulingOff[ruling+1]
	for _, at := range s.evAttachment[from:to] {
		if of[at] == AttachmentIndex(None) {
			return c.staleEvidence(AttachmentIndex(at))
		}
		bent = bent || of[at] != c.m.Attachments[at]
	}
	if !bent {
		c.uses.rulings[ruling], c.rulings[ruling] = true, ruling|ofLast
		return nil
	}
	c.bentRulings.items = c.appendRuling(c.bentRulings.items, ruling, of)
	c.bentRulings.off = append(c.bentRulings.off, uint32(len(c.bentRulings.items)))
	c.rulings[ruling] = uint32(c.bentRulings.len())
	return nil
}

// appendRuling appends a ruling as an intake has them, with words of last.
func (c *carried) appendRuling(list []uint32, ruling uint32, of []AttachmentIndex) []uint32 {
	s := c.last
	head := uint32(s.rulingVerdict[ruling])<<16 | uint32(s.rulingLeast[ruling])<<8 | uint32(s.rulingMost[ruling])
	list = append(list, head, s.rulingFormula[ruling])
	from := len(list)
	for e := s.rulingOff[ruling]; e < s.rulingOff[ruling+1]; e++ {
		list = append(list, uint32(of[s.evAttachment[e]]), s.evStatement[e], s.cdictEffect[s.evEffect[e]])
	}
	return list[:from+sortEvidence(list[from:])]
}

// sortEvidence sorts evidence in threes, and returns the length of what is left
// without repetitions. Attachments that stay mostly stay in order.
func sortEvidence(list []uint32) int {
	rows := triples(list)
	if slices.IsSortedFunc(rows, compareTriple) {
		return len(list)
	}
	slices.SortFunc(rows, compareTriple)
	return evidenceSize * len(slices.Compact(rows))
}

// findWords marks the lists and strings of what stays as it stands, and the
// words of what is bent.
func (c *carried) findWords() {
	s, u := c.last, &c.uses
	for grant := range used(u.grants) {
		u.lists[s.grantActions[grant]], u.lists[s.grantInclude[grant]], u.lists[s.grantExclude[grant]] = true, true, true
	}
	for list := range used(u.lists) {
		for _, text := range s.clistItem[s.clistOff[list]:s.clistOff[list+1]] {
			u.strings[text] = true
		}
	}
	for ruling := range used(u.rulings) {
		u.strings[s.rulingFormula[ruling]] = true
		for _, effect := range s.evEffect[s.rulingOff[ruling]:s.rulingOff[ruling+1]] {
			c.effects[effect] = true
		}
	}
	for code := range used(c.effects) {
		u.strings[s.cdictEffect[code]] = true
	}
}
