package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// marks are the reasons why footholds are looked at. There are footholds by the
// million, nearly all of three holds, and every step of a search asks for some.
type marks struct {
	common []uint8 // by node, two bits a hold
	others map[snapshot.Foothold]reason
}

func newMarks(nodes int) *marks {
	return &marks{common: make([]uint8, nodes), others: map[snapshot.Foothold]reason{}}
}

// commonHolds are kept by node, each at its place.
var commonHolds = [...]graph.Hold{graph.ByCredential, graph.AsSession, graph.WithOwnPolicy}

// shiftOf is where the bits of a hold stand; ok is false for those kept apart.
func shiftOf(h graph.Hold) (shift uint8, ok bool) {
	for i, common := range commonHolds {
		if h == common {
			return uint8(2 * i), true
		}
	}
	return 0, false
}

func (m *marks) of(f snapshot.Foothold) reason {
	if shift, ok := shiftOf(f.Hold); ok {
		return reason(m.common[f.Node] >> shift & 3)
	}
	return m.others[f]
}

func (m *marks) set(f snapshot.Foothold, why reason) {
	if shift, ok := shiftOf(f.Hold); ok {
		m.common[f.Node] = m.common[f.Node]&^(3<<shift) | uint8(why)<<shift
		return
	}
	m.others[f] = why
}

// having are the footholds that are looked at for one reason.
func (m *marks) having(why reason) map[snapshot.Foothold]bool {
	list := map[snapshot.Foothold]bool{}
	for node, bits := range m.common {
		for i := 0; bits != 0; i, bits = i+1, bits>>2 {
			if reason(bits&3) == why {
				list[snapshot.Foothold{Node: snapshot.Index(node), Hold: commonHolds[i]}] = true
			}
		}
	}
	for f, is := range m.others {
		if is == why {
			list[f] = true
		}
	}
	return list
}
