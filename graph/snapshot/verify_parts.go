package snapshot

import "cmp"

// verifyParts checks that rows and parts, parts and lists of them, and lists
// and classes say the same of each other.
func (s *Snapshot) verifyParts() error {
	for part := range uint32(s.NumParts()) {
		from, to := s.partOff.run(part, len(s.accPart))
		for row := from; row < to; row++ {
			if s.accPart[row] != part {
				return corrupt("row %d stands in part %d, not in part %d", row, part, s.accPart[row])
			}
		}
	}
	for list := range uint32(max(0, len(s.partsOff)-1)) {
		from, to := s.partsOff.run(list, len(s.partsItem))
		if !rising(s.partsItem[from:to]) {
			return corrupt("list %d of parts is not in order", list)
		}
	}
	for part := range uint32(s.NumParts()) {
		from, to := s.partsByOff.run(part, len(s.partsBy))
		if !rising(s.partsBy[from:to]) {
			return corrupt("the lists that hold part %d are not in order", part)
		}
		for _, list := range s.partsBy[from:to] {
			if from, to := s.partsOff.run(list, len(s.partsItem)); !holdsItem(s.partsItem[from:to], part) {
				return corrupt("part %d is not in list %d", part, list)
			}
		}
	}
	return cmp.Or(s.verifyInverse("class.by", s.classByOff, s.classBy, s.classParts), s.verifyInverse("access.by", s.accByOff, s.accBy, s.accSet))
}

// verifyInverse checks that what is listed by a value has it.
func (s *Snapshot) verifyInverse(name string, off, by, values u32s) error {
	for value := range uint32(max(0, len(off)-1)) {
		from, to := off.run(value, len(by))
		for _, row := range by[from:to] {
			if values.at(row) != value {
				return corrupt("section %q: row %d has %d, not %d", name, row, values.at(row), value)
			}
		}
		if !rising(by[from:to]) {
			return corrupt("section %q: the rows of %d are not in order", name, value)
		}
	}
	return nil
}
