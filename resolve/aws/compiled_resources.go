package aws

import (
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file makes the claims of what belongs to things: their own policies,
// and the ceilings of who owns them.

// resourcePolicies mirrors readResource, but for trust, which says who may
// assume a role and nothing else.
func (c *caster) resourcePolicies() {
	if c.h.things[0].layer == numTrust {
		return
	}
	actions := c.actionsWhere("said", func(r *request) bool { return r.action.folded != "kms:retiregrant" })
	for _, said := range c.h.said {
		c.saying(said, actions)
	}
	for _, g := range c.h.gaps {
		c.resourceGap(g.things, g.when, actions)
	}
	if c.h.own(c.principal) && !c.h.assumed.Empty() {
		c.defaultKeys(actions)
	}
}

func (c *caster) resourceGap(things compile.Set, gap *policy.Formula, actions compile.Set) {
	c.claim(termResourceDirect, 0, actions, things, gap, -1)
	c.claim(termResourceAnyone, 0, actions, things, gap, -1)
	c.claim(termDenyResource, 0, actions, things, policy.Not(gap), -1)
}

// defaultKeys: a key whose policy nobody collected lets identity policies
// decide.
func (c *caster) defaultKeys(actions compile.Set) {
	kms := c.meet(actions, c.actionsWhere("keys", func(r *request) bool { return r.action.service == "kms" }))
	c.claim(termResourceAccount, 0, kms, c.h.assumed, policy.True, -1)
	c.claim(termResourceAnyone, 0, kms, c.h.assumed, policy.True, -1)
}

func (c *caster) ownerOnlyActions() compile.Set {
	return c.actionsWhere("owner", func(r *request) bool { return r.ownerOnly() })
}

func (c *caster) bucketPolicyActions() compile.Set {
	return c.actionsWhere("bucket policy", func(r *request) bool { return r.onBucketPolicy() })
}

// publicBlock mirrors readPublicBlock.
func (c *caster) publicBlock() {
	c.block.Levels[termPublicAccess] = 1
	free := c.room.Clone(c.h.all())
	for _, b := range c.h.blocked {
		free.Subtract(b.things)
		c.claim(termPublicAccess, 0, c.everything(), b.things, b.when, -1)
	}
	c.claim(termPublicAccess, 0, c.everything(), free, policy.True, -1)
}

// resourceControls makes the claims of RCPs, which only deny, and takes those
// away that do not bind: other services' actions, AWS's own keys and roles.
func (c *caster) resourceControls(o *account) {
	begin := len(c.block.Claims)
	for i := range o.rcp.levels {
		c.level(numRCP, &o.rcp.levels[i], termCount, termDenyRCP, 0)
	}
	if begin == len(c.block.Claims) {
		return
	}
	actions := c.actionsWhere("controlled", func(r *request) bool {
		return reference.SupportsRCP(r.action.service) && r.action.folded != "kms:retiregrant"
	})
	things := c.room.Clone(c.h.all())
	things.Subtract(c.h.shielded)
	for i := begin; i < len(c.block.Claims); i++ {
		claim := &c.block.Claims[i]
		claim.Actions, claim.Things = c.meet(claim.Actions, actions), c.meet(claim.Things, things)
	}
}
