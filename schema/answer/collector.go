package answer

import (
	"iter"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A collector reads what footholds may do. It is for one goroutine.
type collector struct {
	*search
	within func(snapshot.Index) bool
	of     part
	access *snapshot.AccessReader
	names  map[[3]listOf]string
}

func (s *search) collector(within func(snapshot.Index) bool, of part) *collector {
	return &collector{s, within, of, s.v.Snapshot.AccessReader(), map[[3]listOf]string{}}
}

// key is keyOf, which is spelled once for all endings of rows that have the same
// lists.
func (c *collector) key(principal snapshot.Index, x *ending) rowKey {
	if len(x.sorts) != 1 {
		return keyOf(principal, x)
	}
	lists := [3]listOf{placeOf(x.actions), placeOf(x.include), placeOf(x.exclude)}
	what, known := c.names[lists]
	if !known {
		what = keyOf(principal, x).what
		c.names[lists] = what
	}
	return rowKey{principal, x.to, x.relation, what}
}

func placeOf(list []string) listOf {
	if len(list) == 0 {
		return listOf{}
	}
	return listOf{first: &list[0], n: len(list)}
}

// keeps reports whether an ending is one that was asked for.
func (c *collector) keeps(x *ending) bool {
	return c.within(x.to) && !c.v.hidden(x.to) && c.counts(x.ruling.Verdict)
}

// skips reports whether the last step from a foothold is left out.
func (c *collector) skips(f snapshot.FootholdIndex, x *ending) bool {
	return len(c.skip) > 0 && c.skip[c.v.lastID(c.v.Snapshot.Foothold(f), x)]
}

// taken tells whether a pivot can be taken from what was reached.
func (c *collector) taken(reached func(snapshot.FootholdIndex) bool) func(snapshot.PivotIndex) bool {
	return func(p snapshot.PivotIndex) bool {
		from, _ := c.v.Snapshot.PivotEnds(p)
		return reached(from) && c.takes(p)
	}
}

// administered are the scopes that a foothold administers.
func (c *collector) administered(f snapshot.FootholdIndex) []*ending {
	var out []*ending
	for _, a := range c.v.Snapshot.AdministrationsOf(f) {
		out = append(out, administering(a))
	}
	if at := c.v.Snapshot.Foothold(f); c.v.isHub(at) {
		out = append(out, c.v.asAdministrator(at.Node))
	}
	return out
}

// assuming is access to roles: members of an access class have it each for
// itself, as trust names them one by one, and so it is kept as pivots.
func (c *collector) assuming(f snapshot.FootholdIndex) iter.Seq[*ending] {
	return func(yield func(*ending) bool) {
		for _, i := range c.v.Snapshot.PivotsOut(f) {
			if c.v.Snapshot.PivotRelation(i) != graph.CanAssume || c.walk.Exclude[i] {
				continue
			}
			if x := c.assumes(i); x != nil && !yield(x) {
				return
			}
		}
	}
}

// assumes is nil where the pivot is no access that counts.
func (c *collector) assumes(i snapshot.PivotIndex) *ending {
	_, to := c.v.Snapshot.PivotEnds(i)
	action, verdict := c.v.Snapshot.PivotAction(i), c.v.Snapshot.PivotVerdict(i)
	evaluator := c.v.evaluator(c.v.Snapshot.Foothold(to).Node)
	if evaluator == nil || action == "" || len(c.wanted.of(evaluator, []string{action})) == 0 {
		return nil
	}
	if c.again() {
		verdict = c.decidePivot(i)
	}
	if !c.counts(verdict) {
		return nil
	}
	p := c.v.Snapshot.Pivot(i)
	p.Ruling.Verdict = verdict
	return &ending{relation: graph.CanAccess, to: p.To.Node, actions: []string{action}, ruling: p.Ruling}
}

// readEndings yields what a class may do, as the snapshot has it, as surely as a
// level or surer, node by node, with what is alike of one node joined. What
// nobody asks for is not looked at, however many nodes it is of.
func (c *collector) readEndings(class uint32, level graph.Verdict) iter.Seq[*ending] {
	counting := func(row snapshot.RowHead) bool {
		if row.Verdict < level && !c.again() {
			return false
		}
		for r := range row.To.Runs() { // a class is of one provider
			return c.countsRow(row.Actions, row.Verdict, r.First)
		}
		return false
	}
	return func(yield func(*ending) bool) {
		var here []*ending // of one node
		for row := range c.access.AccessWhere(class, counting) {
			if len(here) > 0 && here[0].to != row.To {
				if !joinedInto(here, yield) {
					return
				}
				here = here[:0]
			}
			if c.ctx.Err() != nil {
				return
			}
			if x := c.accessing(row); x != nil {
				here = append(here, x)
			}
		}
		joinedInto(here, yield)
	}
}

func joinedInto(here []*ending, yield func(*ending) bool) bool {
	if len(here) == 0 {
		return true
	}
	for _, x := range alike(here) {
		if !yield(x) {
			return false
		}
	}
	return true
}
