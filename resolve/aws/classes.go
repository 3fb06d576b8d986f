package aws

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
)

// Access classes: footholds that may do the same. What a foothold may do falls
// into parts, one a holding; footholds that no document can tell apart as far
// as a holding hears share the part, which is decided once. Documents tell
// principals apart by what is attached to them, by tests of keys that say who
// asks, by variables, and by name. Only the outcomes of such tests matter, not
// the values.

// accessOfCallers evaluates the access classes of footholds that callers have
// from the outset.
func accessOfCallers(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	w.Out.AddCommons(e.commons())
	var callers []snapshot.Foothold
	for _, node := range e.callers() {
		callers = append(callers, e.foothold(node))
	}
	return e.evaluate(ctx, w.Out, callers)
}

// accessOfGains evaluates the access classes of footholds that techniques give.
func accessOfGains(ctx context.Context, w *resolve.Work) error {
	e := estateOf(w)
	return e.evaluate(ctx, w.Out, e.extraFootholds(w.Out))
}

// evaluate makes access classes and their parts, account by account.
func (e *Estate) evaluate(ctx context.Context, out *snapshot.Conclusions, footholds []snapshot.Foothold) error {
	byAccount := map[string][]snapshot.Foothold{}
	for _, f := range footholds {
		if account := e.homeOf(f); e.concern.hasAccess(e, f, account) {
			byAccount[account] = append(byAccount[account], f)
		}
	}
	accounts := sorted(byAccount)
	e.lending()
	return parallel(ctx, len(accounts), func(i int) {
		v := e.newVicinity(accounts[i], out)
		for _, f := range byAccount[accounts[i]] {
			v.take(f, e.lean[f])
		}
		v.close()
	})
}

// A taker takes classes and their parts.
type taker interface {
	AddPart(snapshot.AccessPart) snapshot.PartIndex
	AddClass(snapshot.AccessClass)
}

// A vicinity is what principals of one account can come to act on, and the
// classes that they fall into.
type vicinity struct {
	e       *Estate
	out     taker
	account string
	own     []*holding
	near    []*holding // lent by other accounts that name it
	common  []*holding // lent to everyone
	all     []*holding // all of these: a holding is known by its place here
	home    []snapshot.Index

	parts   map[string]snapshot.PartIndex
	heard   map[*Document][]*heardDocument // by holding
	ceiling []*ceilingHeard                // by holding
	classes map[string]int
	list    []snapshot.AccessClass

	caller  classCaller // at hand; callers come by the million
	request request     // the caller's
	caster  caster
	key     []byte
	found   []snapshot.PartIndex
}

// newVicinity gathers the things of an account and those lent to it; of "",
// all that is lent to callers without an account.
func (e *Estate) newVicinity(account string, out taker) *vicinity {
	v := &vicinity{
		e: e, out: out, account: account, parts: map[string]snapshot.PartIndex{},
		heard: map[*Document][]*heardDocument{}, classes: map[string]int{},
	}
	things := e.targetsByOwner()
	v.own = e.holdings(things[""], account, false)
	if account != "" {
		v.own = append(v.own, e.holdings(things[account], account, false)...)
		e.lending()
		v.common = e.common.holdings
	}
	near, home := e.near(account)
	near = slices.DeleteFunc(near, func(node snapshot.Index) bool { return e.ownerOf(node) == "" })
	v.near, v.home = e.holdings(near, account, true), home
	v.all = slices.Concat(v.own, v.near, v.common)
	v.ceiling = make([]*ceilingHeard, len(v.all))
	return v
}

// take puts a foothold into its class; abroad, as far as other accounts lend.
func (v *vicinity) take(f snapshot.Foothold, abroad bool) {
	v.call(f)
	v.found = v.found[:0]
	for n := range v.all {
		if abroad && n < len(v.own) {
			continue
		}
		if part := v.part(n); part != noPart {
			v.found = append(v.found, part)
		}
	}
	v.enter(f)
}

// enter puts a foothold to those that have the same parts.
func (v *vicinity) enter(f snapshot.Foothold) {
	key := v.key[:0]
	for _, p := range v.found {
		key = binary.LittleEndian.AppendUint32(key, uint32(p))
	}
	v.key = key
	n, ok := v.classes[string(key)]
	if !ok {
		n = len(v.list)
		v.classes[string(key)] = n
		v.list = append(v.list, snapshot.AccessClass{Parts: slices.Clone(v.found), Home: v.home})
	}
	v.list[n].Members = append(v.list[n].Members, f)
}

// close hands the classes over.
func (v *vicinity) close() {
	for _, class := range v.list {
		v.out.AddClass(class)
	}
}

// noPart stands for a part without rows.
const noPart = snapshot.PartIndex(0)

// part returns what the caller may do on a holding. What somebody else may
// have too is remembered: of the vicinity's own, in the vicinity.
func (v *vicinity) part(n int) snapshot.PartIndex {
	h, first := v.all[n], len(v.own)+len(v.near)
	if n >= first {
		return v.commonPart(h, n-first, n)
	}
	key, shared := v.keyOf(n, n)
	if !shared {
		return v.decide(h, false)
	}
	part, ok := v.parts[string(key)]
	if !ok {
		kept := string(key)
		part = v.decide(h, false)
		v.parts[kept] = part
	}
	return part
}

// commonPart returns what the caller may do to what is lent to everyone.
func (v *vicinity) commonPart(h *holding, number, n int) snapshot.PartIndex {
	key, shared := v.keyOf(number, n)
	if !shared {
		return v.decide(h, true)
	}
	part := v.e.common.part(key)
	part.once.Do(func() { part.index = v.decide(h, true) })
	return part.index
}

// decide evaluates a part, for the first who has it.
func (v *vicinity) decide(h *holding, abroad bool) snapshot.PartIndex {
	var rows []snapshot.AccessRow
	v.caster.caller(v.e, v.caller.foothold)
	v.caster.rows(h, func(row snapshot.AccessRow) {
		row.Ruling.Evidence = v.e.canonical(row.Ruling.Evidence)
		rows = append(rows, row)
	})
	v.e.evaluated.Add(1)
	if len(rows) == 0 {
		return noPart
	}
	return v.out.AddPart(snapshot.AccessPart{Abroad: abroad, Rows: rows})
}

// canonical points evidence of identity policies at the first attachment of its
// document: those who have the same documents share rows.
func (e *Estate) canonical(list []snapshot.EvidenceRef) []snapshot.EvidenceRef {
	list = slices.Clone(list)
	for i := range list {
		if isCanonical(e.s.AttachmentLayer(list[i].Attachment)) {
			list[i].Attachment = e.s.Canonical(list[i].Attachment)
		}
	}
	slices.SortFunc(list, compareEvidence)
	return slices.Compact(list)
}

// isCanonical tells the layer whose evidence canonical moves.
func isCanonical(layer graph.LayerID) bool { return layer == LayerIdentity }

func compareEvidence(a, b snapshot.EvidenceRef) int {
	if a.Attachment != b.Attachment {
		return int(int64(a.Attachment) - int64(b.Attachment))
	}
	return int(int64(a.Statement) - int64(b.Statement))
}
