package snapshot

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// index writes the columns by which nodes are found.
func (f *freezer) index() {
	c, n := f.c, int(f.n)
	var group sync.WaitGroup
	group.Go(f.indexIDs)
	group.Go(f.indexMembers)
	c.findRef = f.findColumn(c.nodeRef[:n], true)
	c.findName = f.findColumn(c.nodeName[:n], false)
	c.findNative = f.findColumn(c.nodeNative[:n], false)
	f.indexGroups()
	group.Wait()
}

// indexIDs lists the nodes by their public identity. An identity begins with
// eight bytes that hardly any other begins with.
func (f *freezer) indexIDs() {
	list := make([]keyed, f.n)
	halves(len(list), func(from, to int) {
		for i := from; i < to; i++ {
			id := f.publicID(uint32(i))
			list[i] = keyed{binary.BigEndian.Uint64(id[:]), uint32(i)}
		}
	})
	list = sortKeyed(list, 1<<64-1)
	f.c.findID = make(u32s, 0, len(list))
	_ = runs(list, func(run []keyed) error {
		slices.SortFunc(run, func(a, b keyed) int {
			x, y := f.publicID(a.row), f.publicID(b.row)
			return bytes.Compare(x[:], y[:])
		})
		for _, k := range run {
			f.c.findID = append(f.c.findID, k.row)
		}
		return nil
	})
}

func (f *freezer) publicID(node uint32) graph.ID {
	provider := f.c.str.shared(f.c.dictProvider[f.c.nodeProvider[node]])
	return graph.IDOf(graph.Provider(provider), graph.Ref(f.c.str.shared(f.c.nodeRef[node])))
}

// findColumn lists the nodes in the order of the strings that they have in a
// column, those without one only where empty is set.
func (f *freezer) findColumn(values []uint32, empty bool) u32s {
	next := offsets(f.c.str.len(), values)
	without := next[1]
	if empty {
		without = 0
	}
	out := make(u32s, uint32(len(values))-without)
	for i, v := range values {
		if v != 0 || empty {
			out[next[v]-without] = uint32(i)
			next[v]++
		}
	}
	return out
}

// indexMembers groups the nodes by the scope that holds them.
func (f *freezer) indexMembers() {
	scopes, n := f.c.nodeScope[:f.n], f.n
	off := make(u32s, n+1)
	for _, scope := range scopes {
		if scope < n {
			off[scope+1]++
		}
	}
	for i := range n {
		off[i+1] += off[i]
	}
	member := make(u32s, off[n])
	for i, scope := range scopes {
		if scope < n {
			member[off[scope]] = uint32(i)
			off[scope]++ // at last where the next one starts
		}
	}
	copy(off[1:], off[:n])
	off[0] = 0
	f.c.memberOff, f.c.member = off, member
}

// indexGroups lists where nodes of another type, or in another scope, begin.
func (f *freezer) indexGroups() {
	c := f.c
	for i := range f.n {
		if i == 0 || c.nodeType[i] != c.nodeType[i-1] || c.nodeScope[i] != c.nodeScope[i-1] {
			c.group = append(c.group, i)
		}
	}
}
