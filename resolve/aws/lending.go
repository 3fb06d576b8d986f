package aws

import (
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph/snapshot"
)

// This file finds what accounts lend each other: things whose own policies
// could name callers of another account, or callers that have none.

// A lending is which things have policies that could name whom.
type lending struct {
	everyone []snapshot.Index
	byOwner  map[string][]snapshot.Index // of those
	byName   map[string][]snapshot.Index // by account named; "" for services and federated subjects
	callers  map[string][]string         // whom they name of an account of others, as they write it
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
		nodes := e.withPolicies()
		found := make([]loan, len(nodes))
		inChunks(len(nodes), func(from, to int) {
			for i := from; i < to; i++ {
				found[i] = e.lend(nodes[i])
			}
		})
		e.lent.byOwner, e.lent.byName, e.lent.callers = map[string][]snapshot.Index{}, map[string][]snapshot.Index{}, map[string][]string{}
		for i, node := range nodes {
			e.lent.add(node, &found[i])
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
// the order of nodes. Some are no targets at all.
func (e *Estate) withPolicies() []snapshot.Index {
	list := append(e.s.CoverageNodes(), e.s.OfType(typeAPI)...)
	for a := range snapshot.AttachmentIndex(e.s.NumAttachments()) {
		switch e.s.AttachmentLayer(a) {
		case LayerResource, layerBucketACL:
			list = append(list, e.s.AttachmentTo(a))
		}
	}
	list = sortedNodes(list)
	for _, registry := range e.s.OfType("ecr:registry") {
		if _, has := slices.BinarySearch(list, registry); has {
			// A registry's policy counts for each repository.
			return sortedNodes(append(list, e.s.OfType("ecr:repository")...))
		}
	}
	return list
}

func sortedNodes(list []snapshot.Index) []snapshot.Index {
	slices.Sort(list)
	return slices.Compact(list)
}

// A loan is whom the policies of a thing could name.
type loan struct {
	owner    string
	everyone bool
	named    []string // accounts
	callers  []string // that are named of accounts other than the owner's
}

// lend finds whom the policies of a thing could name.
func (e *Estate) lend(node snapshot.Index) (l loan) {
	if node == snapshot.None || !e.isTarget(node) {
		return l
	}
	b := e.resourceByNode(node)
	if b.layer == numTrust {
		return l
	}
	l.owner, l.everyone = e.ownerOf(node), b.gap != nil
	var denied []string
	for i := range b.policies {
		if b.policies[i].doc == nil {
			l.everyone = true
			continue
		}
		denied = l.hear(denied, b.policies[i].doc)
	}
	if l.everyone {
		l.named = append(l.named, denied...)
	}
	slices.Sort(l.named)
	l.named = slices.Clip(slices.Compact(l.named))
	for i := range b.policies {
		l.meet(b.policies[i].doc)
	}
	return l
}

// meet notes the callers that a document names of the accounts that a thing is
// lent to.
func (l *loan) meet(d *Document) {
	if d == nil || len(l.named) == 0 {
		return
	}
	for i := range d.Statements {
		for _, n := range d.Statements[i].Principals {
			account := accountNamed(n.Value)
			if _, lent := slices.BinarySearch(l.named, account); lent && account != "" && account != l.owner && !slices.Contains(l.callers, n.Value) {
				l.callers = append(l.callers, n.Value)
			}
		}
	}
}

// hear notes whom a document could grant something; whom it denies something is
// added to denied.
func (l *loan) hear(denied []string, d *Document) []string {
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Deny {
			denied = append(denied, accountsNamed(s)...)
			continue
		}
		l.everyone = l.everyone || couldMean(s, nobodysAccount)
		l.named = append(l.named, accountsNamed(s)...)
	}
	return denied
}

// add notes what a thing is lent to.
func (l *lending) add(node snapshot.Index, found *loan) {
	if found.everyone {
		l.everyone = append(l.everyone, node)
		l.byOwner[found.owner] = append(l.byOwner[found.owner], node)
	}
	for _, account := range found.named {
		if account != found.owner {
			l.byName[account] = append(l.byName[account], node)
		}
	}
	for _, value := range found.callers {
		account := accountNamed(value)
		l.callers[account] = append(l.callers[account], value)
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
