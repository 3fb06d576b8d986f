package snapshot

import (
	"cmp"
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
	return func(yield func(Access) bool) {
		m := d.merge(class)
		for len(m.heap) > 0 {
			next := m.heap[0]
			if !yield(m.access(next)) {
				return
			}
			m.advance()
		}
	}
}

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
func (s *Snapshot) rowsTo(node uint32) (rows []uint32) {
	if node >= s.n {
		return nil
	}
	s.runsOf(node, func(run uint32) {
		from, to := s.runSetOff.run(run, len(s.runSet))
		for _, set := range s.runSet[from:to] {
			from, to := s.accByOff.run(set, len(s.accBy))
			rows = append(rows, s.accBy[from:to]...)
		}
	})
	slices.Sort(rows)
	return slices.Compact(rows)
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

func (d *AccessReader) row(class, row uint32) AccessSet {
	s, may := d.s, d.s.accGrant.at(row)
	return AccessSet{
		Class: class, To: Targets{s, s.accSet.at(row), s.homeFor(class, s.accPart.at(row))}, Actions: d.list(s.grantActions.at(may)),
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

// A merger goes through the rows of a class node by node.
type merger struct {
	*AccessReader
	class uint32
	rows  map[uint32]Access // that were read
	heap  []cursor          // the next node of each row, the least at the root
}

// A cursor stands at one node of a row's set.
type cursor struct {
	node, last Index  // of the run
	row        uint32 // of the snapshot
	rest       gapped // the runs after it
}

func (d *AccessReader) merge(class uint32) *merger {
	s := d.s
	m := &merger{AccessReader: d, class: class, rows: map[uint32]Access{}}
	for row, to := range s.rowsOf(class) {
		c := cursor{row: row, rest: s.gaps(to.set, to.home)}
		if c.enter() {
			m.heap = append(m.heap, c)
		}
	}
	slices.SortFunc(m.heap, compareCursor) // a sorted list is a heap
	return m
}

// enter goes to the next run; it is false where there is none.
func (c *cursor) enter() bool {
	r, ok := c.rest.next()
	c.node, c.last = r.First, r.Last
	return ok
}

func compareCursor(a, b cursor) int {
	return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.row, b.row))
}

func (m *merger) access(c cursor) Access {
	a, ok := m.rows[c.row]
	if !ok {
		a = m.row(m.class, c.row).one(c.node)
		m.rows[c.row] = a
	}
	a.To = c.node
	return a
}

// advance moves the root on and restores the heap.
func (m *merger) advance() {
	root := &m.heap[0]
	if root.node < root.last {
		root.node++
	} else if !root.enter() {
		delete(m.rows, root.row)
		end := len(m.heap) - 1
		m.heap[0] = m.heap[end]
		m.heap = m.heap[:end]
	}
	m.sink(0)
}

func (m *merger) sink(at int) {
	for {
		least := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(m.heap); child++ {
			if compareCursor(m.heap[child], m.heap[least]) < 0 {
				least = child
			}
		}
		if least == at {
			return
		}
		m.heap[at], m.heap[least] = m.heap[least], m.heap[at]
		at = least
	}
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
