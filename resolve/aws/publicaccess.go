package aws

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

var publicAccessLayer = policy.Layer{
	ID: LayerPublicAccess, Provider: "aws", Name: "block public access", Mode: policy.Ceiling,
	Doc: "RestrictPublicBuckets of a bucket, its account or its organization: a bucket whose policy is public answers to its own account " +
		"and to service principals alone (Amazon S3 user guide, \"Blocking public access to your Amazon S3 storage\").",
}

// publicAccessBlock is what `s3api get-public-access-block` prints, or an S3
// policy of AWS Organizations, which sets all four settings at once.
//
// Source: AWS Organizations user guide, "Amazon S3 policy syntax and examples".
type publicAccessBlock struct {
	RestrictPublicBuckets, IgnorePublicAcls bool
	S3                                      struct {
		Block struct {
			Assign string `json:"@@assign"`
		} `json:"public_access_block_configuration"`
	} `json:"s3_attributes"`
}

func (b *publicAccessBlock) restricts() bool {
	return b.RestrictPublicBuckets || b.S3.Block.Assign == "all"
}

func (b *publicAccessBlock) ignores() bool {
	return b.IgnorePublicAcls || b.S3.Block.Assign == "all"
}

// readPublicAccess finds out whether public policies of a bucket are
// restricted: by its own settings, its account's, or a policy of the
// organization above, whichever restrict.
func (e *Estate) readPublicAccess(r *resource) {
	if r.typ != "s3:bucket" {
		return
	}
	r.restrictPublic = policy.False
	own := e.publicSetting(r.node)
	own.apply(r)
	if r.owner != nil && r.owner.node != snapshot.None {
		r.owner.publicOnce.Do(func() {
			for _, n := range e.ancestors(r.owner.node) {
				r.owner.public = append(r.owner.public, e.publicSetting(n))
			}
		})
		for i := range r.owner.public {
			r.owner.public[i].apply(r)
		}
	}
}

// A publicSetting is what a bucket, an account or an organization says of public
// policies and lists.
type publicSetting struct {
	restricts, ignores bool
	gap                *policy.Formula // what says it did not come
}

func (e *Estate) publicSetting(node snapshot.Index) (p publicSetting) {
	for _, a := range e.s.Attached(node, LayerPublicAccess) {
		var block publicAccessBlock
		if json.Unmarshal(e.textOf(a), &block) == nil {
			p.restricts, p.ignores = p.restricts || block.restricts(), p.ignores || block.ignores()
		}
	}
	p.gap = e.gapOf(node, LayerPublicAccess)
	return p
}

// apply adds a setting to what is known of a bucket.
func (p *publicSetting) apply(r *resource) {
	if p.restricts {
		r.restrictPublic = policy.True
	}
	if p.ignores {
		r.ignoreACL = policy.True
	}
	if p.gap != nil && r.restrictPublic == policy.False {
		// At worst the missing settings restrict; monotone in the gap, the
		// ceiling below holds where it is most favourable.
		r.publicGap = p.gap
	}
	if p.gap != nil && r.ignoreACL == nil {
		r.ignoreACL = p.gap
	}
}

// readPublicBlock: where public policies are restricted and the bucket's is
// public, other accounts and anonymous callers get nothing.
func (r *request) readPublicBlock() {
	r.words[termPublicAccess] = policy.True
	b := r.resource
	if !r.holds(rulePublic) || b.restrictPublic == nil || r.principal.kind == kindService || r.sameAccount() || !b.hasPublicPolicy() {
		return
	}
	switch {
	case b.restrictPublic == policy.True:
		r.words[termPublicAccess] = policy.False
	case b.publicGap != nil:
		r.words[termPublicAccess], _ = r.missing(numPublicAccess, nil, b.publicGap)
	}
}

func (b *resource) hasPublicPolicy() bool {
	for i := range b.policies {
		if b.policies[i].doc != nil && !b.policies[i].isACL() && b.policies[i].doc.Public() {
			return true
		}
	}
	return false
}

// isACL reports whether a document is an access control list, seen as a policy.
func (b *bound) isACL() bool {
	return b.apart != nil && b.apart.source != nil && b.apart.source.Layer == layerBucketACL
}

// Public reports whether a bucket policy is public by AWS's definition: some
// Allow names everyone without pinning, to fixed values, a key that tells
// callers apart.
//
// Source: Amazon S3 user guide, "Blocking public access to your Amazon S3
// storage", section "The meaning of 'public'".
func (d *Document) Public() bool {
	return slices.ContainsFunc(d.Statements, func(s Statement) bool { return s.public() })
}

func (s *Statement) public() bool {
	if s.Deny || !s.HasPrincipals {
		return false
	}
	everyone := s.NotPrincipals || slices.ContainsFunc(s.Principals, func(n PrincipalName) bool {
		// Anybody can have an account at a public web identity provider, which
		// policies name by host and not by ARN.
		return n.Type == "*" || n.Type == "AWS" && n.Value == "*" || n.Type == "Federated" && !strings.HasPrefix(n.Value, "arn:")
	})
	return everyone && !slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.pins() })
}

// pinningKeys tell callers apart; a policy that fixes one of them is not
// public.
var pinningKeys = map[string]bool{
	"aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true, "aws:sourceowner": true, "aws:sourceaccount": true,
	"aws:principalorgid": true, "aws:principalorgpaths": true, "aws:principalaccount": true, "aws:principalarn": true,
	"aws:userid": true, "s3:x-amz-server-side-encryption-aws-kms-key-id": true,
	"s3:dataaccesspointarn": true, "s3:dataaccesspointaccount": true, "aws:sourceip": true,
	"aws:sourceorgid": true, "aws:sourceorgpaths": true,
}

// pins reports whether the condition holds a telling key to fixed values.
func (c *Condition) pins() bool {
	t := &c.compiled.test
	if !pinningKeys[c.compiled.key] || t.Negated || t.IfExists || t.Quantifier == policy.ForAll || t.Operator == policy.Present {
		return false
	}
	for _, v := range c.Values {
		if !fixedValue(c.compiled.key, v) {
			return false
		}
	}
	return len(c.Values) > 0
}

// fixedValue: no wildcard and no variable, but for the session part of a user
// id and the account-bound parts of an access point's ARN; address ranges no
// broader than /8 (IPv4) and /32 (IPv6).
func fixedValue(key, value string) bool {
	switch key {
	case "aws:sourceip":
		p, ok := policy.ParsePrefix(value)
		return ok && narrowRange(p)
	case "aws:userid":
		id, _, _ := strings.Cut(value, ":")
		return !strings.ContainsAny(id, "*?$")
	case "s3:dataaccesspointarn":
		arn, ok := ParseARN(value)
		return ok && isAccountID(arn.Account)
	}
	return !strings.ContainsAny(value, "*?") && !strings.Contains(value, "${")
}

func narrowRange(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}
