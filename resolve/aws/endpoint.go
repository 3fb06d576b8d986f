package aws

import "github.com/clewgraph/clew/resolve/policy"

var endpointLayer = policy.Layer{
	ID: LayerEndpoint, Provider: "aws", Name: "VPC endpoint policy", Mode: policy.Ceiling,
	Doc: "Limits requests that pass a VPC endpoint, and only those that are stated to pass one " +
		"(AWS PrivateLink guide, \"Control access to VPC endpoints using endpoint policies\").",
}

func (r *request) readEndpoint() {
	r.words[termEndpoint] = policy.True
	if len(r.endpoint) == 0 {
		return
	}
	b := &r.endpoint[0]
	allow, deny := policy.False, policy.False
	for i := range b.doc.Statements {
		s := &b.doc.Statements[i]
		named := r.namedAtAll(s)
		if s.Deny && s.HasPrincipals {
			named = r.deniesTo(s)
		}
		f := policy.And(r.applies(s), named)
		if f == policy.False {
			continue
		}
		r.matched = append(r.matched, match{layer: numEndpoint, bound: b, statement: s, formula: f})
		if s.Deny {
			deny = policy.Or(deny, f)
		} else {
			allow = policy.Or(allow, f)
		}
	}
	r.words[termEndpoint], r.words[termDenyEndpoint] = allow, deny
}
