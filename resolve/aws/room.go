package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// A room is where the matcher's questions about one account are asked. Most ask
// the same of many things that no document tells apart: such are decided once.
type room struct {
	e      *Estate
	kinds  []roomKind
	things map[snapshot.Index]*roomThing
	alike  map[string]uint32 // numbers of what things have in common
}

// A roomKind is a sort of question, read once.
type roomKind struct {
	action action
	stated []statedKey
	given  bool
}

// Room prepares for many questions about the things of one account.
func (e *Estate) Room(kinds []escalate.Kind) escalate.Room {
	r := &room{e: e, things: map[snapshot.Index]*roomThing{}, alike: map[string]uint32{}}
	for i := range kinds {
		k := roomKind{action: parseAction(kinds[i].Action), given: kinds[i].Given}
		for _, v := range kinds[i].Context {
			k.stated = append(k.stated, statedKey{strings.ToLower(v.Key), v.Values, v.Absent})
		}
		r.kinds = append(r.kinds, k)
	}
	return r
}

// An asker asks for one principal.
type asker struct {
	*room
	r         *request     // nil where no document names the principal
	reach     compile.Set  // actions that something of its own may allow; nil: any
	documents []*Document  // its own
	spoken    []*Statement // grants of others that name it
	samples   map[sampleKey][]graph.Ref
	asked     []*askedKind // by kind
}

type sampleKey struct {
	kind int
	typ  string
}

// An askedKind is what a principal learned by asking one sort of question.
type askedKind struct {
	things map[snapshot.Index]*snapshot.Ruling
	refs   map[graph.Ref]*snapshot.Ruling
	groups *groups
}

var denied = &snapshot.Ruling{}

// Asker returns whoever asks the questions of a principal.
func (m *room) Asker(principal graph.Ref, hold graph.Hold) escalate.Asker {
	a := &asker{room: m, asked: make([]*askedKind, len(m.kinds)), samples: map[sampleKey][]graph.Ref{}}
	r, err := m.e.newRequest(policy.Question{Principal: principal, Hold: hold, Action: "sts:GetCallerIdentity", Resource: "*"})
	if err != nil {
		return a // nobody whom a document names
	}
	a.r = r
	a.reach, a.documents = m.e.reachOf(r.principal, r.hold)
	a.spoken = m.e.grantors().naming(r.principal)
	return a
}

// Tries is false where nothing could allow an action to the principal.
func (a *asker) Tries(k *escalate.Kind) bool {
	act := &a.kinds[k.Number].action
	switch {
	case a.r == nil:
		return false
	case a.reach == nil, act.known && a.reach.Has(int(act.id)):
		return true
	}
	return a.e.grantors().mayGrantAnyone(act) || speaks(a.spoken, act) || !act.known && allowsIn(a.documents, act)
}

// Samples returns ARNs of things of a type that do not exist yet.
func (a *asker) Samples(k *escalate.Kind, typ string) []graph.Ref {
	key := sampleKey{-1, typ}
	if k != nil {
		key.kind = k.Number
	}
	list, ok := a.samples[key]
	service, name, _ := strings.Cut(typ, ":")
	t, known := reference.FindType(service, name)
	if ok || !known || a.r == nil {
		return list
	}
	r := *a.r
	r.action, r.resource = action{}, &resource{}
	if k != nil {
		r.action = a.kinds[k.Number].action
	}
	for _, arn := range r.newNames(t) {
		list = append(list, graph.Ref(arn))
	}
	a.samples[key] = list
	return list
}

// Of decides a question about a described thing.
func (a *asker) Of(k *escalate.Kind, node snapshot.Index) *snapshot.Ruling {
	if a.r == nil {
		return denied
	}
	kind := a.of(k)
	ruling, ok := kind.things[node]
	if !ok {
		ruling = a.ofThing(k.Number, kind, a.thing(node))
		kind.things[node] = ruling
	}
	return ruling
}

// About decides a question about a reference, or "*".
func (a *asker) About(k *escalate.Kind, ref graph.Ref) *snapshot.Ruling {
	if a.r == nil {
		return denied
	}
	kind := a.of(k)
	ruling, ok := kind.refs[ref]
	if !ok {
		ruling = a.With(k, ref, nil)
		kind.refs[ref] = ruling
	}
	return ruling
}

// With decides a question that states more than its kind does.
func (a *asker) With(k *escalate.Kind, ref graph.Ref, more []policy.Value) *snapshot.Ruling {
	if a.r == nil || a.r.findResource(string(ref)) != nil {
		return denied
	}
	kind := &a.kinds[k.Number]
	stated := slices.Clip(kind.stated)
	for _, v := range more {
		stated = append(stated, statedKey{strings.ToLower(v.Key), v.Values, v.Absent})
	}
	return a.decide(kind, stated)
}

// of is what the principal learned of a kind.
func (a *asker) of(k *escalate.Kind) *askedKind {
	if a.asked[k.Number] == nil {
		a.asked[k.Number] = &askedKind{things: map[snapshot.Index]*snapshot.Ruling{}, refs: map[graph.Ref]*snapshot.Ruling{}}
	}
	return a.asked[k.Number]
}

// decide answers the request at hand, the resource of which is set.
func (a *asker) decide(kind *roomKind, stated []statedKey) *snapshot.Ruling {
	a.r.action, a.r.stated, a.r.given = kind.action, stated, kind.given
	ruling := a.r.ruling(a.r.decide())
	if ruling.Verdict == graph.Denied {
		return denied
	}
	return &ruling
}
