package aws

import (
	"cmp"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Some services hand out sessions of a role under session policies that nobody
// states and everybody gets: identity pools to guests, profiles of IAM Roles
// Anywhere to whoever has a certificate, EKS Pod Identity to pods. Such sessions may do less than the
// role, so they are principals of their own: the role, under those policies.
//
// Source: IAM user guide, "Session policies".

// readHanded makes the sessions that something hands out. Without the role in
// the documents they are nobody's.
func (e *Estate) readHanded(p *principal, n graph.Node) {
	p.kind = kindOutsider
	role, ok := e.handedRole(n)
	if !ok {
		return
	}
	limits := e.handedLimits(n)
	of := e.principal(role)
	*p = *of
	p.keepDenies()
	p.boundary = append(append([]bound(nil), of.boundary[:of.limited]...), limits...)
	if n.Type == typeGuests {
		p.shown = &assertion{issuer: cognito}
	}
}

// handedRole returns the role whose sessions a node stands for.
func (e *Estate) handedRole(n graph.Node) (snapshot.Index, bool) {
	ref := n.Attr("role")
	if n.Type == typeGuests {
		pool, ok := e.s.Find(graph.Ref(n.Attr("pool")))
		if !ok {
			return snapshot.None, false
		}
		ref, _, _ = e.guestRole(pool)
	}
	role, ok := e.s.Find(graph.Ref(ref))
	return role, ok && e.s.Kind(role) == graph.KindRole
}

// handedLimits are the session policies that all of them have.
func (e *Estate) handedLimits(n graph.Node) []bound {
	if n.Type == typeGuests {
		services, _ := statedPolicy([]byte(guestServices), LayerSession)
		services.apart.source.Name = "what Cognito lets guests use"
		a := graph.Attachment{Layer: LayerSession, Policy: guestPolicy, Name: guestPolicy[strings.LastIndexByte(guestPolicy, '/')+1:], To: n.Ref}
		return []bound{services, e.handedCatalogued(a)}
	}
	by, ok := e.s.Find(graph.Ref(cmp.Or(n.Attr("profile"), n.Attr("association"))))
	if !ok {
		return nil
	}
	return e.attached(by, layerSessionPolicy)
}

// handedCatalogued binds a policy of AWS's own that no document attaches.
func (e *Estate) handedCatalogued(a graph.Attachment) bound {
	b := e.bindCatalogued(a, statedAttachment)
	source := graph.Evidence{Layer: a.Layer, Policy: a.Policy, Name: a.Name, To: a.To}
	if c := e.documents.catalogued(a.Policy); c != nil {
		source.Version, source.Document = c.version, c.hash
	}
	b.apart = &apart{source: &source}
	return b
}

// ownBoundary is the permissions boundary.
func (p *principal) ownBoundary() []bound { return p.boundary[:p.limited] }

// sessionPolicies are those that its sessions are made with.
func (p *principal) sessionPolicies() []bound { return p.boundary[p.limited:] }
