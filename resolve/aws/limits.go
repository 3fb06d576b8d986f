package aws

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// A limit is something that keeps a user or role from what it would be allowed
// without: a document with a deny, membership of a group that has one, or its
// boundary.
type limit struct {
	kind   escalate.LimitKind
	doc    *bound         // of a group, its first deny
	at     int            // of an identity document, its place
	holder snapshot.Index // what it is attached to
}

// limitsOf are the limits of a principal, in a fixed order, as many as a way to
// be held can tell apart.
func (e *Estate) limitsOf(node snapshot.Index) (list []limit) {
	p := e.principal(node)
	if kind := e.s.Kind(node); kind != graph.KindUser && kind != graph.KindRole || p.kind > kindRole || p.serviceLinked || p.uncollected || p.gone {
		return nil
	}
	if own := p.ownBoundary(); len(own) > 0 {
		list = append(list, limit{kind: escalate.Boundary, doc: &own[0], holder: node})
	}
	var groups []limit
	for i := range p.identity {
		b := &p.identity[i]
		if b.doc == nil || !hasDeny(b.doc) {
			continue
		}
		source := e.sourceOf(b)
		holder, ok := e.s.Find(source.To)
		if !ok {
			continue
		}
		found := limit{kind: escalate.Managed, doc: b, at: i, holder: holder}
		if source.Inline {
			found.kind = escalate.Inline
		}
		list = append(list, found)
		if holder != node && !slices.ContainsFunc(groups, func(g limit) bool { return g.holder == holder }) {
			groups = append(groups, limit{kind: escalate.Membership, doc: b, holder: holder})
		}
	}
	list = append(list, groups...)
	return list[:min(len(list), graph.MaxLimits)]
}

// has reports whether a set of limits has the n-th.
func has(set uint8, n int) bool { return set>>n&1 == 1 }

// Limits are those that a principal still has that is held in some way.
func (e *Estate) Limits(f snapshot.Foothold) (list []escalate.Limit) {
	if f.Hold == graph.WithOwnPolicy || f.Hold == graph.DataOnly {
		return nil // it has taken off what it can
	}
	limits, gone := e.limitsOf(f.Node), f.Hold.Without()
	for n := range limits {
		l := &limits[n]
		left := func(m limit) bool { return m.kind == escalate.Membership && m.holder == l.holder }
		if m := slices.IndexFunc(limits, left); has(gone, n) || m >= 0 && has(gone, m) {
			continue // it went with the group
		}
		list = append(list, escalate.Limit{Kind: l.kind, Policy: e.policyOf(l), Holder: l.holder, Then: graph.Without(without(limits, gone, n))})
	}
	return list
}

// policyOf names a limit: its policy, or the group.
func (e *Estate) policyOf(l *limit) graph.Ref {
	if l.kind == escalate.Membership {
		return e.s.Ref(l.holder)
	}
	return e.sourceOf(l.doc).Policy
}

// without adds the n-th limit to those that are gone. What a group has goes with
// it, whether it was taken off before or not.
func without(limits []limit, gone uint8, n int) uint8 {
	for m := range limits {
		if limits[n].kind == escalate.Membership && limits[m].holder == limits[n].holder {
			gone &^= 1 << m
		}
	}
	return gone | 1<<n
}

// freed is the principal of a foothold without the limits that it took off.
func (e *Estate) freed(f snapshot.Foothold) *principal {
	if p, ok := e.freedOnes.Load(f); ok {
		return p.(*principal)
	}
	p := *e.principal(f.Node)
	full := p.identity
	p.identity = nil
	gone := e.goneOf(f)
	for i := range full {
		if !slices.ContainsFunc(gone, func(l limit) bool { return l.takes(e, &full[i], i) }) {
			p.identity = append(p.identity, full[i])
		}
	}
	if slices.ContainsFunc(gone, func(l limit) bool { return l.kind == escalate.Boundary }) {
		p.boundary, p.limited = p.sessionPolicies(), 0
	}
	p.keepDenies()
	stored, _ := e.freedOnes.LoadOrStore(f, &p)
	return stored.(*principal)
}

// goneOf are the limits that the principal of a foothold took off.
func (e *Estate) goneOf(f snapshot.Foothold) (list []limit) {
	for n, l := range e.limitsOf(f.Node) {
		if has(f.Hold.Without(), n) {
			list = append(list, l)
		}
	}
	return list
}

// takes reports whether the i-th identity document goes with a limit.
func (l limit) takes(e *Estate, b *bound, i int) bool {
	switch l.kind {
	case escalate.Boundary:
		return false
	case escalate.Membership:
		return e.sourceOf(b).To == e.s.Ref(l.holder)
	}
	return l.at == i
}

// Speaks reports whether a managed policy or a group, which documents show for
// a principal, speaks for it still as it is held.
func (e *Estate) Speaks(f snapshot.Foothold, policyOrGroup snapshot.Index) bool {
	if f.Hold.Without() == 0 {
		return true
	}
	ref := e.s.Ref(policyOrGroup)
	if e.s.Kind(policyOrGroup) == graph.KindGroup {
		return !slices.ContainsFunc(e.goneOf(f), func(l limit) bool { return l.kind == escalate.Membership && l.holder == policyOrGroup })
	}
	p := e.freed(f)
	return slices.ContainsFunc(p.identity, func(b bound) bool { return e.sourceOf(&b).Policy == ref })
}

// exceeded reports whether a principal that took limits off can do nothing that
// it cannot do with a policy of its choice: its boundary still bounds it, and it
// would keep no deny.
func (e *Estate) exceeded(f snapshot.Foothold) bool {
	p := e.principal(f.Node)
	r := &request{estate: e, principal: p, hold: graph.WithOwnPolicy}
	return len(e.freed(f).ownBoundary()) == len(p.ownBoundary()) && len(r.keptBy(p)) == 0
}

// heldAs is how requests from a foothold are made.
func (e *Estate) heldAs(f snapshot.Foothold) graph.Hold {
	if f.Hold.Without() != 0 {
		return holdOf(e.s.Kind(f.Node))
	}
	return f.Hold
}
