package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/compile"
)

// minCondensed is how many things a holding has at least that is condensed.
const minCondensed = 16

// maxCondensed bounds how many condensed axes a holding remembers.
const maxCondensed = 64

// condensed returns the holding at hand with one thing for all that no document
// of the caller's tells apart, or the holding itself where that is of no use.
func (c *caster) condensed() *holding {
	h := c.h
	if c.whole || len(h.things) < minCondensed || !h.grantsAll() || h.ownKinds().called {
		return h
	}
	d := &dividers{caster: c}
	for _, s := range h.ownKinds().asks {
		d.keys(s)
	}
	for _, list := range c.inPlay() {
		for i := range list {
			if doc := list[i].doc; doc != nil && !d.document(doc) {
				return h
			}
		}
	}
	slices.Sort(d.list)
	d.list = slices.Compact(d.list)
	return h.shorter.within(maxCondensed, strings.Join(d.list, "\n"), func() *holding { return h.condense(d.list) })
}

// inPlay are the documents that speak of the things beside their own.
func (c *caster) inPlay() [][]bound {
	p := c.principal
	lists := [][]bound{p.identity, p.boundary} // and the policies of sessions, which stand with boundaries
	if c.hold == graph.WithOwnPolicy {
		lists[0] = c.keptBy(p)
	}
	for i := range p.account.scp.levels {
		lists = append(lists, p.account.scp.levels[i].policies)
	}
	if o := c.h.owner; o != nil {
		for i := range o.rcp.levels {
			lists = append(lists, o.rcp.levels[i].policies)
		}
	}
	return lists
}

// dividers are the patterns and keys by which documents tell things of one kind
// apart; keys begin with "=", as no pattern does.
type dividers struct {
	*caster
	list []string
}

// document adds those of a document; ok is false where the caller's own values
// take part.
func (d *dividers) document(doc *Document) (ok bool) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if !actionsOf(s).table.Meets(d.h.acts) {
			continue
		}
		for j := range s.compiled.resources {
			switch p := &s.compiled.resources[j]; {
			case !d.h.mayCover(*p):
			case p.parts != nil:
				return false
			case d.h.tellsApart(p.text):
				d.list = append(d.list, p.text)
			}
		}
		d.keys(s)
	}
	return true
}

// keys adds those of a statement.
func (d *dividers) keys(s *Statement) {
	if keys := keysOfThings(s); keys != nil {
		d.list = append(d.list, "="+strings.Join(keys, " "))
		d.alikeThings(s, d.h.all()) // which remembers what they say
	}
}

// condense makes the axis that some dividers leave.
func (h *holding) condense(by []string) *holding {
	own := h.ownKinds()
	k := &kinds{of: slices.Clone(own.of), next: own.next}
	for _, text := range by {
		sets, keys := []compile.Set(nil), strings.HasPrefix(text, "=")
		if keys {
			sets, _ = h.alike.get(text[1:])
		} else {
			sets = h.reaches(text)
		}
		for _, set := range sets {
			k.refine(set)
		}
	}
	if first := k.first(); 2*len(first) <= len(h.things) {
		return h.standIns(k, first)
	}
	return h
}

// first are the first things of the kinds, in order.
func (k *kinds) first() (list []int) {
	seen := make([]bool, k.next)
	for i, kind := range k.of {
		if !seen[kind] {
			seen[kind] = true
			list = append(list, i)
		}
	}
	return list
}

// standIns makes the axis of the first things of kinds.
func (h *holding) standIns(k *kinds, first []int) *holding {
	short := &holding{thingSort: h.thingSort, owner: h.owner, abroad: h.abroad, parts: h.parts, slash: h.slash,
		extra: h.extra, hearing: h.hearing, whole: compile.Full(len(first)), long: h}
	at := make([]int, k.next)
	for to, from := range first {
		at[k.of[from]] = to
		short.nodes, short.things, short.refs = append(short.nodes, h.nodes[from]), append(short.things, h.things[from]), append(short.refs, h.refs[from])
	}
	short.standsFor(k, at)
	pick := func(set compile.Set) compile.Set {
		out := compile.NewSet(len(first))
		for to, from := range first {
			if set.Has(from) {
				out.Add(to)
			}
		}
		return out
	}
	short.assumed, short.shielded = pick(h.assumed), pick(h.shielded)
	for _, said := range h.said {
		short.said = append(short.said, &saying{pick(said.things), said.bound, said.statement})
	}
	for _, b := range h.blocked {
		if set := pick(b.things); !set.Empty() {
			short.blocked = append(short.blocked, doubt{set, b.when})
		}
	}
	return short
}

// standsFor notes which things each thing of a condensed axis stands for; at is
// its place, by kind.
func (h *holding) standsFor(k *kinds, at []int) {
	h.from = make([]uint32, len(h.things)+1)
	for _, kind := range k.of {
		h.from[at[kind]+1]++
	}
	for i := range h.things {
		h.from[i+1] += h.from[i]
	}
	next := slices.Clone(h.from)
	h.members = make([]uint32, len(k.of))
	for i, kind := range k.of {
		h.members[next[at[kind]]] = uint32(i)
		next[at[kind]]++
	}
}

// lengthen returns the things that those of a condensed axis stand for.
func (h *holding) lengthen(set compile.Set) compile.Set {
	out := compile.NewSet(len(h.long.things))
	set.Each(func(i int) {
		for _, member := range h.members[h.from[i]:h.from[i+1]] {
			out.Add(int(member))
		}
	})
	return out
}
