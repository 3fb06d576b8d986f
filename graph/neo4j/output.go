package neo4j

import (
	"fmt"
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// output lists the tables of what was concluded. Nothing is read back from
// them.
func (c *composer) output() []table {
	out := []table{{name: tableClass, rows: c.classRows()}}
	for _, r := range graph.Relations {
		out = append(out, table{tablePivot, r, c.pivotRows(r)})
	}
	return append(out,
		table{tableAdmin, graph.Administers, c.adminRows()},
		table{tableMember, inClass, c.memberRows()},
		table{tableAccess, graph.CanAccess, c.accessRows()},
		c.direct())
}

// direct is the table of access in one hop.
func (c *composer) direct() table { return table{tableDirect, graph.CanAccess, c.directRows()} }

func (c *composer) pivotRows(of graph.Relation) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for i := range snapshot.PivotIndex(c.snap.NumPivots()) {
			if c.snap.PivotRelation(i) != of {
				continue
			}
			p := c.snap.Pivot(i)
			props := append([]prop{
				{"fromHold", p.From.Hold.String()}, {"toHold", p.To.Hold.String()},
				textProp("action", p.Action), textProp("technique", p.Technique),
			}, c.ruling(p.Ruling)...)
			if !yield(relation(c.at(p.From.Node), c.at(p.To.Node), props...), nil) {
				return
			}
		}
	}
}

func (c *composer) adminRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for a := range c.snap.Administrations() {
			props := append([]prop{{"hold", a.From.Hold.String()}, textsProp("through", a.Through)}, c.ruling(a.Ruling)...)
			if !yield(relation(c.at(a.From.Node), c.at(a.Scope), props...), nil) {
				return
			}
		}
	}
}

// classRows are the access classes. A class is known by its first member,
// which belongs to no other, so that it stays the same when members come and
// go.
func (c *composer) classRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		c.classes = nil
		for class := range uint32(c.snap.NumClasses()) {
			row := node([]string{labelVersioned, labelAccessClass})
			if members := c.snap.ClassMembers(class); len(members) > 0 {
				first := c.snap.Foothold(members[0])
				row = node(row.labels, textProp("first", string(c.snap.Ref(first.Node))), prop{"hold", first.Hold.String()})
			}
			c.classes = append(c.classes, row.key)
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (c *composer) memberRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for class, k := range c.classes {
			for _, m := range c.snap.ClassMembers(uint32(class)) {
				f := c.snap.Foothold(m)
				if !yield(relation(c.at(f.Node), c.uid(tableClass, k), prop{"hold", f.Hold.String()}), nil) {
					return
				}
			}
		}
	}
}

// accessRows are what each class may do, with the policies of its first member
// as evidence: all where there is little, else what
// ends at crown jewels. There may be more pairs of a class and a thing than any
// disk holds.
func (c *composer) accessRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for a := range c.told(c.tellsAll()) {
			props := c.access(a, c.snap.Foothold(c.snap.ClassMembers(a.Class)[0]))
			if !yield(relation(c.uid(tableClass, c.classes[a.Class]), c.at(a.To), props...), nil) {
				return
			}
		}
	}
}

// directRows are the pairs of a member of a class and what the class may do,
// chosen as accessRows are.
func (c *composer) directRows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		members := func(class uint32) int { return len(c.snap.ClassMembers(class)) }
		for a := range c.told(c.fewer(c.directs, members)) {
			for _, m := range c.snap.ClassMembers(a.Class) {
				f := c.snap.Foothold(m)
				own := append([]prop{{"hold", f.Hold.String()}}, c.access(a, f)...)
				if !yield(relation(c.at(f.Node), c.at(a.To), own...), nil) {
					return
				}
			}
		}
	}
}

// tellsAll reports whether all that classes may do is written.
func (c *composer) tellsAll() bool {
	return c.fewer(c.pairs, func(uint32) int { return 1 })
}

// fewer reports whether there are no more pairs than limit, where each access
// of a class counts as often as times says. It counts runs, not things.
func (c *composer) fewer(limit int, times func(class uint32) int) bool {
	n := 0
	for class := range uint32(c.snap.NumClasses()) {
		for row := range c.snap.RowsOf(class) {
			if n += row.To.Len() * times(class); n > limit {
				return false
			}
		}
	}
	return n <= limit
}

// told yields access to tell of: all, class by class, or that to crown jewels.
func (c *composer) told(all bool) iter.Seq[snapshot.Access] {
	if all {
		return chained(uint32(c.snap.NumClasses()), c.snap.AccessOf)
	}
	jewels := c.jewelNodes()
	return chained(uint32(len(jewels)), func(i uint32) iter.Seq[snapshot.Access] { return c.snap.AccessTo(jewels[i]) })
}

// chained yields what the numbers below n have, one after the other.
func chained[T any](n uint32, of func(uint32) iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range n {
			for v := range of(i) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// jewelNodes are the crown jewels that the snapshot knows, in order.
func (c *composer) jewelNodes() (out []snapshot.Index) {
	for ref := range c.jewels {
		if i, known := c.snap.Find(ref); known {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

// access writes what a class may do, by the policies of one of its members.
func (c *composer) access(a snapshot.Access, f snapshot.Foothold) []prop {
	a.Ruling.Evidence = c.snap.EvidenceFor(f, a.To, a.Ruling.Evidence)
	return append([]prop{
		textsProp("actions", a.Actions), textsProp("include", a.Include), textsProp("exclude", a.Exclude),
	}, c.ruling(a.Ruling)...)
}

// ruling writes what a decision came to; bounds only where they say more than
// the verdict, which is for UNKNOWN.
func (c *composer) ruling(r snapshot.Ruling) []prop {
	out := []prop{{"verdict", r.Verdict.String()}, textProp("formula", r.Formula)}
	if r.Verdict == graph.Unknown {
		out = append(out, prop{"least", r.Bounds.Least.String()}, prop{"most", r.Bounds.Most.String()})
	}
	evidence := make([]string, len(r.Evidence))
	for i, e := range r.Evidence {
		a := c.snap.Attachment(e.Attachment)
		evidence[i] = fmt.Sprintf("%s %s %s #%d of %s", e.Effect, a.Layer, a.Policy, e.Statement, a.To)
	}
	return append(out, textsProp("evidence", evidence))
}
