package aws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// A roomThing is a described thing, with what decisions about it can hang on
// beside the patterns of statements.
type roomThing struct {
	*resource
	among *thingSet
	at    int  // its place there
	asks  bool // AWS can be asked about it at all
	// Numbers that are equal for things that only patterns tell apart, where
	// their own policies are silent, and where they speak; 0: alone.
	quiet, spoken uint32
	*whom              // of its policies
	own           whom // room for that, where other things do not share it
	heard         []heardThere
}

// A thingSet is the things of one type that were asked about.
type thingSet struct{ size int }

// A whom is whom policies can speak of.
type whom struct {
	loud     bool // of anybody
	names    []namedThere
	services []string
}

// A namedThere is one of an account whom they name: by ARN, or widely, as the account
// itself or by sessions.
type namedThere struct {
	account, value string
	widely         bool
}

// namesWidely reports whether the account itself is named, or some sessions of it.
func (w *whom) namesWidely(account string) bool {
	return slices.ContainsFunc(w.names, func(n namedThere) bool { return n.widely && n.account == account })
}

// namesItself reports whether a user or role is named.
func (w *whom) namesItself(p *principal) bool {
	return slices.ContainsFunc(w.names, func(n namedThere) bool { return n.value == p.ref })
}

// thing returns what is to know of a node.
func (m *room) thing(node snapshot.Index) *roomThing {
	place := m.things.at(node)
	t := *place
	if t == nil {
		t = m.things.next()
		t.resource = m.things.resource()
		m.e.readInto(t.resource, string(m.e.s.Ref(node)), node) // nobody reads it after the room
		t.asks = t.parts.whole()
		t.whom = m.whomOf(t)
		if t.among = m.sets[t.typ]; t.among == nil {
			t.among = &thingSet{}
			m.sets[t.typ] = t.among
		}
		t.at = t.among.size
		t.among.size++
		if t.asks && !t.alone() {
			m.text = t.likeness(m.text[:0])
			t.quiet = m.number(m.text)
			if ok := t.texts(&m.text); ok {
				t.spoken = m.number(m.text)
			}
		}
		*place = t
	}
	return t
}

// number is equal for equal texts.
func (m *room) number(likeness []byte) uint32 {
	n, ok := m.alike[string(likeness)]
	if !ok {
		n = uint32(len(m.alike) + 1)
		m.alike[string(likeness)] = n
	}
	return n
}

// alone reports whether decisions look into a thing: into what is no bucket of
// S3, the methods of an API, and what AWS alone may change.
func (t *roomThing) alone() bool {
	return t.parts.Service == "s3" && !isBucket(t.resource) || t.typ == typeAPI || awsManagedKey(t.arn) ||
		t.parts.Account == "aws" || strings.HasPrefix(t.parts.Resource, "role/aws-")
}

// likeness adds what decisions read of a thing beside its name and policies.
func (t *roomThing) likeness(text []byte) []byte {
	p, owner := &t.parts, ""
	if t.owner != nil {
		owner = t.owner.id
	}
	for _, field := range []string{t.typ, p.Partition, p.Service, p.Region, p.Account, owner, t.attrs["region"], t.attrs["kms-key"]} {
		text = append(append(text, field...), 0)
	}
	for _, fact := range []bool{t.ownerKnown, t.assumed, t.tagsKnown, strings.HasPrefix(p.Resource, "key/")} {
		text = strconv.AppendBool(text, fact)
	}
	text = strconv.AppendInt(text, int64(t.layer), 10)
	for _, f := range []*policy.Formula{t.restrictPublic, t.publicGap, t.ignoreACL} {
		if f != nil {
			text = append(append(text, fingerprint(f)...), 0)
		}
		text = strconv.AppendBool(text, f != nil)
	}
	for _, typ := range t.types {
		text = strconv.AppendUint(append(text, ' '), uint64(typ), 10)
	}
	return text
}

// texts adds what tells the policies of a thing from others; ok is false where
// they look closer at it, or are not all there.
func (t *roomThing) texts(text *[]byte) (ok bool) {
	if t.gap != nil {
		return false
	}
	for i := range t.policies {
		doc := t.policies[i].doc
		switch {
		case doc == nil || t.policies[i].when() != nil:
			return false
		case t.policies[i].anySays(tellsApart):
			if !t.ownText(text, doc) {
				return false
			}
		default:
			*text = fmt.Appendf(*text, " %p", doc) // a text is read once
		}
	}
	return true
}

// tellsApart reports whether a statement of a thing's own policy looks at which
// thing it is.
func tellsApart(s *Statement) bool {
	whole := !s.HasResources || len(s.Resources) == 1 && s.Resources[0] == "*"
	return !whole || looksCloser(s, nil) || namesCanonical(s)
}

// whomOf is whom the policies of a thing can speak of. Trusts are few texts, of
// many roles, that are read once.
func (m *room) whomOf(t *roomThing) *whom {
	if t.gap == nil && t.layer == numTrust && len(t.policies) == 1 && t.policies[0].doc != nil {
		doc := t.policies[0].doc
		w := m.trusts[doc]
		if w == nil {
			w = &whom{}
			w.read(doc)
			m.trusts[doc] = w
		}
		return w
	}
	w := &t.own
	w.loud = t.gap != nil
	for i := range t.policies {
		if doc := t.policies[i].doc; doc != nil {
			w.read(doc)
		} else {
			w.loud = true
		}
	}
	return w
}

// read adds whom a document can speak of.
func (w *whom) read(doc *Document) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		w.loud = w.loud || s.NotPrincipals
		for j := range s.Principals {
			w.name(&s.Principals[j])
		}
	}
}

// name notes one entry of a Principal element.
func (w *whom) name(n *PrincipalName) {
	switch n.Type {
	case "Service":
		w.services = append(w.services, n.Value)
		return
	case "Federated":
		return // nobody of an account
	}
	w.loud = w.loud || n.Type != "AWS" || n.Value == "*"
	if isAccountID(n.Value) {
		w.names = append(w.names, namedThere{account: n.Value, value: n.Value, widely: true})
		return
	}
	arn, _ := ParseARN(n.Value)
	w.names = append(w.names, namedThere{account: arn.Account, value: n.Value, widely: arn.Service != "iam" || arn.Resource == "root"})
}

// silentOn reports whether the policies of a thing have no word on an action of
// callers of its own account: what they say else, to others and of other actions,
// is then nothing to the decision. Of roles' trust it is not told: who assumes one
// may need to be let do something else besides.
func (t *roomThing) silentOn(a *account, act *action) bool {
	if t.layer != numResource || t.owner == nil || t.owner != a || t.gap != nil {
		return false
	}
	return !slices.ContainsFunc(t.policies, func(b bound) bool {
		return b.doc == nil || b.anySays(func(s *Statement) bool { return s.matchesAction(act.service, act.name) })
	})
}

// quietTo reports whether no policy of the thing has a word on whoever asks, a
// user or role of some account.
func (t *roomThing) quietTo(p *principal) bool {
	if t.loud || p.kind > kindRole {
		return false
	}
	return !t.namesWidely(p.account.id) && !t.namesItself(p)
}

// namesCanonical reports whether a statement names somebody by a number that
// documents do not show.
func namesCanonical(s *Statement) bool {
	return slices.ContainsFunc(s.Principals, func(n PrincipalName) bool { return n.Type == "CanonicalUser" })
}
