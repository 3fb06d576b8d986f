package aws

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// An Estate is one snapshot seen as AWS evaluates it. Documents are parsed
// when first needed and kept. It is safe for concurrent use.
type Estate struct {
	s *snapshot.Snapshot

	off ruleSet // none but in tests

	concern *concern // whom something is concluded about; nil: everybody

	documents  *documents
	principals table[principal] // by node

	mu        sync.RWMutex
	accounts  map[string]*account
	resources map[snapshot.Index]*resource
	sorts     map[string]*thingSort
	regions   map[string]map[string]string // attributes of what has a region alone
	cells     map[string][]sampledCell     // by the patterns that divide keys

	callersOnce sync.Once
	callerList  []snapshot.Index

	targetsOnce sync.Once
	targetsOf   map[string][]snapshot.Index // by the account that holds them

	statesMu sync.RWMutex
	states   map[string]state // by fingerprint

	placesMu sync.RWMutex
	places   map[graph.Ref]snapshot.Index // where references were found

	evaluated atomic.Int64 // parts of access that were decided
	// lean are the footholds that only administrators of their account give:
	// what they may do there, the account's foothold may.
	lean map[snapshot.Foothold]bool
	// freedOnes are principals without limits that they took off, by foothold.
	freedOnes sync.Map

	assumeOnce sync.Once
	assume     *assumption

	lentOnce sync.Once
	lent     lending
	common   commons

	facts    map[snapshot.AttachmentIndex]*bound
	assigned map[snapshot.Index][]assignment // of users and groups of an identity store

	matcherOnce sync.Once
	techniques  *escalate.Matcher
	sortsAsked  sync.Map // first of a matcher's kinds → *questionSorts

	grantorsOnce sync.Once
	grantedTo    *grantors

	doorsOnce sync.Once
	doors     doors // what lets outsiders in

	comparisons memo[string, snapshot.Ruling] // with everything, by what bounds whom

	groupsOnce sync.Once
	groups     map[string][]snapshot.Index // by account

	orgOnce sync.Once
	orgIDs  []string

	iamOnce     sync.Once
	iamAccounts map[string]bool // accounts whose users and roles are described
}

// NewEstate returns the AWS view of a snapshot.
func NewEstate(s *snapshot.Snapshot) *Estate {
	return &Estate{
		s: s, documents: newDocuments(s), principals: newTable[principal](s.NumNodes()),
		accounts: map[string]*account{}, resources: map[snapshot.Index]*resource{}, sorts: map[string]*thingSort{}, cells: map[string][]sampledCell{},
		facts: map[snapshot.AttachmentIndex]*bound{}, assigned: map[snapshot.Index][]assignment{},
	}
}

// A state is what State and Reduce make of a formula.
type state struct {
	verdict graph.Verdict
	bounds  graph.Bounds
	text    string // of what is left; empty where nothing hangs on the request
}

// maxStates bounds how many states are remembered.
const maxStates = 1 << 15

// stateOf is State and Reduce, remembered: few formulas differ.
func (e *Estate) stateOf(f *policy.Formula) state {
	if f == policy.True {
		return state{verdict: graph.Allowed, bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	}
	if f == policy.False {
		return state{}
	}
	key := fingerprint(f)
	e.statesMu.RLock()
	s, ok := e.states[key]
	e.statesMu.RUnlock()
	if ok {
		return s
	}
	s.verdict, s.bounds = f.State()
	if s.verdict != graph.Denied && s.verdict != graph.Allowed {
		s.text = f.Reduce().String()
	}
	e.statesMu.Lock()
	if e.states == nil || len(e.states) >= maxStates {
		e.states = make(map[string]state, 1024)
	}
	e.states[key] = s
	e.statesMu.Unlock()
	return s
}

// fingerprint is equal for formulas of the same tests of keys of which the
// same is known: the text of a formula does not say which values a key can have.
func fingerprint(f *policy.Formula) string {
	var b strings.Builder
	b.WriteString(f.String())
	for _, t := range f.Tests() {
		k := t.Key
		fmt.Fprintf(&b, "\x00%s %d %v %v %q %q %q %d", k.Name, k.Type, k.Multi, k.Required, k.Within, k.Like, k.Except, k.NotBefore.Unix())
	}
	for _, g := range f.Gaps() {
		fmt.Fprintf(&b, "\x00%s %s %s", g.Of, g.Layer, g.Reason)
	}
	return b.String()
}

// maxPlaces bounds how many references are remembered.
const maxPlaces = 1 << 16

// find is Find of the snapshot, remembered: many questions ask of one thing.
func (e *Estate) find(ref graph.Ref) (snapshot.Index, bool) {
	e.placesMu.RLock()
	node, ok := e.places[ref]
	e.placesMu.RUnlock()
	if !ok {
		if node, ok = e.s.Find(ref); !ok {
			node = snapshot.None
		}
		e.placesMu.Lock()
		if e.places == nil || len(e.places) >= maxPlaces {
			e.places = make(map[graph.Ref]snapshot.Index, 1024)
		}
		e.places[ref] = node
		e.placesMu.Unlock()
	}
	return node, node != snapshot.None
}

// Snapshot returns what the estate was made of.
func (e *Estate) Snapshot() *snapshot.Snapshot { return e.s }

// fact returns a document that is no policy, as evidence. It is the same one
// each time, so that it can be taken away to see what flips.
func (e *Estate) fact(a snapshot.AttachmentIndex) *bound {
	e.mu.Lock()
	defer e.mu.Unlock()
	b, ok := e.facts[a]
	if !ok {
		record := e.s.BareAttachment(a)
		b = &bound{of: a, apart: &apart{source: &graph.Evidence{Layer: record.Layer, Policy: record.Policy, Name: record.Name,
			Inline: record.Inline, To: record.To, Document: e.s.AttachmentDocument(a)}}}
		e.facts[a] = b
	}
	return b
}

// Document returns the text that an evidence points into.
func (e *Estate) Document(of graph.Evidence) []byte {
	if node, ok := e.s.Find(of.To); ok {
		for _, a := range e.s.Attached(node, of.Layer) {
			record := e.s.BareAttachment(a)
			if record.Policy == of.Policy && record.Document != nil && e.s.AttachmentDocument(a) == of.Document {
				return record.Document
			}
		}
	}
	text, _, _ := reference.ManagedPolicy(string(of.Policy))
	return text
}

// gapOf returns the formula of a layer of a node that was asked for and did
// not come, nil if there is no such gap.
func (e *Estate) gapOf(node snapshot.Index, layer graph.LayerID) *policy.Formula {
	if c, ok := e.s.FailureOf(node, layer); ok {
		return policy.Missing(&policy.Gap{Of: e.s.Ref(node), Layer: layer, Reason: c.Reason, Detail: c.Detail})
	}
	return nil
}

// asked reports whether anything is known of a layer of a node: a document,
// the word that there is none, or a gap.
func (e *Estate) asked(node snapshot.Index, layer graph.LayerID) bool { return e.s.Asked(node, layer) }
