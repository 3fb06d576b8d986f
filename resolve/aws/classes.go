package aws

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unsafe"

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
		account := e.homeOf(f)
		byAccount[account] = append(byAccount[account], f)
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
	home    []snapshot.Index

	parts   map[string]snapshot.PartIndex
	heard   map[*holding]map[*Document]*heardDocument
	ceiling map[*holding]*ceilingHeard
	classes map[string]int
	list    []snapshot.AccessClass
}

// newVicinity gathers the things of an account and those lent to it; of "",
// all that is lent to callers without an account.
func (e *Estate) newVicinity(account string, out taker) *vicinity {
	v := &vicinity{
		e: e, out: out, account: account, parts: map[string]snapshot.PartIndex{},
		heard: map[*holding]map[*Document]*heardDocument{}, ceiling: map[*holding]*ceilingHeard{}, classes: map[string]int{},
	}
	things := e.targetsByOwner()
	v.own = e.holdings(things[""], account, false)
	if account != "" {
		v.own = append(v.own, e.holdings(things[account], account, false)...)
		v.common = e.common.holdings
	}
	near, home := e.near(account)
	near = slices.DeleteFunc(near, func(node snapshot.Index) bool { return e.ownerOf(node) == "" })
	v.near, v.home = e.holdings(near, account, true), home
	return v
}

// take puts a foothold into its class; abroad, as far as other accounts lend.
func (v *vicinity) take(f snapshot.Foothold, abroad bool) {
	c := v.e.callerAt(f)
	var parts []snapshot.PartIndex
	add := func(part snapshot.PartIndex) {
		if part != noPart {
			parts = append(parts, part)
		}
	}
	if !abroad {
		for n, h := range v.own {
			add(v.part(c, n, h))
		}
	}
	for n, h := range v.near {
		add(v.part(c, len(v.own)+n, h))
	}
	for n, h := range v.common {
		add(v.commonPart(c, n, h))
	}
	v.enter(f, parts)
}

// enter puts a foothold to those that have the same parts.
func (v *vicinity) enter(f snapshot.Foothold, parts []snapshot.PartIndex) {
	key := make([]byte, 0, 4*len(parts))
	for _, p := range parts {
		key = binary.LittleEndian.AppendUint32(key, uint32(p))
	}
	n, ok := v.classes[string(key)]
	if !ok {
		n = len(v.list)
		v.classes[string(key)] = n
		v.list = append(v.list, snapshot.AccessClass{Parts: parts, Home: v.home})
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

// part returns what a caller may do on a holding of the vicinity.
func (v *vicinity) part(c *classCaller, number int, h *holding) snapshot.PartIndex {
	key := string(v.key(binary.LittleEndian.AppendUint32(nil, uint32(number)), c, h))
	part, ok := v.parts[key]
	if !ok {
		part = v.decide(c, h, false)
		v.parts[key] = part
	}
	return part
}

// commonPart returns what a caller may do to what is lent to everyone.
func (v *vicinity) commonPart(c *classCaller, number int, h *holding) snapshot.PartIndex {
	key := string(v.key(binary.LittleEndian.AppendUint32(nil, uint32(number)), c, h))
	common := &v.e.common
	common.mu.Lock()
	defer common.mu.Unlock()
	part, ok := common.parts[key]
	if !ok {
		part = v.decide(c, h, true)
		common.parts[key] = part
	}
	return part
}

// decide evaluates a part, for the first who has it.
func (v *vicinity) decide(c *classCaller, h *holding, abroad bool) snapshot.PartIndex {
	var rows []snapshot.AccessRow
	v.e.newCaster(c.foothold).rows(h, func(row snapshot.AccessRow) {
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
		if e.s.AttachmentLayer(list[i].Attachment) == LayerIdentity {
			list[i].Attachment = e.s.Canonical(list[i].Attachment)
		}
	}
	slices.SortFunc(list, compareEvidence)
	return slices.Compact(list)
}

func compareEvidence(a, b snapshot.EvidenceRef) int {
	if a.Attachment != b.Attachment {
		return int(int64(a.Attachment) - int64(b.Attachment))
	}
	return int(int64(a.Statement) - int64(b.Statement))
}

// A classCaller is a foothold while its class is looked for.
type classCaller struct {
	foothold snapshot.Foothold
	*request
	head     string // of every key; of those that are like nobody else, their own
	alone    bool
	identity []bound // in a fixed order
}

func (e *Estate) callerAt(f snapshot.Foothold) *classCaller {
	p := e.actor(f)
	hold := e.heldAs(f)
	c := &classCaller{foothold: f, request: &request{estate: e, principal: p, hold: hold, resource: &resource{}}}
	if c.alone = e.s.Kind(f.Node) == graph.KindAccount || p.alone(); c.alone {
		c.head = fmt.Sprint("foothold ", f)
		return c
	}
	c.identity = p.identity
	if f.Hold == graph.WithOwnPolicy {
		c.identity = c.keptBy(p)
	}
	if slices.ContainsFunc(c.identity, func(b bound) bool { return b.doc == nil }) || slices.ContainsFunc(p.boundary, func(b bound) bool { return b.doc == nil }) {
		c.alone, c.head = true, fmt.Sprint("foothold ", f)
		return c
	}
	c.head = fmt.Sprint(p.kind, p.serviceLinked, p.trust, hold, p.partition)
	return c
}

// alone reports whether a principal has what no other is taken to have.
func (p *principal) alone() bool {
	return p.kind > kindRole || p.idGap != nil || p.uncollected || p.gone || p.openTags || len(p.sessionPolicies()) > 0
}

// key is equal for callers for which a holding hears the same.
func (v *vicinity) key(key []byte, c *classCaller, h *holding) []byte {
	key = append(key, c.head...)
	if c.alone {
		return key
	}
	if h.namesCaller(c.principal) || len(h.look.tests)+len(h.look.keys) > maxTests || v.personal(c, h) {
		return fmt.Append(key, "named ", c.foothold)
	}
	key = v.documents(append(key, '\x00'), c, h, c.identity)
	key = append(key, '\x01', byte(len(c.principal.boundary)))
	key = v.documents(key, c, h, c.principal.boundary)
	key = v.e.outcomes(append(key, '\x02'), c.request, h.look)
	if c.principal.serviceLinked {
		return key
	}
	s := v.ceilingOf(c, h)
	if h.abroad {
		key = append(key, s.key...)
	}
	return v.e.outcomes(key, c.request, s.look)
}

// personal reports whether a document of the caller asks a holding for what may
// name it.
func (v *vicinity) personal(c *classCaller, h *holding) bool {
	return !h.several.Empty() && slices.ContainsFunc(c.identity, func(b bound) bool {
		heard := v.hears(h, b.doc)
		return heard != nil && heard.personal
	})
}

// documents adds the documents that a holding hears, in a fixed order, and the
// outcomes of their looks.
func (v *vicinity) documents(key []byte, c *classCaller, h *holding, list []bound) []byte {
	var hashes []string
	for i := range list {
		b := &list[i]
		if heard := v.hears(h, b.doc); heard != nil {
			hashes = append(hashes, documentKey(b.doc))
			key = v.e.outcomes(key, c.request, heard.look)
		}
	}
	sort.Strings(hashes)
	return append(key, strings.Join(slices.Compact(hashes), "")...)
}

// hears is hearsDocument, remembered.
func (v *vicinity) hears(h *holding, d *Document) *heardDocument {
	known := v.heard[h]
	if known == nil {
		known = map[*Document]*heardDocument{}
		v.heard[h] = known
	}
	heard, ok := known[d]
	if !ok {
		heard = h.hearsDocument(v.e, d)
		known[d] = heard
	}
	return heard
}

// ceilingHeard is what a holding hears of the SCPs of the vicinity's account.
type ceilingHeard struct {
	key  []byte // equal for accounts whose SCPs say the same there
	look *look
}

func (v *vicinity) ceilingOf(c *classCaller, h *holding) *ceilingHeard {
	if s := v.ceiling[h]; s != nil {
		return s
	}
	s := &ceilingHeard{look: newLook(h.abroad)}
	v.ceiling[h] = s
	a := c.principal.account
	if a.management || a.scp.assumed {
		s.key = []byte("free")
		return s
	}
	for i := range a.scp.levels {
		l := &a.scp.levels[i]
		s.key = append(s.key, '\x03')
		if l.gap != nil {
			s.key = append(s.key, fingerprint(l.gap)...)
		}
		for j := range l.policies {
			s.key = v.ceilingDocument(s, h, &l.policies[j])
		}
	}
	return s
}

func (v *vicinity) ceilingDocument(s *ceilingHeard, h *holding, b *bound) []byte {
	if b.doc == nil {
		return append(s.key, fingerprint(b.missing)...)
	}
	heard := v.hears(h, b.doc)
	if heard == nil {
		return s.key
	}
	s.look.add(heard.look)
	return append(s.key, documentKey(b.doc)...)
}

// documentKey is equal for equal documents of a snapshot: each is parsed once.
func documentKey(d *Document) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(uintptr(unsafe.Pointer(d)))))
}

// documentsKey is equal for principals of one account and kind for which their
// own documents and those of their account's ceilings say the same. ok is false
// for those who are alone.
func (e *Estate) documentsKey(p *principal, hold graph.Hold) (key string, ok bool) {
	if p.alone() {
		return "", false
	}
	r := &request{estate: e, principal: p, hold: hold, resource: &resource{}}
	identity := p.identity
	if hold == graph.WithOwnPolicy {
		identity = r.keptBy(p)
	}
	var documents []string
	look := newLook(false)
	add := func(layer string, list []bound) bool {
		for i := range list {
			b := &list[i]
			if b.doc == nil {
				return false
			}
			look.document(b.doc)
			documents = append(documents, layer+documentKey(b.doc))
		}
		return true
	}
	if !add("identity", identity) || !add("boundary", p.boundary) {
		return "", false
	}
	for _, l := range p.account.scp.levels {
		for i := range l.policies {
			if doc := l.policies[i].doc; doc != nil {
				look.document(doc)
			}
		}
	}
	slices.Sort(documents)
	head := fmt.Sprint(p.account.id, p.kind, p.serviceLinked, p.trust, hold == graph.WithOwnPolicy, p.partition)
	return string(e.outcomes([]byte(head+strings.Join(slices.Compact(documents), "\n")), r, look)), true
}

// roleOfSession returns "account/NAME" of an assumed-role ARN.
func roleOfSession(value string) string {
	arn, ok := ParseARN(value)
	rest, session := strings.CutPrefix(arn.Resource, "assumed-role/")
	if !ok || !session {
		return value
	}
	name, _, _ := strings.Cut(rest, "/")
	return arn.Account + "/" + name
}
