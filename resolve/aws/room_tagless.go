package aws

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file finds where nobody asks for tags: setting some is of no use there.

// TestsTags is false where no document in play asks for tags.
func (a *asker) TestsTags(k *escalate.Kind, list *escalate.Things) bool {
	return a.r != nil && (a.bindsTags(k) || a.thingsTestTags(list))
}

// bindsTags is bindTags for a sort of question, found out once.
func (a *asker) bindsTags(k *escalate.Kind) bool {
	tests, ok := a.testing[k.Number]
	if !ok {
		tests = a.bindTags(&a.kind(k).action)
		if a.testing == nil {
			a.testing = map[int]bool{}
		}
		a.testing[k.Number] = tests
	}
	return tests
}

// ownTags reports whether the policy of the resource at hand asks for tags, or
// ceilings may that are not those of the principal's account.
func (a *asker) ownTags() bool {
	b := a.r.resource
	return b.owner != nil && b.owner != a.r.principal.account || slices.ContainsFunc(b.policies, bound.testsTags)
}

// testsTags reports whether the document is there, and asks for tags.
func (b bound) testsTags() bool { return b.anySays(testsTags) }

// anySays reports whether the document is there, and a statement of it is such.
func (b bound) anySays(such func(*Statement) bool) bool {
	if b.doc == nil {
		return false
	}
	for i := range b.doc.Statements {
		if such(&b.doc.Statements[i]) {
			return true
		}
	}
	return false
}

// bindTags reports whether documents that bind the principal, or all things of
// its account, ask for tags where they speak of an action.
func (a *asker) bindTags(act *action) bool {
	p := a.r.principal
	lists := [][]bound{p.identity, p.boundary}
	if a.r.hold == graph.WithOwnPolicy {
		lists[0] = a.r.keptBy(p)
	}
	for _, levels := range [][]level{p.account.scp.levels, p.account.rcp.levels} {
		for i := range levels {
			lists = append(lists, levels[i].policies)
		}
	}
	return slices.ContainsFunc(lists, func(list []bound) bool {
		return slices.ContainsFunc(list, func(b bound) bool {
			return b.anySays(func(s *Statement) bool { return testsTags(s) && s.matchesAction(act.service, act.name) })
		})
	})
}

// A listFor is a list of things as callers of an account ask about it.
type listFor struct {
	*escalate.Things
	account *account
}

// thingsTestTags reports whether the policy of one of some things asks for tags,
// or one is of another account, whose ceilings may.
func (a *asker) thingsTestTags(list *escalate.Things) bool {
	key := listFor{list, a.r.principal.account}
	tests, ok := a.room.testing[key]
	if !ok {
		tests = slices.ContainsFunc(list.Nodes, a.thingTestsTags)
		if len(list.Nodes) > 1 {
			a.room.testing[key] = tests
		}
	}
	return tests
}

func (a *asker) thingTestsTags(node snapshot.Index) bool {
	t := a.thing(node)
	return t.owner != a.r.principal.account || slices.ContainsFunc(t.policies, bound.testsTags)
}

// testsTags reports whether a condition of a statement looks at tags, or compares
// with some.
func testsTags(s *Statement) bool {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if _, tag := tagKey(c.Key); tag || c.compiled.key == "aws:tagkeys" || slices.ContainsFunc(c.compiled.parts, namesTag) {
			return true
		}
	}
	return false
}

func namesTag(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		if p.variable == nil {
			return false
		}
		_, tag := tagKey(p.variable.key)
		return tag
	})
}
