package aws

import (
	"fmt"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A roomThing is a described thing, with what decisions about it can hang on
// beside the patterns of statements.
type roomThing struct {
	*resource
	asks  bool   // AWS can be asked about it at all
	alike uint32 // equal for things that only patterns tell apart; 0: alone
	quiet bool   // no policy of its own has a word
}

// groups are the things of one question that no statement in play tells apart.
// Those that its own policy speaks of, and questions whose statements look at
// more of a thing than its name, are decided one by one.
//
// Two things fall together if they are alike and the same statements cover them:
// every layer then says the same of both, as it reads nothing else of them.
type groups struct {
	apart   bool // nothing falls together
	owner   *account
	covers  []*Statement
	rulings map[group]*snapshot.Ruling
}

type group struct {
	alike   uint32
	covered uint64 // by covers
}

// thing returns what is to know of a node.
func (m *room) thing(node snapshot.Index) *roomThing {
	t, ok := m.things[node]
	if !ok {
		t = &roomThing{resource: m.e.resourceByNode(node)}
		_, t.asks = ParseARN(t.arn)
		if t.alone() {
			t.quiet = false
		} else {
			t.quiet = len(t.policies) == 0 && t.gap == nil
			t.alike = m.number(t.likeness())
		}
		m.things[node] = t
	}
	return t
}

// alone reports whether decisions look into a thing: into what a bucket holds,
// the methods of an API, and what AWS alone may change.
func (t *roomThing) alone() bool {
	return t.parts.Service == "s3" || t.typ == typeAPI || t.restrictPublic != nil || t.ignoreACL != nil || t.publicGap != nil ||
		t.parts.Account == "aws" || strings.HasPrefix(t.parts.Resource, "role/aws-")
}

// likeness is what decisions read of a thing beside its name and policies.
func (t *roomThing) likeness() string {
	owner := ""
	if t.owner != nil {
		owner = t.owner.id
	}
	_, encrypted := t.attrs["kms-key"]
	return fmt.Sprint(t.typ, t.types, t.layer, t.parts.Partition, t.parts.Service, t.parts.Region, " ", t.parts.Account, t.ownerKnown, owner,
		t.assumed, t.tagsKnown, strings.HasPrefix(t.parts.Resource, "key/"), encrypted, t.attrs["region"], t.attrs["kms-key"])
}

func (m *room) number(likeness string) uint32 {
	n, ok := m.alike[likeness]
	if !ok {
		n = uint32(len(m.alike) + 1)
		m.alike[likeness] = n
	}
	return n
}

// ofThing decides a question about a described thing, together with those that
// nothing tells from it.
func (a *asker) ofThing(number int, asked *askedKind, t *roomThing) *snapshot.Ruling {
	if !t.asks {
		return denied
	}
	kind := &a.kinds[number]
	g := a.groupOf(kind, asked, t)
	if ruling, ok := asked.rulings(g); ok {
		return ruling
	}
	a.r.resource = t.resource
	ruling := a.decide(kind, kind.stated)
	if g.alike != 0 {
		asked.groups.rulings[g] = ruling
	}
	return ruling
}

func (k *askedKind) rulings(g group) (*snapshot.Ruling, bool) {
	if g.alike == 0 {
		return nil, false
	}
	ruling, ok := k.groups.rulings[g]
	return ruling, ok
}

// groupOf is the group that a thing belongs to, the zero group if it is alone.
func (a *asker) groupOf(kind *roomKind, asked *askedKind, t *roomThing) (g group) {
	silent := t.quiet || kind.given || t.layer == numTrust
	if t.alike == 0 || !silent {
		return g
	}
	if asked.groups == nil {
		asked.groups = a.groupsOf(kind, t)
	}
	if asked.groups.apart || asked.groups.owner != t.owner {
		return g
	}
	g.alike = t.alike
	for i, s := range asked.groups.covers {
		for j := range s.compiled.resources {
			if s.compiled.resources[j].matches(t.arn) {
				g.covered |= 1 << i
				break
			}
		}
	}
	return g
}

// maxCovers is how many statements with patterns a group tells apart.
const maxCovers = 64

// groupsOf gathers the statements in play that look at what is acted on.
func (a *asker) groupsOf(kind *roomKind, t *roomThing) *groups {
	g := &groups{rulings: map[group]*snapshot.Ruling{}, owner: t.owner}
	g.apart = !kind.action.known || a.r.principal.kind > kindExternal || kind.action.service == "sts" || kind.action.service == "kms" || kind.action.folded == "lambda:invokefunctionurl"
	for _, list := range a.inPlay(t) {
		for i := range list {
			if doc := list[i].doc; doc != nil && !g.apart {
				g.read(kind, doc)
			}
		}
	}
	g.apart = g.apart || len(g.covers) > maxCovers
	return g
}

// inPlay are the documents that can speak of requests of the principal, the
// policy of the thing aside.
func (a *asker) inPlay(t *roomThing) [][]bound {
	p := a.r.principal
	lists := [][]bound{p.identity, p.boundary}
	if a.r.hold == graph.WithOwnPolicy {
		lists[0] = a.r.keptBy(p)
	}
	for i := range p.account.scp.levels {
		lists = append(lists, p.account.scp.levels[i].policies)
	}
	if t.owner != nil {
		for i := range t.owner.rcp.levels {
			lists = append(lists, t.owner.rcp.levels[i].policies)
		}
	}
	return lists
}

// read takes from a document the statements that look at what is acted on.
func (g *groups) read(kind *roomKind, doc *Document) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if !s.matchesAction(kind.action.service, kind.action.name) {
			continue
		}
		if looksCloser(kind, s) {
			g.apart = true
			return
		}
		if s.HasResources && !(len(s.Resources) == 1 && s.Resources[0] == "*") {
			g.covers = append(g.covers, s)
		}
	}
}

// looksCloser reports whether a statement looks at more of a thing than its
// name and what alike things share.
func looksCloser(kind *roomKind, s *Statement) bool {
	for i := range s.compiled.resources {
		if s.compiled.resources[i].parts != nil {
			return true
		}
	}
	for i := range s.Conditions {
		c := &s.Conditions[i].compiled
		if c.parts != nil || ofThingAlone(c.key) && !states(kind, c.key) {
			return true
		}
	}
	return false
}

func states(kind *roomKind, key string) bool {
	for i := range kind.stated {
		if kind.stated[i].key == key {
			return true
		}
	}
	return false
}

// ofThingAlone reports whether alike things can differ in a key: tags, the
// boundary of a user or role, the URLs of a function, the services that a role
// trusts.
func ofThingAlone(key string) bool {
	switch key {
	case "iam:permissionsboundary", "lambda:functionurlauthtype", "iam:passedtoservice":
		return true
	}
	return strings.Contains(key, "resourcetag/")
}
