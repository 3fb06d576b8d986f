package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// A holding is things that have the same types, in the order of their
// references: one axis of a block. They are of one account, or, abroad, of
// accounts with the same ceilings.
type holding struct {
	*thingSort
	owner  *account // nil where nobody knows it; abroad, one of several
	abroad bool
	nodes  []snapshot.Index
	things []*resource
	whole  compile.Set
	refs   []string // what patterns are compared with; sorted
	slash  bool     // some reference holds one

	// parts: the things are what buckets hold, one stand-in for each bucket.
	parts bool

	extra    compile.Set // actions that need more than the thing itself
	said     []*saying   // by resource policies
	gaps     []doubt     // things whose policy did not come
	assumed  compile.Set // things whose policy nobody asked for
	blocked  []doubt     // what is left where public policies are restricted
	shielded compile.Set // things that no RCP binds

	hearing
	covered memo[string, compile.Set]
	where   memo[string, compile.Set] // actions, by what holds of them
	heads   memo[string, []afterHead]
	reached memo[*Statement, []covering]
	alike   memo[string, []compile.Set] // by keys, the things of which they say the same
	needing memo[bool, []compile.Set]   // the things that need the same besides, several things or a key alone
	targets memo[string, []snapshot.Index]

	owned    memo[struct{}, *alikeness]
	dividing memo[string, bool]     // by pattern, whether it tells things of one kind apart
	shorter  memo[string, *holding] // by what tells things apart, with one for all that are alike

	// Of a condensed axis: what it is of, what each of its things stands for
	// there, and, by thing there, which of them stands for it.
	long   *holding
	stands []standIn
	places []uint32

	byNode memo[struct{}, []uint32] // the things in the order of nodes
}

// A doubt is things of which a formula holds.
type doubt struct {
	things compile.Set
	when   *policy.Formula
}

// read sorts the things and notes what their own policies say.
func (h *holding) read(e *Estate, audience string) {
	h.sort()
	n := len(h.things)
	h.whole = compile.Full(n)
	h.assumed, h.shielded = compile.NewSet(n), compile.NewSet(n)
	one := func(i int) compile.Set {
		set := compile.NewSet(n)
		set.Add(i)
		return set
	}
	encrypted := false
	for i, b := range h.things {
		h.refs = append(h.refs, b.arn)
		h.slash = h.slash || strings.Contains(b.arn, "/")
		encrypted = encrypted || b.attrs["kms-key"] != ""
		if b.gap != nil {
			h.gaps = append(h.gaps, doubt{one(i), b.gap})
		}
		if b.assumed {
			h.assumed.Add(i)
		}
		if strings.HasPrefix(b.parts.Resource, "role/aws-service-role/") || awsManagedKey(b.arn) {
			h.shielded.Add(i)
		}
		if when := restricted(b); when != policy.True {
			h.blocked = append(h.blocked, doubt{one(i), when})
		}
	}
	h.extra = h.thingSort.extra
	if !encrypted {
		h.extra = h.thingSort.several
	}
	h.readPolicies(audience)
	h.hear(e, encrypted)
}

func (h *holding) sort() {
	order := make([]int, len(h.things))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(h.things[a].arn, h.things[b].arn) })
	nodes, things := make([]snapshot.Index, len(order)), make([]*resource, len(order))
	for to, from := range order {
		nodes[to], things[to] = h.nodes[from], h.things[from]
	}
	h.nodes, h.things = nodes, things
}

// restricted is when a public policy of a thing counts for other accounts.
func restricted(b *resource) *policy.Formula {
	if b.restrictPublic == nil || b.restrictPublic == policy.False && b.publicGap == nil || !b.hasPublicPolicy() {
		return policy.True
	}
	if b.restrictPublic == policy.True {
		return policy.False
	}
	return b.publicGap
}

// told returns the things that a statement covers for whoever asks, where its
// patterns have no variables. The set must not be changed.
func (h *holding) told(s *Statement) compile.Set {
	if !s.HasResources {
		return h.all()
	}
	if len(s.Resources) == 1 && !s.NotResources {
		return h.cover(s.Resources[0])
	}
	set := compile.NewSet(len(h.things))
	for _, text := range s.Resources {
		set.Union(h.cover(text))
	}
	if s.NotResources {
		return set.Not(len(h.things))
	}
	return set
}

func (h *holding) all() compile.Set { return h.whole }

// maxCovered bounds how many patterns a holding remembers: what is lent to
// everyone hears those of all.
const maxCovered = 1024

// cover returns the things that one pattern covers. Only what takes looking at
// each thing is remembered. The set must not be changed.
func (h *holding) cover(text string) compile.Set {
	if !h.slash && strings.Contains(text, "/") {
		return compile.NewSet(len(h.things))
	}
	if wild := strings.IndexAny(text, "*?"); text != "*" && (wild < 0 || text[wild:] == "*") && h.abroad {
		return h.covers(text)
	}
	return h.covered.within(maxCovered, text, func() compile.Set { return h.covers(text) })
}

func (h *holding) covers(text string) compile.Set {
	set := compile.NewSet(len(h.things))
	cover(set, h.refs, text)
	return set
}

// nodesOf returns the things of a set, in the order of nodes; equal sets give
// one slice, unless there are very many.
func (h *holding) nodesOf(set compile.Set) []snapshot.Index {
	return h.targets.within(maxCovered/64+maxTargets/len(h.things), keyOf(set), func() []snapshot.Index {
		if h.long != nil {
			return h.long.nodesOf(h.lengthen(set))
		}
		return h.nodesIn(set)
	})
}

// maxTargets bounds the nodes of all sets that a holding remembers.
const maxTargets = 1 << 20

func (h *holding) nodesIn(set compile.Set) []snapshot.Index {
	list := make([]snapshot.Index, 0, set.Len())
	if 8*cap(list) < len(h.things) {
		set.Each(func(i int) { list = append(list, h.nodes[i]) })
		slices.Sort(list)
		return list
	}
	for _, i := range h.byNode.of(struct{}{}, h.nodeOrder) {
		if set.Has(int(i)) {
			list = append(list, h.nodes[i])
		}
	}
	return list
}

func (h *holding) nodeOrder() []uint32 {
	order := make([]uint32, len(h.nodes))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(h.nodes[a], h.nodes[b]) })
	return order
}

// own reports whether the things are of a principal's own account.
func (h *holding) own(p *principal) bool {
	return !h.abroad && p.kind <= kindExternal && (h.owner == nil || h.owner.id == p.account.id)
}

// open reports whether credentials of a principal are of use there.
func (h *holding) open(p *principal, hold graph.Hold) bool {
	r := &request{principal: p, hold: hold, resource: h.things[0]}
	return !r.crossesPartitions()
}
