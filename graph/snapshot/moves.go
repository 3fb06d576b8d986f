package snapshot

import "github.com/clewgraph/clew/graph"

// Moves says where the nodes and attachments of one snapshot stand among the facts of the next.
type Moves struct {
	Nodes       []Index           // by node of the last snapshot: where it stands now, None if it is gone
	Attachments []AttachmentIndex // the same for attachments; None also where its document is another one now
	Touched     []Index           // nodes of the new facts of which something is new, gone or different; sorted
	Gone        []Index           // nodes of the last snapshot that are gone; sorted
	Listings    []graph.Listing
}
