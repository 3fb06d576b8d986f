package aws

import "github.com/clewgraph/clew/resolve/policy"

var sessionLayer = policy.Layer{
	ID: LayerSession, Provider: "aws", Name: "session policy", Mode: policy.Ceiling,
	Doc: "Limits one temporary session; passed when the session is made, and so only known where it is stated " +
		"(IAM user guide, \"Session policies\").",
}

// readSession: a session made without policies is not limited; the policies
// passed together add up.
func (r *request) readSession() {
	r.words[termSession] = policy.True
	switch handed := r.principal.sessionPolicies(); {
	case len(handed) > 0:
		// A session that exists takes no further policies.
		r.words[termSession], r.words[termDenySession] = r.sayAll(numSession, handed)
	case len(r.sessions) > 0:
		r.words[termSession], r.words[termDenySession] = r.sayAll(numSession, r.sessions)
	case r.principal.kind == kindFederatedUser:
		// GetFederationToken without a policy gives a session that only
		// resource policies can grant anything.
		r.words[termSession] = policy.False
	}
}
