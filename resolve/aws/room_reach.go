package aws

import (
	"slices"

	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
)

// This file finds which things of a list whatever could allow something covers:
// most policies speak of few, and the others need not be read.

// within are the things of an axis about which some questions could all be
// answered with anything but DENIED; nil: any.
func (a *asker) within(x *axis, asks []escalate.Asking) (set compile.Set) {
	for _, ask := range asks {
		if ask.Aside {
			continue
		}
		switch reached := a.reached(x, ask); {
		case reached == nil:
		case set == nil:
			set = reached
		default:
			set.Intersect(reached)
		}
	}
	return set
}

// reached are the things that whatever could allow one request covers; nil: any.
func (a *asker) reached(x *axis, ask escalate.Asking) compile.Set {
	k := ask.Kind
	if a.may == nil || k.Given || a.anyoneMay().Has(k.Number) || !a.whole(x, ask) {
		return nil
	}
	act := &a.kind(k).action
	if speaks(a.e.grantors().naming(a.r.principal), act) {
		return nil
	}
	set := compile.NewSet(len(x.nodes))
	for i := range a.r.principal.identity {
		doc := a.r.principal.identity[i].doc
		if a.grantedBy(doc).Has(k.Number) && !x.reachedBy(set, doc, act, ask.Part) {
			return nil
		}
	}
	return set
}

// whole reports whether a question is about things, or a part of them, as they
// are named: not about whatever a bucket holds.
func (a *asker) whole(x *axis, ask escalate.Asking) bool {
	if ask.Part != "" {
		return true
	}
	if x.one == nil {
		x.one = &resource{arn: x.refs[0], types: typesOf(x.refs[0])}
		x.one.parts, _ = ParseARN(x.one.arn)
	}
	a.r.action, a.r.resource = a.kind(ask.Kind).action, x.one
	return a.r.fit() != fitsParts
}

// reachedBy adds the things that some Allow of a document, on an action, could
// cover; false: they could be any.
func (x *axis) reachedBy(set compile.Set, doc *Document, act *action, part string) bool {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Deny || !s.matchesAction(act.service, act.name) {
			continue
		}
		open := slices.ContainsFunc(s.compiled.resources, func(p resourcePattern) bool { return p.parts != nil })
		if !s.HasResources || s.NotResources || open {
			return false
		}
		set.Union(x.cover(covered{s, part}))
	}
	return true
}

// singles are the things of a set, each by itself.
func singles(set compile.Set) (parts []compile.Set) {
	set.Each(func(i int) {
		one := make(compile.Set, len(set))
		one.Add(i)
		parts = append(parts, one)
	})
	return parts
}

// inside is what of some parts is in a set.
func inside(parts []compile.Set, set compile.Set) []compile.Set {
	for i := range parts {
		parts[i] = parts[i].Clone() // others have it, too
		parts[i].Intersect(set)
	}
	return slices.DeleteFunc(parts, compile.Set.Empty)
}
