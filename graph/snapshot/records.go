package snapshot

import (
	"iter"

	"github.com/clewgraph/clew/graph"
)

// A SourceIndex is the dense number of a place where facts were read.
type SourceIndex uint32

// A Record is one fact as one or more documents gave it. Node, Edges and
// Attachment answer with what stands in the end; records are all that was
// said, so that another store can keep it and give it back.
type Record[Fact any] struct {
	// Fact is what was said. Its Origin, and what else belongs to a place, is
	// that of the first of Sources.
	Fact Fact
	// Sources are all places that say it. The slice belongs to the snapshot:
	// it must not be changed, nor read after Close.
	Sources []SourceIndex
	// Superseded: another record of the same thing says more, and stands.
	Superseded bool
}

// Source returns where facts were read, and what is noted of the position
// there: the Pointer of an attachment, the Detail of coverage.
func (s *Snapshot) Source(i SourceIndex) (origin *graph.Origin, note string) {
	return s.origin(uint32(i))
}

// NumSources returns how many places facts were read at.
func (s *Snapshot) NumSources() int { return len(s.orgListing) }

// NodeSources returns all places that say what stands of a node. The slice
// belongs to the snapshot: it must not be changed, nor read after Close.
func (s *Snapshot) NodeSources(i Index) []SourceIndex {
	if uint32(i) >= s.n {
		return nil
	}
	return s.sources(s.nodeOrigins.at(uint32(i)))
}

// NodeRecords yields every record of a node: first, in index order, those that
// stand.
func (s *Snapshot) NodeRecords() iter.Seq[Record[graph.Node]] {
	return func(yield func(Record[graph.Node]) bool) {
		for row := range uint32(len(s.nodeRef)) {
			if !yield(Record[graph.Node]{s.nodeRow(row), s.sources(s.nodeOrigins.at(row)), row >= s.n}) {
				return
			}
		}
	}
}

// EdgeRecords yields every record of an observed relation.
func (s *Snapshot) EdgeRecords() iter.Seq[Record[graph.Edge]] {
	return func(yield func(Record[graph.Edge]) bool) {
		for row := range uint32(len(s.edgeFrom)) {
			if !yield(Record[graph.Edge]{s.edge(row), s.sources(s.edgeOrigins.at(row)), false}) {
				return
			}
		}
	}
}

// AttachmentRecords yields every record of a policy attachment: first, in
// index order, those that stand. Documents belong to the snapshot, as those of
// Attachment do.
func (s *Snapshot) AttachmentRecords() iter.Seq[Record[graph.Attachment]] {
	return func(yield func(Record[graph.Attachment]) bool) {
		for row := range uint32(len(s.attTo)) {
			if !yield(Record[graph.Attachment]{s.attachmentRow(row), s.sources(s.attOrigins.at(row)), row >= s.attachments}) {
				return
			}
		}
	}
}

// CoverageRecords yields every record of coverage.
func (s *Snapshot) CoverageRecords() iter.Seq[Record[graph.Coverage]] {
	return func(yield func(Record[graph.Coverage]) bool) {
		for row := range uint32(len(s.covListing)) {
			sources := s.sources(s.covOrigins.at(row))
			c := s.coverageRow(row)
			if len(sources) > 0 {
				c.Origin, c.Detail = s.Source(sources[0])
			}
			if !yield(Record[graph.Coverage]{c, sources, false}) {
				return
			}
		}
	}
}

func (s *Snapshot) sources(set uint32) []SourceIndex { return view[SourceIndex](s.originsOf(set)) }
