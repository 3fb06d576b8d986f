package aws

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file turns decided cells into rows of access.

// cells decides the block and writes rows down.
func (c *caster) cells(emit func(snapshot.AccessRow)) {
	merged := newRowMerger(&c.room)
	c.block.Cells(Combine, func(cell compile.Cell) {
		plain := c.room.Clone(cell.Actions)
		plain.Subtract(c.h.extra)
		evidence := c.evidence(cell.Claims)
		if !plain.Empty() {
			c.put(merged, plain, cell.Things, cell.Formula, evidence)
		}
		cell.Actions.Each(func(a int) {
			if !c.h.extra.Has(a) {
				return
			}
			for _, things := range c.alikeInNeed(a, cell.Things) {
				needed, more := c.needed(a, things)
				c.put(merged, c.one(a), things, policy.And(cell.Formula, needed), append(slices.Clip(evidence), more...))
			}
		})
	})
	merged.emit(c.h, emit)
}

// put adds a part of the block with one ruling, denials left out.
func (c *caster) put(m *rowMerger, actions, things compile.Set, f *policy.Formula, evidence []snapshot.EvidenceRef) {
	if s := c.estate.stateOf(f); s.verdict != graph.Denied {
		m.put(actions, things, s, evidence, nil, nil)
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

// A rowMerger joins parts of a block that have one ruling, first over actions,
// then over things.
type rowMerger struct {
	room  *compile.Room
	parts map[string]*mergedPart
	order []*mergedPart
}

type mergedPart struct {
	key              string // of all but actions and things
	things, actions  compile.Set
	ruling           snapshot.Ruling
	include, exclude []string
}

func newRowMerger(room *compile.Room) *rowMerger {
	return &rowMerger{room: room, parts: map[string]*mergedPart{}}
}

func (m *rowMerger) put(actions, things compile.Set, s state, evidence []snapshot.EvidenceRef, include, exclude []string) {
	ruling := snapshot.Ruling{Verdict: s.verdict, Bounds: s.bounds, Formula: s.text, Evidence: evidence}
	key := rulingKey(&ruling, include, exclude)
	whole := key + keyOf(things)
	if p, ok := m.parts[whole]; ok {
		p.actions.Union(actions)
		return
	}
	p := &mergedPart{key: key, things: m.room.Clone(things), actions: m.room.Clone(actions), ruling: ruling, include: include, exclude: exclude}
	m.parts[whole] = p
	m.order = append(m.order, p)
}

// rulingKey is equal for rulings that say the same of the same keys.
func rulingKey(r *snapshot.Ruling, include, exclude []string) string {
	b := make([]byte, 0, 128)
	b = append(b, byte(r.Verdict), byte(r.Bounds.Least), byte(r.Bounds.Most))
	for _, e := range r.Evidence {
		b = binary.LittleEndian.AppendUint32(b, uint32(e.Attachment))
		b = binary.LittleEndian.AppendUint32(b, e.Statement)
	}
	b = append(append(b, 0), r.Formula...)
	if len(include)+len(exclude) > 1 || len(include) == 1 && include[0] != "*" {
		b = fmt.Appendf(b, "%q%q", include, exclude)
	}
	return string(b)
}

// wholly is what a row of a bucket's keys includes where none are told apart.
var wholly = []string{"*"}

func (m *rowMerger) emit(h *holding, emit func(snapshot.AccessRow)) {
	joined := map[string]*mergedPart{}
	var order []*mergedPart
	for _, p := range m.order {
		key := p.key + keyOf(p.actions)
		if have, ok := joined[key]; ok {
			have.things.Union(p.things)
			continue
		}
		joined[key] = p
		order = append(order, p)
	}
	for _, p := range order {
		row := snapshot.AccessRow{To: h.nodesOf(p.things), Actions: h.names(p.actions), Ruling: p.ruling, Include: p.include, Exclude: p.exclude}
		emit(row)
	}
}
