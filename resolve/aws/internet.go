package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// A ticket is what somebody without credentials of AWS can show to STS: an
// identity provider's word, a certificate, a sign-in.
type ticket struct {
	p      *principal  // whom STS takes its bearer for
	stated []statedKey // what its requests carry
	// had is when its bearer has it: False or True, or a gap where a document
	// that would tell did not come.
	had *policy.Formula
	// because are documents that give it, where some do: an assignment, a
	// profile. Without any one of them there is no such token.
	because []*bound
	also    []string // what STS is asked for besides: sts:TagSession …
}

// throughTicket answers requests of those who are nobody to AWS until they show
// something. The surest of their tokens decides.
func (r *request) throughTicket() (outcome, bool) {
	tokens, ok := r.tickets()
	if !ok {
		return outcome{}, false
	}
	return r.through(tokens), true
}

// through decides the request by the surest of some tickets.
func (r *request) through(tokens []ticket) outcome {
	for i := range r.words {
		r.words[i] = policy.False
	}
	best := outcome{formula: policy.False}
	var matched []match
	var words [termCount]*policy.Formula
	var verdict graph.Verdict
	for i := range tokens {
		r.matched = nil
		f := r.show(&tokens[i])
		if v, _ := f.State(); i == 0 || v > verdict {
			verdict, best.formula, matched, words = v, f, r.matched, r.words
		}
	}
	if len(tokens) == 0 {
		best.impossible = "nothing that the caller could show is trusted"
		return best
	}
	r.matched, r.words = matched, words
	return best
}

// tickets returns what the caller could show for the request; ok is false where
// it needs to show nothing.
func (r *request) tickets() (list []ticket, ok bool) {
	switch {
	case r.principal.kind == kindOutsider:
		return r.estate.outsiderTokens(r), true
	case r.principal.kind != kindAnonymous:
		return nil, false
	case r.action.folded == "sts:assumerolewithwebidentity" && r.resource.layer == numTrust:
		return r.estate.strangerTokens(r.resource), true
	case r.action.folded == guestAction:
		return r.guestTokens(), true
	}
	return nil, false
}

// show decides the request for the bearer of a token.
func (r *request) show(t *ticket) *policy.Formula {
	caller, stated, asked := r.principal, r.stated, r.action
	defer func() { r.principal, r.stated, r.action = caller, stated, asked }()
	r.principal = t.p
	r.stated = append(slices.Clone(stated), t.stated...)
	if r.action.folded == guestAction {
		r.action = parseAction("sts:AssumeRoleWithWebIdentity")
	}
	f := t.had
	for i := range t.because {
		if r.skip != nil && r.skip[statementKey{t.because[i], 0}] {
			f = policy.False
		}
		r.matched = append(r.matched, match{layer: numIdentity, bound: t.because[i], statement: &wholeDocument, formula: policy.True})
	}
	if f != policy.False {
		f = policy.And(f, r.evaluateAll())
	}
	for _, extra := range t.also {
		if f != policy.False {
			r.action = parseAction(extra)
			f = policy.And(f, r.evaluate())
		}
	}
	return f
}

// wholeDocument stands for a document that is one statement: no policy, but a
// fact that gives something.
var wholeDocument = Statement{}

// strangerTokens are those that anybody can get by himself and that a role's
// trust names.
func (e *Estate) strangerTokens(role *resource) []ticket {
	var list []ticket
	if role.unread() {
		// Whom the trust names is not known: of some provider that it could name.
		list = append(list, ticket{p: e.bearer("", ""), had: policy.True})
	}
	for _, provider := range federatedBy(role) {
		issuer := strings.ToLower(issuerOf(provider))
		switch known, ok := publicIssuers[issuer]; {
		case issuer == cognito:
			list = append(list, e.poolTokens()...)
		case ok:
			list = append(list, e.issuedTo(provider, issuer, known, role)...)
		}
	}
	return list
}

// unread reports whether a policy of the resource did not come.
func (b *resource) unread() bool {
	return b.gap != nil || slices.ContainsFunc(b.policies, func(p bound) bool { return p.doc == nil })
}

// federatedBy lists the identity providers that a trust lets in.
func federatedBy(role *resource) []string {
	var list []string
	for i := range role.policies {
		if role.policies[i].doc == nil {
			continue
		}
		for _, s := range role.policies[i].doc.Statements {
			for _, n := range s.Principals {
				if n.Type == "Federated" && !s.Deny && !slices.Contains(list, n.Value) {
					list = append(list, n.Value)
				}
			}
		}
	}
	return list
}

// issuerOf returns the issuer of an OIDC provider that a policy names.
func issuerOf(provider string) string {
	arn, ok := ParseARN(provider)
	if !ok {
		return provider
	}
	issuer, oidc := strings.CutPrefix(arn.Resource, "oidc-provider/")
	if !oidc {
		return ""
	}
	return issuer
}

// bearer is whoever shows a token of a provider.
func (e *Estate) bearer(provider, issuer string) *principal {
	p := &principal{
		node: snapshot.None, ref: issuer, kind: kindWebIdentity,
		partition: "aws", account: e.account(""),
		shown: &assertion{provider: provider, issuer: issuer, subject: "*", clientIDs: e.clientIDs(provider)},
	}
	if arn, ok := ParseARN(provider); ok {
		p.account, p.partition = e.account(arn.Account), arn.Partition
	}
	return p
}

// clientIDs are the audiences that an identity provider is registered with.
func (e *Estate) clientIDs(provider string) []string {
	if node, ok := e.s.Find(graph.Ref(provider)); ok {
		if ids := e.s.Attr(node, "client-ids"); ids != "" {
			return strings.Split(ids, ",")
		}
	}
	return nil
}
