package aws

import (
	"slices"
	"sort"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file decides what buckets hold. Statements cut the keys of a bucket
// into cells; buckets of which every statement covers the same keys are cut
// once, and each cell then is a thing of a block.

// An inner says which keys of some buckets a statement covers; nil covers all.
type inner struct {
	patterns []string // what its resources leave for keys
	not      bool     // all but those
	// open is a statement that only the request's own values match: each key
	// has a formula.
	open *Statement
}

// holds reports whether a key is covered.
func (in *inner) holds(key string) bool {
	if in == nil {
		return true
	}
	return slices.ContainsFunc(in.patterns, func(p string) bool { return policy.Glob(p, key) }) != in.not
}

// A covering is buckets of which a statement covers the same keys.
type covering struct {
	things compile.Set
	inner  *inner
}

// An afterHead is buckets after whose names, and the slash, one and the same
// positions of a pattern are reached.
type afterHead struct {
	things compile.Set
	at     []int
}

// head is the part of a pattern that names of buckets can match: up to the
// first slash, which no name holds.
func head(pattern string) string {
	if at := strings.IndexByte(pattern, '/'); at >= 0 {
		return pattern[:at+1]
	}
	return pattern
}

// after groups the buckets by where a pattern stands after them; those that it
// does not match are left out. Patterns that begin alike share the work.
func (h *holding) after(pattern string) []afterHead {
	begin := head(pattern)
	return h.heads.within(maxCovered, begin, func() []afterHead { return h.afterHead(begin) })
}

func (h *holding) afterHead(begin string) (groups []afterHead) {
	literal := begin
	if wild := strings.IndexAny(begin, "*?"); wild >= 0 {
		literal = begin[:wild]
	}
	from, to := beginWith(h.refs, literal)
	w := compileWildcards(begin)
	for i := from; i < to; i++ {
		groups = h.stand(groups, i, w.after(strings.TrimSuffix(h.refs[i], anyKey)))
	}
	return groups
}

// stand adds a bucket to those that covering the same positions.
func (h *holding) stand(groups []afterHead, bucket int, states []bool) []afterHead {
	var at []int
	for position, here := range states {
		if here {
			at = append(at, position)
		}
	}
	if at == nil {
		return groups
	}
	g := slices.IndexFunc(groups, func(g afterHead) bool { return slices.Equal(g.at, at) })
	if g < 0 {
		g = len(groups)
		groups = append(groups, afterHead{compile.NewSet(len(h.things)), at})
	}
	groups[g].things.Add(bucket)
	return groups
}

// left are the patterns that are left for keys at some positions of a pattern:
// "*" alone where every key is covered.
func left(pattern string, at []int) []string {
	var rests []string
	for _, position := range at {
		switch rest := pattern[position:]; {
		case rest == "":
		case strings.Trim(rest, "*") == "":
			return wholly
		case !slices.Contains(rests, rest):
			rests = append(rests, rest)
		}
	}
	return rests
}

// coverings says which keys of which buckets a statement without variables
// covers. Where everybody's statements pass by once, nothing is remembered.
func (h *holding) coverings(s *Statement) []covering {
	if h.abroad {
		return h.coveringsOf(s)
	}
	return h.reached.of(s, func() []covering { return h.coveringsOf(s) })
}

func (h *holding) coveringsOf(s *Statement) (list []covering) {
	parts := []covering{{h.all(), &inner{}}}
	for _, text := range s.Resources {
		for _, g := range h.after(text) {
			parts = widen(parts, g.things, left(text, g.at))
		}
	}
	for _, p := range parts {
		if in, some := p.inner.settled(s.NotResources); some {
			list = append(list, covering{p.things, in})
		}
	}
	return list
}

// widen adds key patterns to what some buckets are known by.
func widen(parts []covering, things compile.Set, patterns []string) []covering {
	if len(patterns) == 0 {
		return parts
	}
	for i, n := 0, len(parts); i < n; i++ {
		inside := parts[i].things.Clone()
		if inside.Intersect(things); inside.Empty() {
			continue
		}
		more := &inner{patterns: slices.Concat(parts[i].inner.patterns, patterns)}
		outside := parts[i].things.Clone()
		if outside.Subtract(things); outside.Empty() {
			parts[i].inner = more
			continue
		}
		parts[i].things = outside
		parts = append(parts, covering{inside, more})
	}
	return parts
}

// settled is an inner whose patterns are all there; some is false where it
// covers no key.
func (in *inner) settled(not bool) (_ *inner, some bool) {
	switch all := slices.Contains(in.patterns, "*"); {
	case all && not, len(in.patterns) == 0 && !not:
		return nil, false
	case all, len(in.patterns) == 0:
		return nil, true
	}
	return &inner{patterns: in.patterns, not: not}, true
}

// variableCoverings is coverings for a statement with variables: they are looked up
// for the caller, bucket by bucket.
func (c *caster) variableCoverings(s *Statement, within compile.Set) (list []covering) {
	within.Each(func(i int) {
		in, open := &inner{}, false
		prefix := strings.TrimSuffix(c.h.refs[i], anyKey)
		c.resource = c.h.things[i]
		for j := range s.compiled.resources {
			p := &s.compiled.resources[j]
			if p.parts == nil {
				in.patterns = append(in.patterns, left(p.text, positions(p.text, prefix))...)
				continue
			}
			c.values = c.values[:0]
			f := c.fill(p.parts)
			rests := restsOf(&f, prefix)
			in.patterns = append(in.patterns, rests...)
			open = open || len(rests) > 0 && (len(f.open) > 0 || f.wild())
		}
		if open {
			in.open = s
			list = append(list, covering{c.thing(i), in})
			return
		}
		if in, some := in.settled(s.NotResources); some {
			list = append(list, covering{c.thing(i), in})
		}
	})
	return list
}

// positions is where a pattern stands after the name of a bucket and a slash.
func positions(pattern, prefix string) (at []int) {
	for position, here := range compileWildcards(pattern).after(prefix) {
		if here {
			at = append(at, position)
		}
	}
	return at
}

// restsOf are the patterns that a text with variables leaves for keys. An open
// variable can be any text.
func restsOf(f *filled, prefix string) []string {
	if f.unresolved {
		return nil
	}
	var b strings.Builder
	for _, p := range f.parts {
		if p.variable != nil {
			b.WriteString("?*")
			continue
		}
		b.WriteString(p.text)
	}
	return left(b.String(), positions(b.String(), prefix))
}

// wild reports whether a value that was looked up holds a character that would
// be a wildcard in a pattern: only Decide's matcher takes it literally.
func (f *filled) wild() bool {
	return slices.ContainsFunc(f.parts, func(p part) bool { return p.escaped && strings.ContainsAny(p.text, "*?") })
}

// A keyCell is a key that stands for all that no statement tells from it, in
// the buckets of one group.
type keyCell struct {
	group int
	name  string
	key   string
}

// A keyBlock is a block whose things are cells of keys.
type keyBlock struct {
	*caster
	block    *compile.Block // of buckets
	groups   []compile.Set  // of buckets
	patterns [][]string     // by group
	cells    []keyCell
	first    []int // by group, its first cell; one more than groups
}

// keys cuts the keys of the holding's buckets into cells and decides them.
func (c *caster) keys(emit func(snapshot.AccessRow)) {
	k := &keyBlock{caster: c, block: c.block}
	k.cut()
	k.narrow()
	merged := newRowMerger(&c.room)
	c.block.Parts(Combine, func(actions compile.Set, parts []compile.Part) { k.rows(merged, actions, parts) })
	merged.emit(c.h, emit)
	c.block = k.block
}

// cut makes the groups of buckets and their cells.
func (k *keyBlock) cut() {
	things := make([]compile.Set, len(k.block.Claims))
	for i := range k.block.Claims {
		things[i] = k.block.Claims[i].Things
	}
	k.groups = k.room.Split(k.block.Things, things)
	for g, group := range k.groups {
		patterns := k.patternsOf(group.First(), func(*compile.Claim) bool { return true })
		k.first = append(k.first, len(k.cells))
		k.patterns = append(k.patterns, patterns)
		for _, sampled := range k.estate.cellsOf(patterns) {
			k.cells = append(k.cells, keyCell{g, sampled.name, sampled.key})
		}
	}
	k.first = append(k.first, len(k.cells))
}

// patternsOf are the key patterns of the claims about a bucket, broadest first.
func (k *keyBlock) patternsOf(bucket int, counts func(*compile.Claim) bool) []string {
	list := []string{"*"}
	for i := range k.block.Claims {
		claim := &k.block.Claims[i]
		if in := k.inside[i]; in != nil && claim.Things.Has(bucket) && counts(claim) {
			list = append(list, in.patterns...)
		}
	}
	if len(list) == 1 {
		return list
	}
	broadestFirst(list)
	return slices.Compact(list)
}

func broadestFirst(list []string) {
	sort.Slice(list, func(i, j int) bool {
		if a, b := strings.Contains(list[i], "*"), strings.Contains(list[j], "*"); a != b {
			return a
		}
		if len(list[i]) != len(list[j]) {
			return len(list[i]) < len(list[j])
		}
		return list[i] < list[j]
	})
}

// narrow replaces the block of buckets by one of cells.
func (k *keyBlock) narrow() {
	cells := &compile.Block{Actions: k.block.Actions, Things: len(k.cells), Base: k.block.Base, Levels: k.block.Levels, Room: k.block.Room}
	for i := range k.block.Claims {
		claim, in := k.block.Claims[i], k.inside[i]
		set := k.room.NewSet(len(k.cells))
		for at, cell := range k.cells {
			bucket := k.groups[cell.group].First()
			switch {
			case !claim.Things.Has(bucket):
			case in == nil || in.open == nil:
				if in.holds(cell.key) {
					set.Add(at)
				}
			default:
				k.openCell(cells, claim, in.open, at, bucket)
			}
		}
		if !set.Empty() {
			claim.Things = set
			cells.Claims = append(cells.Claims, claim)
		}
	}
	k.caster.block = cells
}

// openCell claims one cell as far as the request's own values covering it.
func (k *keyBlock) openCell(cells *compile.Block, claim compile.Claim, s *Statement, at, bucket int) {
	k.resource, k.values = k.h.things[bucket], k.values[:0]
	k.target = strings.TrimSuffix(k.h.refs[bucket], anyKey) + k.cells[at].key
	claim.Things, claim.When = k.room.NewSet(len(k.cells)), policy.And(claim.When, k.matchesResource(s))
	if claim.When != policy.False {
		claim.Things.Add(at)
		cells.Claims = append(cells.Claims, claim)
	}
}

// rows writes what actions come to in each group of buckets.
func (k *keyBlock) rows(m *rowMerger, actions compile.Set, parts []compile.Part) {
	of := make([]*compile.Part, len(k.cells))
	for i := range parts {
		parts[i].Things.Each(func(at int) { of[at] = &parts[i] })
	}
	plain := k.room.Clone(actions)
	plain.Subtract(k.h.extra)
	for g, group := range k.groups {
		if !plain.Empty() {
			k.row(m, plain, group, g, of, policy.True, nil)
		}
		actions.Each(func(a int) {
			if !k.h.extra.Has(a) || k.closed(g, of) {
				return
			}
			for _, things := range k.alikeInNeed(a, group) {
				needed, evidence := k.needed(a, things)
				k.row(m, k.one(a), things, g, of, needed, evidence)
			}
		})
	}
}

// closed reports whether no cell of a group comes to anything.
func (k *keyBlock) closed(g int, of []*compile.Part) bool {
	for at := k.first[g]; at < k.first[g+1]; at++ {
		if of[at].Formula != policy.False {
			return false
		}
	}
	return true
}

// row writes what actions come to in buckets of group g: the cells with the
// surest verdict, as Decide answers about a bucket.
func (k *keyBlock) row(m *rowMerger, actions, things compile.Set, g int, of []*compile.Part, needed *policy.Formula, more []snapshot.EvidenceRef) {
	if needed == policy.False || k.closed(g, of) {
		return
	}
	if k.first[g+1]-k.first[g] == 1 { // no key is told from another
		part := of[k.first[g]]
		if s := k.estate.stateOf(policy.And(part.Formula, needed)); s.verdict != graph.Denied {
			m.put(actions, things, s, append(k.evidence(part.Claims), more...), wholly, nil)
		}
		return
	}
	patterns := k.patternsOf(things.First(), func(c *compile.Claim) bool { return c.Actions.Meets(actions) })
	cells, order := map[string]*cell{}, []string(nil)
	best, bestPart := graph.Denied, of[k.first[g]]
	for at := k.first[g]; at < k.first[g+1]; at++ {
		name := k.cells[at].name
		if len(patterns) < len(k.patterns[g]) {
			name = cellName(patterns, k.cells[at].key)
		}
		if cells[name] != nil {
			continue
		}
		f := policy.And(of[at].Formula, needed)
		v := k.estate.stateOf(f).verdict
		cells[name] = &cell{formula: f, verdict: v}
		order = append(order, name)
		if v > best {
			best, bestPart = v, of[at]
		}
	}
	if best == graph.Denied {
		return
	}
	include, exclude := wholly, []string(nil)
	if len(order) > 1 {
		include, exclude = describe(patterns, order, cells, best)
	}
	m.put(actions, things, k.estate.stateOf(policy.And(bestPart.Formula, needed)), append(k.evidence(bestPart.Claims), more...), include, exclude)
}
