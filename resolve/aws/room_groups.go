package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// groups are the things of one question that no statement in play tells apart.
// Questions whose statements look at more of a thing than its name are decided
// one by one.
//
// Two things fall together if they are alike and the same statements cover them:
// every layer then says the same of both, as it reads nothing else of them.
type groups struct {
	apart   bool // nothing falls together
	owner   *account
	covers  []*Statement
	tags    []string // that statements look at, folded
	rulings map[group]answer
}

type group struct {
	alike   uint32
	tagged  uint32 // equal for equal values of the tags
	covered uint64 // by covers
}

// An answer is the ruling on one of a group.
type answer struct {
	*snapshot.Ruling
	of *resource
}

// ofThing decides a question about a described thing, together with those that
// nothing tells from it.
func (a *asker) ofThing(asked *askedKind, t *roomThing) *snapshot.Ruling {
	if !t.asks || a.unserved(asked, t) {
		return denied
	}
	on := a.resourceOf(asked, t)
	if on == nil {
		return denied
	}
	var g group
	if asked.part == "" || isObjectOf(on, t) {
		g = a.groupOf(asked, t, on.arn)
	}
	if g.alike != 0 {
		if known, ok := asked.groups.rulings[g]; ok {
			return known.on(t.resource)
		}
	}
	a.r.resource = on
	ruling := a.decide(asked.kind)
	if g.alike != 0 {
		asked.groups.rulings[g] = answer{ruling, t.resource}
	}
	return ruling
}

// resourceOf is what is asked about: a thing or a part of it, nil where that is
// no ARN.
func (a *asker) resourceOf(asked *askedKind, t *roomThing) *resource {
	if asked.part == "" {
		return t.resource
	}
	return a.partOf(t, asked.part)
}

// isObjectOf reports whether what is asked about is an object that a bucket holds,
// of which no document tells more: it has the policies of the bucket.
func isObjectOf(on *resource, t *roomThing) bool {
	return on.node == t.node && isBucket(t.resource) && len(on.types) == 1 && on.types[0] == objectType()
}

// on is the ruling on another of the group: what is evidence of the one's own
// policy is evidence of the other's, which has the same text.
func (w answer) on(b *resource) *snapshot.Ruling {
	var evidence []snapshot.EvidenceRef
	for i, ref := range w.Evidence {
		at := slices.IndexFunc(w.of.policies, func(p bound) bool { return p.of == ref.Attachment })
		if at < 0 {
			continue
		}
		if evidence == nil {
			evidence = slices.Clone(w.Evidence)
		}
		evidence[i].Attachment = b.policies[at].of
	}
	if evidence == nil {
		return w.Ruling
	}
	ruling := *w.Ruling
	ruling.Evidence = evidence
	return &ruling
}

// groupOf is the group that a thing belongs to, the zero group if it is alone. arn
// is that of what is asked about.
func (a *asker) groupOf(asked *askedKind, t *roomThing, arn string) (g group) {
	kind, alike := asked.kind, t.spoken
	if kind.given || t.layer == numTrust && kind.action.service != "sts" || t.quietTo(a.r.principal) || t.silentOn(a.r.principal.account, &kind.action) {
		alike = t.quiet
	} else if t.hears(a.r.principal) {
		alike = a.heard(t, &kind.action)
	}
	if alike == 0 {
		return g
	}
	if all := a.grouping(asked, t, asked.part); all.apart || all.owner != t.owner {
		return g
	}
	g.alike = alike
	if len(asked.groups.tags) > 0 {
		g.tagged = a.numberOfTags(t, asked.groups.tags)
	}
	for i, s := range asked.groups.covers {
		if slices.ContainsFunc(s.compiled.resources, func(p resourcePattern) bool { return p.matches(arn) }) {
			g.covered |= 1 << i
		}
	}
	return g
}

// maxCovers is how many statements with patterns a group tells apart.
const maxCovers = 64

// groupsOf gathers the statements in play that look at what is acted on.
func (a *asker) groupsOf(kind *roomKind, t *roomThing) *groups {
	g := &groups{rulings: map[group]answer{}, owner: t.owner}
	g.apart = !kind.action.known || a.r.principal.kind > kindExternal || kind.action.folded == "lambda:invokefunctionurl"
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
// policy of the thing aside. The list is good until the next is asked for.
func (a *asker) inPlay(t *roomThing) [][]bound {
	p := a.r.principal
	lists := append(a.lists[:0], p.identity, p.boundary)
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
	a.lists = lists
	return lists
}

// read takes from a document the statements that look at what is acted on.
func (g *groups) read(kind *roomKind, doc *Document) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if !s.matchesAction(kind.action.service, kind.action.name) {
			continue
		}
		if tags, closer := looksAt(s, kind.stated); closer {
			g.apart = true
			return
		} else if len(tags) > 0 {
			g.tags = append(g.tags, tags...)
		}
		if s.HasResources && !(len(s.Resources) == 1 && s.Resources[0] == "*") {
			g.covers = append(g.covers, s)
		}
	}
}

// looksCloser reports whether a statement looks at more of a thing than its
// name and what alike things share.
func looksCloser(s *Statement, stated []statedKey) bool {
	tags, closer := looksAt(s, stated)
	return closer || len(tags) > 0
}

// looksAt are the tags of a thing that a statement looks at; closer is true where
// it looks at more of it than those, its name and what alike things share.
func looksAt(s *Statement, stated []statedKey) (tags []string, closer bool) {
	for i := range s.compiled.resources {
		if s.compiled.resources[i].parts != nil {
			return nil, true
		}
	}
	for i := range s.Conditions {
		c := &s.Conditions[i].compiled
		if slices.ContainsFunc(c.parts, namesOther) {
			return nil, true
		}
		states := func(k statedKey) bool { return k.key == c.key }
		if !ofThingAlone(c.key) || slices.ContainsFunc(stated, states) {
			continue
		}
		_, tag, ok := strings.Cut(c.key, "resourcetag/")
		if !ok {
			return nil, true
		}
		tags = append(tags, tag)
	}
	return tags, false
}

// namesOther reports whether a value holds a variable that stands for something
// else than who asks: that is the same for all things.
func namesOther(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		if p.variable == nil {
			return false
		}
		key := strings.ToLower(p.variable.key)
		return key != "aws:username" && !strings.HasPrefix(key, "aws:principaltag/")
	})
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
