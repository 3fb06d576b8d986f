package aws

import (
	"slices"
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

// A principal is one caller with everything of it that a decision reads. There
// are as many as an estate has identities, so every byte of it counts.
type principal struct {
	node      snapshot.Index
	kind      principalKind
	ref       string // ARN, or service host
	account   *account
	partition string
	name      string
	uniqueID  string
	tags      tagSet

	// uncollected: a principal of an account whose IAM nobody collected; gone:
	// one that its own account's listing does not hold.
	uncollected, gone bool
	serviceLinked     bool // such roles escape organization policies
	openTags          bool // it may carry tags that no document shows
	// trust says what a session of a role may carry.
	trust sessionTraits

	identity []bound
	idGap    *policy.Formula // identity policies that did not come
	// boundary is one document at most. Behind it, from limited on, stand the
	// session policies that every session is made with, of a principal that is
	// the sessions which something hands out.
	boundary []bound
	limited  uint32
	// kept are the documents with denies that the principal cannot take off
	// itself, even with everything else allowed; nil where none denies.
	kept *keptDenies

	shown *assertion // of federated subjects
}

// An assertion is what a federated subject shows to STS.
type assertion struct {
	provider, issuer, subject string
	clientIDs                 []string
	newcomer                  []string // beginnings of the claims that name a bearer whom nobody knew before
}

var nothingShown assertion

// assertion is what the principal showed to STS; it is empty for those who
// show none. It is not to be changed.
func (p *principal) assertion() *assertion {
	if p.shown == nil {
		return &nothingShown
	}
	return p.shown
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

// keepDenies is for a principal whose identity documents have just been set.
func (p *principal) keepDenies() {
	p.kept = nil
	for i := range p.identity {
		if doc := p.identity[i].doc; doc != nil && hasDeny(doc) {
			p.kept = &keptDenies{}
			return
		}
	}
}

// principal returns the view of the node that acts.
func (e *Estate) principal(node snapshot.Index) *principal {
	if p := e.principals.get(node); p != nil {
		return p
	}
	return e.principals.put(node, e.readPrincipal(node))
}

func (e *Estate) readPrincipal(node snapshot.Index) *principal {
	n := e.s.Bare(node)
	arn, _ := ParseARN(string(n.Ref))
	p := &principal{
		node: node, ref: string(n.Ref), partition: partitionOf(string(n.Ref)), name: within(string(n.Ref), n.Name),
		uniqueID: n.NativeID, tags: e.tagSet(n.Tags), account: e.account(arn.Account),
	}
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

// within returns the end of text where that is name: a name is most often the
// end of its reference, and needs no memory of its own then.
func within(text, name string) string {
	if strings.HasSuffix(text, name) {
		return text[len(text)-len(name):]
	}
	return name
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
	p.identity = slices.Clip(p.identity)
	p.keepDenies()
	p.boundary = e.attached(p.node, LayerBoundary)
	if gap := e.gapOf(p.node, LayerBoundary); gap != nil && len(p.boundary) == 0 {
		p.boundary = []bound{{missing: gap, apart: &apart{source: &graph.Evidence{Layer: LayerBoundary, To: graph.Ref(p.ref)}}}}
	}
	p.limited = uint32(len(p.boundary))
}

func (e *Estate) readSubject(p *principal, n graph.Node) {
	p.kind = kindWebIdentity
	if n.Type == "sts:saml" {
		p.kind = kindSAML
	}
	p.shown = &assertion{provider: n.Attr("provider"), issuer: strings.ToLower(n.Attr("issuer")), subject: n.Attr("sub")}
	if arn, ok := ParseARN(p.shown.provider); ok {
		p.account = e.account(arn.Account)
		p.partition = arn.Partition
	}
	p.shown.clientIDs = e.clientIDs(p.shown.provider)
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
