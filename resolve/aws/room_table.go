package aws

import "github.com/clewgraph/clew/graph/snapshot"

// thingTable keeps those of a room by node. An account's stand together, and are
// read by the hundred.
type thingTable struct {
	pages map[snapshot.Index]*[pageSize]*roomThing
	free  []roomThing
	rooms []resource // for those to which nothing is attached
}

// at is the place of a node.
func (l *thingTable) at(node snapshot.Index) **roomThing {
	page := l.pages[node/pageSize]
	if page == nil {
		page = new([pageSize]*roomThing)
		l.pages[node/pageSize] = page
	}
	return &page[node%pageSize]
}

// next returns room for one more.
func (l *thingTable) next() *roomThing {
	if len(l.free) == 0 {
		l.free = make([]roomThing, 32)
	}
	t := &l.free[0]
	l.free = l.free[1:]
	return t
}

func (l *thingTable) resource() *resource {
	if len(l.rooms) == 0 {
		l.rooms = make([]resource, 16)
	}
	r := &l.rooms[0]
	l.rooms = l.rooms[1:]
	return r
}
