package answer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// crownJewels is the reference that means everything with that label.
const crownJewels graph.Ref = "crown-jewels"

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	keyID     = regexp.MustCompile(`^(AKIA|ASIA)[A-Z0-9]{12,124}$`)
)

// find returns the one node that a reference names, in any of the ways that
// the schema lists for CloudRef. It is the only reader of references. Errors
// are of code NotFound, Ambiguous or BadInput.
func (v *View) find(ref graph.Ref) (snapshot.Index, error) {
	found, err := v.named(ref)
	if err != nil {
		return snapshot.None, err
	}
	if len(found) == 1 {
		return found[0], nil
	}
	e := fault(Ambiguous, "%q names %d things", shorten(string(ref)), len(found))
	for _, i := range found[:min(len(found), 10)] {
		e.Candidates = append(e.Candidates, v.Snapshot.Ref(i))
		e.Message += "\n  " + string(v.Snapshot.Ref(i))
	}
	if len(found) > len(e.Candidates) {
		e.Message += "\n  …"
	}
	return snapshot.None, e
}

// named returns every node that a reference may mean, one at least.
func (v *View) named(ref graph.Ref) ([]snapshot.Index, error) {
	text := strings.TrimSpace(string(ref))
	switch {
	case text == "":
		return nil, fault(BadInput, "an empty reference")
	case graph.Ref(text) == crownJewels:
		if list := v.labelled(graph.CrownJewel); len(list) > 0 {
			return list, nil
		}
		return nil, fault(NotFound, "nothing in this snapshot has the label %s", graph.CrownJewel)
	}
	if i, ok := v.spelled(text); ok && !v.hidden(i) {
		return []snapshot.Index{i}, nil
	}
	if key := strings.TrimPrefix(text, "credential:"); keyID.MatchString(key) {
		return nil, v.unknownKey(key)
	}
	if list := v.seen(v.Snapshot.FindName(text)); len(list) > 0 {
		return list, nil
	}
	return nil, v.unknown(text)
}

// spelled finds what a text means without doubt.
func (v *View) spelled(text string) (snapshot.Index, bool) {
	if i, ok := v.Snapshot.Find(graph.Ref(text)); ok {
		return i, true
	}
	switch {
	case accountID.MatchString(text):
		return v.Snapshot.Find(graph.Ref("account:" + text))
	case keyID.MatchString(text):
		return v.Snapshot.Find(graph.Ref("credential:" + text))
	}
	return v.Snapshot.FindNative(text)
}

// unknown says that nothing has a reference, and what comes near.
func (v *View) unknown(text string) error {
	e := fault(NotFound, "%q names nothing in snapshot %s", shorten(text), v.Info.ID)
	for _, i := range v.seen(v.Snapshot.Search(text, 3, snapshot.None)) {
		e.Candidates = append(e.Candidates, v.Snapshot.Ref(i))
	}
	if len(e.Candidates) > 0 {
		e.Message += "; near it:"
		for _, c := range e.Candidates {
			e.Message += "\n  " + string(c)
		}
	}
	return e
}

// An EntitySelector names one or more things by exactly one of its fields.
type EntitySelector struct {
	Ref   *graph.Ref
	ID    *string
	Label *string
}

// A target is what a selector names. Part is set where the reference is that
// of something which no document lists inside of the node, such as an object
// of a bucket.
type target struct {
	node snapshot.Index
	part string // the whole reference of the part
}

// targets resolves a selector. The types of GraphQL hold "exactly one" for
// literals alone, so it is checked here.
func (v *View) targets(s EntitySelector, parts bool) ([]target, error) {
	given := 0
	for _, set := range []bool{s.Ref != nil, s.ID != nil, s.Label != nil} {
		if set {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, fault(BadInput, "a selector must have exactly one of ref, id and label; this one has %d", given)
	case s.ID != nil:
		id, err := graph.ParseID(*s.ID)
		if err != nil {
			return nil, fault(BadInput, "%w", err)
		}
		if i, ok := v.Snapshot.FindID(id); ok && !v.hidden(i) {
			return []target{{node: i}}, nil
		}
		return nil, fault(NotFound, "id %s names nothing in snapshot %s", id, v.Info.ID)
	case s.Label != nil:
		if list := v.labelled(*s.Label); len(list) > 0 {
			return whole(list), nil
		}
		return nil, fault(NotFound, "nothing in this snapshot has the label %q", shorten(*s.Label))
	}
	return v.targetsOf(*s.Ref, parts)
}

func (v *View) targetsOf(ref graph.Ref, parts bool) ([]target, error) {
	if ref == crownJewels {
		list, err := v.named(ref)
		return whole(list), err
	}
	i, err := v.find(ref)
	if err == nil {
		return []target{{node: i}}, nil
	}
	if parts {
		if holder := v.holder(string(ref)); holder != snapshot.None && !v.hidden(holder) {
			return []target{{holder, string(ref)}}, nil
		}
	}
	return nil, err
}

// holder returns the node that holds what a reference names, by cutting the
// path off the reference.
func (v *View) holder(ref string) snapshot.Index {
	for cut := strings.LastIndexByte(ref, '/'); cut > 0; cut = strings.LastIndexByte(ref, '/') {
		ref = ref[:cut]
		if i, ok := v.Snapshot.Find(graph.Ref(ref)); ok && v.Snapshot.Kind(i) == graph.KindResource {
			return i
		}
	}
	return snapshot.None
}

func whole(list []snapshot.Index) []target {
	out := make([]target, len(list))
	for k, i := range list {
		out[k] = target{node: i}
	}
	return out
}

// nodesOf returns the nodes of targets, each once.
func nodesOf(list []target) []snapshot.Index {
	var out []snapshot.Index
	for _, t := range list {
		out = append(out, t.node)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
