package snapshot

import "github.com/clewgraph/clew/graph"

// Keep says which conclusions of a snapshot stay true of the next facts. Its
// functions are called from many goroutines at once.
type Keep struct {
	// From says whether what starts at a node of last stays: pivots,
	// administrations, membership of a class. At what is gone nothing starts.
	From func(Index) bool
	// Class says whether a node stays in its classes; nil: as From says.
	Class func(Index) bool
	// Pivot says, besides, whether a pivot stays; nil: all.
	Pivot func(from, to Index) bool
	// Canonical says of which layers the evidence in rows of parts stands at
	// Snapshot.Canonical, and so moves with that; nil: of none. The evidence of
	// pivots and administrations is their own.
	Canonical func(graph.LayerID) bool
}

// member reports whether a node that is not gone stays in its classes.
func (k *Keep) member(node Index) bool {
	if k.Class == nil {
		return k.From(node)
	}
	return k.Class(node)
}

// Carry takes over the conclusions of last that keep says stay, about facts as
// Conclude would take them. Sets, homes of classes included, keep the nodes that
// they had, without those that are gone. Nothing is copied before Conclude:
// until then last must stay open. Parts that are carried over can be read, but
// not be given to classes that are new.
//
// Errors leave c as it was. They wrap ErrStale where something that stays speaks
// of what is gone: whoever gets one concludes everything anew.
func (c *Conclusions) Carry(last, facts *Snapshot, m *Moves, keep Keep) error {
	if err := checkMoves(last, facts, m); err != nil {
		return err
	}
	s := newCarried(last, m)
	if err := s.find(facts, keep); err != nil {
		return err
	}
	in := c.lock()
	defer c.mu.Unlock()
	if in.carried != nil {
		return invalid("conclusions are carried over a second time")
	}
	in.carried = s
	in.nodes, in.attachments = max(in.nodes, facts.n), max(in.attachments, facts.attachments)
	return nil
}

// checkMoves makes sure that whatever is read of last and m is a number of
// something.
func checkMoves(last, facts *Snapshot, m *Moves) error {
	if len(m.Nodes) != int(last.n) || len(m.Attachments) != int(last.attachments) {
		return invalid("moves of %d nodes and %d attachments, not of %d and %d", len(m.Nodes), len(m.Attachments), last.n, last.attachments)
	}
	if !apart(m.Nodes, facts.n) || !apart(m.Attachments, facts.attachments) {
		return invalid("moves to one place, or beyond the facts")
	}
	sizes, err := last.groups()
	if err != nil {
		return err
	}
	schema := last.conclusionSchema()
	return beside(len(schema), func(i int) error {
		if c := schema[i]; c.missing() && c.rows != free && sizes[c.rows] > 0 {
			return corrupt("section %q is missing", c.name)
		}
		return schema[i].verify(sizes)
	})
}

// apart reports whether all numbers are below n and none stands twice, None
// apart.
func apart[N ~uint32](list []N, n uint32) bool {
	taken := make([]bool, n)
	for _, v := range list {
		if uint32(v) == uint32(None) {
			continue
		}
		if uint32(v) >= n || taken[v] {
			return false
		}
		taken[v] = true
	}
	return true
}
