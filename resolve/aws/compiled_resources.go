package aws

import (
	"strings"

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
	actions := c.everything()
	for i, id := range c.h.actions {
		if actionOf(id).folded == "kms:retiregrant" {
			actions.Subtract(c.one(i))
		}
	}
	for i := range c.h.said {
		c.saying(&c.h.said[i], actions)
	}
	for _, i := range c.h.gaps {
		c.resourceGap(i, c.h.things[i].gap, actions)
	}
	if c.h.own(c.principal) {
		c.defaultKeys(actions)
	}
}

func (c *caster) resourceGap(i int, gap *policy.Formula, actions compile.Set) {
	c.claim(termResourceDirect, 0, actions, c.thing(i), gap, -1)
	c.claim(termResourceAnyone, 0, actions, c.thing(i), gap, -1)
	c.claim(termDenyResource, 0, actions, c.thing(i), policy.Not(gap), -1)
}

// defaultKeys: a key whose policy nobody collected lets identity policies
// decide.
func (c *caster) defaultKeys(actions compile.Set) {
	kms := actions.Clone()
	for i, id := range c.h.actions {
		if actionOf(id).service != "kms" {
			kms.Subtract(c.one(i))
		}
	}
	for _, i := range c.h.assumed {
		c.claim(termResourceAccount, 0, kms, c.thing(i), policy.True, -1)
		c.claim(termResourceAnyone, 0, kms, c.thing(i), policy.True, -1)
	}
}

// saying makes the claims of one statement of a thing's own policy.
func (c *caster) saying(said *saying, allowed compile.Set) {
	if said.statement == nil {
		c.resourceGap(said.thing, said.bound.missing, allowed)
		return
	}
	s := said.statement
	c.resource, c.values = c.h.things[said.thing], c.values[:0]
	names := c.names(s)
	if names == [3]*policy.Formula{policy.False, policy.False, policy.False} {
		return
	}
	c.spoken.Add(said.thing)
	if said.apart {
		c.apart.Add(said.thing)
	}
	actions := c.h.of(actionsOf(s)).Clone()
	actions.Intersect(allowed)
	if !s.Deny && !c.h.own(c.principal) {
		actions.Subtract(c.ownerOnlyActions())
	}
	if s.Deny && c.principal.kind == kindRoot && c.h.own(c.principal) {
		actions.Subtract(c.bucketPolicyActions())
	}
	if actions.Empty() {
		return
	}
	c.statement(s, actions, c.thing(said.thing), func(a, t compile.Set, when *policy.Formula) {
		from := c.hear(numResource, said.bound, s)
		if counts := said.bound.when(); counts != nil {
			when = policy.And(when, counts)
		}
		if s.Deny {
			c.claim(termDenyResource, 0, a, t, policy.And(when, names[0]), from)
			return
		}
		for how, term := range [...]policy.Term{termResourceDirect, termResourceRole, termResourceAccount} {
			f := policy.And(when, names[how])
			c.claim(term, 0, a, t, f, from)
			c.claim(termResourceAnyone, 0, a, t, f, from)
		}
	})
}

// names returns when a statement names the caller in each of three ways; for a
// Deny, when it does at all.
func (c *caster) names(s *Statement) (when [3]*policy.Formula) {
	when = [3]*policy.Formula{policy.False, policy.False, policy.False}
	if s.Deny {
		when[0] = c.deniesTo(s)
		return when
	}
	for how := range when {
		when[how] = c.grantsTo(s, naming(how))
	}
	return when
}

func (c *caster) ownerOnlyActions() compile.Set {
	return c.actionsWhere(func(r *request) bool { return r.ownerOnly() })
}

func (c *caster) bucketPolicyActions() compile.Set {
	return c.actionsWhere(func(r *request) bool { return r.onBucketPolicy() })
}

// publicBlock mirrors readPublicBlock.
func (c *caster) publicBlock() {
	c.block.Levels[termPublicAccess] = 1
	for i, b := range c.h.things {
		when := policy.True
		if b.restrictPublic != nil && b.hasPublicPolicy() {
			switch {
			case b.restrictPublic == policy.True:
				when = policy.False
			case b.publicGap != nil:
				when = b.publicGap
			}
		}
		c.claim(termPublicAccess, 0, c.everything(), c.thing(i), when, -1)
	}
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
	actions := c.actionsWhere(func(r *request) bool {
		return reference.SupportsRCP(r.action.service) && r.action.folded != "kms:retiregrant"
	})
	things := c.h.all().Clone()
	for i, b := range c.h.things {
		if strings.HasPrefix(b.parts.Resource, "role/aws-service-role/") || awsManagedKey(b.arn) {
			things.Subtract(c.thing(i))
		}
	}
	for i := begin; i < len(c.block.Claims); i++ {
		claim := &c.block.Claims[i]
		claim.Actions, claim.Things = claim.Actions.Clone(), claim.Things.Clone()
		claim.Actions.Intersect(actions)
		claim.Things.Intersect(things)
	}
}
