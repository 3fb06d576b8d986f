package escalate

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Matcher finds where techniques work in one snapshot. It is safe for
// concurrent use.
type Matcher struct {
	s        *snapshot.Snapshot
	ev       Evaluator
	plans    []*plan
	untold   []*plan // those whose uses nothing else concludes
	common   []*plan // of those, the ones that are not of management accounts alone
	kinds    []Kind
	casts    int
	left     sync.Pool // scenes that were left
	byType   map[typeKey][]snapshot.Index
	managing map[string]bool   // accounts that manage an organization
	listed   map[listedOf]bool // that were collected

	acrossMu sync.Mutex
	across   map[int][]snapshot.Index // of every account, without those that no account could use
}

// assumeRole, with nothing stated, is the kind of question of number 0: which
// services a role trusts is asked for facts, too.
const assumeRole = "sts:AssumeRole"

type typeKey struct {
	account snapshot.Index
	typ     string
}

// NewMatcher prepares techniques for a snapshot.
func NewMatcher(s *snapshot.Snapshot, ev Evaluator, techniques []Technique) *Matcher {
	m := &Matcher{s: s, ev: ev, byType: map[typeKey][]snapshot.Index{}, listed: map[listedOf]bool{}, across: map[int][]snapshot.Index{}, managing: map[string]bool{}}
	p := &planner{numbers: map[string]int{}, casts: map[string]int{}, facts: map[Fact]uint32{}}
	p.kind(assumeRole, nil, false)
	for i := range techniques {
		if techniques[i].Status != Fixed {
			m.plans = append(m.plans, p.plan(&techniques[i]))
			m.plans[len(m.plans)-1].number = len(m.plans) - 1
		}
	}
	m.untold = slices.DeleteFunc(slices.Clone(m.plans), func(p *plan) bool { return p.Told != "" })
	m.common = slices.DeleteFunc(slices.Clone(m.untold), (*plan).governs)
	m.kinds, m.casts = p.kinds, len(p.casts)
	m.sortByType()
	for org := range s.OfKind(graph.KindOrganization) {
		m.managing[s.Attr(org, "management-account")] = true
	}
	for l := range s.Listed() {
		m.listed[listedOf{l.Scope, l.Service, l.Operation}] = true
	}
	return m
}

// A listedOf is an operation that lists something of an account.
type listedOf struct {
	scope              graph.Ref
	service, operation string
}

// sortByType groups the nodes that variables can stand for. Those of one account
// and type stand together.
func (m *Matcher) sortByType() {
	var last typeKey
	var run []snapshot.Index
	keep := func() {
		if len(run) > 0 {
			m.byType[last] = append(m.byType[last], run...)
		}
		run = run[:0]
	}
	for i := range snapshot.Index(m.s.NumNodes()) {
		account := m.AccountOf(i)
		if account == snapshot.None || !m.counts(i) {
			continue
		}
		if key := (typeKey{account, m.s.Type(i)}); key != last {
			keep()
			last = key
		}
		run = append(run, i)
	}
	keep()
}

// counts reports whether a variable can stand for a node: for one that
// documents describe, or that stands in a list of all that there is.
func (m *Matcher) counts(node snapshot.Index) bool {
	return !m.s.Mentioned(node) || ListedAlone(m.s, node)
}

// listedBy are the services whose listings are called otherwise than what they
// list.
var listedBy = map[string]string{"codedeploy": "deploy", "states": "stepfunctions", "elasticmapreduce": "emr"}

// ListedAlone reports whether a thing that no document describes stands in a
// list of all that there is: some lists print references alone.
func ListedAlone(s *snapshot.Snapshot, node snapshot.Index) bool {
	service, _, _ := strings.Cut(s.Type(node), ":")
	service = cmp.Or(listedBy[service], service)
	return slices.ContainsFunc(s.NodeSources(node), func(at snapshot.SourceIndex) bool {
		origin, _ := s.Source(at)
		l := origin.Listing
		return l.Service == service && l.Subject == "" && strings.HasPrefix(l.Operation, "list-")
	})
}

// AccountOf returns the account that holds a node, itself for an account.
func (m *Matcher) AccountOf(i snapshot.Index) snapshot.Index {
	for range 64 {
		if i == snapshot.None || m.s.Kind(i) == graph.KindAccount {
			return i
		}
		i = m.s.ScopeOf(i)
	}
	return snapshot.None
}

func (m *Matcher) isListed(account snapshot.Index, listing string) bool {
	service, operation, _ := strings.Cut(listing, " ")
	return m.listed[listedOf{m.s.Ref(account), service, operation}]
}

// ofType are the described things that a variable can stand for, in the order
// of nodes.
func (m *Matcher) ofType(account snapshot.Index, v *planVar) []snapshot.Index {
	if !v.Across {
		return m.byType[typeKey{account, v.Type}]
	}
	m.acrossMu.Lock()
	defer m.acrossMu.Unlock()
	list, ok := m.across[v.cast]
	if !ok {
		for key, nodes := range m.byType {
			if key.typ == v.Type {
				list = append(list, nodes...)
			}
		}
		list = slices.DeleteFunc(list, func(node snapshot.Index) bool { return m.nowhere(v, node) })
		slices.Sort(list)
		m.across[v.cast] = list
	}
	return list
}

// nowhere reports whether a thing has not what the variable wants, whichever
// account asks.
func (m *Matcher) nowhere(v *planVar, node snapshot.Index) bool {
	look := view{m: m, account: m.AccountOf(node)}
	return slices.ContainsFunc(v.own, func(f planFact) bool { return f.Kind == HasAttr && !look.hasAttr(thing{node: node}, f.Value) })
}

// A Match is one way in which a technique works.
type Match struct {
	Technique *Technique
	From, To  snapshot.Foothold
	Ruling    snapshot.Ruling
	// Missing says which documents an UNKNOWN match hangs on. Bound are the things
	// that the variables stand for, as references, and Needs the questions that
	// were asked, in the order of the technique, with their rulings. FromBy alone
	// fills them in.
	Missing []string
	Bound   map[string]graph.Ref
	Needs   []Asked
}

// FromBy finds the ways in which whoever holds f can use one technique. Of
// several to the same gain, the surest is returned.
func (m *Matcher) FromBy(id string, f snapshot.Foothold) (found []Match) {
	for _, p := range m.plans {
		if p.ID == id {
			a := m.Scene(m.AccountOf(f.Node)).actor(f)
			a.full = true
			a.match(p, func(match Match) { found = append(found, match) })
		}
	}
	return found
}
