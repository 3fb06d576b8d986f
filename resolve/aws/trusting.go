package aws

import (
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file finds who could assume which role before anything is decided: who
// is named, and who has a policy that speaks of assuming. Only those are asked.

// assumption is the index behind it, made once.
type assumption struct {
	byAccount map[string][]snapshot.Index // callers; "" holds those without an account
	subjects  map[string][]snapshot.Index // callers by the identity provider whose word they show
	exact     map[string][]snapshot.Index // callers by the role that their policies name
	wild      map[string][]snapshot.Index // callers whose policies could mean any role, by account

	named    map[string][]snapshot.Index    // roles by account that their trust names
	everyone map[*Document][]snapshot.Index // roles whose trust could name everyone, by its document; their own accounts are among the named
}

func (e *Estate) assumption() *assumption {
	e.assumeOnce.Do(func() {
		a := &assumption{
			byAccount: e.callersByAccount(), subjects: map[string][]snapshot.Index{}, exact: map[string][]snapshot.Index{},
			wild: map[string][]snapshot.Index{}, named: map[string][]snapshot.Index{}, everyone: map[*Document][]snapshot.Index{},
		}
		for account, callers := range a.byAccount {
			for _, caller := range callers {
				if p := e.principal(caller); account != "" {
					a.speak(caller, p)
				} else if provider := p.assertion().provider; provider != "" {
					a.subjects[provider] = append(a.subjects[provider], caller)
				}
			}
		}
		e.parseAll(LayerTrust)
		for _, role := range e.roles() {
			a.trust(e, role)
		}
		e.assume = a
	})
	return e.assume
}

// roles are those that documents describe.
func (e *Estate) roles() []snapshot.Index {
	var list []snapshot.Index
	for role := range e.s.OfKind(graph.KindRole) {
		if !e.s.Mentioned(role) {
			list = append(list, role)
		}
	}
	return list
}

// speak notes which roles a caller's own policies speak of.
func (a *assumption) speak(caller snapshot.Index, p *principal) {
	if p.kind == kindExternal || p.kind == kindRoot || p.uncollected || p.idGap != nil {
		a.speakOfAny(caller, p)
		return
	}
	for i := range p.identity {
		doc := p.identity[i].doc
		if doc == nil {
			a.speakOfAny(caller, p)
			return
		}
		for j := range doc.Statements {
			s := &doc.Statements[j]
			if s.Deny || !s.matchesAction("sts", "assumerole") {
				continue
			}
			if s.NotResources || slices.ContainsFunc(s.Resources, func(text string) bool { return strings.ContainsAny(text, "*?$") }) {
				a.speakOfAny(caller, p)
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

func (a *assumption) speakOfAny(caller snapshot.Index, p *principal) {
	a.wild[p.account.id] = append(a.wild[p.account.id], caller)
}

// trust notes whom a role's trust could name.
func (a *assumption) trust(e *Estate, role snapshot.Index) {
	arn, _ := ParseARN(string(e.s.Ref(role)))
	var accounts []string
	for _, b := range e.attached(role, LayerTrust) {
		t := e.trusted(b.doc)
		if t.everyone {
			a.trustEveryone(b.doc, role, arn.Account)
			return
		}
		for _, account := range t.accounts {
			if !slices.Contains(accounts, account) {
				accounts = append(accounts, account)
			}
		}
	}
	if e.gapOf(role, LayerTrust) != nil {
		a.trustEveryone(nil, role, arn.Account)
		return
	}
	for _, account := range accounts {
		a.named[account] = append(a.named[account], role)
	}
}

func (a *assumption) trustEveryone(doc *Document, role snapshot.Index, account string) {
	a.everyone[doc] = append(a.everyone[doc], role)
	a.named[account] = append(a.named[account], role)
}

// A trust is whom a document of trust names. Many roles have one document.
type trust struct {
	everyone bool     // an Allow could mean anybody
	accounts []string // of all principals that it names, "" for those without one
	once     sync.Once
	callers  []snapshot.Index // that it names one by one

	takesOnce sync.Once
	takes     []snapshot.Index // of those whose policies could mean any role
}

var anybody = trust{everyone: true}

// trusted reads a document of trust; one that is missing could name anybody.
func (e *Estate) trusted(doc *Document) *trust {
	if doc == nil {
		return &anybody
	}
	if t := doc.trust.Load(); t != nil {
		return t
	}
	t := &trust{everyone: namesEveryone(doc)}
	for i := range doc.Statements {
		for _, n := range doc.Statements[i].Principals {
			if account := accountNamed(n.Value); !slices.Contains(t.accounts, account) {
				t.accounts = append(t.accounts, account)
			}
		}
	}
	if !doc.trust.CompareAndSwap(nil, t) {
		return doc.trust.Load()
	}
	return t
}

// forgetTrusts lets go whom documents trust. Nobody may be asking.
func (d *documents) forgetTrusts() {
	for i := range d.byNumber {
		if doc := d.byNumber[i].Load(); doc != nil {
			doc.trust.Store(nil)
		}
	}
}

// callersNamed are the callers that a document names one by one.
func (e *Estate) callersNamed(doc *Document, t *trust) []snapshot.Index {
	t.once.Do(func() {
		for i := range doc.Statements {
			if !doc.Statements[i].Deny {
				t.callers = append(t.callers, e.namedCallers(&doc.Statements[i])...)
			}
		}
		slices.Sort(t.callers)
		t.callers = slices.Compact(t.callers)
	})
	return t.callers
}

// namesEveryone reports whether an Allow does, or could mean anybody.
func namesEveryone(d *Document) bool {
	for i := range d.Statements {
		s := &d.Statements[i]
		if !s.Deny && (s.NotPrincipals || slices.ContainsFunc(s.Principals, PrincipalName.everyone)) {
			return true
		}
	}
	return false
}

func (n PrincipalName) everyone() bool { return n.Value == "*" || n.Type == "CanonicalUser" }

// askers are the callers that could come to assume a role, in dense order:
// those that its trust names, and, where it names accounts or everyone, those
// whose own policies speak of it. In its own account everyone is enough.
func (e *Estate) askers(role *resource) []snapshot.Index {
	a := e.assumption()
	var list []snapshot.Index
	var accounts []string
	everyone := role.gap != nil
	for i := range role.policies {
		doc := role.policies[i].doc
		t := e.trusted(doc)
		everyone = everyone || t.everyone
		accounts = append(accounts, t.accounts...)
		if doc != nil {
			list = append(list, e.callersNamed(doc, t)...)
		}
	}
	if everyone {
		list = append(append(list, a.byAccount[role.parts.Account]...), a.byAccount[""]...)
	}
	list = append(list, e.speakers(role, accounts, everyone)...)
	slices.Sort(list)
	return slices.Compact(list)
}

// namedCallers are those that a statement names one by one. What names no
// account is left to be decided for all callers without one.
func (e *Estate) namedCallers(s *Statement) []snapshot.Index {
	var list []snapshot.Index
	for _, n := range s.Principals {
		switch {
		case n.Type == "Service":
			if node, ok := e.s.Find(graph.Ref("service:" + n.Value)); ok {
				list = append(list, node)
			}
		case n.Type == "Federated":
			list = append(list, e.assumption().subjects[n.Value]...)
		case n.Type != "AWS", isAccountID(n.Value), strings.HasSuffix(n.Value, ":root"):
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
