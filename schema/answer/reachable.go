package answer

import (
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// A reachable is what a search reached. Fields of an answer ask it for paths at
// the same time.
type reachable struct {
	walk.ReachAnswer
	mu sync.Mutex
}

// to gives the surest path to a foothold, when somebody asks.
func (r *reachable) to(f snapshot.FootholdIndex) func() walk.Path {
	return func() walk.Path {
		r.mu.Lock()
		defer r.mu.Unlock()
		p, _ := r.Path(f)
		return p
	}
}

// as returns the shortest path to a foothold that is as sure as a verdict.
func (r *reachable) as(f snapshot.FootholdIndex, v graph.Verdict) walk.Path {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, _ := r.PathAs(f, v)
	return p
}
