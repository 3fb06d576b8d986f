package aws

import (
	"iter"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file finds what accounts lend each other: things whose own policies
// could name callers of another account, or callers that have none.

// A lending is which things have policies that could name whom.
type lending struct {
	everyone []snapshot.Index
	byOwner  map[string][]snapshot.Index // of those
	byName   map[string][]snapshot.Index // by account named; "" for services and federated subjects
}

// A commons is what is lent to everyone, and what may be done to it, worked out
// once for all accounts.
type commons struct {
	holdings []*holding
	mu       sync.RWMutex
	parts    map[string]*commonPart
}

// A commonPart is decided by the first who has it; others wait for that one.
type commonPart struct {
	once  sync.Once
	index snapshot.PartIndex
}

// part returns the part that a key stands for.
func (c *commons) part(key []byte) *commonPart {
	c.mu.RLock()
	part, ok := c.parts[string(key)]
	c.mu.RUnlock()
	if ok {
		return part
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if part, ok = c.parts[string(key)]; !ok {
		part = &commonPart{}
		c.parts[string(key)] = part
	}
	return part
}

// lending is worked out once.
func (e *Estate) lending() *lending {
	e.lentOnce.Do(func() {
		e.lent.byOwner, e.lent.byName = map[string][]snapshot.Index{}, map[string][]snapshot.Index{}
		for _, node := range e.withPolicies() {
			e.lend(node)
		}
		e.common.parts = map[string]*commonPart{}
		e.common.holdings = e.holdings(e.lent.everyone, nobodysAccount, true)
	})
	return &e.lent
}

// nobodysAccount is the audience of statements that name no account: it is no
// account's id.
const nobodysAccount = "everyone"

// withPolicies are the targets that have a policy of their own, or of which one
// was asked for, and APIs, of which withoutPolicy speaks where there is none; in
// the order of nodes.
func (e *Estate) withPolicies() []snapshot.Index {
	list := e.s.CoverageNodes()
	for a := range snapshot.AttachmentIndex(e.s.NumAttachments()) {
		switch e.s.AttachmentLayer(a) {
		case LayerResource, layerBucketACL:
			list = append(list, e.s.AttachmentTo(a))
		}
	}
	if slices.ContainsFunc(list, func(node snapshot.Index) bool { return e.s.Type(node) == "ecr:registry" }) {
		list = append(list, e.inRegistries()...)
	}
	list = slices.AppendSeq(list, e.apis())
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(node snapshot.Index) bool {
		return node == snapshot.None || !e.isTarget(node)
	})
}

// inRegistries are the repositories: a registry's policy counts for each.
func (e *Estate) inRegistries() (list []snapshot.Index) {
	for node := range e.s.OfKind(graph.KindResource) {
		if e.s.Type(node) == "ecr:repository" {
			list = append(list, node)
		}
	}
	return list
}

// apis are the APIs that callers may call.
func (e *Estate) apis() iter.Seq[snapshot.Index] {
	return func(yield func(snapshot.Index) bool) {
		for node := range e.s.OfKind(graph.KindResource) {
			if e.s.Type(node) == typeAPI && !yield(node) {
				return
			}
		}
	}
}

// lend notes whom the policies of a thing could name.
func (e *Estate) lend(node snapshot.Index) {
	b := e.resourceByNode(node)
	if b.layer == numTrust {
		return
	}
	l, owner := &e.lent, e.ownerOf(node)
	everyone, named, denied := b.gap != nil, []string(nil), []string(nil)
	for i := range b.policies {
		if b.policies[i].doc == nil {
			everyone = true
			continue
		}
		for j := range b.policies[i].doc.Statements {
			s := &b.policies[i].doc.Statements[j]
			if s.Deny {
				denied = append(denied, accountsNamed(s)...)
				continue
			}
			everyone = everyone || couldMean(s, nobodysAccount)
			named = append(named, accountsNamed(s)...)
		}
	}
	if everyone {
		l.everyone = append(l.everyone, node)
		l.byOwner[owner] = append(l.byOwner[owner], node)
		named = append(named, denied...)
	}
	slices.Sort(named)
	for _, account := range slices.Compact(named) {
		if account != owner {
			l.byName[account] = append(l.byName[account], node)
		}
	}
}

// accountsNamed are the accounts whose callers a statement names, "" for
// callers that have none.
func accountsNamed(s *Statement) (list []string) {
	for _, n := range s.Principals {
		switch {
		case n.Type != "AWS":
			list = append(list, "")
		case n.Value != "*":
			list = append(list, accountNamed(n.Value))
		}
	}
	return list
}

// near are the things of others that name an account, or, for "", all that
// could name callers without one; home are the things that an account does not
// have in common with everyone: its own, and those that name it.
func (e *Estate) near(account string) (near, home []snapshot.Index) {
	l := e.lending()
	near = slices.Clone(l.byName[account])
	if account == "" {
		near = append(near, l.everyone...)
		slices.Sort(near)
		return slices.Compact(near), nil
	}
	home = slices.Concat(near, l.byOwner[account], l.byOwner[""])
	slices.Sort(home)
	return near, slices.Compact(home)
}

// homeOf is the account of a foothold's principal, "" if it has none.
func (e *Estate) homeOf(f snapshot.Foothold) string {
	if p := e.actor(f); p.kind <= kindExternal {
		return p.account.id
	}
	return ""
}
