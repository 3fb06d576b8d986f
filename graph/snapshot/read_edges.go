package snapshot

import (
	"iter"
	"sort"

	"github.com/clewgraph/clew/graph"
)

// Out returns the nodes that a node has an observed relation to, in index
// order. The slice belongs to the snapshot: it must not be changed, nor read
// after Close.
func (s *Snapshot) Out(i Index, r graph.Relation) []Index {
	if uint32(i) >= s.n {
		return nil
	}
	from, to := s.edgeOutOff.run(uint32(i), min(len(s.edgeTo), len(s.edgeRelation)))
	from, to = s.withRelation(from, to, r, func(e uint32) uint8 { return s.edgeRelation.at(e) })
	return s.nodesOnly(s.edgeTo[from:to])
}

// In returns the nodes that have an observed relation to a node, as Out does.
func (s *Snapshot) In(i Index, r graph.Relation) []Index {
	if uint32(i) >= s.n {
		return nil
	}
	from, to := s.edgeInOff.run(uint32(i), min(len(s.edgeIn), len(s.edgeInFrom)))
	from, to = s.withRelation(from, to, r, func(e uint32) uint8 { return s.edgeRelation.at(s.edgeIn.at(e)) })
	return s.nodesOnly(s.edgeInFrom[from:to])
}

// withRelation narrows a run of edges, which stand in the order of relations.
func (s *Snapshot) withRelation(from, to uint32, r graph.Relation, code func(uint32) uint8) (uint32, uint32) {
	want := -1
	for i, relation := range s.relations {
		if relation == string(r) {
			want = i
		}
	}
	if want < 0 {
		return 0, 0
	}
	n := int(to - from)
	lo := sort.Search(n, func(k int) bool { return int(code(from+uint32(k))) >= want })
	hi := sort.Search(n, func(k int) bool { return int(code(from+uint32(k))) > want })
	return from + uint32(lo), from + uint32(max(lo, hi))
}

// nodesOnly cuts off the loose refs, which stand after the nodes.
func (s *Snapshot) nodesOnly(ends []uint32) []Index {
	n := sort.Search(len(ends), func(k int) bool { return ends[k] >= s.n })
	return view[Index](ends[:n:n])
}

// EdgesOut yields the observed relations of a node as whole records, those to
// refs that no node describes included.
func (s *Snapshot) EdgesOut(i Index) iter.Seq[graph.Edge] {
	return func(yield func(graph.Edge) bool) {
		if uint32(i) >= s.n {
			return
		}
		from, to := s.edgeOutOff.run(uint32(i), len(s.edgeFrom))
		for e := from; e < to; e++ {
			if !yield(s.edge(e)) {
				return
			}
		}
	}
}

// EdgesIn yields the observed relations to a node as whole records.
func (s *Snapshot) EdgesIn(i Index) iter.Seq[graph.Edge] {
	return func(yield func(graph.Edge) bool) {
		if uint32(i) >= s.n {
			return
		}
		from, to := s.edgeInOff.run(uint32(i), len(s.edgeIn))
		for k := from; k < to; k++ {
			if !yield(s.edge(s.edgeIn[k])) {
				return
			}
		}
	}
}

// Edges yields every observed relation.
func (s *Snapshot) Edges() iter.Seq[graph.Edge] {
	return func(yield func(graph.Edge) bool) {
		for e := range uint32(len(s.edgeFrom)) {
			if !yield(s.edge(e)) {
				return
			}
		}
	}
}

func (s *Snapshot) edge(row uint32) graph.Edge {
	e := s.edgeRow(row)
	e.Origin, _ = s.firstOrigin(s.edgeOrigins.at(row))
	return e
}

func (s *Snapshot) edgeRow(row uint32) graph.Edge {
	return graph.Edge{
		From:     s.endRef(s.edgeFrom.at(row)),
		To:       s.endRef(s.edgeTo.at(row)),
		Relation: graph.Relation(word(s.relations, s.edgeRelation.at(row))),
		Attrs:    s.attrs(s.edgeAttrs.at(row)),
	}
}

// Members yields the nodes whose innermost scope is scope, in index order.
func (s *Snapshot) Members(scope Index) iter.Seq[Index] {
	return func(yield func(Index) bool) {
		if uint32(scope) >= s.n {
			return
		}
		from, to := s.memberOff.run(uint32(scope), len(s.member))
		for _, i := range s.member[from:to] {
			if !yield(Index(i)) {
				return
			}
		}
	}
}

// Dangling returns what leads to or from a ref that no node describes: edges;
// nodes in such a scope, as CONTAINS edges from it; and attachments to such a
// target, as edges without relation from the policy.
func (s *Snapshot) Dangling() []graph.Edge {
	var out []graph.Edge
	for e := range uint32(len(s.edgeFrom)) {
		if s.edgeFrom.at(e) >= s.n || s.edgeTo.at(e) >= s.n {
			out = append(out, s.edge(e))
		}
	}
	for row := range s.n {
		if scope := s.scopeEnd(row); scope >= s.n && scope != uint32(None) {
			n := s.nodeRow(row)
			out = append(out, graph.Edge{From: n.Scope, To: n.Ref, Relation: graph.Contains, Origin: n.Origin})
		}
	}
	for row := range s.attachments {
		if s.attTo.at(row) >= s.n {
			a := s.attachmentRow(row)
			out = append(out, graph.Edge{From: a.Policy, To: a.To, Origin: a.Origin})
		}
	}
	return out
}
