package answer

import (
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A classAccess is what access classes may do to one node. However many classes
// there are, they have few sorts of access to one thing: so it is worked out for
// one class when somebody asks, and once for all that do it by the same rows.
type classAccess struct {
	s      *search
	node   snapshot.Index
	access *snapshot.AccessReader
	parts  [graph.Allowed + 1]*someParts // by how sure their rows are at least
	known  map[uint32][]*ending          // by class
	joined map[uint32][]*ending          // by set of rows
	sets   rowSets
}

// classAccess finds who may act on a node.
func (s *search) classAccess(node snapshot.Index) *classAccess {
	a := &classAccess{
		s: s, node: node, access: s.v.Snapshot.AccessReader(),
		known: map[uint32][]*ending{}, joined: map[uint32][]*ending{}, sets: rowSets{map[rowStep]uint32{}, []rowStep{{}}},
	}
	a.parts[graph.Denied] = a.partsOf(graph.Denied)
	return a
}

// someParts are the parts with rows that count, each once; where there are many,
// the first of them.
type someParts struct {
	list []snapshot.PartIndex
	many bool
}

// at returns the parts with rows as sure as a level, or surer. There may be few
// of those where there are many of all.
func (a *classAccess) at(level graph.Verdict) *someParts {
	if all := a.parts[graph.Denied]; !all.many || a.s.again() {
		return all
	}
	if a.parts[level] == nil {
		a.parts[level] = a.partsOf(level)
	}
	return a.parts[level]
}

func (a *classAccess) partsOf(level graph.Verdict) *someParts {
	p := &someParts{}
	counts := func(row snapshot.RowHead) bool { return (row.Verdict >= level || a.s.again()) && a.counts(row) }
	for part := range a.s.v.Snapshot.PartsTo(a.node, counts) {
		p.list = append(p.list, part)
		if p.many = len(p.list) > a.s.v.limits.Few; p.many {
			break
		}
	}
	slices.Sort(p.list)
	p.list = slices.Compact(p.list)
	return p
}

func (a *classAccess) counts(row snapshot.RowHead) bool {
	return a.s.countsRow(row.Actions, row.Verdict, a.node)
}

// of returns what a class may do, surest first. The list must not be changed.
func (a *classAccess) of(class uint32) []*ending {
	list, known := a.known[class]
	if known || len(a.parts[graph.Denied].list) == 0 {
		return list
	}
	set := uint32(0)
	var rows []*ending
	for row, access := range a.access.AccessOn(class, a.node, a.counts) {
		set = a.sets.with(set, row)
		rows = append(rows, a.s.ofRow(access))
	}
	list, done := a.joined[set]
	if !done || a.s.again() {
		list = a.join(rows, class)
		a.joined[set] = list
	}
	a.known[class] = list
	return list
}

// join makes the endings of the rows of a class.
func (a *classAccess) join(rows []*ending, class uint32) (out []*ending) {
	for _, x := range rows {
		if a.s.again() {
			a.s.redecide(x, class)
		}
		if a.s.counts(x.ruling.Verdict) {
			out = append(out, x)
		}
	}
	if len(out) > 0 {
		out = alike(out)
	}
	slices.SortStableFunc(out, surestEnding)
	return slices.Clip(out)
}

// classes yields the classes that have some parts; a class may come again, and
// none of the rows may hold for it.
func (a *classAccess) classes(p *someParts) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, part := range p.list {
			for class := range a.s.v.Snapshot.ClassesWith(part) {
				if !yield(class) {
					return
				}
			}
		}
	}
}

// some reports whether any class has an ending that is so. Where more classes
// have access than were looked up, those that were may have none such, and the
// others are asked.
func (a *classAccess) some(is func(*ending) bool) bool {
	all := a.parts[graph.Denied]
	for class := range a.classes(all) {
		if slices.ContainsFunc(a.of(class), is) {
			return true
		}
	}
	for class := range uint32(a.s.v.Snapshot.NumClasses()) {
		if all.many && slices.ContainsFunc(a.of(class), is) {
			return true
		}
	}
	return false
}

// recorded reports whether rows hold an action for some class.
func (a *classAccess) recorded(action string) bool {
	return a.some(func(x *ending) bool { return slices.Contains(x.actions, action) })
}

// rowSets are sets of rows, each once: a set is a smaller one and one row more.
type rowSets struct {
	ids   map[rowStep]uint32
	steps []rowStep // by set; 0 is the empty one
}

type rowStep struct{ set, row uint32 }

// with returns the set that has one row more.
func (r *rowSets) with(set, row uint32) uint32 {
	step := rowStep{set, row}
	id, known := r.ids[step]
	if !known {
		id = uint32(len(r.steps))
		r.steps = append(r.steps, step)
		r.ids[step] = id
	}
	return id
}
