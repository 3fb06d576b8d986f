package aws

import (
	"fmt"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
)

// facts writes the excerpt's facts, and says where its nodes and attachments
// stand among all.
func (x *excerpt) facts() (*snapshot.Builder, *snapshot.Moves, error) {
	b := snapshot.NewBuilder()
	for _, write := range []func(*snapshot.Builder) error{x.writeNodes, x.writeEdges, x.writeAttachments, x.writeCoverage} {
		if err := write(b); err != nil {
			return nil, nil, fmt.Errorf("excerpt: %w", err)
		}
	}
	facts, err := b.Facts()
	if err != nil {
		return nil, nil, fmt.Errorf("excerpt: %w", err)
	}
	moves, err := x.moved(facts)
	return b, moves, err
}

func (x *excerpt) writeNodes(b *snapshot.Builder) error {
	for _, node := range x.nodes {
		if err := x.writeNode(b, node); err != nil {
			return err
		}
	}
	return nil
}

// writeNode writes a node; where it was read counts for those of the accounts,
// some of which lists alone show.
func (x *excerpt) writeNode(b *snapshot.Builder, node snapshot.Index) error {
	s := x.now.s
	n := s.Bare(node)
	if !x.accounts[x.now.holderOf(node)] {
		return b.Node(n)
	}
	for _, at := range s.NodeSources(node) {
		n.Origin, _ = s.Source(at)
		if err := b.Node(n); err != nil {
			return err
		}
	}
	return nil
}

// writeEdges writes the relations whose ends are in the excerpt, or are no nodes.
func (x *excerpt) writeEdges(b *snapshot.Builder) error {
	for _, node := range x.nodes {
		for edge := range x.now.s.EdgesOut(node) {
			if to, ok := x.now.s.Find(edge.To); ok && !x.in[to] {
				continue
			}
			if err := b.Edge(edge); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *excerpt) writeAttachments(b *snapshot.Builder) error {
	for _, node := range x.nodes {
		for _, a := range x.attachmentsOf(node) {
			if err := b.Attach(x.now.s.BareAttachment(a)); err != nil {
				return err
			}
		}
	}
	return nil
}

// attachmentsOf are a node's attachments, without what speaks only for what the
// principals of other accounts do themselves: nobody asks about these.
func (x *excerpt) attachmentsOf(node snapshot.Index) (list []snapshot.AttachmentIndex) {
	s, account := x.now.s, x.now.holderOf(node)
	if account == "" || x.accounts[account] {
		return s.Attachments(node)
	}
	for _, a := range s.Attachments(node) {
		if layer := s.AttachmentLayer(a); layer != LayerIdentity && layer != LayerBoundary {
			list = append(list, a)
		}
	}
	return list
}

// writeCoverage writes what is known of the excerpt's nodes, and of the listings
// of their accounts.
func (x *excerpt) writeCoverage(b *snapshot.Builder) error {
	about := func(node snapshot.Index) bool { return x.in[node] }
	listed := func(scope snapshot.Index) bool { return x.accounts[x.now.holderOf(scope)] }
	for c := range x.now.s.CoverageAmong(about, listed) {
		if err := b.Cover(c); err != nil {
			return err
		}
	}
	return nil
}

// moved says where the excerpt's nodes and attachments stand among all. Both
// stand in the same order here and there; where they do not, nothing is concluded
// from the excerpt.
func (x *excerpt) moved(facts *snapshot.Snapshot) (*snapshot.Moves, error) {
	m := &snapshot.Moves{Nodes: x.nodes}
	if facts.NumNodes() != len(x.nodes) {
		return nil, fmt.Errorf("%w: an excerpt of %d nodes has %d", resolve.ErrInFull, len(x.nodes), facts.NumNodes())
	}
	for i, node := range x.nodes {
		if facts.Ref(snapshot.Index(i)) != x.now.s.Ref(node) {
			return nil, fmt.Errorf("%w: %s stands elsewhere in the excerpt", resolve.ErrInFull, x.now.s.Ref(node))
		}
		m.Attachments = append(m.Attachments, x.attachmentsOf(node)...)
	}
	if len(m.Attachments) != facts.NumAttachments() {
		return nil, fmt.Errorf("%w: an excerpt of %d attachments has %d", resolve.ErrInFull, len(m.Attachments), facts.NumAttachments())
	}
	for i, a := range m.Attachments {
		if facts.AttachmentDocument(snapshot.AttachmentIndex(i)) != x.now.s.AttachmentDocument(a) {
			return nil, fmt.Errorf("%w: attachments stand elsewhere in the excerpt", resolve.ErrInFull)
		}
	}
	return m, nil
}
