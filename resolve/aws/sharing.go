package aws

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
)

// sharing counts what documents have in common, and who is kept apart by what.
func sharing(s *snapshot.Snapshot) resolve.Sharing {
	e := NewEstate(s)
	c := &sharer{
		estate: e, statements: map[[32]byte]bool{}, actions: map[string]bool{}, traits: map[*Document]docTraits{}, holders: map[held]int{},
		named: map[string]bool{}, looks: map[string]*look{},
	}
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		b := e.bind(a)
		c.count(&b)
		if s.AttachmentLayer(a) == LayerResource && b.doc != nil {
			c.speak(b.doc, s.AttachmentTo(a))
		}
	}
	principals := e.describedPrincipals()
	for _, node := range principals {
		c.hold(e.principal(node))
	}
	out := resolve.Sharing{Described: principals, Statements: c.all, DistinctStatements: len(c.statements), ActionSets: len(c.actions)}
	for _, why := range apartness {
		apart := resolve.Apart{Reason: why.reason, Doc: why.doc}
		for _, node := range principals {
			if why.concerns(c, e.principal(node)) {
				apart.Of = append(apart.Of, node)
			}
		}
		out.Apart = append(out.Apart, apart)
	}
	return out
}

// describedPrincipals are the users and roles that documents describe.
func (e *Estate) describedPrincipals() (list []snapshot.Index) {
	for _, node := range e.callers() {
		if k := e.s.Kind(node); (k == graph.KindUser || k == graph.KindRole) && !e.s.Mentioned(node) {
			list = append(list, node)
		}
	}
	return list
}

// apartness lists what keeps principals apart.
var apartness = []struct {
	reason, doc string
	concerns    func(*sharer, *principal) bool
}{
	{"OWN_POLICIES", "have an identity policy or boundary that nobody else of their account has", (*sharer).ownPolicies},
	{"PRINCIPAL_KEYS", "have policies that compare the principal's own tags or name with something else", (*sharer).principalKeys},
	{"NAMED", "are named in policies of resources", (*sharer).isNamed},
	{"NOT_RESOURCE", "have statements with NotResource: each speaks of a set of its own", (*sharer).notResource},
	{"MISSING_POLICIES", "have policies that did not come", (*sharer).missing},
	{"TOO_MANY_TESTS", "stand before more tests in policies of their account's resources than are told apart", (*sharer).tested},
}

// A sharer counts what documents have in common.
type sharer struct {
	estate     *Estate
	all        int
	statements map[[32]byte]bool
	actions    map[string]bool         // what sets of actions hold
	traits     map[*Document]docTraits // by document
	holders    map[held]int            // principals that have it

	named map[string]bool  // by policies of resources
	looks map[string]*look // that policies of an account's resources have
}

// A held is a document in an account: principals of several never share a class.
type held struct {
	account  string
	document *Document
}

type docTraits struct{ principalKeys, notResource bool }

// count adds the statements of one attachment.
func (c *sharer) count(b *bound) {
	if b.doc == nil {
		return
	}
	c.all += len(b.doc.Statements)
	if _, known := c.traits[b.doc]; known {
		return
	}
	look := newLook(false)
	look.document(b.doc)
	t := docTraits{principalKeys: len(look.keys) > 0}
	for i := range b.doc.Statements {
		s := &b.doc.Statements[i]
		t.notResource = t.notResource || s.NotResources
		c.statements[wording(s)] = true
		c.actions[keyOf(actionsOf(s).table)] = true
	}
	c.traits[b.doc] = t
}

// wording is equal for statements that say the same in the same words, whatever
// they are called.
func wording(s *Statement) [32]byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%t %t %q %t %t %q %t %q", s.Deny, s.NotActions, s.Actions, s.HasResources, s.NotResources, s.Resources, s.NotPrincipals, s.Principals)
	for i := range s.Conditions {
		fmt.Fprintf(&b, " %q %q %q", s.Conditions[i].Operator, s.Conditions[i].Key, s.Conditions[i].Values)
	}
	return sha256.Sum256([]byte(b.String()))
}

// hold counts a principal for each document that it has.
func (c *sharer) hold(p *principal) {
	seen := map[*Document]bool{}
	for b := range p.documents() {
		if !seen[b.doc] {
			seen[b.doc] = true
			c.holders[held{p.account.id, b.doc}]++
		}
	}
}

// documents yields a principal's identity policies and boundary.
func (p *principal) documents() func(func(*bound) bool) {
	return func(yield func(*bound) bool) {
		for _, list := range [][]bound{p.identity, p.boundary} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// some reports whether a principal has a document like that.
func (p *principal) some(like func(*bound) bool) bool {
	for b := range p.documents() {
		if like(b) {
			return true
		}
	}
	return false
}

func (c *sharer) ownPolicies(p *principal) bool {
	return p.some(func(b *bound) bool { return b.doc != nil && c.holders[held{p.account.id, b.doc}] == 1 })
}

// speak notes how the policy of a resource tells callers apart.
func (c *sharer) speak(d *Document, to snapshot.Index) {
	account := ""
	if to != snapshot.None {
		account = c.estate.ownerOf(to)
	}
	if c.looks[account] == nil {
		c.looks[account] = newLook(false)
	}
	c.looks[account].document(d)
	for i := range d.Statements {
		for _, n := range d.Statements[i].Principals {
			if n.Type == "AWS" {
				c.named[n.Value] = true
				c.named[roleOfSession(n.Value)] = true
			}
		}
	}
}

func (c *sharer) principalKeys(p *principal) bool {
	l := c.looks[p.account.id]
	return l != nil && len(l.keys) > 0 || p.some(func(b *bound) bool { return c.traits[b.doc].principalKeys })
}

func (c *sharer) isNamed(p *principal) bool {
	return c.named[p.ref] || c.named[p.account.id+"/"+p.name]
}

func (c *sharer) tested(p *principal) bool {
	l := c.looks[p.account.id]
	return l != nil && len(l.tests)+len(l.keys) > maxTests
}

func (c *sharer) notResource(p *principal) bool {
	return p.some(func(b *bound) bool { return c.traits[b.doc].notResource })
}

func (c *sharer) missing(p *principal) bool {
	return p.idGap != nil || p.some(func(b *bound) bool { return b.doc == nil })
}
