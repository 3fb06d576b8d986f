package snapshot

import "github.com/clewgraph/clew/graph"

// Moves says where the nodes and attachments of one snapshot stand among the
// facts of the next, and what is different. Facts that were replaced by equal
// ones are not; where, when and by whom they were read is no difference.
type Moves struct {
	Nodes       []Index           // by node of the last snapshot: where it stands now, None if it is gone
	Attachments []AttachmentIndex // the same for attachments; None also where its document is another one now
	Touched     []Index           // nodes of the new facts of which something is new, gone or different: the node itself, an edge from or to it, an attachment, coverage of it; sorted
	Gone        []Index           // nodes of the last snapshot that are gone; sorted
	Listings    []graph.Listing   // listings whose coverage rows differ, sorted
	Loose       []graph.Ref       // refs that no node describes now, of which something is new, gone or different; sorted
}

// Moves returns, after Facts, what became of the facts that CarryForward
// carried; ok is false unless they were spliced.
func (b *Builder) Moves() (m *Moves, ok bool) { return b.moves, b.moves != nil }
