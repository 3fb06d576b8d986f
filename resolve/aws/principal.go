package aws

import (
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// principalKind is who makes a request, as AWS tells callers apart.
type principalKind uint8

const (
	kindUser principalKind = iota
	kindRole
	kindRoot
	kindFederatedUser // of sts:GetFederationToken
	kindExternal      // whoever controls an account that was not collected
	kindWebIdentity
	kindSAML
	kindService
	kindAnonymous
	kindOutsider // nobody to AWS until it shows a certificate or a sign-in
)

// A principal is one caller with everything of it that a decision reads.
type principal struct {
	node      snapshot.Index
	ref       string // ARN, or service host
	kind      principalKind
	account   *account
	partition string
	name      string
	uniqueID  string
	tags      map[string]string

	// uncollected: a principal of an account whose IAM nobody collected; gone:
	// one that its own account's listing does not hold.
	uncollected, gone bool

	identity []bound
	idGap    *policy.Formula // identity policies that did not come
	// boundary is one document at most. Behind it, from limited on, stand the
	// session policies that every session is made with, of a principal that is
	// the sessions which something hands out.
	boundary []bound
	limited  int
	// kept are the documents with denies that the principal cannot take off
	// itself, even with everything else allowed.
	kept *keptDenies
	// serviceLinked roles escape organization policies.
	serviceLinked bool

	// trust says what a session of a role may carry.
	trust sessionTraits

	// Of federated subjects.
	provider, issuer, subject string
	clientIDs                 []string
	newcomer                  []string // beginnings of the claims that name a bearer whom nobody knew before
	openTags                  bool     // it may carry tags that no document shows
}

// keptDenies are worked out when first asked for.
type keptDenies struct {
	once sync.Once
	list []bound
}

// sessionTraits are what a role's trust lets its sessions carry.
type sessionTraits struct {
	tags, sourceIdentity, federated bool
}

// hasIdentity reports whether the kind has identity policies.
func (p *principal) hasIdentity() bool { return p.kind <= kindExternal }

// principal returns the view of the node that acts.
func (e *Estate) principal(node snapshot.Index) *principal {
	e.mu.RLock()
	p, ok := e.principals[node]
	e.mu.RUnlock()
	if ok {
		return p
	}
	p = e.readPrincipal(node)
	e.mu.Lock()
	e.principals[node] = p
	e.mu.Unlock()
	return p
}

func (e *Estate) readPrincipal(node snapshot.Index) *principal {
	n := e.s.Node(node)
	p := &principal{
		node: node, ref: string(n.Ref), partition: partitionOf(string(n.Ref)), name: n.Name,
		uniqueID: n.NativeID, tags: tagsOf(n), kept: &keptDenies{},
	}
	arn, _ := ParseARN(string(n.Ref))
	p.account = e.account(arn.Account)
	switch {
	case n.Kind == graph.KindAnonymous:
		p.kind = kindAnonymous
	case n.Kind == graph.KindServicePrincipal:
		p.kind = kindService
		p.ref = strings.TrimPrefix(p.ref, "service:")
	case isOutsider(n.Type):
		p.kind = kindOutsider
	case n.Type == typeGuests || n.Type == typeProfileSession || n.Type == typePodSession:
		e.readHanded(p, n)
		return p
	case n.Kind == graph.KindFederatedSubject:
		e.readSubject(p, n)
	case n.Kind == graph.KindRole:
		p.kind = kindRole
		p.serviceLinked = strings.HasPrefix(arn.Resource, "role/aws-service-role/")
		p.trust = e.readTraits(node)
	case n.Type == "iam:root" && !p.account.described:
		p.kind = kindExternal
	case n.Type == "iam:root":
		p.kind = kindRoot
	default:
		p.kind = kindUser
	}
	if p.kind == kindUser || p.kind == kindRole {
		p.uncollected = n.Mentioned && !e.collectedIAM(arn.Account)
		p.gone = n.Mentioned && !p.uncollected
		e.readPolicies(p)
	}
	return p
}

// readPolicies collects identity policies, those of groups included, and the
// boundary.
func (e *Estate) readPolicies(p *principal) {
	p.identity = e.attached(p.node, LayerIdentity)
	p.idGap = e.gapOf(p.node, LayerIdentity)
	for _, g := range e.s.Out(p.node, graph.MemberOf) {
		p.identity = append(p.identity, e.attached(g, LayerIdentity)...)
		if gap := e.gapOf(g, LayerIdentity); gap != nil {
			p.idGap = gap
		}
	}
	p.boundary = e.attached(p.node, LayerBoundary)
	if gap := e.gapOf(p.node, LayerBoundary); gap != nil && len(p.boundary) == 0 {
		p.boundary = []bound{{missing: gap, source: graph.Evidence{Layer: LayerBoundary, To: graph.Ref(p.ref)}}}
	}
	p.limited = len(p.boundary)
}

func (e *Estate) readSubject(p *principal, n graph.Node) {
	p.kind = kindWebIdentity
	if n.Type == "sts:saml" {
		p.kind = kindSAML
	}
	p.provider, p.issuer, p.subject = n.Attr("provider"), strings.ToLower(n.Attr("issuer")), n.Attr("sub")
	if arn, ok := ParseARN(p.provider); ok {
		p.account = e.account(arn.Account)
		p.partition = arn.Partition
	}
	if node, ok := e.s.Find(graph.Ref(p.provider)); ok {
		if ids := e.s.Node(node).Attr("client-ids"); ids != "" {
			p.clientIDs = strings.Split(ids, ",")
		}
	}
}

// readTraits looks for what a trust policy lets sessions carry.
func (e *Estate) readTraits(role snapshot.Index) sessionTraits {
	var t sessionTraits
	if e.gapOf(role, LayerTrust) != nil {
		return sessionTraits{true, true, true}
	}
	for _, b := range e.attached(role, LayerTrust) {
		if b.doc == nil {
			return sessionTraits{true, true, true}
		}
		for i := range b.doc.Statements {
			s := &b.doc.Statements[i]
			if s.Deny {
				continue
			}
			t.tags = t.tags || s.matchesAction("sts", "tagsession")
			t.sourceIdentity = t.sourceIdentity || s.matchesAction("sts", "setsourceidentity")
			t.federated = t.federated || s.matchesAction("sts", "assumerolewithwebidentity") || s.matchesAction("sts", "assumerolewithsaml")
		}
	}
	return t
}
