package answer

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// data counts it as reaching a resource to have its data by a technique. Where
// actions or levels are named, techniques that give others are no way there.
func (e *endings) data(node snapshot.Index) {
	f, ok := e.s.v.Snapshot.FindFoothold(snapshot.Foothold{Node: node, Hold: graph.DataOnly})
	if !ok || e.s.v.Snapshot.Kind(node).Class() != graph.ClassResource {
		return
	}
	pivots := e.s.v.Snapshot.PivotsIn(f)
	if x := e.s.dataEnding(node, pivots, e.s.takes); x != nil {
		e.byFoothold[f] = append(e.byFoothold[f], x)
	}
	for _, p := range pivots {
		if !e.s.takes(p) {
			e.s.walk.Exclude[p] = true
		}
	}
}

// takes reports whether the search takes a technique, and it gives what the
// search wants.
func (s *search) takes(p snapshot.PivotIndex) bool {
	known := s.walk.Techniques == nil || s.walk.Techniques(s.v.Snapshot.PivotTechnique(p))
	return known && !s.walk.Exclude[p] && len(s.gives(p)) > 0
}

// gives are the actions that count of those that a technique makes possible.
func (s *search) gives(p snapshot.PivotIndex) []string {
	t := escalate.ByID(s.v.Snapshot.PivotTechnique(p))
	if t == nil {
		return nil
	}
	_, to := s.v.Snapshot.PivotEnds(p)
	return s.wanted.of(s.v.evaluator(s.v.Snapshot.Foothold(to).Node), t.Gives())
}

// dataEnding is the end of a way to data: no step follows the technique. Its
// actions are those that the techniques give by which somebody can come there.
func (s *search) dataEnding(node snapshot.Index, pivots []snapshot.PivotIndex, by func(snapshot.PivotIndex) bool) *ending {
	var actions []string
	for _, p := range pivots {
		if by(p) {
			actions = append(actions, s.gives(p)...)
		}
	}
	if len(actions) == 0 {
		return nil
	}
	slices.Sort(actions)
	return &ending{relation: graph.CanAccess, to: node, actions: slices.Compact(actions), ruling: certain, held: true}
}
