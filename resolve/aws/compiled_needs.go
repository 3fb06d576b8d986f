package aws

import (
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file asks for what actions need besides the thing that they act on.

// alikeInNeed cuts things into those for which an action needs the same
// besides.
func (c *caster) alikeInNeed(a int, things compile.Set) []compile.Set {
	c.action = actionOf(c.h.actions[a])
	if c.action.folded == "lambda:invokefunctionurl" {
		return c.alikeByURL(a, things)
	}
	groups := c.h.alikeNeeds(c.h.several.Has(a))
	if len(groups) == 1 {
		return []compile.Set{things}
	}
	var list []compile.Set
	for _, group := range groups {
		if group.Meets(things) {
			list = append(list, c.meet(group, things))
		}
	}
	return list
}

// alikeByURL leaves nothing of functions that cannot be called by URL. The
// others stand each for itself: it has URLs of its own.
func (c *caster) alikeByURL(a int, things compile.Set) (list []compile.Set) {
	others := c.room.NewSet(len(c.h.things))
	things.Each(func(i int) {
		switch c.resource = c.h.things[i]; {
		case !c.byURL():
			others.Add(i)
		case c.impossible() == "":
			list = append(list, c.thing(i))
		}
	})
	for _, group := range c.h.alikeNeeds(c.h.several.Has(a)) {
		if group.Meets(others) {
			list = append(list, c.meet(group, others))
		}
	}
	return list
}

// alikeNeeds cuts the things into those that need the same key, and where
// several things are needed, the same of those, which are looked for where the
// thing is. It is worked out once.
func (h *holding) alikeNeeds(several bool) []compile.Set {
	return h.needing.of(several, func() []compile.Set {
		return h.alikeBy(func(b *resource) string {
			key := b.attrs["kms-key"]
			if !several && (!h.abroad || !awsManagedKey(key)) {
				return key
			}
			if key += " " + b.parts.Region + " " + b.attrs["region"]; h.abroad && b.owner != nil {
				key += " " + b.owner.id
			}
			return key
		})
	})
}

// alikeBy cuts the things into those of which something says the same.
func (h *holding) alikeBy(says func(*resource) string) []compile.Set {
	groups := map[string]compile.Set{}
	var order []compile.Set
	for i, b := range h.things {
		key := says(b)
		if groups[key] == nil {
			groups[key] = compile.NewSet(len(h.things))
			order = append(order, groups[key])
		}
		groups[key].Add(i)
	}
	return order
}

// needed is when everything else is allowed that an action needs on things that
// are alike in that, and what grants it.
func (c *caster) needed(a int, things compile.Set) (*policy.Formula, []snapshot.EvidenceRef) {
	c.action, c.resource = actionOf(c.h.actions[a]), c.h.things[things.First()]
	c.target = c.resource.arn
	c.matched = c.matched[:0]
	f := c.alsoNeeded()
	return f, c.grantsMatched()
}
