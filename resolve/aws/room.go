package aws

import (
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
	list   []escalate.Kind
	kinds  []*roomKind // read when first asked
	things thingTable
	sets   map[string]*thingSet // by type
	alike  map[string]uint32    // numbers of what things have in common
	text   []byte               // of one of those, used again
	axes   map[*escalate.Things]*axis

	testing  map[listFor]bool // whether policies of one ask for tags
	sorts    *questionSorts
	granted  map[*Document]compile.Set
	forbids  map[*account]*forbidding
	refs     map[graph.Ref]*resource
	pages    []*answers // that nobody has
	trusts   map[*Document]*whom
	leads    map[leadsFrom][]int // to what is beyond
	servings map[*escalate.Things]*serving
	looked   resource // for that
	spare    compile.Set
	numbers  []int          // of parts, until another actor acts
	tried    [2]compile.Set // at home, and abroad
	lists    [][]bound      // of documents in play

	acting asker // whoever acts, and its request
	asking request
}

// A roomKind is a sort of question, read once.
type roomKind struct {
	action action
	stated []statedKey
	given  bool
}

// Room prepares for many questions about the things of one account.
func (e *Estate) Room(kinds []escalate.Kind) escalate.Room {
	return &room{
		e: e, list: kinds, sorts: e.sortsOf(kinds), testing: map[listFor]bool{}, granted: map[*Document]compile.Set{}, forbids: map[*account]*forbidding{}, refs: map[graph.Ref]*resource{}, kinds: make([]*roomKind, len(kinds)), things: thingTable{pages: map[snapshot.Index]*[pageSize]*roomThing{}},
		alike: map[string]uint32{}, sets: map[string]*thingSet{}, axes: map[*escalate.Things]*axis{}, trusts: map[*Document]*whom{}, leads: map[leadsFrom][]int{}, servings: map[*escalate.Things]*serving{},
	}
}

// kind reads a sort of question.
func (m *room) kind(k *escalate.Kind) *roomKind {
	if m.kinds[k.Number] == nil {
		m.kinds[k.Number] = &roomKind{parseAction(k.Action), statedKeys(k.Context), k.Given}
	}
	return m.kinds[k.Number]
}

// An asker asks for one principal.
type asker struct {
	*room
	r       *request    // nil where no document names the principal
	may     compile.Set // sorts of question that something could allow; nil: all
	barred  compile.Set // sorts that are denied on everything; nil: none
	samples map[sampleKey][]graph.Ref
	asked   []*askedKind          // by kind
	stating map[string]*askedKind // by kind and what is stated beside
	testing map[int]bool          // by kind: whether documents that bind it ask for tags
}

type sampleKey struct {
	kind int
	typ  string
}

// An askedKind is what a principal learned by asking one sort of question.
type askedKind struct {
	kind   *roomKind
	part   string     // of the things, that it is about
	sort   *thingSet  // of the things that it was asked of first
	things []*answers // by their places in it
	refs   map[graph.Ref]*snapshot.Ruling
	groups *groups
	inside map[string]*askedKind // about parts of things
}

var denied = &snapshot.Ruling{}

// Asker returns whoever asks the questions of a foothold.
func (m *room) Asker(f snapshot.Foothold) escalate.Asker {
	if f.Node == snapshot.None {
		return m.askerOf(nil)
	}
	r := &request{}
	m.hold(r, f)
	return m.askerOf(r)
}

// Actor is Asker for whoever acts: estates have millions, one after another.
func (m *room) Actor(f snapshot.Foothold) escalate.Asker {
	a, r := &m.acting, &m.asking
	m.numbers = m.numbers[:0]
	may, asked := a.may[:0], a.asked
	m.forget(asked)
	*r = request{values: r.values[:0], matched: r.matched[:0]}
	m.hold(r, f)
	*a = asker{room: m, r: r, asked: asked, may: m.mayDo(may, r.principal, r.hold), barred: m.never(r)}
	return a
}

// hold makes a request one of whoever holds a foothold.
func (m *room) hold(r *request, f snapshot.Foothold) {
	r.estate, r.hold, r.resource = m.e, m.e.heldAs(f), &noResource
	if m.e.s.Kind(f.Node) == graph.KindAccount {
		r.becomeAdministrator(f.Node)
	} else {
		r.principal = m.e.actor(f)
	}
}

// Service returns whoever asks for a service.
func (m *room) Service(name graph.Ref) escalate.Asker {
	r, err := m.e.newRequest(policy.Question{Principal: name, Action: "sts:GetCallerIdentity", Resource: "*"})
	if err != nil {
		return m.askerOf(nil) // nobody whom a document names
	}
	return m.askerOf(r)
}

func (m *room) askerOf(r *request) escalate.Asker {
	a := &asker{room: m, r: r}
	if r != nil {
		a.may, a.barred = m.mayDo(nil, r.principal, r.hold), m.never(r)
	}
	return a
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
		r.action = a.kind(k).action
	}
	for _, arn := range r.newNames(t) {
		list = append(list, graph.Ref(arn))
	}
	if a.samples == nil {
		a.samples = map[sampleKey][]graph.Ref{}
	}
	a.samples[key] = list
	return list
}
