package snapshot

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// Conclude takes the conclusions about what Facts returned; their indexes are
// those of that Snapshot. A second call replaces the first. Errors wrap
// ErrInvalid.
func (b *Builder) Conclude(in Conclusions) error {
	if b.facts == nil {
		return invalid("conclusions come after Facts")
	}
	c := b.facts.columns
	c.conclusions = conclusions{}
	k := &concluder{c: &c, nodes: b.facts.n, attachments: b.facts.attachments, strings: newStringTable(), lists: newListTable(), known: map[string]uint32{}}
	if err := k.conclude(in); err != nil {
		return err
	}
	b.final = &c
	return nil
}

// A concluder turns Conclusions into columns.
type concluder struct {
	c                  *columns
	nodes, attachments uint32
	strings            *stringTable
	lists              *listTable
	rulings            []rulingRow
	known              map[string]uint32 // rulings by what they say
	key                []byte
	footholds          []Foothold

	pivots []pivotRow
	admins []adminRow
	access []accessRow
	err    error // the first thing that is wrong
}

type (
	pivotRow struct{ from, to, relation, action, technique, ruling uint32 }
	adminRow struct{ from, scope, through, ruling uint32 }
	// An accessRow's class is the number that the caller gave, then ours.
	accessRow   struct{ class, to, actions, include, exclude, ruling uint32 }
	evidenceRow struct{ attachment, statement, effect uint32 }
	rulingRow   struct {
		verdict, least, most graph.Verdict
		formula              uint32
		evidence             []evidenceRow
	}
)

func (k *concluder) conclude(in Conclusions) error {
	k.collectFootholds(in)
	if k.err != nil {
		return k.err
	}
	k.rows(in)
	if k.err != nil {
		return k.err
	}
	if len(k.footholds) == 0 && len(in.Access) == 0 {
		return nil
	}
	k.freezeTables()
	k.pivotColumns()
	k.adminColumns()
	k.accessColumns(k.classColumns(in.Classes))
	return k.err
}

func (k *concluder) fail(format string, args ...any) {
	if k.err == nil {
		k.err = invalid(format, args...)
	}
}

// collectFootholds numbers every foothold that a conclusion names.
func (k *concluder) collectFootholds(in Conclusions) {
	for _, p := range in.Pivots {
		k.footholds = append(k.footholds, p.From, p.To)
	}
	for _, a := range in.Administrations {
		k.footholds = append(k.footholds, a.From)
	}
	for _, class := range in.Classes {
		k.footholds = append(k.footholds, class...)
	}
	slices.SortFunc(k.footholds, compareFoothold)
	k.footholds = slices.Clip(slices.Compact(k.footholds))
	for _, f := range k.footholds {
		k.node(f.Node)
		if f.Hold > graph.DataOnly {
			k.fail("foothold of node %d: hold %d", f.Node, f.Hold)
		}
		k.c.footNode = append(k.c.footNode, uint32(f.Node))
		k.c.footHold = append(k.c.footHold, uint8(f.Hold))
	}
}

func compareFoothold(a, b Foothold) int {
	return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Hold, b.Hold))
}

func (k *concluder) foothold(f Foothold) uint32 {
	at, _ := slices.BinarySearchFunc(k.footholds, f, compareFoothold)
	return uint32(at)
}

func (k *concluder) node(i Index) uint32 {
	if uint32(i) >= k.nodes {
		k.fail("conclusion about node %d of %d", i, k.nodes)
	}
	return uint32(i)
}

// rows numbers the strings, lists and rulings of all conclusions.
func (k *concluder) rows(in Conclusions) {
	id := k.strings.id
	for _, p := range in.Pivots {
		if !slices.Contains(graph.Relations, p.Relation) {
			k.fail("pivot of relation %q", p.Relation)
		}
		k.pivots = append(k.pivots, pivotRow{k.foothold(p.From), k.foothold(p.To),
			id(string(p.Relation)), id(p.Action), id(p.Technique), k.ruling(p.Ruling)})
	}
	for _, a := range in.Administrations {
		k.admins = append(k.admins, adminRow{k.foothold(a.From), k.node(a.Scope), k.list(a.Through), k.ruling(a.Ruling)})
	}
	for _, a := range in.Access {
		if int64(a.Class) >= int64(len(in.Classes)) || len(in.Classes[a.Class]) == 0 {
			k.fail("access of class %d, which has no members", a.Class)
		}
		for _, to := range a.To {
			k.access = append(k.access, accessRow{a.Class, k.node(to),
				k.set(a.Actions), k.set(a.Include), k.set(a.Exclude), k.ruling(a.Ruling)})
		}
	}
}

func (k *concluder) list(texts []string) uint32 {
	ids := make([]uint32, len(texts))
	for i, text := range texts {
		ids[i] = k.strings.id(text)
	}
	return k.lists.id(ids)
}

func (k *concluder) set(texts []string) uint32 {
	texts = slices.Clone(texts)
	slices.Sort(texts)
	return k.list(slices.Compact(texts))
}

// ruling numbers a ruling: most pivots share theirs with others. Rulings that
// differ in the order of their evidence alone become one in freezeTables.
func (k *concluder) ruling(r Ruling) uint32 {
	if max(r.Verdict, r.Bounds.Least, r.Bounds.Most) > graph.Allowed {
		k.fail("ruling with verdict %d and bounds %d to %d", r.Verdict, r.Bounds.Least, r.Bounds.Most)
	}
	formula := k.strings.id(r.Formula)
	k.key = append(k.key[:0], byte(r.Verdict), byte(r.Bounds.Least), byte(r.Bounds.Most))
	k.key = binary.LittleEndian.AppendUint32(k.key, formula)
	for _, e := range r.Evidence {
		if uint32(e.Attachment) >= k.attachments {
			k.fail("evidence in attachment %d of %d", e.Attachment, k.attachments)
		}
		k.key = binary.LittleEndian.AppendUint32(k.key, uint32(e.Attachment))
		k.key = binary.LittleEndian.AppendUint32(k.key, e.Statement)
		k.key = binary.LittleEndian.AppendUint32(k.key, k.strings.id(string(e.Effect)))
	}
	if id, ok := k.known[string(k.key)]; ok {
		return id
	}
	k.known[string(k.key)] = uint32(len(k.rulings))
	k.rulings = append(k.rulings, rulingRow{verdict: r.Verdict, least: r.Bounds.Least, most: r.Bounds.Most,
		formula: formula, evidence: k.evidence(r.Evidence)})
	return uint32(len(k.rulings) - 1)
}

func (k *concluder) evidence(list []EvidenceRef) []evidenceRow {
	rows := make([]evidenceRow, len(list))
	for i, e := range list {
		rows[i] = evidenceRow{uint32(e.Attachment), e.Statement, k.strings.id(string(e.Effect))}
	}
	return rows
}

func compareEvidence(a, b evidenceRow) int {
	return cmp.Or(cmp.Compare(a.attachment, b.attachment), cmp.Compare(a.statement, b.statement), cmp.Compare(a.effect, b.effect))
}

func compareRuling(a, b rulingRow) int {
	if c := cmp.Or(cmp.Compare(a.verdict, b.verdict), cmp.Compare(a.least, b.least), cmp.Compare(a.most, b.most), cmp.Compare(a.formula, b.formula)); c != 0 {
		return c
	}
	return slices.CompareFunc(a.evidence, b.evidence, compareEvidence)
}

// freezeTables freezes strings, lists and rulings and gives every row the new
// numbers.
func (k *concluder) freezeTables() {
	var str, list []uint32
	k.known = nil
	k.c.cstr, str = k.strings.freeze()
	k.c.clistOff, k.c.clistItem, list = k.lists.freeze(str)
	ruling := k.freezeRulings(str)
	for i := range k.pivots {
		p := &k.pivots[i]
		remap(str, &p.relation, &p.action, &p.technique)
		remap(ruling, &p.ruling)
	}
	for i := range k.admins {
		remap(list, &k.admins[i].through)
		remap(ruling, &k.admins[i].ruling)
	}
	for i := range k.access {
		a := &k.access[i]
		remap(list, &a.actions, &a.include, &a.exclude)
		remap(ruling, &a.ruling)
	}
}

func (k *concluder) freezeRulings(str []uint32) (rank []uint32) {
	var effects dictionary
	for i := range k.rulings {
		r := &k.rulings[i]
		r.formula = str[r.formula]
		for j := range r.evidence {
			r.evidence[j].effect = str[r.evidence[j].effect]
			if err := effects.add(r.evidence[j].effect); err != nil && k.err == nil {
				k.err = err
			}
		}
		slices.SortFunc(r.evidence, compareEvidence)
		r.evidence = slices.Compact(r.evidence)
	}
	k.c.cdictEffect = effects.words
	order := ordered(len(k.rulings), func(a, b uint32) int { return compareRuling(k.rulings[a], k.rulings[b]) })
	rank = make([]uint32, len(order))
	for i, id := range order {
		if i == 0 || compareRuling(k.rulings[order[i-1]], k.rulings[id]) != 0 {
			k.rulingColumns(k.rulings[id], effects)
		}
		rank[id] = uint32(len(k.c.rulingVerdict) - 1)
	}
	return rank
}

func (k *concluder) rulingColumns(r rulingRow, effects dictionary) {
	c := k.c
	if len(c.rulingOff) == 0 {
		c.rulingOff = u32s{0}
	}
	c.rulingVerdict = append(c.rulingVerdict, uint8(r.verdict))
	c.rulingLeast = append(c.rulingLeast, uint8(r.least))
	c.rulingMost = append(c.rulingMost, uint8(r.most))
	c.rulingFormula = append(c.rulingFormula, r.formula)
	for _, e := range r.evidence {
		c.evAttachment = append(c.evAttachment, e.attachment)
		c.evStatement = append(c.evStatement, e.statement)
		c.evEffect = append(c.evEffect, effects.code(e.effect))
	}
	if len(c.evAttachment) > math.MaxUint32-1 {
		k.fail("more evidence than an index can number")
	}
	c.rulingOff = append(c.rulingOff, uint32(len(c.evAttachment)))
}

func (k *concluder) pivotColumns() {
	slices.SortFunc(k.pivots, comparePivot)
	k.pivots = slices.Compact(k.pivots)
	var relations dictionary
	for _, p := range k.pivots {
		if err := relations.add(p.relation); err != nil {
			k.err = err
		}
	}
	c := k.c
	c.cdictRelation = relations.words
	for _, p := range k.pivots {
		c.pivotFrom = append(c.pivotFrom, p.from)
		c.pivotTo = append(c.pivotTo, p.to)
		c.pivotRelation = append(c.pivotRelation, relations.code(p.relation))
		c.pivotAction = append(c.pivotAction, p.action)
		c.pivotTechnique = append(c.pivotTechnique, p.technique)
		c.pivotRuling = append(c.pivotRuling, p.ruling)
		c.pivotVerdict = append(c.pivotVerdict, c.rulingVerdict[p.ruling])
	}
	n := len(k.footholds)
	c.pivotOutOff, c.pivotInOff = offsets(n, c.pivotFrom), offsets(n, c.pivotTo)
	c.pivotOut = ordered(len(k.pivots), func(a, b uint32) int { return cmp.Compare(a, b) })
	c.pivotIn = ordered(len(k.pivots), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.pivotTo[a], c.pivotTo[b]), cmp.Compare(a, b))
	})
}

func comparePivot(a, b pivotRow) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.relation, b.relation),
		cmp.Compare(a.technique, b.technique), cmp.Compare(a.action, b.action), cmp.Compare(a.ruling, b.ruling))
}

func (k *concluder) adminColumns() {
	slices.SortFunc(k.admins, func(a, b adminRow) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.scope, b.scope), cmp.Compare(a.through, b.through), cmp.Compare(a.ruling, b.ruling))
	})
	c := k.c
	for _, a := range slices.Compact(k.admins) {
		c.admFrom = append(c.admFrom, a.from)
		c.admScope = append(c.admScope, a.scope)
		c.admThrough = append(c.admThrough, a.through)
		c.admRuling = append(c.admRuling, a.ruling)
	}
	c.admBy = ordered(len(c.admFrom), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.admScope[a], c.admScope[b]), cmp.Compare(a, b))
	})
}

// classColumns writes the classes in the order of their first members and
// returns the new number of each. Classes without members are left out.
func (k *concluder) classColumns(classes [][]Foothold) (rank []uint32) {
	members := make([][]uint32, len(classes))
	for i, class := range classes {
		for _, f := range class {
			members[i] = append(members[i], k.foothold(f))
		}
		slices.Sort(members[i])
		members[i] = slices.Compact(members[i])
	}
	c := k.c
	c.footClass = slices.Repeat(u32s{uint32(None)}, len(k.footholds))
	rank = make([]uint32, len(classes))
	for _, id := range ordered(len(classes), func(a, b uint32) int { return slices.Compare(members[a], members[b]) }) {
		if len(members[id]) == 0 {
			continue
		}
		if len(c.classOff) == 0 {
			c.classOff = u32s{0}
		}
		rank[id] = uint32(len(c.classOff) - 1)
		k.classMembers(rank[id], members[id])
	}
	return rank
}

func (k *concluder) classMembers(class uint32, members []uint32) {
	c := k.c
	for _, f := range members {
		if c.footClass[f] != uint32(None) {
			k.fail("the foothold of node %d, by %v, belongs to two classes", k.footholds[f].Node, k.footholds[f].Hold)
		}
		c.footClass[f] = class
		c.classFoot = append(c.classFoot, f)
	}
	c.classOff = append(c.classOff, uint32(len(c.classFoot)))
}

func (k *concluder) accessColumns(class []uint32) {
	for i := range k.access {
		k.access[i].class = class[k.access[i].class]
	}
	slices.SortFunc(k.access, func(a, b accessRow) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.to, b.to), cmp.Compare(a.actions, b.actions),
			cmp.Compare(a.include, b.include), cmp.Compare(a.exclude, b.exclude), cmp.Compare(a.ruling, b.ruling))
	})
	c := k.c
	for _, a := range slices.Compact(k.access) {
		c.accClass = append(c.accClass, a.class)
		c.accTo = append(c.accTo, a.to)
		c.accActions = append(c.accActions, a.actions)
		c.accInclude = append(c.accInclude, a.include)
		c.accExclude = append(c.accExclude, a.exclude)
		c.accRuling = append(c.accRuling, a.ruling)
	}
	if classes := len(c.classOff) - 1; classes > 0 {
		c.accOff = offsets(classes, c.accClass)
	}
	c.accBy = ordered(len(c.accTo), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.accTo[a], c.accTo[b]), cmp.Compare(a, b))
	})
}
