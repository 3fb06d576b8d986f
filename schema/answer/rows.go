package answer

import (
	"cmp"
	"iter"
	"sync"

	"github.com/clewgraph/clew/graph/walk"
)

// A rowList is the rows of an answer, in order. It is gone through as far as
// somebody asks, so that the first page of a long answer costs what its own rows
// cost; to count all, or to say whether a bound kept any out, is a question of
// its own.
type rowList struct {
	// begin starts at the first row. cut says what ended the rows, once they
	// were gone through, and what kept some out.
	begin func() (rows iter.Seq[*EffectiveAccess], cut func() walk.Budget)
	// count counts all rows without making them; where that takes too long, to a
	// lower bound, with the bound that it met.
	count func(limit int) (Count, walk.Budget)
	limit int // rows that are listed at most
}

// read returns the rows from one on, at most so many, and whether there are
// more. Where the rows ended, whole says how many there are and what cut them.
func (l *rowList) read(from, most int) (list []*EffectiveAccess, more bool, whole *total) {
	rows, cut := l.begin()
	at := 0
	for row := range rows {
		if at >= l.limit {
			return list, false, nil
		}
		if at >= from+most {
			return list, true, nil
		}
		if at >= from {
			list = append(list, row)
		}
		at++
	}
	return list, false, &total{Count{at, cut() == ""}, cut()}
}

// A total is how many rows an answer has, and what kept rows out.
type total struct {
	Count
	cut walk.Budget
}

// all counts the rows.
func (l *rowList) all() *total {
	n, cut := l.count(l.limit)
	if n.Value > l.limit {
		cut = cmp.Or(cut, walk.Rows)
	}
	return &total{n, cut}
}

// connection is a page of the rows.
func (l *rowList) connection(v *View, w window) *EffectiveAccessConnection {
	list, more, whole := l.read(w.from, w.first)
	c := &EffectiveAccessConnection{Coverage: v.coverage(), Edges: make([]EffectiveAccessEdge, 0, len(list))}
	for i, row := range list {
		c.Edges = append(c.Edges, EffectiveAccessEdge{w.at(w.from + i), row})
	}
	c.PageInfo = w.around(len(list), more)
	c.whole = sync.OnceValue(l.all)
	if whole != nil {
		c.ended = whole.cut
		c.whole = func() *total { return whole }
	}
	return c
}
