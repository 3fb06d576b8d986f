package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file finds who could assume which role before anything is decided: who
// is named, and who has a policy that speaks of assuming. Only those are asked.

// assumption is the index behind it, made once.
type assumption struct {
	byAccount map[string][]snapshot.Index // callers; "" holds those without an account
	exact     map[string][]snapshot.Index // callers by the role that their policies name
	wild      []snapshot.Index            // callers whose policies could mean any role

	named    map[string][]snapshot.Index    // roles by account that their trust names
	everyone map[*Document][]snapshot.Index // roles whose trust could name everyone, by its document; their own accounts are among the named
}

func (e *Estate) assumption() *assumption {
	e.assumeOnce.Do(func() {
		a := &assumption{byAccount: e.callersByAccount(), exact: map[string][]snapshot.Index{}, named: map[string][]snapshot.Index{}, everyone: map[*Document][]snapshot.Index{}}
		for account, callers := range a.byAccount {
			for _, caller := range callers {
				if account != "" {
					a.speak(caller, e.principal(caller))
				}
			}
		}
		slices.Sort(a.wild)
		for role := range e.s.OfKind(graph.KindRole) {
			if !e.s.Mentioned(role) {
				a.trust(e, role)
			}
		}
		e.assume = a
	})
	return e.assume
}

// speak notes which roles a caller's own policies speak of.
func (a *assumption) speak(caller snapshot.Index, p *principal) {
	if p.kind == kindExternal || p.kind == kindRoot || p.uncollected || p.idGap != nil {
		a.wild = append(a.wild, caller)
		return
	}
	for i := range p.identity {
		doc := p.identity[i].doc
		if doc == nil {
			a.wild = append(a.wild, caller)
			return
		}
		for j := range doc.Statements {
			s := &doc.Statements[j]
			if s.Deny || !s.matchesAction("sts", "assumerole") {
				continue
			}
			if s.NotResources || slices.ContainsFunc(s.Resources, func(text string) bool { return strings.ContainsAny(text, "*?$") }) {
				a.wild = append(a.wild, caller)
				return
			}
			for _, text := range s.Resources {
				if list := a.exact[text]; len(list) == 0 || list[len(list)-1] != caller {
					a.exact[text] = append(list, caller)
				}
			}
		}
	}
}

// trust notes whom a role's trust could name.
func (a *assumption) trust(e *Estate, role snapshot.Index) {
	r := e.resourceByNode(role)
	accounts := map[string]bool{}
	for i := range r.policies {
		b := &r.policies[i]
		if b.doc == nil || namesEveryone(b.doc) {
			a.everyone[b.doc] = append(a.everyone[b.doc], role)
			a.named[r.parts.Account] = append(a.named[r.parts.Account], role)
			return
		}
		for j := range b.doc.Statements {
			for _, n := range b.doc.Statements[j].Principals {
				accounts[accountNamed(n.Value)] = true
			}
		}
	}
	if r.gap != nil {
		a.everyone[nil] = append(a.everyone[nil], role)
		a.named[r.parts.Account] = append(a.named[r.parts.Account], role)
		return
	}
	for account := range accounts {
		a.named[account] = append(a.named[account], role)
	}
}

// namesEveryone reports whether an Allow does, or could mean anybody.
func namesEveryone(d *Document) bool {
	return slices.ContainsFunc(d.Statements, func(s Statement) bool {
		return !s.Deny && (s.NotPrincipals || slices.ContainsFunc(s.Principals, func(n PrincipalName) bool {
			return n.Value == "*" || n.Type == "CanonicalUser"
		}))
	})
}

// askers are the callers that could come to assume a role, in dense order:
// those that its trust names, and, where it names accounts or everyone, those
// whose own policies speak of it. In its own account everyone is enough.
func (e *Estate) askers(role *resource) []snapshot.Index {
	a := e.assumption()
	list := slices.Clone(a.exact[role.arn])
	list = slices.DeleteFunc(list, func(n snapshot.Index) bool { return !e.couldName(role, n) })
	for _, n := range a.wild {
		if e.couldName(role, n) {
			list = append(list, n)
		}
	}
	anybody := role.gap != nil
	for i := range role.policies {
		doc := role.policies[i].doc
		if doc == nil {
			anybody = true
			continue
		}
		anybody = anybody || namesEveryone(doc)
		for j := range doc.Statements {
			list = append(list, e.namedCallers(&doc.Statements[j])...)
		}
	}
	if anybody {
		list = append(append(list, a.byAccount[role.parts.Account]...), a.byAccount[""]...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// couldName reports whether a role's trust speaks of a caller's account, or of
// everyone.
func (e *Estate) couldName(role *resource, caller snapshot.Index) bool {
	if role.gap != nil {
		return true
	}
	account := e.principal(caller).account.id
	return slices.ContainsFunc(role.policies, func(b bound) bool {
		return b.doc == nil || namesEveryone(b.doc) || slices.ContainsFunc(b.doc.Statements, func(s Statement) bool {
			return slices.ContainsFunc(s.Principals, func(n PrincipalName) bool { return accountNamed(n.Value) == account })
		})
	})
}

// namedCallers are those that a statement names one by one. What names no
// account is left to be decided for all callers without one.
func (e *Estate) namedCallers(s *Statement) []snapshot.Index {
	var list []snapshot.Index
	a := e.assumption()
	for _, n := range s.Principals {
		switch {
		case n.Type == "Service":
			if node, ok := e.s.Find(graph.Ref("service:" + n.Value)); ok {
				list = append(list, node)
			}
		case n.Type != "AWS":
			list = append(list, a.byAccount[""]...)
		case isAccountID(n.Value) || strings.HasSuffix(n.Value, ":root"):
		default:
			list = append(list, e.named(n.Value)...)
		}
	}
	return list
}

// named are the callers that an ARN can mean: itself, the role of a session,
// the user of a federated session.
func (e *Estate) named(value string) []snapshot.Index {
	if node, ok := e.s.Find(graph.Ref(value)); ok {
		return []snapshot.Index{node}
	}
	arn, ok := ParseARN(value)
	kind, rest, _ := strings.Cut(arn.Resource, "/")
	if !ok || arn.Service != "sts" || kind != "assumed-role" {
		return nil
	}
	name, _, _ := strings.Cut(rest, "/")
	var list []snapshot.Index
	for _, node := range e.s.FindName(name) {
		if at, _ := ParseARN(string(e.s.Ref(node))); at.Account == arn.Account && e.s.Kind(node) == graph.KindRole {
			list = append(list, node)
		}
	}
	return list
}
