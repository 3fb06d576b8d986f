package aws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/clewgraph/clew/resolve/compile"
)

// This file tells alike what things say of themselves: most policies of things
// name the thing that they are on, and say the same but for that.

// ownText adds what tells a policy of a thing from others' that differ in whose
// they are alone; false where a statement looks closer at the thing.
func (t *roomThing) ownText(text *[]byte, doc *Document) bool {
	out := append(*text, " own"...)
	for i := range doc.Statements {
		var ok bool
		if out, ok = t.statementText(out, &doc.Statements[i]); !ok {
			return false
		}
	}
	*text = out
	return true
}

// statementText is ownText of one statement.
func (t *roomThing) statementText(out []byte, s *Statement) ([]byte, bool) {
	if looksCloser(s, nil) || namesCanonical(s) {
		return out, false
	}
	for _, fact := range [...]bool{s.Deny, s.NotActions, s.HasResources, s.NotResources, s.HasPrincipals, s.NotPrincipals} {
		out = strconv.AppendBool(out, fact)
	}
	out = fmt.Appendf(out, " %q %q", s.Actions, s.Principals)
	for j := range s.Conditions {
		c := &s.Conditions[j]
		out = fmt.Appendf(out, " %q %q %q", c.Operator, c.Key, c.Values)
	}
	for _, r := range s.Resources {
		own, ok := t.ofItself(r)
		if !ok {
			return out, false
		}
		out = append(strconv.AppendQuote(out, own), ' ')
	}
	return append(out, 0), true
}

// ofItself writes a resource pattern without the name of the thing: it speaks of
// everything, of the thing, or of what stands in it, and of nothing else.
func (t *roomThing) ofItself(pattern string) (own string, ok bool) {
	rest, begins := strings.CutPrefix(pattern, t.arn)
	switch {
	case pattern == "*":
		return "*", true
	case !begins || rest != "" && rest[0] != '/' || strings.ContainsAny(t.arn, "*?"):
		return "", false
	}
	return "=" + rest, true
}

// A heardThere is what a thing's policies say of some actions.
type heardThere struct {
	actions string
	alike   uint32
}

// heard is equal for things that only patterns tell apart where users and roles of
// their own account, which their policies do not name, ask for some actions: by
// what their policies say of those. Statements that speak of others, or to others,
// are nothing to such a decision (silentOn, quietTo).
func (m *room) heard(t *roomThing, acts ...*action) uint32 {
	var room [64]byte
	key := room[:0]
	for _, act := range acts {
		key = append(append(key, act.folded...), ' ')
	}
	for i := range t.heard {
		if t.heard[i].actions == string(key) {
			return t.heard[i].alike
		}
	}
	alike := t.spoken
	if text, ok := t.heardText(strconv.AppendUint(m.text[:0], uint64(t.quiet), 10), acts); ok {
		m.text = text
		alike = m.number(text)
	}
	t.heard = append(t.heard, heardThere{string(key), alike})
	return alike
}

// heardText adds the statements that speak of some actions.
func (t *roomThing) heardText(text []byte, acts []*action) (_ []byte, ok bool) {
	if t.layer != numResource || t.gap != nil || t.quiet == 0 {
		return text, false
	}
	text = append(text, " heard"...)
	for i := range t.policies {
		b := &t.policies[i]
		if b.doc == nil || b.when() != nil {
			return text, false
		}
		for j := range b.doc.Statements {
			s := &b.doc.Statements[j]
			if s.namesAlone() || !slices.ContainsFunc(acts, func(act *action) bool { return s.matchesAction(act.service, act.name) }) {
				continue
			}
			text = fmt.Appendf(text, " %d %d ", i, j)
			if text, ok = t.statementText(text, s); !ok {
				return text, false
			}
		}
	}
	return text, true
}

// numberOfTags is equal for things that have the same values of some tags.
func (m *room) numberOfTags(t *roomThing, tags []string) uint32 {
	m.text = append(m.text[:0], "tags "...)
	for _, tag := range tags {
		m.text = append(strconv.AppendQuote(m.text, tag), t.tagText(tag)...)
	}
	return m.number(m.text)
}

// tagText is equal for things for which conditions see the same value of a tag.
func (t *roomThing) tagText(tag string) string {
	value, ok := t.tags.of(tag)
	return strconv.Quote(value) + boolText(ok) + boolText(t.tagsKnown) + t.attrs["abac"]
}

// taggedWith are the things of each value of a tag.
func (x *axis) taggedWith(tag string) []compile.Set {
	if sets, ok := x.tagged[tag]; ok {
		return sets
	}
	var sets []compile.Set
	at := map[string]int{}
	for i, t := range x.things {
		text := t.tagText(tag)
		n, ok := at[text]
		if !ok {
			n = len(sets)
			at[text] = n
			sets = append(sets, compile.NewSet(len(x.nodes)))
		}
		sets[n].Add(i)
	}
	if x.tagged == nil {
		x.tagged = map[string][]compile.Set{}
	}
	x.tagged[tag] = sets
	return sets
}

// namesAlone reports whether a statement speaks to users and roles that it names,
// and to nobody else of an account.
func (s *Statement) namesAlone() bool {
	return s.HasPrincipals && !s.NotPrincipals && !slices.ContainsFunc(s.Principals, func(n PrincipalName) bool {
		if n.Type == "Service" || n.Type == "Federated" {
			return false
		}
		arn, _ := ParseARN(n.Value)
		return n.Type != "AWS" || arn.Service != "iam" || arn.Resource == "root" || strings.ContainsAny(n.Value, "*?")
	})
}

// hears reports whether heard tells what policies of a thing say to whoever asks:
// a user or role of its account that they do not name.
func (t *roomThing) hears(p *principal) bool {
	if t.owner == nil || t.owner != p.account || p.kind > kindRole {
		return false
	}
	return !t.namesItself(p)
}
