package snapshot

import (
	"time"

	"github.com/clewgraph/clew/graph"
)

// NumNodes returns how many nodes there are; their indexes are below it.
func (s *Snapshot) NumNodes() int { return int(s.n) }

// NumEdges returns how many observed relations there are.
func (s *Snapshot) NumEdges() int { return len(s.edgeFrom) }

// NumAttachments returns how many policy attachments there are.
func (s *Snapshot) NumAttachments() int { return int(s.attachments) }

// Node returns the whole record of a node. Where several documents gave it,
// Origin is the first in the order of listing, file and position.
func (s *Snapshot) Node(i Index) graph.Node {
	if uint32(i) >= s.n {
		return graph.Node{}
	}
	return s.nodeRow(uint32(i))
}

// Bare is Node without its Origin, which takes as long to read as the rest.
func (s *Snapshot) Bare(i Index) graph.Node {
	if uint32(i) >= s.n {
		return graph.Node{}
	}
	return s.bareRow(uint32(i))
}

func (s *Snapshot) nodeRow(row uint32) graph.Node {
	n := s.bareRow(row)
	n.Origin, _ = s.firstOrigin(s.nodeOrigins.at(row))
	return n
}

func (s *Snapshot) bareRow(row uint32) graph.Node {
	n := graph.Node{
		Provider:  graph.Provider(word(s.providers, s.nodeProvider.at(row))),
		Ref:       graph.Ref(s.str.text(s.nodeRef.at(row))),
		Kind:      graph.Kind(word(s.kinds, s.nodeKind.at(row))),
		Type:      s.str.text(s.nodeType.at(row)),
		Name:      s.str.text(s.nodeName.at(row)),
		Scope:     s.endRef(s.scopeEnd(row)),
		NativeID:  s.str.text(s.nodeNative.at(row)),
		Attrs:     s.attrs(s.nodeAttrs.at(row)),
		Mentioned: s.nodeFlags.at(row)&flagMentioned != 0,
	}
	for _, a := range s.attrs(s.nodeTags.at(row)) {
		n.Tags = append(n.Tags, graph.Tag(a))
	}
	return n
}

// scopeEnd returns the end that holds a node row, None where there is none.
func (s *Snapshot) scopeEnd(row uint32) uint32 {
	if uint64(row) < uint64(len(s.nodeScope)) {
		return s.nodeScope[row]
	}
	return uint32(None)
}

// Ref returns the reference of a node.
func (s *Snapshot) Ref(i Index) graph.Ref {
	if uint32(i) >= s.n {
		return ""
	}
	return graph.Ref(s.str.text(s.nodeRef.at(uint32(i))))
}

// ID returns the public identity of a node.
func (s *Snapshot) ID(i Index) graph.ID {
	if uint32(i) >= s.n {
		return graph.ID{}
	}
	return graph.IDOf(s.Provider(i), graph.Ref(s.str.shared(s.nodeRef.at(uint32(i)))))
}

// Provider returns who knows a node.
func (s *Snapshot) Provider(i Index) graph.Provider {
	if uint32(i) >= s.n {
		return ""
	}
	return graph.Provider(word(s.providers, s.nodeProvider.at(uint32(i))))
}

// Kind returns the kind of a node.
func (s *Snapshot) Kind(i Index) graph.Kind {
	if uint32(i) >= s.n {
		return ""
	}
	return graph.Kind(word(s.kinds, s.nodeKind.at(uint32(i))))
}

// Type returns the provider's own type of a node.
func (s *Snapshot) Type(i Index) string {
	if uint32(i) >= s.n {
		return ""
	}
	return s.str.text(s.nodeType.at(uint32(i)))
}

// Name returns the name of a node.
func (s *Snapshot) Name(i Index) string {
	if uint32(i) >= s.n {
		return ""
	}
	return s.str.text(s.nodeName.at(uint32(i)))
}

// Mentioned reports whether a node is named by documents and described by none.
func (s *Snapshot) Mentioned(i Index) bool {
	return uint32(i) < s.n && s.nodeFlags.at(uint32(i))&flagMentioned != 0
}

// ScopeOf returns the innermost scope that holds a node, None for a root and
// for a scope that no document names as a node.
func (s *Snapshot) ScopeOf(i Index) Index {
	if uint32(i) >= s.n {
		return None
	}
	if scope := s.scopeEnd(uint32(i)); scope < s.n {
		return Index(scope)
	}
	return None
}

// list returns the items of a list of strings.
func (s *Snapshot) list(id uint32) []uint32 { return s.listOf(id) }

func (s *Snapshot) attrs(list uint32) []graph.Attr {
	items := s.list(list)
	var out []graph.Attr
	for i := 0; i+1 < len(items); i += 2 {
		out = append(out, graph.Attr{Key: s.str.text(items[i]), Value: s.str.text(items[i+1])})
	}
	return out
}

func (s *Snapshot) originsOf(set uint32) []uint32 {
	from, to := s.osetOff.run(set, len(s.osetItem))
	return s.osetItem[from:to]
}

// origin returns where something was read, and what was noted of it there: the
// position of a document, the detail of a gap.
func (s *Snapshot) origin(id uint32) (*graph.Origin, string) {
	o := &graph.Origin{
		Listing:   s.listing(s.orgListing.at(id)),
		File:      s.xstr.text(s.orgFile.at(id)),
		Collector: s.xstr.text(s.orgCollector.at(id)),
	}
	if nano := s.orgNano.at(id); nano > 0 && uint64(id) < uint64(len(s.orgSecond)) {
		o.At = time.Unix(int64(s.orgSecond[id]), int64(nano-1)).UTC()
	}
	return o, s.xstr.text(s.orgNote.at(id))
}

func (s *Snapshot) firstOrigin(set uint32) (*graph.Origin, string) {
	origins := s.originsOf(set)
	if len(origins) == 0 {
		return &graph.Origin{}, ""
	}
	return s.origin(origins[0])
}

func (s *Snapshot) listing(id uint32) graph.Listing {
	return graph.Listing{
		Scope:     graph.Ref(s.str.text(s.listScope.at(id))),
		Region:    s.str.text(s.listRegion.at(id)),
		Service:   s.str.text(s.listService.at(id)),
		Operation: s.str.text(s.listOp.at(id)),
		Subject:   graph.Ref(s.str.text(s.listSubject.at(id))),
	}
}

// Attachments returns the policy attachments of a node, in the order of layer
// and policy.
func (s *Snapshot) Attachments(to Index) []AttachmentIndex {
	if uint32(to) >= s.n {
		return nil
	}
	from, end := span(s.attTo[:min(int(s.attachments), len(s.attTo))], uint32(to))
	var out []AttachmentIndex
	for a := from; a < end; a++ {
		out = append(out, AttachmentIndex(a))
	}
	return out
}

// HasAttachments reports whether something is attached to a node.
func (s *Snapshot) HasAttachments(to Index) bool {
	if uint32(to) >= s.n {
		return false
	}
	from, end := span(s.attTo[:min(int(s.attachments), len(s.attTo))], uint32(to))
	return from < end
}

// Attachment returns the whole record of a policy attachment. Its Document
// shares the snapshot's memory: it must not be changed, nor read after Close.
func (s *Snapshot) Attachment(a AttachmentIndex) graph.Attachment {
	if uint32(a) >= s.attachments {
		return graph.Attachment{}
	}
	return s.attachmentRow(uint32(a))
}

// BareAttachment is Attachment without its Origin and Pointer, as Bare is Node.
func (s *Snapshot) BareAttachment(a AttachmentIndex) graph.Attachment {
	if uint32(a) >= s.attachments {
		return graph.Attachment{}
	}
	return s.bareAttachment(uint32(a))
}

func (s *Snapshot) attachmentRow(row uint32) graph.Attachment {
	a := s.bareAttachment(row)
	a.Origin, a.Pointer = s.firstOrigin(s.attOrigins.at(row))
	return a
}

func (s *Snapshot) bareAttachment(row uint32) graph.Attachment {
	a := graph.Attachment{
		To:      s.endRef(s.attTo.at(row)),
		Layer:   graph.LayerID(s.str.text(s.attLayer.at(row))),
		Policy:  graph.Ref(s.str.text(s.attPolicy.at(row))),
		Name:    s.str.text(s.attName.at(row)),
		Version: s.str.text(s.attVersion.at(row)),
		Inline:  s.attFlags.at(row)&flagInline != 0,
	}
	if doc := s.docOf(row); doc != uint32(None) {
		a.Document = s.docs.bytes(doc)
	}
	return a
}

// AttachmentTo returns the node that a policy is attached to, None where no
// document describes it.
func (s *Snapshot) AttachmentTo(a AttachmentIndex) Index {
	if to := s.attTo.at(uint32(a)); uint32(a) < s.attachments && to < s.n {
		return Index(to)
	}
	return None
}

// AttachmentLayer returns the layer of a policy attachment.
func (s *Snapshot) AttachmentLayer(a AttachmentIndex) graph.LayerID {
	if uint32(a) >= s.attachments {
		return ""
	}
	s.layers.once.Do(s.indexLayers)
	return s.layers.of[s.attLayer.at(uint32(a))]
}

// AttachmentDocument returns the SHA-256 of the document of an attachment,
// zero where the document is missing.
func (s *Snapshot) AttachmentDocument(a AttachmentIndex) (hash [32]byte) {
	if uint32(a) >= s.attachments {
		return hash
	}
	if at := uint64(s.docOf(uint32(a))) * 32; at+32 <= uint64(len(s.docHash)) {
		copy(hash[:], s.docHash[at:])
	}
	return hash
}

func (s *Snapshot) docOf(row uint32) uint32 {
	if uint64(row) < uint64(len(s.attDoc)) {
		return s.attDoc[row]
	}
	return uint32(None)
}

// Coverage returns what is known of every listing, in the order of listings.
// Where several documents say the same with other details, each stands.
func (s *Snapshot) Coverage() []graph.Coverage {
	var out []graph.Coverage
	for row := range uint32(len(s.covListing)) {
		out = s.appendCoverage(out, row)
	}
	return out
}

// CoverageOf returns the coverage that is about one node: that names it, or
// that names none and whose listing is of this scope.
func (s *Snapshot) CoverageOf(i Index) []graph.Coverage {
	if uint32(i) >= s.n {
		return nil
	}
	var out []graph.Coverage
	for _, row := range s.coverageAbout(uint32(i)) {
		out = s.appendCoverage(out, row)
	}
	return out
}

func (s *Snapshot) appendCoverage(out []graph.Coverage, row uint32) []graph.Coverage {
	c := s.coverageRow(row)
	said := map[string]bool{}
	for _, o := range s.originsOf(s.covOrigins.at(row)) {
		c.Origin, c.Detail = s.origin(o)
		if !said[c.Detail] {
			said[c.Detail] = true
			out = append(out, c)
		}
	}
	return out
}

func (s *Snapshot) coverageRow(row uint32) graph.Coverage {
	c := graph.Coverage{
		Listing: s.listing(s.covListing.at(row)),
		Status:  graph.Status(min(s.covStatus.at(row), uint8(graph.Failed))),
		Reason:  graph.GapReason(s.str.text(s.covReason.at(row))),
		Of:      s.endRef(s.covEnd(row)),
	}
	for _, layer := range s.list(s.covAffects.at(row)) {
		c.Affects = append(c.Affects, graph.LayerID(s.str.text(layer)))
	}
	return c
}

func (s *Snapshot) covEnd(row uint32) uint32 {
	if uint64(row) < uint64(len(s.covOf)) {
		return s.covOf[row]
	}
	return uint32(None)
}
