package snapshot

import (
	"cmp"
	"slices"
)

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

func (d *AccessReader) merge(class uint32, keep func(RowHead) bool) *merger {
	s := d.s
	m := &merger{AccessReader: d, class: class, rows: map[uint32]Access{}}
	for row, to := range s.rowsOf(class) {
		c := cursor{row: row, rest: s.gaps(to.set, to.home)}
		if c.enter() && keep(d.head(class, row)) {
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
