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

// NumAccessRows returns how many rows of access there are.
func (s *Snapshot) NumAccessRows() int { return len(s.accClass) }

// NumTargetSets returns how many distinct sets of nodes the rows speak of.
func (s *Snapshot) NumTargetSets() int { return max(0, len(s.setOff)-1) }

// RowsOf yields what the members of a class may do, in the order of actions.
// Rows share slices, which must not be changed.
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
		for _, row := range s.rowsTo(uint32(node)) {
			if !yield(d.row(row).one(node)) {
				return
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
	from, to := s.accOff.run(class, len(s.accClass))
	for row := from; row < to; row++ {
		v := verdict(s.rulingVerdict, s.accRuling.at(row))
		if v > surest && (Targets{s, s.accSet.at(row)}).Has(node) {
			surest = v
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
		from, to := d.s.accOff.run(class, len(d.s.accClass))
		for row := from; row < to; row++ {
			if !yield(d.row(row)) {
				return
			}
		}
	}
}

func (d *AccessReader) row(row uint32) AccessSet {
	s := d.s
	return AccessSet{
		Class: s.accClass.at(row), To: Targets{s, s.accSet.at(row)}, Actions: d.list(s.accActions.at(row)),
		Include: d.list(s.accInclude.at(row)), Exclude: d.list(s.accExclude.at(row)), Ruling: d.ruling(s.accRuling.at(row)),
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
	rows map[uint32]Access // that were read
	heap []cursor          // the next node of each row, the least at the root
}

// A cursor stands at one node of a row's set.
type cursor struct {
	node, last Index  // of the run
	row        uint32 // of the snapshot
	next, end  uint32 // the runs after it
}

func (d *AccessReader) merge(class uint32) *merger {
	s := d.s
	from, to := s.accOff.run(class, len(s.accClass))
	m := &merger{AccessReader: d, rows: map[uint32]Access{}, heap: make([]cursor, 0, to-from)}
	for row := from; row < to; row++ {
		c := cursor{row: row}
		c.next, c.end = s.setOff.run(s.accSet.at(row), len(s.setRun))
		if c.enter(s) {
			m.heap = append(m.heap, c)
		}
	}
	slices.SortFunc(m.heap, compareCursor) // a sorted list is a heap
	return m
}

// enter goes to the next run; it is false where there is none.
func (c *cursor) enter(s *Snapshot) bool {
	for ; c.next < c.end; c.next++ {
		if r := s.run(s.setRun[c.next]); r.Len() > 0 {
			c.node, c.last = r.First, r.Last
			c.next++
			return true
		}
	}
	return false
}

func compareCursor(a, b cursor) int {
	return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.row, b.row))
}

func (m *merger) access(c cursor) Access {
	a, ok := m.rows[c.row]
	if !ok {
		a = m.row(c.row).one(c.node)
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
	} else if !root.enter(m.s) {
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
