package aws

import (
	"slices"
	"strconv"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// This file asks: about things, parts of them, and whatever a reference names.

// Of decides a question about a described thing.
func (a *asker) Of(k *escalate.Kind, more []policy.Value, node snapshot.Index) *snapshot.Ruling {
	if a.r == nil {
		return denied
	}
	return a.ofNode(a.of(k, more), node)
}

// ofNode answers what was asked, or remembers it.
func (a *asker) ofNode(asked *askedKind, node snapshot.Index) *snapshot.Ruling {
	t := a.thing(node)
	if asked.sort == nil {
		asked.sort = t.among
	}
	if asked.sort != t.among {
		return a.ofThing(asked, t)
	}
	known := a.at(asked, t)
	if *known == nil {
		*known = a.ofThing(asked, t)
	}
	return *known
}

// Inside decides a question about a part of a described thing.
func (a *asker) Inside(k *escalate.Kind, more []policy.Value, node snapshot.Index, part string) *snapshot.Ruling {
	if a.r == nil {
		return denied
	}
	asked := a.of(k, more)
	inside := asked.inside[part]
	if inside == nil {
		inside = &askedKind{kind: asked.kind, part: part}
		if asked.inside == nil {
			asked.inside = map[string]*askedKind{}
		}
		asked.inside[part] = inside
	}
	return a.ofNode(inside, node)
}

// About decides a question about a reference, or "*".
func (a *asker) About(k *escalate.Kind, more []policy.Value, ref graph.Ref) *snapshot.Ruling {
	if a.r == nil {
		return denied
	}
	asked := a.of(k, more)
	ruling, ok := asked.refs[ref]
	if !ok {
		ruling = denied
		if a.r.resource = a.named(ref); a.r.resource != nil {
			ruling = a.decide(asked.kind)
		}
		if asked.refs == nil {
			asked.refs = map[graph.Ref]*snapshot.Ruling{}
		}
		asked.refs[ref] = ruling
	}
	return ruling
}

// of is what the principal learned of a sort of question.
func (a *asker) of(k *escalate.Kind, more []policy.Value) *askedKind {
	if len(more) > 0 {
		return a.ofStated(k, more)
	}
	if a.asked == nil {
		a.asked = make([]*askedKind, len(a.kinds)) // most ask nothing
	}
	asked := a.asked[k.Number]
	if asked == nil {
		asked = &askedKind{kind: a.kind(k)}
		a.asked[k.Number] = asked
	}
	return asked
}

// ofStated is of for a request that states more than its kind does.
func (a *asker) ofStated(k *escalate.Kind, more []policy.Value) *askedKind {
	key := strconv.Itoa(k.Number)
	for _, v := range more {
		key += "\x00" + v.Key + "\x00" + strings.Join(v.Values, "\x00")
	}
	asked := a.stating[key]
	if asked == nil {
		kind := *a.kind(k)
		kind.stated = append(slices.Clip(kind.stated), statedKeys(more)...)
		asked = &askedKind{kind: &kind}
		if a.stating == nil {
			a.stating = map[string]*askedKind{}
		}
		a.stating[key] = asked
	}
	return asked
}

func statedKeys(values []policy.Value) (keys []statedKey) {
	for _, v := range values {
		keys = append(keys, statedKey{strings.ToLower(v.Key), v.Values, v.Absent, v.Here})
	}
	return keys
}

// decide answers the request at hand, the resource of which is set.
func (a *asker) decide(kind *roomKind) *snapshot.Ruling {
	a.r.action, a.r.stated, a.r.given = kind.action, kind.stated, kind.given
	ruling := a.r.ruling(a.r.decide())
	if ruling.Verdict == graph.Denied {
		return denied
	}
	return &ruling
}
