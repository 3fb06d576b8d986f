package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/policy"
)

// A holding is the things of one account that have the same types, in the
// order of their references: one axis of a block.
type holding struct {
	*thingSort
	owner  *account // nil where nobody knows it
	nodes  []snapshot.Index
	things []*resource
	refs   []string // what patterns are compared with; sorted

	// parts: the things are what buckets hold, one stand-in for each bucket.
	parts bool

	said    []saying // by resource policies
	gaps    []int    // things whose policy did not come
	assumed []int    // things whose policy nobody asked for
	blocked bool     // some bucket restricts public policies
	covered map[string]compile.Set
	partial map[string]compile.Set
	remain  map[string][]string // by pattern, what is left of it for keys, by thing
	targets map[string][]snapshot.Index
}

// A saying is one statement of a thing's own policy.
type saying struct {
	thing     int
	bound     *bound
	statement *Statement // nil where the document is missing
	apart     bool       // it speaks of some keys of a bucket and not of others
}

// ownerOf returns the account of a node's reference or scope, "" if neither
// tells.
func (e *Estate) ownerOf(node snapshot.Index) string {
	ref := string(e.s.Ref(node))
	if fields := strings.SplitN(ref, ":", 6); len(fields) == 6 && isAccountID(fields[4]) {
		return fields[4]
	}
	if scope := e.s.ScopeOf(node); scope != snapshot.None {
		if id := strings.TrimPrefix(string(e.s.Ref(scope)), "account:"); isAccountID(id) {
			return id
		}
	}
	return ""
}

// targetsByOwner groups what actions act on by the account that holds it.
func (e *Estate) targetsByOwner() map[string][]snapshot.Index {
	e.targetsOnce.Do(func() {
		e.targetsOf = map[string][]snapshot.Index{}
		for _, node := range e.targets() {
			owner := e.ownerOf(node)
			e.targetsOf[owner] = append(e.targetsOf[owner], node)
		}
	})
	return e.targetsOf
}

// holdings groups things into blocks' axes.
func (e *Estate) holdings(nodes []snapshot.Index) []*holding {
	groups := map[string]*holding{}
	var list []*holding
	put := func(node snapshot.Index, b *resource, parts bool) {
		key := fmt.Sprint(b.types, b.owner != nil, protected(b), parts, isBucket(b), b.parts.Partition)
		h := groups[key]
		if h == nil {
			h = &holding{owner: b.owner, parts: parts, thingSort: e.sortOf(key, b, parts)}
			groups[key] = h
			list = append(list, h)
		}
		h.nodes, h.things = append(h.nodes, node), append(h.things, b)
	}
	for _, node := range nodes {
		b := e.resourceByNode(node)
		if len(b.types) == 0 {
			continue // the table knows no action on it
		}
		put(node, b, false)
		if isBucket(b) {
			put(node, b, true)
		}
	}
	list = slices.DeleteFunc(list, func(h *holding) bool { return len(h.actions) == 0 })
	for _, h := range list {
		h.read(e)
	}
	return list
}

// protected: things that only AWS changes (impossible.go).
func protected(b *resource) bool {
	r := &request{estate: &Estate{}, principal: &principal{}, resource: b, action: parseAction("iam:DeletePolicy")}
	return r.editsProtected()
}

// sortOf returns the actions on a thing, or on what it holds, once for all
// things alike. Who may assume a role is a pivot, not access.
func (e *Estate) sortOf(key string, b *resource, parts bool) *thingSort {
	e.mu.RLock()
	s, ok := e.sorts[key]
	e.mu.RUnlock()
	if ok {
		return s
	}
	r := &request{estate: e, principal: &principal{}, resource: b}
	all := (&reader{request: r}).candidates()
	all = slices.DeleteFunc(all, func(id reference.ActionID) bool {
		r.action = actionOf(id)
		fit := r.fit()
		return fit == fitsNot || (fit == fitsParts) != parts || r.editsProtected() ||
			r.action.service == "sts" && b.layer == numTrust
	})
	s = newThingSort(b.types, all)
	e.mu.Lock()
	defer e.mu.Unlock()
	if have, ok := e.sorts[key]; ok {
		return have
	}
	e.sorts[key] = s
	return s
}

// read sorts the things and notes what their own policies say.
func (h *holding) read(e *Estate) {
	if h.parts {
		for i, b := range h.things {
			h.things[i] = e.resourceByARN(b.arn + "/" + anyKey)
		}
	}
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
	h.covered, h.partial = map[string]compile.Set{}, map[string]compile.Set{}
	h.targets, h.remain = map[string][]snapshot.Index{}, map[string][]string{}
	for i, b := range things {
		h.refs = append(h.refs, b.arn)
		h.blocked = h.blocked || b.restrictPublic != nil && b.restrictPublic != policy.False || b.publicGap != nil
		if b.gap != nil {
			h.gaps = append(h.gaps, i)
		}
		if b.assumed {
			h.assumed = append(h.assumed, i)
		}
		h.readPolicies(i, b)
	}
}

func (h *holding) readPolicies(i int, b *resource) {
	for j := range b.policies {
		p := &b.policies[j]
		if p.doc == nil {
			h.said = append(h.said, saying{i, p, nil, false})
			continue
		}
		for k := range p.doc.Statements {
			s := &p.doc.Statements[k]
			if s.HasPrincipals && b.layer != numTrust {
				h.said = append(h.said, saying{i, p, s, h.parts && tellsKeysApart(s, h.refs[i])})
			}
		}
	}
}

// tellsKeysApart reports whether a statement speaks of some keys of a bucket
// and not of others; ref is the stand-in for all of its keys.
func tellsKeysApart(s *Statement, ref string) bool {
	return slices.ContainsFunc(s.Resources, func(text string) bool { return partly(text, ref) })
}

// partly reports whether a pattern could cover some keys of a bucket, but not
// all of them; ref is the stand-in for the keys.
func partly(text, ref string) bool {
	bucket := strings.TrimSuffix(ref, anyKey)
	if at := strings.IndexByte(text, '$'); at >= 0 {
		literal := text[:at]
		if wild := strings.IndexAny(literal, "*?"); wild >= 0 {
			literal = literal[:wild]
		}
		return strings.HasPrefix(bucket, literal) || strings.HasPrefix(literal, bucket)
	}
	return compileWildcards(text).dividesAfter(bucket)
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

func (h *holding) all() compile.Set { return h.cover("*") }

// cover returns the things that one pattern covers, worked out once.
func (h *holding) cover(text string) compile.Set {
	set, ok := h.covered[text]
	if !ok {
		set = compile.NewSet(len(h.things))
		cover(set, h.refs, text)
		h.covered[text] = set
	}
	return set
}

// partlyCovered returns the buckets of which a pattern could cover some keys
// and not all.
func (h *holding) partlyCovered(text string) compile.Set {
	set, ok := h.partial[text]
	if ok {
		return set
	}
	set = compile.NewSet(len(h.things))
	h.partial[text] = set
	literal := text
	if wild := strings.IndexAny(literal, "*?$"); wild >= 0 {
		literal = literal[:wild]
	}
	bucket := literal
	if at := strings.IndexByte(literal, '/'); at >= 0 {
		bucket = literal[:at+1]
	}
	from, to := beginWith(h.refs, bucket)
	for i := from; i < to; i++ {
		if partly(text, h.refs[i]) {
			set.Add(i)
		}
	}
	return set
}

// remainder is what a pattern without variables leaves for the keys of a
// bucket, as text.
func (h *holding) remainder(p *resourcePattern, i int) string {
	list, ok := h.remain[p.text]
	if !ok {
		list = make([]string, len(h.things))
		h.remain[p.text] = list
	}
	if list[i] == "" {
		rests := (&request{}).remainders(p, strings.TrimSuffix(h.refs[i], anyKey))
		slices.Sort(rests)
		list[i] = " " + strings.Join(rests, "|")
	}
	return list[i]
}

// nodesOf returns the things of a set, in the order of nodes; equal sets give
// one slice.
func (h *holding) nodesOf(set compile.Set) []snapshot.Index {
	key := keyOf(set)
	list, ok := h.targets[key]
	if !ok {
		set.Each(func(i int) { list = append(list, h.nodes[i]) })
		slices.Sort(list)
		h.targets[key] = list
	}
	return list
}

// own reports whether the things are of a principal's own account.
func (h *holding) own(p *principal) bool {
	return p.kind <= kindExternal && (h.owner == nil || h.owner.id == p.account.id)
}

// reaches reports whether credentials of a principal are of use there.
func (h *holding) reaches(p *principal, hold graph.Hold) bool {
	r := &request{principal: p, hold: hold, resource: h.things[0]}
	return !r.crossesPartitions()
}
