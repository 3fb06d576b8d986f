package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

var identityLayer = policy.Layer{
	ID: LayerIdentity, Provider: "aws", Name: "identity policy", Mode: policy.Grant,
	Doc: "Managed and inline policies of the user or role, and of the groups that a user is in " +
		"(IAM user guide, \"Identity-based policies and resource-based policies\").",
}

func (r *request) readIdentity() {
	p := r.principal
	switch {
	case p.gone:
		return
	case p.kind == kindRoot && r.holds(ruleCallers):
		r.words[termIdentity] = policy.True // the root user needs no grant
		return
	case p.kind == kindExternal || p.uncollected:
		r.words[termIdentity] = r.uncollected(numIdentity, assumeExternal, AccountRef(p.account.id))
		return
	}
	if !p.hasIdentity() {
		return
	}
	var allow, deny *policy.Formula
	if r.hold == graph.WithOwnPolicy {
		// Whoever holds it so chooses to allow everything; what it cannot take
		// off goes on denying.
		_, deny = r.sayAll(numIdentity, r.keptBy(p))
		allow = policy.True
	} else {
		allow, deny = r.sayAll(numIdentity, p.identity)
	}
	if p.idGap != nil {
		missing, not := r.missing(numIdentity, nil, p.idGap)
		allow, deny = policy.Or(allow, missing), policy.Or(deny, not)
	}
	r.words[termIdentity] = allow
	r.words[termDenyIdentity] = deny
}

// keptBy are the identity documents that a principal with a policy of its
// choice cannot take off.
func (r *request) keptBy(p *principal) []bound {
	if r.kept != nil {
		return *r.kept
	}
	if p.kept == nil {
		return nil // it denies nothing
	}
	p.kept.once.Do(func() {
		a := &administrator{estate: r.estate, p: p, hold: r.hold}
		p.kept.list, _ = a.unremovable()
	})
	return p.kept.list
}
