package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file says which actions have to be compared to tell whether a principal
// is allowed no less than everything: there are tens of thousands, and most
// documents tell few of them apart.

// each visits the statements of the documents that came.
func each(lists [][]bound, visit func(*Statement)) {
	for _, list := range lists {
		for i := range list {
			if list[i].doc == nil {
				continue
			}
			for j := range list[i].doc.Statements {
				visit(&list[i].doc.Statements[j])
			}
		}
	}
}

// compareActions compares one action for all that no document in play tells apart.
// Of those that the principal's own documents allow outright only the ceilings are
// left to differ, and none is compared of which no ceiling tells callers apart.
func (a *administrator) compareActions(c *comparison, lists [][]bound) {
	own, same := a.outright(lists), a.untold(c)
	ceilings := a.ceilings()
	bare, all := newTeller(ceilings...), newTeller(append(ceilings, lists...)...)
	done := [2]map[string]bool{{}, {}}
	for id := range reference.NumActions() {
		teller, known := all, done[0]
		if own.Has(id) {
			teller, known = bare, done[1]
		}
		if own.Has(id) && same.Has(id) || known[string(teller.of(id))] {
			continue
		}
		known[string(teller.key)] = true
		if c.each(a.probesOf(actionOf(reference.ActionID(id)), lists)); c.ruling.Verdict == graph.Denied {
			return
		}
	}
}

// outright are the actions that the principal's own documents allow whatever
// the request.
func (a *administrator) outright(lists [][]bound) compile.Set {
	p := a.p
	if p.idGap != nil || len(p.sessionPolicies()) > 0 {
		return compile.NewSet(reference.NumActions())
	}
	allowed, denied := spoken(lists[0])
	if a.hold == graph.WithOwnPolicy || p.kind == kindRoot || p.kind == kindExternal {
		allowed = compile.Full(reference.NumActions())
	}
	if len(lists[1]) > 0 {
		within, forbidden := spoken(lists[1])
		allowed.Intersect(within)
		denied.Union(forbidden)
	}
	allowed.Subtract(denied)
	return allowed
}

// spoken are the actions that some documents allow whatever the request, and
// those that they could deny.
func spoken(list []bound) (allowed, denied compile.Set) {
	allowed, denied = compile.NewSet(reference.NumActions()), compile.NewSet(reference.NumActions())
	for i := range list {
		if list[i].doc == nil {
			return allowed, compile.Full(reference.NumActions())
		}
	}
	each([][]bound{list}, func(s *Statement) {
		switch table := actionsOf(s).table; {
		case s.Deny:
			denied.Union(table)
		case len(s.Conditions) == 0 && !s.NotResources && slices.Contains(s.Resources, "*"):
			allowed.Union(table)
		}
	})
	return allowed, denied
}

// ceilings are the policies of the organization that bound the account.
func (a *administrator) ceilings() [][]bound {
	var lists [][]bound
	for _, c := range []*ceiling{&a.p.account.scp, &a.p.account.rcp} {
		for i := range c.levels {
			lists = append(lists, c.levels[i].policies)
		}
	}
	return lists
}

// untold are the actions of which no ceiling tells the principal from the
// measure: where both are allowed them outright, both are let through alike.
func (a *administrator) untold(c *comparison) compile.Set {
	scope := a.p.account
	if a.p.partition != c.all.principal.partition || slices.ContainsFunc(scope.scp.levels, level.unread) || slices.ContainsFunc(scope.rcp.levels, level.unread) {
		return compile.NewSet(reference.NumActions())
	}
	set := compile.Full(reference.NumActions())
	each(a.ceilings(), func(s *Statement) {
		if c.tellsApart(s) {
			set.Subtract(actionsOf(s).table)
		}
	})
	return set
}

// unread reports whether something of a level did not come.
func (l level) unread() bool {
	return l.gap != nil || slices.ContainsFunc(l.policies, func(b bound) bool { return b.doc == nil })
}

// tellsApart reports whether a statement could speak to one of the two that are
// compared and not to the other, whatever they ask for.
func (c *comparison) tellsApart(s *Statement) bool {
	for i := range s.compiled.resources {
		if variesWithCaller(s.compiled.resources[i].parts) {
			return true
		}
	}
	for i := range s.Conditions {
		condition := &s.Conditions[i]
		switch {
		case slices.ContainsFunc(condition.compiled.parts, variesWithCaller):
			return true
		case sameForAll(condition.compiled.key):
		case !isPrincipalKey(condition.compiled.key) || !c.alike(condition):
			return true
		}
	}
	return false
}

// alike reports whether a test of who asks comes to the same, once and for all,
// for both.
func (c *comparison) alike(condition *Condition) bool {
	c.mine.values, c.all.values = c.mine.values[:0], c.all.values[:0]
	mine, all := c.mine.condition(condition), c.all.condition(condition)
	return mine == all && (mine == policy.True || mine == policy.False)
}

func variesWithCaller(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		return p.variable != nil && !sameForAll(strings.ToLower(p.variable.key))
	})
}

// sameForAll tells the keys that say nothing of who in an account calls: those
// of the request, its route, the account and the resource (keys.go). Of a key
// that is not here nothing is taken for granted.
func sameForAll(key string) bool {
	switch key {
	case "aws:requestedregion", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:securetransport",
		"aws:currenttime", "aws:epochtime", "aws:useragent", "aws:viaawsservice", "aws:calledvia", "aws:tagkeys",
		"aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths",
		"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths":
		return true
	}
	return strings.HasPrefix(key, "aws:requesttag/") || strings.HasPrefix(key, "aws:resourcetag/")
}
