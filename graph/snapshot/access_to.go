package snapshot

import (
	"iter"
	"slices"
)

// AccessTo yields what anybody may do to a node, in the order of classes. The
// rows are found through the runs of nodes that hold it: the cost is that of
// the runs, sets and rows that do, and logarithmic in the number of all runs.
// What it yields shares slices, which must not be changed.
func (s *Snapshot) AccessTo(node Index) iter.Seq[Access] {
	return func(yield func(Access) bool) {
		d := s.AccessReader()
		for _, told := range s.toldOf(uint32(node)) {
			class, row := unpacked(told)
			if !yield(d.row(class, row).one(node)) {
				return
			}
		}
	}
}

// PartsTo yields the parts with rows that speak of a node and that keep is true
// of, one for each such row, in no order. It looks no further than it is asked
// for: to some things most classes may do something.
func (s *Snapshot) PartsTo(node Index, keep func(RowHead) bool) iter.Seq[PartIndex] {
	return func(yield func(PartIndex) bool) {
		d := s.AccessReader()
		for row := range s.rowsWith(uint32(node)) {
			if keep(d.head(uint32(None), row)) && !yield(PartIndex(s.accPart.at(row))) {
				return
			}
		}
	}
}

// ClassesWith yields the classes that have a part.
func (s *Snapshot) ClassesWith(part PartIndex) iter.Seq[uint32] { return s.classesOf(uint32(part)) }

// AccessOn yields what the rows of a class say of one node, of the rows that keep
// is true of, in order, each with its number. It reads the rows of the class, and
// not those of others that speak of the node.
func (d *AccessReader) AccessOn(class uint32, node Index, keep func(RowHead) bool) iter.Seq2[uint32, Access] {
	return func(yield func(uint32, Access) bool) {
		for row, to := range d.s.rowsOf(class) {
			if to.Has(node) && keep(d.head(class, row)) && !yield(row, d.row(class, row).one(node)) {
				return
			}
		}
	}
}

// toldOf returns the classes and rows that speak of a node, in order.
func (s *Snapshot) toldOf(node uint32) (told []uint64) {
	homes := map[uint32]bool{}
	for _, row := range s.rowsTo(node) {
		part := s.accPart.at(row)
		for class := range s.classesOf(part) {
			home := s.homeFor(class, part)
			has, known := homes[home]
			if !known && home != uint32(None) {
				has = s.setHas(home, Index(node))
				homes[home] = has
			}
			if !has {
				told = append(told, uint64(class)<<32|uint64(row))
			}
		}
	}
	slices.Sort(told)
	return slices.Compact(told)
}

// classesOf yields the classes that have a part.
func (s *Snapshot) classesOf(part uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		from, to := s.partsByOff.run(part, len(s.partsBy))
		for _, list := range s.partsBy[from:to] {
			from, to := s.classByOff.run(list, len(s.classBy))
			for _, class := range s.classBy[from:to] {
				if !yield(class) {
					return
				}
			}
		}
	}
}

// rowsTo returns the rows whose sets hold a node, in order.
func (s *Snapshot) rowsTo(node uint32) []uint32 {
	rows := slices.Collect(s.rowsWith(node))
	slices.Sort(rows)
	return slices.Compact(rows)
}

// rowsWith yields the rows whose sets hold a node.
func (s *Snapshot) rowsWith(node uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if node >= s.n {
			return
		}
		var runs []uint32
		s.runsOf(node, func(run uint32) { runs = append(runs, run) })
		for _, run := range runs {
			from, to := s.runSetOff.run(run, len(s.runSet))
			for _, set := range s.runSet[from:to] {
				from, to := s.accByOff.run(set, len(s.accBy))
				for _, row := range s.accBy[from:to] {
					if !yield(row) {
						return
					}
				}
			}
		}
	}
}
