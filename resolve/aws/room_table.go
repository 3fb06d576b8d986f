package aws

import "github.com/clewgraph/clew/graph/snapshot"

// thingTable keeps those of a room by node. An account's stand together, and are
// read by the hundred.
type thingTable struct {
	pages  map[snapshot.Index]*[pageSize]*roomThing
	last   *[pageSize]*roomThing // page that was looked at last
	lastAt snapshot.Index
	spare  []*[pageSize]*roomThing
	things row[roomThing]
	rooms  row[resource]
}

// A row is room for many of something, which is used again.
type row[T any] struct {
	pieces [][]T
	used   int
}

// next returns room for one more, as whoever had it left it.
func (r *row[T]) next() *T {
	const piece = 32
	if r.used/piece == len(r.pieces) {
		r.pieces = append(r.pieces, make([]T, piece))
	}
	at := &r.pieces[r.used/piece][r.used%piece]
	r.used++
	return at
}

// clear forgets all things: their room is used again.
func (l *thingTable) clear() {
	for _, page := range l.pages {
		clear(page[:])
		l.spare = append(l.spare, page)
	}
	clear(l.pages)
	l.last = nil
	l.things.used, l.rooms.used = 0, 0
}

// page is one without things.
func (l *thingTable) page() *[pageSize]*roomThing {
	last := len(l.spare) - 1
	if last < 0 {
		return new([pageSize]*roomThing)
	}
	page := l.spare[last]
	l.spare = l.spare[:last]
	return page
}

// at is the place of a node.
func (l *thingTable) at(node snapshot.Index) **roomThing {
	if l.last == nil || l.lastAt != node/pageSize {
		page := l.pages[node/pageSize]
		if page == nil {
			page = l.page()
			l.pages[node/pageSize] = page
		}
		l.last, l.lastAt = page, node/pageSize
	}
	return &l.last[node%pageSize]
}

// next returns room for one more.
func (l *thingTable) next() *roomThing {
	t := l.things.next()
	*t = roomThing{own: whom{names: t.own.names[:0], services: t.own.services[:0]}, heard: t.heard[:0]}
	return t
}

func (l *thingTable) resource() *resource { return l.rooms.next() }
