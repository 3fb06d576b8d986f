package aws

import (
	"context"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
)

// grantors are the grants of resource policies that need no other: whoever they
// name may do it without a policy of its own. Those that name an account
// delegate to its policies, and are no grants here.
//
// Source: IAM user guide, "Policy evaluation for requests within a single
// account".
type grantors struct {
	everyone map[string]grant   // by the texts of its actions
	byName   map[string][]grant // user and role ARNs; account/role name for sessions
	bearers  bearers
	missing  map[string]bool // services some of whose policies did not come
	table    compile.Set     // the actions of the reference table in those to everyone
}

// A grant is the actions of a statement that allows: they, or all others.
type grant struct {
	actions *actionList
	not     bool
}

func (g grant) covers(a *action) bool { return g.actions.matches(a.service, a.name) != g.not }

func (g grant) set() *actionSet {
	return actionsOf(&Statement{Actions: g.actions.texts, NotActions: g.not, compiled: compiledStatement{actions: g.actions}})
}

func (g grant) text() string {
	text := strings.Join(g.actions.texts, " ")
	if g.not {
		return "!" + text
	}
	return text
}

func newGrantors() *grantors {
	return &grantors{everyone: map[string]grant{}, byName: map[string][]grant{}, missing: map[string]bool{}}
}

// grantors reads the policies of all resources and the trust of all roles.
func (e *Estate) grantors() *grantors {
	e.grantorsOnce.Do(func() {
		g := newGrantors()
		e.readGrants(g)
		for _, c := range e.s.Coverage() {
			hides := slices.ContainsFunc(c.Affects, func(layer graph.LayerID) bool {
				return layer == LayerResource || layer == LayerTrust || layer == layerBucketACL
			})
			if node, ok := e.s.Find(c.Of); ok && hides && c.Status == graph.Failed {
				g.missing[e.serviceOf(node)] = true
			}
		}
		g.table = compile.NewSet(reference.NumActions())
		for _, given := range g.everyone {
			g.table.Union(given.set().table)
		}
		g.findBearers(e)
		e.grantedTo = g
	})
	return e.grantedTo
}

// readGrants reads them on all cores, each document once. None is kept: there
// are as many as resources.
func (e *Estate) readGrants(g *grantors) {
	const many = 1 << 12
	read := make([]atomic.Bool, e.s.NumDocuments())
	n := e.s.NumAttachments()
	var mu sync.Mutex
	// Nothing cancels it: whoever needs one of them needs all.
	_ = parallel(context.Background(), (n+many-1)/many, func(chunk int) {
		some := newGrantors()
		for a := chunk * many; a < min(n, (chunk+1)*many); a++ {
			some.attachment(e, snapshot.AttachmentIndex(a), read)
		}
		mu.Lock()
		defer mu.Unlock()
		g.add(some)
	})
}

// attachment reads one, if it grants and its document was not read.
func (g *grantors) attachment(e *Estate, a snapshot.AttachmentIndex, read []atomic.Bool) {
	layer, to := e.s.AttachmentLayer(a), e.s.AttachmentTo(a)
	if to != snapshot.None && layer == layerBucketACL {
		g.list(e, to)
		return
	}
	if to == snapshot.None || layer != LayerResource && layer != LayerTrust {
		return
	}
	number, ok := e.s.DocumentNumber(a)
	if ok && read[number].Load() {
		return
	}
	b := e.bindFor(a, layer)
	if b.doc == nil {
		g.missing[e.serviceOf(to)] = true
		return
	}
	if ok {
		read[number].Store(true)
	}
	g.read(b.doc)
}

// list reads what the access control list of a bucket gives, as decisions see it.
func (g *grantors) list(e *Estate, bucket snapshot.Index) {
	for _, b := range e.resourceByNode(bucket).policies {
		if b.doc == nil {
			g.missing[e.serviceOf(bucket)] = true
			continue
		}
		g.read(b.doc)
	}
}

// add adds what others grant.
func (g *grantors) add(more *grantors) {
	maps.Copy(g.everyone, more.everyone)
	maps.Copy(g.missing, more.missing)
	for name, list := range more.byName {
		g.byName[name] = append(g.byName[name], list...)
	}
}

// serviceOf is the service whose actions the policy of a node grants.
func (e *Estate) serviceOf(node snapshot.Index) string {
	if e.s.Kind(node) == graph.KindRole {
		return "sts"
	}
	arn, _ := ParseARN(string(e.s.Ref(node)))
	return arn.Service
}

func (g *grantors) read(doc *Document) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		given := grant{s.compiled.actions, s.NotActions}
		switch {
		case s.Deny:
		case s.NotPrincipals:
			g.everyone[given.text()] = given
		default:
			for _, name := range s.Principals {
				g.name(name, given)
			}
		}
	}
}

func (g *grantors) name(n PrincipalName, given grant) {
	if n.Value == "*" {
		g.everyone[given.text()] = given
		return
	}
	arn, ok := ParseARN(n.Value)
	if n.Type != "AWS" || !ok || arn.Resource == "root" {
		return
	}
	key := n.Value
	if role, ok := strings.CutPrefix(arn.Resource, "assumed-role/"); ok {
		role, _, _ = strings.Cut(role, "/")
		key = arn.Account + "/" + role
	}
	if !slices.Contains(g.byName[key], given) {
		g.byName[key] = append(g.byName[key], given)
	}
}

// mayGrantAnyone reports whether a resource policy could allow an action, by
// itself, to whoever it does not name.
func (g *grantors) mayGrantAnyone(a *action) bool {
	if g.missing[a.service] {
		return true
	}
	if a.known {
		return g.table.Has(int(a.id))
	}
	for _, given := range g.everyone {
		if given.covers(a) {
			return true
		}
	}
	return false
}

// bearers are the nodes of those who are named, or whose sessions are, with what is
// granted to each: most are not.
type bearers struct {
	bits  []uint64
	ranks []uint32 // how many stand before each word of bits
	lists [][]grant
}

// findBearers finds who is named.
func (g *grantors) findBearers(e *Estate) {
	b := &g.bearers
	b.bits = make([]uint64, (e.s.NumNodes()+63)/64)
	ofSessions := map[string]bool{} // names of roles: accounts call theirs alike
	for name := range g.byName {
		if !strings.HasPrefix(name, "arn:") {
			_, role, _ := strings.Cut(name, "/")
			ofSessions[role] = true
		} else if node, ok := e.s.Find(graph.Ref(name)); ok {
			b.bits[node/64] |= 1 << (node % 64)
		}
	}
	for role := range ofSessions {
		for _, node := range e.s.FindName(role) {
			if g.byName[sessionsOf(e, node, role)] != nil {
				b.bits[node/64] |= 1 << (node % 64)
			}
		}
	}
	for word, set := range b.bits {
		b.ranks = append(b.ranks, uint32(len(b.lists)))
		for ; set != 0; set &= set - 1 {
			node := snapshot.Index(word*64 + bits.TrailingZeros64(set))
			list := g.byName[string(e.s.Ref(node))]
			if e.s.Kind(node) == graph.KindRole {
				list = append(slices.Clip(list), g.byName[sessionsOf(e, node, e.s.Name(node))]...)
			}
			b.lists = append(b.lists, list)
		}
	}
}

// sessionsOf is under which name sessions of a role are granted something.
func sessionsOf(e *Estate, role snapshot.Index, name string) string {
	arn, _ := ParseARN(string(e.s.Ref(role)))
	return arn.Account + "/" + name
}

func (b *bearers) of(node snapshot.Index) []grant {
	word, bit := b.bits[node/64], uint64(1)<<(node%64)
	if word&bit == 0 {
		return nil
	}
	return b.lists[int(b.ranks[node/64])+bits.OnesCount64(word&(bit-1))]
}

// naming are the grants that name a principal.
func (g *grantors) naming(p *principal) (list []grant) {
	if p.node != snapshot.None {
		return g.bearers.of(p.node)
	}
	list = g.byName[p.ref]
	if p.kind == kindRole {
		list = append(slices.Clip(list), g.byName[p.account.id+"/"+p.name]...)
	}
	return list
}

func speaks(list []grant, a *action) bool {
	return slices.ContainsFunc(list, func(g grant) bool { return g.covers(a) })
}
