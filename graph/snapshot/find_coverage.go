package snapshot

import (
	"iter"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// coverageIndex finds the coverage that is about a node. It is made when first
// asked for: files do not hold it.
type coverageIndex struct {
	once    sync.Once
	ofNode  []uint64       // node and row
	ofScope []uint64       // string of the scope and row, where no node is named
	failed  *coverageIndex // of what failed alone: few snapshots have any
}

// coverageAbout returns the rows of coverage that are about a node, in order.
func (s *Snapshot) coverageAbout(node uint32) []uint32 {
	s.about.once.Do(s.indexCoverage)
	return s.about.rows(node, s.nodeRef.at(node))
}

// rows are those about a node and its reference, in order.
func (x *coverageIndex) rows(node, ref uint32) []uint32 {
	rows := rowsOfKey(nil, x.ofNode, node)
	rows = rowsOfKey(rows, x.ofScope, ref)
	slices.Sort(rows)
	return rows
}

func (s *Snapshot) indexCoverage() {
	s.about.failed = &coverageIndex{}
	for row, of := range s.covOf {
		s.about.add(s, of, uint32(row))
		if s.covStatus.at(uint32(row)) == uint8(graph.Failed) {
			s.about.failed.add(s, of, uint32(row))
		}
	}
	for _, x := range []*coverageIndex{&s.about, s.about.failed} {
		slices.Sort(x.ofNode)
		slices.Sort(x.ofScope)
	}
}

func (x *coverageIndex) add(s *Snapshot, of, row uint32) {
	if of != uint32(None) {
		x.ofNode = append(x.ofNode, packRun(of, row))
		return
	}
	scope := s.listScope.at(s.covListing.at(row))
	x.ofScope = append(x.ofScope, packRun(scope, row))
}

// rowsOfKey adds the rows that stand under a key.
func rowsOfKey(rows []uint32, index []uint64, key uint32) []uint32 {
	at, _ := slices.BinarySearch(index, packRun(key, 0))
	for ; at < len(index); at++ {
		k, row := unpacked(index[at])
		if k != key {
			break
		}
		rows = append(rows, row)
	}
	return rows
}

// Complete reports whether nothing that was asked for failed.
func (s *Snapshot) Complete() bool {
	return !slices.ContainsFunc(s.covStatus, func(status uint8) bool { return status >= uint8(graph.Failed) })
}

// FailureOf returns the first thing that failed about a node and affects a
// layer; ok is false where nothing did.
func (s *Snapshot) FailureOf(i Index, layer graph.LayerID) (c graph.Coverage, ok bool) {
	s.about.once.Do(s.indexCoverage)
	failed := s.about.failed
	if uint32(i) >= s.n || len(failed.ofNode)+len(failed.ofScope) == 0 {
		return c, false
	}
	for _, row := range failed.rows(uint32(i), s.nodeRef.at(uint32(i))) {
		if s.affects(row, layer) {
			return s.appendCoverage(nil, row)[0], true
		}
	}
	return c, false
}

// Failures returns the coverage of what failed, in order. It reads no more of the
// rest than its status.
func (s *Snapshot) Failures() (out []graph.Coverage) {
	for row := range uint32(len(s.covListing)) {
		if s.covStatus.at(row) >= uint8(graph.Failed) {
			out = s.appendCoverage(out, row)
		}
	}
	return out
}

// Asked reports whether a layer of a node was asked for, whatever came.
func (s *Snapshot) Asked(i Index, layer graph.LayerID) bool {
	if uint32(i) >= s.n {
		return false
	}
	s.about.once.Do(s.indexCoverage)
	return s.asked(s.about.ofNode, uint32(i), layer) || s.asked(s.about.ofScope, s.nodeRef.at(uint32(i)), layer)
}

// asked reports whether a row under a key says that a layer was asked for.
func (s *Snapshot) asked(index []uint64, key uint32, layer graph.LayerID) bool {
	at, _ := slices.BinarySearch(index, packRun(key, 0))
	for ; at < len(index); at++ {
		k, row := unpacked(index[at])
		if k != key {
			return false
		}
		if s.covStatus.at(row) != uint8(graph.NotAsked) && s.affects(row, layer) {
			return true
		}
	}
	return false
}

// affects reports whether a row of coverage is about a layer.
func (s *Snapshot) affects(row uint32, layer graph.LayerID) bool {
	return slices.ContainsFunc(s.list(s.covAffects.at(row)), func(text uint32) bool { return string(s.str.bytes(text)) == string(layer) })
}

// CoverageNodes returns the nodes that coverage names, in order, without repetition.
func (s *Snapshot) CoverageNodes() []Index {
	s.about.once.Do(s.indexCoverage)
	var out []Index
	for _, packed := range s.about.ofNode {
		of, _ := unpacked(packed)
		if n := len(out); of < s.n && (n == 0 || out[n-1] != Index(of)) {
			out = append(out, Index(of))
		}
	}
	return out
}

// Listed yields the listings of what was collected, or of which the provider said
// that there is none; some more than once.
func (s *Snapshot) Listed() iter.Seq[graph.Listing] {
	return func(yield func(graph.Listing) bool) {
		for row := range uint32(len(s.covListing)) {
			status := graph.Status(s.covStatus.at(row))
			if status != graph.Collected && status != graph.NoneExists || len(s.originsOf(s.covOrigins.at(row))) == 0 {
				continue
			}
			if !yield(s.listing(s.covListing.at(row))) {
				return
			}
		}
	}
}

// CoverageAmong yields what names some nodes, what is known of the layers of those
// that are scopes, and all that was listed of some scopes, in the order of Coverage.
func (s *Snapshot) CoverageAmong(about, listed func(Index) bool) iter.Seq[graph.Coverage] {
	return func(yield func(graph.Coverage) bool) {
		scopes := map[uint32]Index{}
		for row := range uint32(len(s.covListing)) {
			if !s.coverageIsAmong(row, about, listed, scopes) {
				continue
			}
			for _, c := range s.appendCoverage(nil, row) {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// coverageIsAmong remembers in scopes the nodes of scopes, by their strings.
func (s *Snapshot) coverageIsAmong(row uint32, about, listed func(Index) bool, scopes map[uint32]Index) bool {
	of := s.covEnd(row)
	if of < s.n && about(Index(of)) {
		return true
	}
	text := s.listScope.at(s.covListing.at(row))
	scope, known := scopes[text]
	if !known {
		var ok bool
		if scope, ok = s.Find(graph.Ref(s.str.text(text))); !ok {
			scope = None
		}
		scopes[text] = scope
	}
	ofLayers := of == uint32(None) && len(s.list(s.covAffects.at(row))) > 0
	return scope != None && (listed(scope) || ofLayers && about(scope))
}
