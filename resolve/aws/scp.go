package aws

import "github.com/clewgraph/clew/resolve/policy"

var scpLayer = policy.Layer{
	ID: LayerSCP, Provider: "aws", Name: "service control policy", Mode: policy.Ceiling,
	Doc: "Limits the principals of member accounts: every level from the root to the account must allow, and none may deny " +
		"(AWS Organizations user guide, \"Service control policies\"). " +
		"Principals of the management account, service-linked roles and callers without an account are not limited.",
}

func (r *request) readSCP() {
	p := r.principal
	r.words[termSCP] = policy.True
	if p.kind > kindExternal || p.account.management || p.serviceLinked {
		return
	}
	c := &p.account.scp
	if c.assumed {
		r.words[termSCP] = r.uncollected(numSCP, assumeSCP, AccountRef(p.account.id))
		return
	}
	r.words[termSCP], r.words[termDenySCP] = r.readLevels(numSCP, c, policy.False)
}

// readLevels asks a chain of levels: an Allow at each, a Deny at none.
// implied is what a level allows before its own policies are read.
func (r *request) readLevels(n layerNumber, c *ceiling, implied *policy.Formula) (allow, deny *policy.Formula) {
	allow, deny = policy.True, policy.False
	for i := range c.levels {
		l := &c.levels[i]
		a, d := r.sayAll(n, l.policies)
		a = policy.Or(a, implied)
		if l.gap != nil {
			missing, not := r.missing(n, nil, l.gap)
			a, d = policy.Or(a, missing), policy.Or(d, not)
		}
		allow, deny = policy.And(allow, a), policy.Or(deny, d)
	}
	return allow, deny
}
