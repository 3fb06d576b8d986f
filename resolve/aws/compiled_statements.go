package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file finds the parts of a block in which a statement says one thing.

// statement calls claim for each part of the block in which a statement of a
// caller's or a ceiling's document says one thing.
func (c *caster) statement(s *Statement, actions compile.Set, claim func(actions, things compile.Set, in *inner, when *policy.Formula)) {
	c.resources(s, c.h.all(), func(things compile.Set, in *inner, when *policy.Formula) {
		c.conditioned(s, actions, things, when, func(a, t compile.Set, when *policy.Formula) { claim(a, t, in, when) })
	})
}

// conditioned cuts a part by the conditions of a statement.
func (c *caster) conditioned(s *Statement, actions, things compile.Set, when *policy.Formula, claim func(actions, things compile.Set, when *policy.Formula)) {
	if len(s.Conditions) == 0 {
		claim(actions, things, when)
		return
	}
	for _, a := range c.alikeActions(s, actions) {
		for _, t := range c.alikeThings(s, things) {
			c.action, c.resource = actionOf(c.h.actions[a.First()]), c.h.things[t.First()]
			c.values = c.values[:0]
			if f := policy.And(when, c.conditions(s)); f != policy.False {
				claim(a, t, f)
			}
		}
	}
}

// resources finds the things within that a statement covers, which of their
// keys, and when.
func (c *caster) resources(s *Statement, within compile.Set, each func(compile.Set, *inner, *policy.Formula)) {
	open := s.HasResources && slices.ContainsFunc(s.compiled.resources, func(p resourcePattern) bool { return p.parts != nil })
	switch {
	case c.h.parts && s.HasResources:
		for _, r := range c.coverings(s, open, within) {
			if things := c.meet(r.things, within); !things.Empty() {
				each(things, r.inner, policy.True)
			}
		}
	case open:
		c.variable(s, within, each)
	default:
		if things := c.meet(c.h.told(s), within); !things.Empty() {
			each(things, nil, policy.True)
		}
	}
}

func (c *caster) coverings(s *Statement, open bool, within compile.Set) []covering {
	if open {
		return c.variableCoverings(s, within)
	}
	return c.h.coverings(s)
}

func (c *caster) meet(a, b compile.Set) compile.Set {
	out := c.room.Clone(a)
	out.Intersect(b)
	return out
}

// variable looks at each thing by itself: a variable's value is the caller's.
func (c *caster) variable(s *Statement, within compile.Set, each func(compile.Set, *inner, *policy.Formula)) {
	sure := c.room.NewSet(len(c.h.things))
	within.Each(func(i int) {
		c.resource, c.target, c.values = c.h.things[i], c.h.refs[i], c.values[:0]
		switch f := c.matchesResource(s); f {
		case policy.False:
		case policy.True:
			sure.Add(i)
		default:
			each(c.thing(i), nil, f)
		}
	})
	if !sure.Empty() {
		each(sure, nil, policy.True)
	}
}

// alikeActions cuts actions into those whose requests carry the same of the
// keys that a statement's conditions test.
func (c *caster) alikeActions(s *Statement, actions compile.Set) []compile.Set {
	parts := []compile.Set{actions}
	cut := func(by compile.Set) {
		for i, n := 0, len(parts); i < n; i++ {
			if !parts[i].Meets(by) || parts[i].Within(by) {
				continue
			}
			outside := c.room.Clone(parts[i])
			outside.Subtract(by)
			parts[i] = c.meet(parts[i], by)
			parts = append(parts, outside)
		}
	}
	for i := range s.Conditions {
		cut(c.h.supporting(s.Conditions[i].compiled.key))
		for _, key := range variablesOf(&s.Conditions[i]) {
			cut(c.h.supporting(key))
		}
	}
	if len(c.h.services) > 1 {
		for _, service := range c.h.services {
			cut(service)
		}
	}
	c.h.alone.Each(func(i int) {
		if actions.Has(i) {
			cut(c.one(i))
		}
	})
	return parts
}

// variablesOf are the keys that the values of a condition speak of.
func variablesOf(c *Condition) []string {
	var keys []string
	for _, value := range c.compiled.parts {
		for _, p := range value {
			if p.variable != nil {
				keys = append(keys, strings.ToLower(p.variable.key))
			}
		}
	}
	return keys
}

// alikeThings cuts things into those that look the same to the conditions of
// a statement.
func (c *caster) alikeThings(s *Statement, things compile.Set) []compile.Set {
	keys := keysOfThings(s)
	if keys == nil {
		return []compile.Set{things}
	}
	key := strings.Join(keys, " ")
	parts := c.h.alike.of(key, func() []compile.Set { return c.lookAlikes(keys) })
	var list []compile.Set
	for _, part := range parts {
		if part.Meets(things) {
			list = append(list, c.meet(part, things))
		}
	}
	return list
}

// keysOfThings are the keys that the conditions of a statement look at things by.
func keysOfThings(s *Statement) (keys []string) {
	for i := range s.Conditions {
		for _, key := range append(variablesOf(&s.Conditions[i]), s.Conditions[i].compiled.key) {
			if ofThing(key) {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// lookAlikes cuts the things of a holding into those of which keys say the
// same, whoever asks.
func (c *caster) lookAlikes(keys []string) []compile.Set {
	return c.h.alikeBy(func(b *resource) string {
		c.resource = b
		return c.looks(keys)
	})
}

// ofThing reports whether a key's state follows from what is acted on.
func ofThing(key string) bool {
	_, name, _ := strings.Cut(key, ":")
	switch name {
	case "resourceaccount", "resourceorgid", "resourceorgpaths", "requestedregion", "permissionsboundary", "passedtoservice", "viaservice", "functionurlauthtype":
		return true
	}
	return strings.HasPrefix(name, "resourcetag/")
}

// looks is what keys say of the resource at hand, as text.
func (c *caster) looks(keys []string) string {
	var b strings.Builder
	for _, key := range keys {
		c.values = c.values[:0]
		if key == "lambda:functionurlauthtype" {
			types, gap := c.estate.urlTypes(c.resource.node)
			fmt.Fprintf(&b, "%q %v;", types, gap != nil)
			continue
		}
		if key == "iam:passedtoservice" {
			fmt.Fprintf(&b, "%q;", c.passableServices())
			continue
		}
		// Boundaries that entities have are asked for by an action that does
		// not set one.
		c.action = action{service: "iam", name: "deleteuser"}
		state := c.foldedKey(key, key)
		fmt.Fprintf(&b, "%v %v %q;", state.known, state.values != nil, state.values)
	}
	return b.String()
}
