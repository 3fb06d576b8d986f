package aws

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file says for whom a holding hears the same: keys of parts of access,
// which are equal for callers that it cannot tell apart.

// A classCaller is a foothold while its class is looked for.
type classCaller struct {
	foothold snapshot.Foothold
	*request
	head  []byte // of every key
	alone bool   // like nobody else
	path  string // account and name, as policies of sessions know a role

	identity, boundary           []bound
	heardIdentity, heardBoundary [][]*heardDocument // by document and holding
	hashes                       []uintptr
}

// call makes a foothold the caller at hand.
func (v *vicinity) call(f snapshot.Foothold) {
	p, c := v.e.actor(f), &v.caller
	hold := v.e.heldAs(f)
	v.request = request{estate: v.e, principal: p, hold: hold, resource: &noResource, values: v.request.values[:0], matched: v.request.matched[:0]}
	*c = classCaller{
		foothold: f, request: &v.request, head: c.head[:0], identity: p.identity, boundary: p.boundary,
		heardIdentity: c.heardIdentity[:0], heardBoundary: c.heardBoundary[:0], hashes: c.hashes[:0],
	}
	if c.alone = v.e.s.Kind(f.Node) == graph.KindAccount || p.alone(); c.alone {
		return
	}
	if f.Hold == graph.WithOwnPolicy {
		c.identity = c.keptBy(p)
	}
	if c.alone = slices.ContainsFunc(c.identity, bound.unread) || slices.ContainsFunc(c.boundary, bound.unread); c.alone {
		return
	}
	c.path = p.account.id + "/" + p.name
	c.head = append(append(c.head, byte(p.kind), p.traits(), byte(hold)), p.partition...)
	c.heardIdentity = v.heardOf(c.heardIdentity, c.identity)
	c.heardBoundary = v.heardOf(c.heardBoundary, c.boundary)
}

// noResource is what tests of who asks are looked at with.
var noResource resource

// alone reports whether a principal has what no other is taken to have.
func (p *principal) alone() bool {
	return p.kind > kindRole || p.idGap != nil || p.uncollected || p.gone || p.openTags || len(p.sessionPolicies()) > 0
}

// traits is what else decisions read of a principal's kind, as bits.
func (p *principal) traits() (bits byte) {
	for i, trait := range [...]bool{p.serviceLinked, p.trust.tags, p.trust.sourceIdentity, p.trust.federated} {
		if trait {
			bits |= 1 << i
		}
	}
	return bits
}

// keyOf is equal for callers for which holding n hears the same. shared is
// false where nobody else is like the caller there. The key is good until the
// next one is made.
func (v *vicinity) keyOf(number, n int) (key []byte, shared bool) {
	c, h := &v.caller, v.all[n]
	if c.alone || h.namesCaller(c) || len(h.look.tests)+len(h.look.keys) > maxTests || c.personal(h, n) {
		return nil, false
	}
	key = binary.LittleEndian.AppendUint32(v.key[:0], uint32(number))
	key = append(append(key, c.head...), '\x00')
	if h.asksAtHome(c.principal.account.id) {
		key = append(key, c.principal.account.id...)
	}
	key = v.documents(key, c.identity, c.heardIdentity, n)
	key = append(key, '\x01', byte(len(c.boundary)))
	key = v.documents(key, c.boundary, c.heardBoundary, n)
	key = v.e.outcomes(append(key, '\x02'), c.request, h.look)
	if !c.principal.serviceLinked {
		s := v.ceilingOf(n)
		if h.abroad {
			key = append(key, s.key...)
		}
		key = v.e.outcomes(key, c.request, s.look)
	}
	v.key = key
	return key, true
}

// namesCaller reports whether policies name a caller itself.
func (h *hearing) namesCaller(c *classCaller) bool {
	return len(h.named) > 0 && (h.named[c.principal.ref] || h.named[c.path])
}

// personal reports whether a document of the caller asks a holding for what may
// name it.
func (c *classCaller) personal(h *holding, n int) bool {
	return !h.several.Empty() && slices.ContainsFunc(c.heardIdentity, func(heard []*heardDocument) bool { return heard[n].personal })
}

// documents adds the documents that a holding hears, in a fixed order, and the
// outcomes of their looks.
func (v *vicinity) documents(key []byte, list []bound, heard [][]*heardDocument, n int) []byte {
	hashes := v.caller.hashes[:0]
	for i := range list {
		if by := heard[i][n]; by != &unheard {
			hashes = append(hashes, documentKey(list[i].doc))
			key = v.e.outcomes(key, v.caller.request, by.look)
		}
	}
	slices.Sort(hashes)
	for _, hash := range slices.Compact(hashes) {
		key = binary.LittleEndian.AppendUint64(key, uint64(hash))
	}
	v.caller.hashes = hashes
	return key
}

// heardOf adds what each holding hears of each document.
func (v *vicinity) heardOf(list [][]*heardDocument, documents []bound) [][]*heardDocument {
	for i := range documents {
		list = append(list, v.hears(documents[i].doc))
	}
	return list
}

// hears is hearsDocument of every holding, remembered.
func (v *vicinity) hears(d *Document) []*heardDocument {
	heard, ok := v.heard[d]
	if !ok {
		heard = make([]*heardDocument, len(v.all))
		for n, h := range v.all {
			heard[n] = h.hearsDocument(v.e, d)
		}
		v.heard[d] = heard
	}
	return heard
}

// ceilingHeard is what a holding hears of the SCPs of the vicinity's account.
type ceilingHeard struct {
	key  []byte // equal for accounts whose SCPs say the same there
	look *look
}

func (v *vicinity) ceilingOf(n int) *ceilingHeard {
	if s := v.ceiling[n]; s != nil {
		return s
	}
	s := &ceilingHeard{look: newLook(v.all[n].abroad)}
	v.ceiling[n] = s
	a := v.caller.principal.account
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
			v.ceilingDocument(s, n, &l.policies[j])
		}
	}
	s.look.seal()
	return s
}

func (v *vicinity) ceilingDocument(s *ceilingHeard, n int, b *bound) {
	if b.doc == nil {
		s.key = append(s.key, fingerprint(b.missing)...)
		return
	}
	if heard := v.hears(b.doc)[n]; heard != &unheard {
		s.look.add(heard.look)
		s.key = binary.LittleEndian.AppendUint64(s.key, uint64(documentKey(b.doc)))
	}
}

// documentKey is equal for equal documents of a snapshot: each is parsed once.
func documentKey(d *Document) uintptr { return uintptr(unsafe.Pointer(d)) }
