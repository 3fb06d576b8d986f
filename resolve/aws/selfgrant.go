package aws

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A gift is a way for a principal to change its own identity policies: an
// action on one node.
type gift struct {
	action string
	on     snapshot.Index
	// identity, if set, is what the principal's identity policies are
	// afterwards; else they are whatever it likes.
	identity []bound
}

// maxGifts bounds how many gifts are made one after another.
const maxGifts = 3

// byGift decides whether the principal can give itself everything: some gift
// is allowed, and what is left afterwards does not limit it. through lists the
// actions in the order of use.
func (a *administrator) byGift(left int) (best snapshot.Ruling, through []string) {
	for _, g := range a.gifts() {
		given := a.ask(g)
		if given.Verdict <= best.Verdict {
			continue
		}
		after, steps := a.after(g, left)
		if sure := min(given.Verdict, after.Verdict); sure > best.Verdict {
			best = given
			if after.Verdict < given.Verdict {
				best.Verdict, best.Bounds, best.Formula = after.Verdict, after.Bounds, after.Formula
			}
			through = append([]string{g.action}, steps...)
		}
	}
	return best, through
}

// after decides whether the principal administers its account once a gift is
// made, further gifts included.
func (a *administrator) after(g gift, left int) (snapshot.Ruling, []string) {
	if g.identity == nil {
		return a.afterwards()
	}
	next := a.given(g)
	ruling := next.compare()
	if ruling.Verdict == graph.Allowed || left == 1 {
		return ruling, nil
	}
	if more, through := next.byGift(left - 1); more.Verdict > ruling.Verdict {
		return more, through
	}
	return ruling, nil
}

// given is the principal with the identity policies that a gift gives it.
func (a *administrator) given(g gift) *administrator {
	changed := *a.p
	changed.identity = g.identity
	changed.keepDenies()
	return &administrator{estate: a.estate, p: &changed, hold: a.hold}
}

// could reports whether after comes to anything but DENIED: the first way that
// may do is enough to tell.
func (a *administrator) could(g gift, left int) bool {
	if g.identity == nil {
		ruling, _ := a.afterwards()
		return ruling.Verdict != graph.Denied
	}
	next := a.given(g)
	return next.compared().Verdict != graph.Denied || left > 1 && next.couldGive(left-1)
}

// couldGive reports whether byGift comes to anything but DENIED.
func (a *administrator) couldGive(left int) bool {
	return slices.ContainsFunc(a.gifts(), func(g gift) bool {
		return a.ask(g).Verdict != graph.Denied && a.could(g, left)
	})
}

// gifts are the actions by which the principal's own policies grow, those that
// give everything first.
//
// Source: IAM API reference; each action's page says what it attaches where.
func (a *administrator) gifts() []gift {
	var list []gift
	switch a.p.kind {
	case kindUser:
		list = append(list, gift{action: "iam:PutUserPolicy", on: a.p.node}, gift{action: "iam:AttachUserPolicy", on: a.p.node})
		for _, g := range a.estate.s.Out(a.p.node, graph.MemberOf) {
			list = append(list, gift{action: "iam:PutGroupPolicy", on: g}, gift{action: "iam:AttachGroupPolicy", on: g})
		}
	case kindRole:
		list = append(list, gift{action: "iam:PutRolePolicy", on: a.p.node}, gift{action: "iam:AttachRolePolicy", on: a.p.node})
	default:
		return nil
	}
	var some []gift
	for i := range a.p.identity {
		if node, ok := a.customerManaged(&a.p.identity[i]); ok {
			list = append(list, gift{action: "iam:CreatePolicyVersion", on: node})
			some = append(some, a.otherVersions(i, node)...)
		}
	}
	return append(append(list, some...), a.otherGroups()...)
}

// otherVersions are the versions of an attached policy that could be made its
// default.
func (a *administrator) otherVersions(i int, node snapshot.Index) []gift {
	var list []gift
	for _, version := range a.estate.attached(node, LayerPolicyVersion) {
		identity := slices.Clone(a.p.identity)
		identity[i].doc, identity[i].missing = version.doc, version.missing
		list = append(list, gift{action: "iam:SetDefaultPolicyVersion", on: node, identity: identity})
	}
	return list
}

// otherGroups are the groups of the account that a user could join.
func (a *administrator) otherGroups() []gift {
	return a.joining(a.estate.groupsOf(a.p.account.id))
}

// joining are the gifts of a user that joins one of some groups: one that it is
// not in, and that has policies.
func (a *administrator) joining(groups []snapshot.Index) []gift {
	if a.p.kind != kindUser {
		return nil
	}
	member := a.estate.s.Out(a.p.node, graph.MemberOf)
	var list []gift
	for _, group := range groups {
		if slices.Contains(member, group) {
			continue
		}
		if policies := a.estate.attached(group, LayerIdentity); len(policies) > 0 {
			list = append(list, gift{action: "iam:AddUserToGroup", on: group, identity: append(slices.Clone(a.p.identity), policies...)})
		}
	}
	return list
}

// groupsOf are the groups of an account.
func (e *Estate) groupsOf(account string) []snapshot.Index {
	e.groupsOnce.Do(func() {
		e.groups = map[string][]snapshot.Index{}
		for group := range e.s.OfKind(graph.KindGroup) {
			arn, _ := ParseARN(string(e.s.Ref(group)))
			e.groups[arn.Account] = append(e.groups[arn.Account], group)
		}
	})
	return e.groups[account]
}

// customerManaged returns the node of an attached policy that can be edited.
func (a *administrator) customerManaged(b *bound) (snapshot.Index, bool) {
	source := a.estate.sourceOf(b)
	if source.Inline {
		return 0, false
	}
	arn, ok := ParseARN(string(source.Policy))
	if !ok || arn.Account != a.p.account.id {
		return 0, false
	}
	return a.estate.s.Find(source.Policy)
}

// ask decides one gift for the principal as it is.
func (a *administrator) ask(g gift) snapshot.Ruling {
	r := a.request()
	r.action, r.resource = parseAction(g.action), a.estate.resourceByNode(g.on)
	return r.ruling(r.decide())
}

// afterwards gives the principal everything, lets it take off the denies that
// it then can take off, and compares again. What is left over limits it.
func (a *administrator) afterwards() (snapshot.Ruling, []string) {
	_, removals := a.unremovable()
	own := &administrator{estate: a.estate, p: a.p, hold: graph.WithOwnPolicy}
	return own.compared(), removals
}

// unremovable returns the identity documents with denies that the principal
// keeps once it has given itself everything, and the actions by which it takes
// off the others, in the order of use.
func (a *administrator) unremovable() (kept []bound, removals []string) {
	for i := range a.p.identity {
		if doc := a.p.identity[i].doc; doc != nil && hasDeny(doc) {
			kept = append(kept, a.p.identity[i])
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range kept {
			if action, ok := a.removes(kept, &kept[i]); ok {
				removals = append(removals, action)
				kept = slices.Delete(slices.Clone(kept), i, i+1)
				changed = true
				break
			}
		}
	}
	return kept, removals
}

func hasDeny(d *Document) bool {
	for i := range d.Statements {
		if d.Statements[i].Deny {
			return true
		}
	}
	return false
}

// removes finds an action by which the principal, now with everything allowed
// but what its remaining denies forbid, takes off one document.
func (a *administrator) removes(kept []bound, b *bound) (string, bool) {
	r := &request{estate: a.estate, principal: a.p, hold: graph.WithOwnPolicy, kept: &kept}
	node, ok := a.estate.s.Find(a.estate.sourceOf(b).To)
	if !ok {
		return "", false
	}
	for _, g := range a.removals(b, node) {
		r.action, r.resource = parseAction(g.action), a.estate.resourceByNode(g.on)
		if v, _ := r.decide().formula.State(); v == graph.Allowed {
			return g.action, true
		}
	}
	return "", false
}

// removals are the actions that take a document off what it is attached to, or
// empty it.
func (a *administrator) removals(b *bound, to snapshot.Index) []gift {
	entity := map[graph.Kind]string{graph.KindUser: "User", graph.KindRole: "Role", graph.KindGroup: "Group"}[a.estate.s.Kind(to)]
	var list []gift
	if a.estate.sourceOf(b).Inline {
		list = append(list, gift{action: "iam:Delete" + entity + "Policy", on: to}, gift{action: "iam:Put" + entity + "Policy", on: to})
	} else {
		list = append(list, gift{action: "iam:Detach" + entity + "Policy", on: to})
		if node, ok := a.customerManaged(b); ok {
			list = append(list, gift{action: "iam:CreatePolicyVersion", on: node})
		}
	}
	if entity == "Group" {
		list = append(list, gift{action: "iam:RemoveUserFromGroup", on: to})
	}
	return list
}

// Enough reports whether a foothold's principal administers its account once a
// managed policy has another of its versions as default, or once it is a
// member of a group.
func (e *Estate) Enough(f snapshot.Foothold, node snapshot.Index) bool {
	if e.s.Kind(f.Node) == graph.KindAccount {
		return false // it has everything already
	}
	a := &administrator{estate: e, p: e.actor(f), hold: e.heldAs(f)}
	return slices.ContainsFunc(a.changes(node), func(g gift) bool { return a.could(g, maxGifts) })
}

// changes are the gifts that one policy, or one group, makes.
func (a *administrator) changes(node snapshot.Index) []gift {
	if a.estate.s.Kind(node) != graph.KindGroup {
		return a.versionsOf(node)
	}
	if !slices.Contains(a.estate.groupsOf(a.p.account.id), node) {
		return nil
	}
	return a.joining([]snapshot.Index{node})
}

// versionsOf are the gifts that other versions of one attached policy make.
func (a *administrator) versionsOf(node snapshot.Index) []gift {
	for i := range a.p.identity {
		if on, ok := a.customerManaged(&a.p.identity[i]); ok && on == node {
			return a.otherVersions(i, node)
		}
	}
	return nil
}
