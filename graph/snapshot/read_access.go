package snapshot

import (
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// An AccessSet is an AccessRow as a snapshot keeps it.
type AccessSet struct {
	Class            uint32
	To               Targets
	Actions          []string // sorted
	Include, Exclude []string
	Ruling           Ruling
}

// NumAccessRows returns how many rows of access there are, those that classes
// share once.
func (s *Snapshot) NumAccessRows() int { return len(s.accPart) }

// NumParts returns how many parts classes share.
func (s *Snapshot) NumParts() int { return max(0, len(s.partOff)-1) }

// PartsOf returns the parts of a class, in order. The slice belongs to the
// snapshot: it must not be changed, nor read after Close.
func (s *Snapshot) PartsOf(class uint32) []PartIndex {
	if uint64(class) >= uint64(len(s.classParts)) {
		return nil
	}
	from, to := s.partsOff.run(s.classParts[class], len(s.partsItem))
	return view[PartIndex](s.partsItem[from:to])
}

// homeFor returns what is left out of the rows of a part for a class: a set, or
// None.
func (s *Snapshot) homeFor(class, part uint32) uint32 {
	if s.partAbroad.at(part) == 0 || uint64(class) >= uint64(len(s.classHome)) {
		return uint32(None)
	}
	return s.classHome[class]
}

// NumTargetSets returns how many distinct sets of nodes there are: those that
// rows speak of, and the homes of classes.
func (s *Snapshot) NumTargetSets() int { return max(0, len(s.setOff)-1) }

// RowsOf yields what the members of a class may do, part by part, each in the
// order of actions. Rows that speak of no node for this class are left out. Rows share slices, which must not be changed.
func (s *Snapshot) RowsOf(class uint32) iter.Seq[AccessSet] { return s.AccessReader().RowsOf(class) }

// AccessOf yields what the members of a class may do, node by node in their
// order. They share slices, which must not be changed. Memory grows with the
// rows of the class, not with the nodes.
func (s *Snapshot) AccessOf(class uint32) iter.Seq[Access] { return s.AccessReader().AccessOf(class) }

// AccessOf is Snapshot.AccessOf.
func (d *AccessReader) AccessOf(class uint32) iter.Seq[Access] {
	return d.AccessWhere(class, func(RowHead) bool { return true })
}

// AccessWhere is AccessOf of those rows alone that keep is true of: the nodes of
// others are not looked at.
func (d *AccessReader) AccessWhere(class uint32, keep func(RowHead) bool) iter.Seq[Access] {
	return func(yield func(Access) bool) {
		m := d.merge(class, keep)
		for len(m.heap) > 0 {
			next := m.heap[0]
			if !yield(m.access(next)) {
				return
			}
			m.advance()
		}
	}
}

// SurestAccess returns the surest verdict of any row of a class that holds a
// node, DENIED where there is none. It decodes nothing.
func (s *Snapshot) SurestAccess(class uint32, node Index) (surest graph.Verdict) {
	for _, part := range s.PartsOf(class) {
		if home := s.homeFor(class, uint32(part)); home != uint32(None) && s.setHas(home, node) {
			continue
		}
		from, to := s.partOff.run(uint32(part), len(s.accPart))
		for row := from; row < to; row++ {
			v := verdict(s.rulingVerdict, s.accRuling.at(row))
			if v > surest && s.setHas(s.accSet.at(row), node) {
				surest = v
			}
		}
	}
	return surest
}

// An AccessReader reads the rows of many classes. Lists of actions and rulings
// it reads once: rows that have the same share the slice. It is for one
// goroutine.
type AccessReader struct {
	s       *Snapshot
	lists   map[uint32][]string
	rulings map[uint32]Ruling
}

// AccessReader returns a reader that has read nothing yet.
func (s *Snapshot) AccessReader() *AccessReader {
	return &AccessReader{s, map[uint32][]string{0: nil}, map[uint32]Ruling{}}
}

// RowsOf is Snapshot.RowsOf.
func (d *AccessReader) RowsOf(class uint32) iter.Seq[AccessSet] {
	return func(yield func(AccessSet) bool) {
		for row, to := range d.s.rowsOf(class) {
			if to.home != uint32(None) && to.empty() {
				continue
			}
			if !yield(d.row(class, row)) {
				return
			}
		}
	}
}

// rowsOf yields the rows of a class, and what they speak of for it.
func (s *Snapshot) rowsOf(class uint32) iter.Seq2[uint32, Targets] {
	return func(yield func(uint32, Targets) bool) {
		for _, part := range s.PartsOf(class) {
			home := s.homeFor(class, uint32(part))
			from, to := s.partOff.run(uint32(part), len(s.accPart))
			for row := from; row < to; row++ {
				if !yield(row, Targets{s, s.accSet.at(row), home}) {
					return
				}
			}
		}
	}
}

// A RowHead is what is read of a row before its ruling, which takes longer.
type RowHead struct {
	To      Targets
	Actions []string // sorted
	Verdict graph.Verdict
}

func (d *AccessReader) head(class, row uint32) RowHead {
	s := d.s
	return RowHead{
		To:      Targets{s, s.accSet.at(row), s.homeFor(class, s.accPart.at(row))},
		Actions: d.list(s.grantActions.at(s.accGrant.at(row))), Verdict: verdict(s.rulingVerdict, s.accRuling.at(row)),
	}
}

func (d *AccessReader) row(class, row uint32) AccessSet {
	s, may, head := d.s, d.s.accGrant.at(row), d.head(class, row)
	return AccessSet{
		Class: class, To: head.To, Actions: head.Actions,
		Include: d.list(s.grantInclude.at(may)), Exclude: d.list(s.grantExclude.at(may)), Ruling: d.ruling(s.accRuling.at(row)),
	}
}

func (d *AccessReader) list(id uint32) []string {
	out, ok := d.lists[id]
	if !ok {
		out = slices.Clip(d.s.cwords(id))
		d.lists[id] = out
	}
	return out
}

func (d *AccessReader) ruling(id uint32) Ruling {
	out, ok := d.rulings[id]
	if !ok {
		out = d.s.ruling(id)
		out.Evidence = slices.Clip(out.Evidence)
		d.rulings[id] = out
	}
	return out
}

// one is what a row says of one node.
func (a AccessSet) one(node Index) Access {
	return Access{Class: a.Class, To: node, Actions: a.Actions, Include: a.Include, Exclude: a.Exclude, Ruling: a.Ruling}
}

// setsByRun yields each set with the runs that say they are part of it.
func (s *Snapshot) setsByRun() iter.Seq2[uint32, uint32] {
	return func(yield func(set, run uint32) bool) {
		for run := range uint32(len(s.runFirst)) {
			from, to := s.runSetOff.run(run, len(s.runSet))
			for _, set := range s.runSet[from:to] {
				if !yield(set, run) {
					return
				}
			}
		}
	}
}

func holdsItem(sorted []uint32, item uint32) bool {
	_, found := slices.BinarySearch(sorted, item)
	return found
}
