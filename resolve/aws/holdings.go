package aws

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
)

// This file finds what there is to act on, and groups it into holdings.

// ownerOf returns the account of a node's reference or scope, "" if neither
// tells.
func (e *Estate) ownerOf(node snapshot.Index) string {
	rest := string(e.s.Ref(node))
	for range 4 {
		_, rest, _ = strings.Cut(rest, ":")
	}
	if account, _, ok := strings.Cut(rest, ":"); ok && isAccountID(account) {
		return account
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
		n := e.s.NumNodes()
		found := make([]map[string][]snapshot.Index, (n+chunk-1)/chunk)
		inChunks(n, func(from, to int) { found[from/chunk] = e.targetsAmong(snapshot.Index(from), snapshot.Index(to)) })
		e.targetsOf = map[string][]snapshot.Index{}
		for i, owners := range found {
			for owner, list := range owners {
				e.targetsOf[owner] = append(e.targetsOf[owner], list...)
			}
			found[i] = nil
		}
	})
	return e.targetsOf
}

// targetsAmong groups the targets of some nodes.
func (e *Estate) targetsAmong(from, to snapshot.Index) map[string][]snapshot.Index {
	owners := map[string][]snapshot.Index{}
	for node := from; node < to; node++ {
		if e.isTarget(node) {
			owner := e.ownerOf(node)
			owners[owner] = append(owners[owner], node)
		}
	}
	return owners
}

// holdings groups things into blocks' axes. audience is the account whose
// callers they are looked at for, "" for callers that have none.
func (e *Estate) holdings(nodes []snapshot.Index, audience string, abroad bool) []*holding {
	g := &holdingGroups{estate: e, abroad: abroad, groups: map[string]*holding{}}
	for _, node := range nodes {
		b := e.resourceByNode(node)
		if len(b.types) == 0 {
			continue // the table knows no action on it
		}
		g.put(node, b, false)
		if isBucket(b) {
			g.put(node, b, true)
		}
	}
	list := slices.DeleteFunc(g.list, func(h *holding) bool { return len(h.actions) == 0 })
	for _, h := range list {
		h.read(e, audience)
	}
	return slices.DeleteFunc(list, (*holding).idle)
}

// holdingGroups are holdings while they are gathered.
type holdingGroups struct {
	estate *Estate
	abroad bool
	groups map[string]*holding
	list   []*holding
	key    []byte
}

// put puts a thing, or what it holds, to those that are alike.
func (g *holdingGroups) put(node snapshot.Index, b *resource, parts bool) {
	sort := appendSort(g.key[:0], b, parts)
	key := sort
	if g.abroad {
		key = append(key, b.owner.ceilingKey()...)
	}
	g.key = key
	h := g.groups[string(key)]
	if h == nil {
		h = &holding{owner: b.owner, abroad: g.abroad, parts: parts, thingSort: g.estate.sortOf(sort, b, parts)}
		g.groups[string(key)] = h
		g.list = append(g.list, h)
	}
	if parts {
		b = partOf(b, anyKey)
	}
	h.nodes, h.things = append(h.nodes, node), append(h.things, b)
}

// appendSort adds what is equal for things, or for what they hold, that the same
// actions act on.
func appendSort(key []byte, b *resource, parts bool) []byte {
	for _, t := range b.types {
		key = binary.LittleEndian.AppendUint32(key, uint32(t))
	}
	var bits byte
	for i, fact := range [...]bool{b.owner != nil, b.protected(), parts, isBucket(b)} {
		if fact {
			bits |= 1 << i
		}
	}
	return append(append(key, bits), b.parts.Partition...)
}

// partOf is what a bucket holds under a key: the bucket's owner and policies
// are its own.
func partOf(bucket *resource, key string) *resource {
	part := *bucket
	part.arn = bucket.arn + "/" + key
	part.parts.Resource += "/" + key
	part.tags, part.tagsKnown = nil, false
	part.types = typesOf(part.arn)
	return &part
}

// sortOf returns the actions on a thing, or on what it holds, once for all
// things alike. Who may assume a role is a pivot, not access.
func (e *Estate) sortOf(key []byte, b *resource, parts bool) *thingSort {
	e.mu.RLock()
	s, ok := e.sorts[string(key)]
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
	if have, ok := e.sorts[string(key)]; ok {
		return have
	}
	e.sorts[string(key)] = s
	return s
}
