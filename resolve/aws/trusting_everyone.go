package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
)

// speakers are the callers of some accounts, or of all, whose own policies
// speak of a role.
func (e *Estate) speakers(role *resource, accounts []string, everyone bool) []snapshot.Index {
	a := e.assumption()
	var list []snapshot.Index
	for _, caller := range a.exact[role.arn] {
		if everyone || slices.Contains(accounts, e.principal(caller).account.id) {
			list = append(list, caller)
		}
	}
	if !everyone {
		for _, account := range accounts {
			list = append(list, a.wild[account]...)
		}
		return list
	}
	return append(list, e.takers(role)...)
}

// takers are the callers whose own policies could mean any role, of all
// accounts, that a role open to everyone could take. Many roles have one
// document, and where it asks of the caller alone it says the same for all.
func (e *Estate) takers(role *resource) []snapshot.Index {
	if len(role.policies) != 1 || role.gap != nil || role.policies[0].doc == nil || !asksCallerAlone(role.policies[0].doc) {
		return e.sweeping()
	}
	t := e.trusted(role.policies[0].doc)
	t.takesOnce.Do(func() {
		for _, caller := range e.sweeping() {
			p := e.principal(caller)
			r := &request{estate: e, principal: p, hold: holdOf(e.s.Kind(caller)), action: assumeAction(p.kind), resource: role}
			if r.trusted() {
				t.takes = append(t.takes, caller)
			}
		}
	})
	return t.takes
}

// sweeping are all callers whose policies could mean any role.
func (e *Estate) sweeping() []snapshot.Index {
	var list []snapshot.Index
	for _, callers := range e.assumption().wild {
		list = append(list, callers...)
	}
	return list
}

// asksCallerAlone reports whether the conditions of a document of trust say the
// same whatever role it is of.
func asksCallerAlone(d *Document) bool {
	for i := range d.Statements {
		for j := range d.Statements[i].Conditions {
			c := &d.Statements[i].Conditions[j].compiled
			if !ofCaller(c.key) || slices.ContainsFunc(c.parts, looksElsewhere) {
				return false
			}
		}
	}
	return true
}

func looksElsewhere(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.variable != nil && !ofCaller(strings.ToLower(p.variable.key)) })
}

// ofCaller tells keys that say something of the caller and its request, and
// nothing of the role that is asked for (keys.go). Of a key that is not here
// nothing is taken for granted.
func ofCaller(key string) bool {
	switch key {
	case "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype",
		"aws:principalisawsservice", "aws:userid", "aws:username", "aws:multifactorauthpresent", "aws:multifactorauthage",
		"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:securetransport", "aws:viaawsservice", "sts:externalid":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/")
}
