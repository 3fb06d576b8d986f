package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
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
	short := h.shorter.within(maxCondensed, strings.Join(d.list, "\n"), func() *holding { return h.condense(d.list) })
	if short.long == nil || len(d.named) == 0 {
		return short
	}
	return short.setApart(d.named)
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
	list  []string // that tell many things apart, and come again
	named []string // that name some few: every document has its own
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
			default:
				d.pattern(p.text)
			}
		}
		d.keys(s)
	}
	return true
}

// pattern adds a pattern, as far as it looks at things and not at what they hold.
func (d *dividers) pattern(text string) {
	if d.h.parts && text != "*" {
		text = head(text)
	}
	switch {
	case !d.h.tellsApart(text):
	case d.h.reachesMany(text):
		d.list = append(d.list, text)
	default:
		d.named = append(d.named, text)
	}
}

// maxNamed bounds how many things stand for themselves because a document names
// them.
const maxNamed = 64

// reachesMany reports whether a pattern tells more things apart than that.
func (h *holding) reachesMany(text string) bool {
	n := 0
	for _, set := range h.reaches(text) {
		n += set.Len()
	}
	return n > maxNamed
}

// keys adds those of a statement.
func (d *dividers) keys(s *Statement) {
	if keys := keysOfThings(s); keys != nil {
		d.list = append(d.list, "="+strings.Join(keys, " "))
		d.alikeThings(s, d.h.all()) // which remembers what they say
	}
}
