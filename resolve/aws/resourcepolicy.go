package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

var resourceLayer = policy.Layer{
	ID: LayerResource, Provider: "aws", Name: "resource policy", Mode: policy.Grant,
	Doc: "The policy of the resource itself, KMS key policies included. Inside the account a named principal or everyone is granted " +
		"by itself, the account principal only delegates to identity policies (IAM user guide, \"Identity-based policies and resource-based policies\").",
}

var trustLayer = policy.Layer{
	ID: LayerTrust, Provider: "aws", Name: "role trust policy", Mode: policy.Grant,
	Doc: "Who may assume a role. It must allow explicitly: identity policies alone never suffice (IAM user guide, \"Roles terms and concepts\").",
}

func (r *request) readResource() {
	// KMS developer guide, "Retiring and revoking grants": permission to
	// retire has no effect in a key policy.
	if r.target == "*" || r.action.folded == "kms:retiregrant" {
		return
	}
	if r.resource.layer == numTrust && r.action.service != "sts" {
		return // trust says who may assume the role, and nothing else
	}
	if r.given {
		r.words[termResourceDirect], r.words[termResourceAnyone] = policy.True, policy.True
		return
	}
	for i := range r.resource.policies {
		r.readResourcePolicy(&r.resource.policies[i])
	}
	n := r.resource.layer
	if r.resource.gap != nil {
		allow, deny := r.missing(n, nil, r.resource.gap)
		r.words[termResourceDirect] = policy.Or(r.words[termResourceDirect], allow)
		r.words[termDenyResource] = policy.Or(r.words[termDenyResource], deny)
	}
	if r.resource.assumed {
		r.readUncollected()
	}
	r.words[termResourceAnyone] = policy.Or(r.words[termResourceDirect],
		policy.Or(r.words[termResourceRole], r.words[termResourceAccount]))
}

// readUncollected: a resource whose policy nobody collected has none, and a
// key the default one, which enables IAM policies.
func (r *request) readUncollected() {
	code := assumeResourcePolicy
	switch {
	case r.action.service == "kms":
		code = assumeKeyPolicy
	case r.action.service == "sts":
		code = assumeTrust
	case !carriesPolicy(r.resource.typ) && r.resource.typ != "":
		return
	}
	if r.strict {
		allow := r.uncollected(r.resource.layer, code, graph.Ref(r.resource.arn))
		r.words[termResourceDirect] = policy.Or(r.words[termResourceDirect], allow)
		return
	}
	r.assume(code)
	if code == assumeKeyPolicy && r.sameAccount() {
		r.words[termResourceAccount] = policy.True
	}
}

func (r *request) readResourcePolicy(b *bound) {
	n := r.resource.layer
	if b.doc == nil {
		allow, deny := r.missing(n, b, b.missing)
		r.words[termResourceDirect] = policy.Or(r.words[termResourceDirect], allow)
		r.words[termDenyResource] = policy.Or(r.words[termDenyResource], deny)
		return
	}
	for i := range b.doc.Statements {
		s := &b.doc.Statements[i]
		if !s.HasPrincipals || r.skip != nil && r.skip[statementKey{b, i}] {
			continue
		}
		f := r.applies(s)
		if when := b.when(); when != nil {
			f = policy.And(f, when)
		}
		if f == policy.False {
			continue
		}
		if s.Deny {
			r.readDeny(n, b, s, f)
			continue
		}
		r.readGrant(n, b, s, f)
	}
}

func (r *request) readDeny(n layerNumber, b *bound, s *Statement, f *policy.Formula) {
	f = policy.And(f, r.deniesTo(s))
	if f == policy.False || r.keepsOwnBucket() {
		return
	}
	r.matched = append(r.matched, match{layer: n, bound: b, statement: s, formula: f})
	r.words[termDenyResource] = policy.Or(r.words[termDenyResource], f)
}

// keepsOwnBucket: the root user of a bucket's account reads, writes and deletes
// the bucket's policy whatever that policy denies.
//
// Source: Amazon S3 API reference, PutBucketPolicy, GetBucketPolicy,
// DeleteBucketPolicy.
func (r *request) keepsOwnBucket() bool {
	return r.principal.kind == kindRoot && r.onBucketPolicy() && r.sameAccount()
}

// acrossAccounts are the operations on a KMS key that principals of other
// accounts can be given.
//
// Source: KMS developer guide, "Allowing users in other accounts to use a KMS
// key".
var acrossAccounts = map[string]bool{
	"creategrant": true, "decrypt": true, "describekey": true, "encrypt": true, "generatedatakey": true,
	"generatedatakeypair": true, "generatedatakeypairwithoutplaintext": true, "generatedatakeywithoutplaintext": true,
	"getkeyrotationstatus": true, "getpublickey": true, "listgrants": true, "reencryptfrom": true, "reencryptto": true,
	"retiregrant": true, "revokegrant": true, "sign": true, "verify": true, "generatemac": true, "verifymac": true,
	"derivesharedsecret": true,
}

// ownerOnly are the operations that a resource's policy cannot give to other
// accounts: on a bucket's policy (Amazon S3 API reference, PutBucketPolicy),
// and the management of a key.
func (r *request) ownerOnly() bool {
	return r.onBucketPolicy() || r.action.service == "kms" && r.action.known && !acrossAccounts[r.action.name]
}

func (r *request) onBucketPolicy() bool {
	switch r.action.name {
	case "getbucketpolicy", "putbucketpolicy", "deletebucketpolicy":
		return r.action.service == "s3"
	}
	return false
}

func (r *request) readGrant(n layerNumber, b *bound, s *Statement, f *policy.Formula) {
	if r.ownerOnly() && !r.sameAccount() {
		return
	}
	spoke := false
	for how, term := range [...]policy.Term{termResourceDirect, termResourceRole, termResourceAccount} {
		g := policy.And(f, r.grantsTo(s, naming(how)))
		if g == policy.False {
			continue
		}
		r.words[term] = policy.Or(r.words[term], g)
		if !spoke {
			r.matched = append(r.matched, match{layer: n, bound: b, statement: s, formula: g})
			spoke = true
		}
	}
}
