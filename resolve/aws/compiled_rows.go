package aws

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file turns decided cells into rows of access.

// divided returns the buckets of which some statement in play speaks of some
// keys and not of others.
func (c *caster) divided() compile.Set {
	set := c.apart.Clone()
	for _, s := range c.aboutParts(c.h.all()) {
		for _, text := range s.Resources {
			set.Union(c.h.partlyCovered(text))
		}
	}
	return set
}

// inside decides the keys of buckets that statements tell apart, once for
// buckets of which every statement covers the same keys.
func (c *caster) inside(buckets compile.Set, emit func(snapshot.AccessRow)) {
	groups := map[string]compile.Set{}
	var order []compile.Set
	statements := c.aboutParts(buckets)
	buckets.Each(func(i int) {
		key := c.keysOf(i, statements)
		if groups[key] == nil {
			groups[key] = compile.NewSet(c.block.Things)
			order = append(order, groups[key])
		}
		groups[key].Add(i)
	})
	for _, alike := range order {
		to := c.h.nodesOf(alike)
		c.decided.partRows(c.h.nodes[alike.First()], func(a snapshot.Access) {
			emit(snapshot.AccessRow{To: to, Actions: a.Actions, Include: a.Include, Exclude: a.Exclude, Ruling: a.Ruling})
		})
	}
}

// aboutParts are the statements in play, resources' own policies aside.
func (c *caster) aboutParts(buckets compile.Set) []*Statement {
	if buckets.Empty() {
		return nil
	}
	var list []*Statement
	for _, documents := range c.decided.documentsInPlay()[1:] {
		for i := range documents {
			if documents[i].doc == nil {
				continue
			}
			for j := range documents[i].doc.Statements {
				if s := &documents[i].doc.Statements[j]; !c.h.of(actionsOf(s)).Empty() {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// keysOf tells which keys of a bucket each statement covers, and what else of
// the bucket decisions look at.
func (c *caster) keysOf(i int, statements []*Statement) string {
	b := c.h.things[i]
	if c.apart.Has(i) || c.spoken.Has(i) || b.gap != nil || b.publicGap != nil {
		return "\x00" + b.arn // its own policy speaks of the caller
	}
	var key strings.Builder
	fmt.Fprint(&key, b.attrs["kms-key"], " ", b.attrs["region"], " ", b.attrs["abac"], b.hasPublicPolicy(), b.restrictPublic == policy.True)
	for _, s := range statements {
		for j := range s.compiled.resources {
			p := &s.compiled.resources[j]
			if p.parts != nil {
				fmt.Fprintf(&key, " %q", c.remainders(p, strings.TrimSuffix(c.h.refs[i], anyKey)))
				continue
			}
			key.WriteString(c.h.remainder(p, i))
		}
		key.WriteByte(';')
	}
	return key.String()
}

// cells decides the block and writes rows down.
func (c *caster) cells(without compile.Set, emit func(snapshot.AccessRow)) {
	merged := newRowMerger(c.h)
	c.block.Cells(Combine, func(cell compile.Cell) {
		cell.Things.Subtract(without)
		if cell.Things.Empty() {
			return
		}
		plain := cell.Actions.Clone()
		plain.Subtract(c.h.extra)
		evidence := c.evidence(cell.Claims)
		if !plain.Empty() {
			c.put(merged, plain, cell.Things, cell.Formula, evidence)
		}
		extra := cell.Actions.Clone()
		extra.Intersect(c.h.extra)
		extra.Each(func(a int) { c.more(merged, a, cell, evidence) })
	})
	merged.emit(c.h, emit)
}

// put adds a part of the block with one ruling, denials left out.
func (c *caster) put(m *rowMerger, actions, things compile.Set, f *policy.Formula, evidence []snapshot.EvidenceRef) {
	s := c.estate.stateOf(f)
	if s.verdict == graph.Denied {
		return
	}
	m.put(actions, things, snapshot.Ruling{Verdict: s.verdict, Bounds: s.bounds, Formula: s.text, Evidence: evidence})
}

// more decides an action that needs more than the thing itself, for things
// that need the same.
func (c *caster) more(m *rowMerger, a int, cell compile.Cell, evidence []snapshot.EvidenceRef) {
	groups := map[string]compile.Set{}
	var order []compile.Set
	c.action = actionOf(c.h.actions[a])
	cell.Things.Each(func(i int) {
		b := c.h.things[i]
		if c.resource = b; c.byURL() {
			if c.impossible() == "" {
				order = append(order, c.thing(i)) // every function has URLs of its own
			}
			return
		}
		key := b.attrs["kms-key"] + " " + b.parts.Region + " " + b.attrs["region"]
		if groups[key] == nil {
			groups[key] = compile.NewSet(c.block.Things)
			order = append(order, groups[key])
		}
		groups[key].Add(i)
	})
	for _, things := range order {
		c.action, c.resource = actionOf(c.h.actions[a]), c.h.things[things.First()]
		c.target = c.resource.arn
		c.matched = c.matched[:0]
		f := policy.And(cell.Formula, c.alsoNeeded())
		c.put(m, c.one(a), things, f, append(slices.Clip(evidence), c.grantsMatched()...))
	}
}

// grantsMatched are the grants that a request heard.
func (r *request) grantsMatched() []snapshot.EvidenceRef {
	var list []snapshot.EvidenceRef
	for i := range r.matched {
		m := &r.matched[i]
		if m.gap || m.statement.Deny || m.bound.of == statedAttachment || Layers[m.layer].Mode != policy.Grant {
			continue
		}
		list = append(list, snapshot.EvidenceRef{Attachment: m.bound.of, Statement: uint32(m.statement.Index), Effect: graph.EffectAllow})
	}
	return list
}

// evidence are the statements of a cell that grant.
func (c *caster) evidence(claims []int) []snapshot.EvidenceRef {
	var list []snapshot.EvidenceRef
	for _, i := range claims {
		claim := &c.block.Claims[i]
		if claim.From < 0 {
			continue
		}
		l := &c.listed[claim.From]
		if l.statement.Deny || l.bound.of == statedAttachment || Layers[l.layer].Mode != policy.Grant {
			continue
		}
		ref := snapshot.EvidenceRef{Attachment: l.bound.of, Statement: uint32(l.statement.Index), Effect: graph.EffectAllow}
		if !slices.Contains(list, ref) {
			list = append(list, ref)
		}
	}
	return list
}

// A rowMerger joins parts of a block that have one ruling, first over things,
// then over actions.
type rowMerger struct {
	h     *holding
	parts map[string]*mergedPart
	order []string
}

type mergedPart struct {
	things, actions compile.Set
	ruling          snapshot.Ruling
}

func newRowMerger(h *holding) *rowMerger { return &rowMerger{h: h, parts: map[string]*mergedPart{}} }

func (m *rowMerger) put(actions, things compile.Set, ruling snapshot.Ruling) {
	key := fmt.Sprint(ruling) + keyOf(things)
	if p, ok := m.parts[key]; ok {
		p.actions.Union(actions)
		return
	}
	m.parts[key] = &mergedPart{things: things.Clone(), actions: actions.Clone(), ruling: ruling}
	m.order = append(m.order, key)
}

// wholly is what a row of a bucket's keys includes where none are told apart.
var wholly = []string{"*"}

func (m *rowMerger) emit(h *holding, emit func(snapshot.AccessRow)) {
	for _, key := range m.order {
		p := m.parts[key]
		row := snapshot.AccessRow{To: h.nodesOf(p.things), Actions: h.names(p.actions), Ruling: p.ruling}
		if h.parts {
			row.Include = wholly
		}
		emit(row)
	}
}

// partRows decides the actions on what a bucket holds.
func (r *reader) partRows(bucket snapshot.Index, emit func(snapshot.Access)) {
	r.resource = r.estate.resourceByNode(bucket)
	whole := r.resource
	for _, g := range r.actionGroups() {
		r.resource, r.action = whole, actionOf(g.actions[0])
		if r.fit() != fitsParts {
			continue
		}
		o := r.decide()
		ruling := r.ruling(o)
		if ruling.Verdict == graph.Denied {
			continue
		}
		row := snapshot.Access{To: bucket, Include: o.include, Exclude: o.exclude, Ruling: ruling}
		for _, id := range g.actions {
			row.Actions = append(row.Actions, id.String())
		}
		sort.Strings(row.Actions)
		emit(row)
	}
}
