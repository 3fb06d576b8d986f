package walk

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Weld is something without which a component falls into parts.
type Weld struct {
	// From and To are the ends of the arrow that goes, whatever pivots it
	// stands for; where Every is set, all arrows of the component into To go.
	From, To snapshot.FootholdIndex
	Every    bool
	Left     int // footholds of the largest part that is left
}

// weldTries is how many arrows, and how many footholds, are tried by taking
// them away.
const weldTries = 8

// Welds returns what holds a component together, what leaves the smallest
// largest part first, at most limit of them. Arrows that stand alone between
// parts are found exactly, all of them (they are the bridges of the two trees
// of dominators of any member); so are the footholds that every way into a part
// goes through. Of both, those that seem to cut off the most, a handful, are
// taken away one at a time and the parts are counted. Several that would have
// to go together are not looked for.
func (x *Index) Welds(component uint32, limit int) []Weld {
	members := x.Members(component)
	if len(members) < 2 {
		return nil
	}
	w := &welder{footholds: members}
	w.draw(x)
	var list []Weld
	for _, c := range w.candidates() {
		c.Left = w.without(c)
		c.To = members[c.To]
		if c.From = members[c.From]; c.Left < len(members) {
			list = append(list, c.Weld)
		}
	}
	slices.SortFunc(list, func(a, b Weld) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), compareBool(a.Every, b.Every), cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From))
	})
	return list[:min(limit, len(list))]
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// A welder looks at one component. Its footholds are numbered from 0.
type welder struct {
	footholds []foothold
	out, in   rows
}

// draw lists the arrows inside of the component, each once.
func (w *welder) draw(x *Index) {
	w.out = rows{off: make([]uint32, 1, len(w.footholds)+1)}
	for _, f := range w.footholds {
		begin := len(w.out.items)
		for _, p := range x.s.PivotsOut(f) {
			_, to := x.s.PivotEnds(p)
			if i, ok := slices.BinarySearch(w.footholds, to); ok && to != f && x.s.PivotVerdict(p) != graph.Denied {
				w.out.items = append(w.out.items, uint32(i))
			}
		}
		slices.Sort(w.out.items[begin:])
		w.out.items = w.out.items[:begin+len(slices.Compact(w.out.items[begin:]))]
		w.out.off = append(w.out.off, uint32(len(w.out.items)))
	}
	w.in = turned(w.out)
}

// A candidate cuts some footholds off: those that it leads to alone, or those
// that it alone leads on from.
type candidate struct {
	Weld
	cut uint32
}

// candidates picks what seems to leave the smallest parts.
func (w *welder) candidates() []candidate {
	root := uint32(0)
	for v := range uint32(len(w.footholds)) {
		if len(w.out.of(v)) > len(w.out.of(root)) {
			root = v
		}
	}
	there, back := dominators(w.out, w.in, root), dominators(w.in, w.out, root)
	arrows := append(bridges(there, w.in, false), bridges(back, w.out, true)...)
	var entries []candidate
	for place, v := range there.vertex[1:] {
		entries = append(entries, candidate{Weld{From: foothold(v), To: foothold(v), Every: true}, there.size[place+1]})
	}
	hub := candidate{Weld{From: foothold(root), To: foothold(root), Every: true}, 1} // no way from it shows what it holds
	return append(append(w.best(arrows), w.best(entries)...), hub)
}

// bridges lists the arrows without which the root does not lead to some; of
// turned arrows, without which some do not lead to the root.
func bridges(d *dominance, in rows, turned bool) (list []candidate) {
	for place := uint32(1); place < uint32(len(d.vertex)); place++ {
		v, only, ways := d.vertex[place], uint32(0), 0
		for _, u := range in.of(v) {
			if !d.dominates(place, d.place[u]) {
				only = u
				ways++
			}
		}
		if ways != 1 {
			continue
		}
		c := candidate{Weld{From: foothold(only), To: foothold(v)}, d.size[place]}
		if turned {
			c.From, c.To = c.To, c.From
		}
		list = append(list, c)
	}
	return list
}

// best keeps those that cut nearest to the middle, each once.
func (w *welder) best(list []candidate) []candidate {
	n := uint32(len(w.footholds))
	off := func(c candidate) uint32 { return min(c.cut, n-c.cut) }
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(off(b), off(a)), cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From))
	})
	var best []candidate
	seen := map[Weld]bool{}
	for _, c := range list {
		if !seen[c.Weld] && len(best) < weldTries {
			seen[c.Weld] = true
			best = append(best, c)
		}
	}
	return best
}

// without counts the footholds of the largest part that is left.
func (w *welder) without(c candidate) (left int) {
	cut := rows{off: make([]uint32, 1, len(w.out.off)), items: make([]uint32, 0, len(w.out.items))}
	for v := range uint32(len(w.footholds)) {
		for _, to := range w.out.of(v) {
			if to != uint32(c.To) || !c.Every && v != uint32(c.From) {
				cut.items = append(cut.items, to)
			}
		}
		cut.off = append(cut.off, uint32(len(cut.items)))
	}
	_, parts := components(cut)
	for p := range uint32(len(parts.off) - 1) {
		left = max(left, len(parts.of(p)))
	}
	return left
}
