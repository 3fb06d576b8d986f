package aws

import (
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file finds which sorts of question a service control policy settles by
// itself: organizations forbid root users everything, and their accounts whole
// services, and whoever is forbidden something need not be asked about thing
// after thing.

// A forbidding is what the SCPs of an account forbid its principals on whatever
// they act: the sorts of question, by number, that they forbid everybody, and the
// statements that hang on who asks.
type forbidding struct {
	everybody compile.Set
	some      []*Statement
}

// never are the sorts that are denied to whoever asks, nil where there are none.
func (m *room) never(r *request) (set compile.Set) {
	if !boundBySCP(r) {
		return nil
	}
	f := m.forbiddingOf(r.principal.account)
	set = f.everybody
	for _, s := range f.some {
		if m.meant(r, s) {
			set = set.Clone()
			set.Union(m.deniedBy(s))
		}
	}
	return set
}

// boundBySCP reports whether SCPs speak of whoever asks (readSCP).
func boundBySCP(r *request) bool {
	p := r.principal
	return p.kind <= kindExternal && !p.account.management && !p.serviceLinked && !p.account.scp.assumed &&
		r.holds(ruleOrganization) && r.holds(ruleExplicitDeny) && r.holds(ruleActions) && r.holds(ruleResources) && r.holds(ruleConditions)
}

// forbiddingOf is what the SCPs of an account forbid, read once.
func (m *room) forbiddingOf(a *account) *forbidding {
	f, ok := m.forbids[a]
	if ok {
		return f
	}
	f = &forbidding{everybody: compile.NewSet(len(m.list))}
	m.forbids[a] = f
	for i := range a.scp.levels {
		each([][]bound{a.scp.levels[i].policies}, func(s *Statement) {
			switch {
			case !s.Deny || !whateverResource(s):
			case len(s.Conditions) == 0:
				f.everybody.Union(m.deniedBy(s))
			case asksARNAlone(s):
				f.some = append(f.some, s)
			}
		})
	}
	return f
}

// whateverResource reports whether a statement covers everything that can be
// acted on.
func whateverResource(s *Statement) bool {
	return s.HasResources && !s.NotResources && len(s.Resources) == 1 && s.Resources[0] == "*"
}

// asksARNAlone reports whether all that a statement asks is the ARN of who asks,
// which no request of a technique states.
func asksARNAlone(s *Statement) bool {
	for i := range s.Conditions {
		if c := &s.Conditions[i].compiled; c.key != "aws:principalarn" || c.parts != nil {
			return false
		}
	}
	return true
}

// meant reports whether a statement speaks of whoever asks, once and for all.
func (m *room) meant(r *request, s *Statement) bool {
	r.values = r.values[:0]
	return r.conditions(s) == policy.True
}

// deniedBy are the sorts that a statement speaks of, those aside that no policy
// denies (needsNoPermission).
func (m *room) deniedBy(s *Statement) compile.Set {
	return m.sorts.of(forbidden{actionsOf(s)}, func(a *action) bool {
		free := a.service == "sts" && (a.name == "getcalleridentity" || a.name == "getsessiontoken")
		return !free && s.matchesAction(a.service, a.name)
	})
}

// forbidden is the key of what statements that deny some actions speak of.
type forbidden struct{ *actionSet }
