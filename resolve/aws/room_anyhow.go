package aws

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file finds what whoever acts could do anyhow. Who may write the policy of
// every queue may mostly read every queue: then no policy that is written gives
// anything, and the queues need not be asked about one after another.

// A leadsFrom is a sort of question that leads to another about the same things, or
// about a part of each.
type leadsFrom struct {
	list       *escalate.Things
	does, gets int
	part       string
	account    *account
}

// Beyond returns the places of those things about which gets could be answered
// less surely than does; see escalate.Asker.
//
// It is told by the statements of all documents in play that are not the things':
// whatever allows one has to allow the other, and what denies the other has to
// deny the one. The things' own policies are then a matter of which of them allow
// the one or deny the other.
func (a *asker) Beyond(does, gets *escalate.Kind, part string, list *escalate.Things) (rest []int, ok bool) {
	if a.r == nil || !a.implies(a.kind(does), a.kind(gets), part) {
		return nil, false
	}
	key := leadsFrom{list, does.Number, gets.Number, part, a.r.principal.account}
	rest, ok = a.leads[key]
	if !ok {
		rest = a.beyond(a.kind(does), a.kind(gets), part, list.Nodes)
		a.leads[key] = rest
	}
	return rest, true
}

// beyond finds the places of things which themselves could make a difference. Most
// have no policy: once one of a type makes none, such of its type need not be read.
func (a *asker) beyond(does, gets *roomKind, part string, nodes []snapshot.Index) (rest []int) {
	none := "" // a type of which one made no difference
	for place, node := range nodes {
		switch typ := a.e.s.Type(node); {
		case typ == none && a.bare(gets, node):
		case a.looksBeyond(does, gets, part, node):
			rest = append(rest, place)
		case part == "" && gets.action.service != "s3": // what a bucket holds is another matter
			none = typ
		}
	}
	return rest
}

// bare reports whether a thing is of the caller's account, and documents say nothing
// of it that a decision reads but its name and tags.
func (a *asker) bare(k *roomKind, node snapshot.Index) bool {
	if a.e.s.HasAttachments(node) || a.e.gapOf(node, LayerResource) != nil || a.e.ownerOf(node) != a.r.principal.account.id {
		return false
	}
	_, encrypted := keyUses[k.action.folded]
	return !encrypted || a.e.s.Attr(node, "kms-key") == ""
}

// implies reports whether nothing but things' own policies could answer a question
// of gets less surely than one of does.
func (a *asker) implies(does, gets *roomKind, part string) bool {
	p := a.r.principal
	if p.kind > kindRole || p.idGap != nil || p.uncollected || p.gone || gapped(&p.account.scp) || gapped(&p.account.rcp) {
		return false
	}
	if !does.plain() || !gets.plain() || does.action.service != gets.action.service {
		return false
	}
	identity := p.identity
	if a.r.hold == graph.WithOwnPolicy {
		identity = a.r.keptBy(p)
	}
	return carry(identity, does, gets, part) && carry(p.boundary, does, gets, part) &&
		carryAll(&p.account.scp, does, gets, part) && carryAll(&p.account.rcp, does, gets, part)
}

// plain reports whether a decision about an action hangs on nothing but what
// policies say of it: services aside whose things have to grant explicitly.
func (k *roomKind) plain() bool {
	switch k.action.service {
	case "sts", "kms", "iam", "execute-api", "vpc-lattice-svcs":
		return false
	}
	return k.action.known && len(k.stated) == 0 && !k.given && k.action.folded != "lambda:invokefunctionurl"
}

// gapped reports whether some policies of an organization did not come.
func gapped(c *ceiling) bool {
	return slices.ContainsFunc(c.levels, func(l level) bool { return l.gap != nil })
}

func carryAll(c *ceiling, does, gets *roomKind, part string) bool {
	return !slices.ContainsFunc(c.levels, func(l level) bool { return !carry(l.policies, does, gets, part) })
}

// carry reports whether documents allow gets wherever they allow does, and deny
// does wherever they deny gets.
func carry(list []bound, does, gets *roomKind, part string) bool {
	for i := range list {
		doc := list[i].doc
		if doc == nil || list[i].when() != nil {
			return false
		}
		for j := range doc.Statements {
			if !doc.Statements[j].carries(does, gets, part) {
				return false
			}
		}
	}
	return true
}

// carries is carry of one statement: where it speaks of the one it has to speak of
// the other, on the same, and under conditions that are the same for both.
func (s *Statement) carries(does, gets *roomKind, part string) bool {
	from, to := &does.action, &gets.action
	if s.Deny {
		from, to = to, from
	}
	switch {
	case !s.matchesAction(from.service, from.name):
		return true
	case !s.matchesAction(to.service, to.name), part != "" && !whateverResource(s):
		return false
	}
	return s.asksAlike()
}

// asksAlike reports whether a statement's conditions are the same for all requests
// that somebody makes of one thing.
func (s *Statement) asksAlike() bool {
	return !slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.compiled.parts != nil || !sameForBoth(c.compiled.key) })
}

// sameForBoth reports whether a key is the same in those requests, whatever the
// action: what is said of the caller is, and the region of the thing.
func sameForBoth(key string) bool {
	return ofCaller(key) && key != "sts:externalid" || key == "aws:requestedregion"
}

// looksBeyond reports whether a thing itself could have gets answered less surely
// than does: by its policy, by the key that encrypts it, or as it is of a sort on
// which one of the two does not act.
func (a *asker) looksBeyond(does, gets *roomKind, part string, node snapshot.Index) bool {
	b := a.look(node)
	on := b
	if part != "" {
		ref := b.arn + "/" + part
		if _, described := a.e.s.Find(graph.Ref(ref)); described || holderOf(ref) != b.arn {
			return true
		}
		on = b.part(ref)
	}
	if b.owner == nil || b.owner != a.r.principal.account || b.layer != numResource || b.gap != nil || b.typ == typeAPI {
		return true
	}
	if !a.actsOn(does, b) || !a.actsOn(gets, on) || asksBesides(gets, on) {
		return true
	}
	return slices.ContainsFunc(b.policies, func(p bound) bool {
		return p.doc == nil || p.when() != nil || p.anySays(func(s *Statement) bool { return !s.spares(does, gets, b) })
	})
}

// look is the view of a thing that is looked at but once, until the next one is.
func (a *asker) look(node snapshot.Index) *resource {
	if t := *a.things.at(node); t != nil {
		return t.resource
	}
	a.e.readInto(&a.looked, string(a.e.s.Ref(node)), node)
	return &a.looked
}

// spares reports whether a statement of a thing's own policy leaves gets as sure as
// does: it does not allow the one, and denies the other only where it denies both.
func (s *Statement) spares(does, gets *roomKind, b *resource) bool {
	if !s.Deny {
		return !s.matchesAction(does.action.service, does.action.name)
	}
	if !s.matchesAction(gets.action.service, gets.action.name) {
		return true
	}
	covers := s.HasResources && !s.NotResources && slices.ContainsFunc(s.compiled.resources, func(p resourcePattern) bool {
		return p.parts == nil && p.matches(b.arn)
	})
	return covers && s.matchesAction(does.action.service, does.action.name) && s.asksAlike()
}

// actsOn reports whether a sort of request acts on all of a thing.
func (a *asker) actsOn(k *roomKind, on *resource) bool {
	a.r.action, a.r.resource = k.action, on
	return len(infoOf(k.action.id).uses) > 0 && a.r.fit() == fitsWhole
}

// asksBesides reports whether a request needs something else to be allowed.
func asksBesides(k *roomKind, on *resource) bool {
	if _, encrypted := keyUses[k.action.folded]; encrypted && on.attrs["kms-key"] != "" {
		return true
	}
	for _, use := range infoOf(k.action.id).uses {
		if use.Required && !fitsType(on, use.Type) && !hasAlternative(on, use.Type) {
			return true
		}
	}
	return false
}
