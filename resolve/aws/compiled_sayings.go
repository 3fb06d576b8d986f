package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// A saying is one statement of the policies of things that word it alike, each
// of itself.
type saying struct {
	things    compile.Set
	bound     *bound     // of the first of them
	statement *Statement // of the first of them; nil where the document is missing
}

// readPolicies gathers what the things' own policies say to an audience. What
// they say to others alone is left out.
func (h *holding) readPolicies(audience string) {
	if h.things[0].layer == numTrust {
		return
	}
	said := map[string]*saying{}
	for i, b := range h.things {
		for j := range b.policies {
			p := &b.policies[j]
			if p.doc == nil {
				h.add(said, fmt.Sprint("missing ", i, j), i, p, nil)
				continue
			}
			for k := range p.doc.Statements {
				if s := &p.doc.Statements[k]; s.HasPrincipals && couldMean(s, audience) {
					h.add(said, h.wording(i, j, p, s), i, p, s)
				}
			}
		}
	}
}

func (h *holding) add(said map[string]*saying, key string, thing int, p *bound, s *Statement) {
	have := said[key]
	if have == nil {
		have = &saying{compile.NewSet(len(h.things)), p, s}
		said[key] = have
		h.said = append(h.said, have)
	}
	have.things.Add(thing)
}

// couldMean reports whether a statement could speak to callers of an account,
// or, for "", to callers that have none.
func couldMean(s *Statement, account string) bool {
	return s.NotPrincipals || slices.ContainsFunc(s.Principals, func(n PrincipalName) bool {
		switch {
		case n.Value == "*" || n.Type == "*" || n.Type == "CanonicalUser" || n.Type == anonymousCallers:
			return true
		case account == "":
			return n.Type != "AWS"
		case n.Type == "AWS":
			return accountNamed(n.Value) == account
		}
		return false
	})
}

// wording is equal for statements of two things that say the same of each.
func (h *holding) wording(i, ordinal int, p *bound, s *Statement) string {
	var b strings.Builder
	fmt.Fprint(&b, ordinal, " ", s.Index, s.Deny, s.NotActions, s.NotResources, s.HasResources, s.NotPrincipals)
	if when := p.when(); when != nil {
		b.WriteString(fingerprint(when))
	}
	fmt.Fprintf(&b, "%q%q", s.Actions, s.Principals)
	for _, c := range s.Conditions {
		fmt.Fprintf(&b, "%s %s %q", c.Operator, c.Key, c.Values)
	}
	own := strings.TrimSuffix(h.refs[i], "/"+anyKey)
	if looksAtItself(s) {
		return b.String() + "\x00" + own
	}
	for _, text := range s.Resources {
		rest, relative := strings.CutPrefix(text, own)
		switch {
		case text == "*":
			b.WriteString("\x00*")
		case relative && (rest == "" || rest[0] == '/' || rest[0] == ':'):
			b.WriteString("\x00." + rest)
		default:
			return b.String() + "\x00" + own // it may cover things by their names
		}
	}
	return b.String()
}

// looksAtItself reports whether what a statement says of a thing hangs on more
// of the thing than its resources show.
func looksAtItself(s *Statement) bool {
	return slices.ContainsFunc(s.compiled.resources, func(p resourcePattern) bool { return p.parts != nil }) ||
		slices.ContainsFunc(s.Principals, func(n PrincipalName) bool { return n.Type == "CanonicalUser" })
}

// saying makes the claims of one statement of things' own policies.
func (c *caster) saying(said *saying, allowed compile.Set) {
	if said.statement == nil {
		c.resourceGap(said.things, said.bound.missing, allowed)
		return
	}
	s, first := said.statement, said.things.First()
	actions := c.meet(c.h.of(actionsOf(s)), allowed)
	if !s.Deny && !c.h.own(c.principal) {
		actions.Subtract(c.ownerOnlyActions())
	}
	if s.Deny && c.principal.kind == kindRoot && c.h.own(c.principal) {
		actions.Subtract(c.bucketPolicyActions())
	}
	if actions.Empty() {
		return
	}
	c.resource, c.values = c.h.things[first], c.values[:0]
	names := c.names(s)
	if names == [3]*policy.Formula{policy.False, policy.False, policy.False} {
		return
	}
	c.resources(s, c.thing(first), func(_ compile.Set, in *inner, when *policy.Formula) {
		// What holds of the first holds of all.
		c.spoken(said, actions, in, when, names)
	})
}

func (c *caster) spoken(said *saying, actions compile.Set, in *inner, when *policy.Formula, names [3]*policy.Formula) {
	s := said.statement
	c.conditioned(s, actions, said.things, when, func(a, t compile.Set, when *policy.Formula) {
		from := c.hear(numResource, said.bound, s)
		if counts := said.bound.when(); counts != nil {
			when = policy.And(when, counts)
		}
		if s.Deny {
			c.claimInside(termDenyResource, a, t, in, policy.And(when, names[0]), from)
			return
		}
		for how, term := range [...]policy.Term{termResourceDirect, termResourceRole, termResourceAccount} {
			f := policy.And(when, names[how])
			c.claimInside(term, a, t, in, f, from)
			c.claimInside(termResourceAnyone, a, t, in, f, from)
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
