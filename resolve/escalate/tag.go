package escalate

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// Tags is the type of variables that stand for tags which the actor sets: on
// another thing, or on itself. What a policy asks of tags has no other answer
// than these from then on, so a need under them is an ordinary question with
// stated context.
//
// In the With of a need, "aws:RequestTag/$tag" and "aws:TagKeys" are what the
// request to set them states, "aws:ResourceTag/$tag" what it acts on then
// bears, "aws:PrincipalTag/$tag" what the actor then bears.
const Tags = "tags"

// resourceTag begins the keys for what a request acts on bears.
const resourceTag = "aws:ResourceTag/"

// A Tagging is a need that speaks of tags, as far as it is known without them.
type Tagging struct {
	Kind *Kind
	On   graph.Ref
	// Self: they are the actor's own.
	Self bool
}

// made are the things that do not exist yet of which one suits the actor best.
func (b *binding) made(v int) (list []thing) {
	variable := &b.p.vars[v]
	if variable.Type == Tags {
		for _, set := range b.asks.Tags(b.taggings(v)) {
			list = append(list, thing{node: snapshot.None, made: &made{ref: tagsRef(set), tags: set}})
		}
		return list
	}
	for _, ref := range b.asks.Samples(b.kindOn(variable), variable.Type) {
		list = append(list, thing{node: snapshot.None, made: &made{ref: ref}})
	}
	return list
}

// turnable reports whether some document asks for tags at all, of those that
// variable v stands for.
func (a *actor) turnable(p *plan, v int) bool {
	return slices.ContainsFunc(p.vars[v].needs, func(i int) bool {
		n := &p.needs[i]
		things := &Things{}
		switch {
		case n.on.of == actorVar:
			things.Nodes = []snapshot.Index{a.from.Node}
		case n.on.of >= 0 && p.vars[n.on.of].link == nil:
			things = &a.cast(p, &p.vars[n.on.of]).nodes
		case n.on.of >= 0:
			return true
		}
		return a.asks.TestsTags(&a.m.kinds[n.kind], things)
	})
}

// idle reports whether a technique is of no use to the actor: tags that nobody
// asks for turn nothing.
func (a *actor) idle(p *plan) bool {
	return a.idles(p) || p.tags >= 0 && !a.turnable(p, p.tags)
}

// taggings are the needs that speak of the tags that variable v stands for.
func (b *binding) taggings(v int) (list []Tagging) {
	for _, i := range b.p.vars[v].needs {
		n := &b.p.needs[i]
		at := slices.IndexFunc(n.more, func(m moreValue) bool { return m.of == v })
		if at < 0 {
			continue
		}
		list = append(list, Tagging{Kind: &b.m.kinds[n.kind], On: b.on(n, b.bound), Self: strings.HasPrefix(n.more[at].key, "aws:PrincipalTag/")})
	}
	return list
}

// untagged is how sure what is done under the tags of variable v is without them;
// setting them aside, which is for nothing then.
func (b *binding) untagged(v int) graph.Verdict {
	sure, bound := graph.Allowed, append(b.bound[:v:v], thing{node: snapshot.None})
	for _, i := range b.p.vars[v].needs {
		n := &b.p.needs[i]
		sets := slices.ContainsFunc(n.more, func(m moreValue) bool { return strings.HasPrefix(m.key, "aws:RequestTag/") })
		if !sets && sure > graph.Denied {
			sure = min(sure, b.rule(n, bound).Verdict)
		}
	}
	return sure
}

// tagValues is what a need states of tags under one of its keys.
func tagValues(key string, tags []graph.Tag) (list []policy.Value) {
	prefix, each := strings.CutSuffix(key, "$tag")
	var keys []string
	for _, t := range tags {
		keys = append(keys, t.Key)
		if each {
			list = append(list, policy.Value{Key: prefix + t.Key, Values: []string{t.Value}, Here: prefix == resourceTag})
		}
	}
	if !each && len(keys) > 0 {
		list = append(list, policy.Value{Key: key, Values: keys})
	}
	return list
}

// tagsRef names tags where the things of a match are told.
func tagsRef(tags []graph.Tag) graph.Ref {
	var words []string
	for _, t := range tags {
		words = append(words, t.Key+"="+t.Value)
	}
	return graph.Ref(strings.Join(words, ", "))
}
