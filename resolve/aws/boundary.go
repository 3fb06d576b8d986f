package aws

import "github.com/clewgraph/clew/resolve/policy"

var boundaryLayer = policy.Layer{
	ID: LayerBoundary, Provider: "aws", Name: "permissions boundary", Mode: policy.Ceiling,
	Doc: "Limits what the identity policies of a user or role can grant (IAM user guide, \"Permissions boundaries for IAM entities\").",
}

func (r *request) readBoundary() {
	r.words[termBoundary] = policy.True
	if own := r.principal.ownBoundary(); len(own) > 0 {
		r.words[termBoundary], r.words[termDenyBoundary] = r.sayAll(numBoundary, own)
	}
}
