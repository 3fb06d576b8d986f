package escalate

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// Asked is one need as it was asked.
type Asked struct {
	Question policy.Question
	Ruling   snapshot.Ruling
}

// thing is what a variable stands for.
func (b *binding) thing(v int) thing { return b.thingOf(v, b.bound) }

func (b *binding) thingOf(v int, bound []thing) thing {
	if v == actorVar {
		return thing{node: b.from.Node}
	}
	if v == noVar {
		return thing{node: snapshot.None}
	}
	return bound[v]
}

// rule decides a need.
func (b *binding) rule(n *planNeed, bound []thing) *snapshot.Ruling {
	asker, kind := b.asks, &b.m.kinds[n.kind]
	switch {
	case n.who == noVar:
		asker = b.asker(snapshot.None, n.Who)
	case n.who >= 0:
		asker = b.asker(bound[n.who].node, "")
	}
	if of := b.thingOf(n.on.of, bound).node; of != snapshot.None && n.on.property == "" {
		if n.on.part != "" {
			return asker.Inside(kind, b.stated(n, bound), of, n.on.part)
		}
		return asker.Of(kind, b.stated(n, bound), of)
	}
	return asker.About(kind, b.stated(n, bound), b.on(n, bound))
}

// stated is what a need states about variables.
func (b *binding) stated(n *planNeed, bound []thing) []policy.Value {
	var more []policy.Value
	for _, m := range n.more {
		if m.of >= 0 && b.p.vars[m.of].Type == Tags {
			more = append(more, tagValues(m.key, bound[m.of].as().tags)...)
			continue
		}
		more = append(more, policy.Value{Key: m.key, Values: []string{string(b.ref(b.thingOf(m.of, bound)))}})
	}
	return more
}

// ref is the reference of a thing.
func (b *binding) ref(t thing) graph.Ref {
	if t.node == snapshot.None {
		return t.as().ref
	}
	return b.m.s.Ref(t.node)
}

// on is the reference of what a need is on.
func (b *binding) on(n *planNeed, bound []thing) graph.Ref {
	switch on := &n.on; {
	case on.template:
		return b.fill(on.text, bound)
	case on.of == noVar:
		return graph.Ref(on.text)
	case on.property != "":
		return b.property(b.thingOf(on.of, bound), on.property)
	case on.part != "":
		return b.ref(b.thingOf(on.of, bound)) + graph.Ref("/"+on.part)
	default:
		return b.ref(b.thingOf(on.of, bound))
	}
}

// property is what a native property of a thing names: an object of S3 that
// stands there as an address. It is empty where no document shows it.
func (b *binding) property(t thing, name string) graph.Ref {
	if t.node == snapshot.None {
		return ""
	}
	value := b.m.s.Attr(t.node, name)
	if object, ok := strings.CutPrefix(value, "s3://"); ok {
		partition := strings.SplitN(string(b.m.s.Ref(t.node))+"::", ":", 3)[1]
		return graph.Ref("arn:" + partition + ":s3:::" + object)
	}
	return graph.Ref(value)
}

// fill writes partition, region and account of what is bound into a reference.
func (b *binding) fill(template string, bound []thing) graph.Ref {
	partition, region := "aws", "us-east-1"
	for _, t := range bound {
		if parts := strings.SplitN(string(b.ref(t)), ":", 6); len(parts) == 6 && parts[3] != "" {
			partition, region = parts[1], parts[3]
			break
		}
	}
	return graph.Ref(strings.NewReplacer("${Partition}", partition, "${Region}", region,
		"${Account}", accountID(b.m.s.Ref(b.view.account))).Replace(template))
}

// question is a need as the evaluator answers it to anybody.
func (b *binding) question(n *planNeed) policy.Question {
	q := policy.Question{Principal: b.m.s.Ref(b.from.Node), Hold: b.from.Hold, Action: n.Action, Resource: string(b.on(n, b.bound)), Given: n.Given}
	if n.who == noVar {
		q.Principal, q.Hold = graph.Ref(n.Who), graph.ByCredential
	} else if n.who >= 0 {
		q.Principal, q.Hold = b.ref(b.bound[n.who]), graph.AsSession
	}
	q.Context = append(slices.Clone(b.m.kinds[n.kind].Context), b.stated(n, b.bound)...)
	return q
}

// tell adds to a match what was missing, bound and asked.
func (b *binding) tell(m *Match) {
	m.Missing = slices.Clone(b.missing)
	m.Bound = map[string]graph.Ref{Actor: b.m.s.Ref(b.from.Node)}
	for i, t := range b.bound {
		m.Bound[b.p.vars[i].Name] = b.ref(t)
	}
	for i := range b.p.needs {
		n := &b.p.needs[i]
		m.Needs = append(m.Needs, Asked{b.question(n), *b.asked[i]})
		if n.on.property != "" {
			m.Bound[n.On] = b.on(n, b.bound)
		}
	}
}
