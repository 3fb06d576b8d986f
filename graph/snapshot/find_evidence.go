package snapshot

import (
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// Rows of access are shared by principals that have the same documents, so the
// attachment that a row names is one of those that have the document, not
// always that of whom one asks about. Two attachments speak alike where layer
// and document are the same, or, of documents that the snapshot does not have,
// layer and policy.

// EvidenceFor returns the evidence of a row as it is for one foothold and one
// node: an attachment to neither of them, nor to a group of the foothold, gives
// way to the one that speaks alike and is to the foothold's node, to the first
// of its groups that has one, or to the node. What another node of the node's
// type says of itself, it says of itself in the same place. Where none is, as of
// what scopes and other accounts say, the evidence stays as it is. The result
// has the order of attachments and says nothing twice; it may be refs itself.
func (s *Snapshot) EvidenceFor(f Foothold, to Index, refs []EvidenceRef) []EvidenceRef {
	if !slices.ContainsFunc(refs, func(e EvidenceRef) bool { return s.AttachmentTo(e.Attachment) != f.Node }) {
		return refs
	}
	places := append([]Index{f.Node}, s.Out(f.Node, graph.MemberOf)...)
	places = append(places, to)
	out := slices.Clone(refs)
	for i := range out {
		out[i].Attachment = s.alikeAt(places, out[i].Attachment)
	}
	slices.SortFunc(out, compareEvidence)
	return slices.Compact(out)
}

// alikeAt returns the attachment at the first of some places that speaks like
// a; a where none does.
func (s *Snapshot) alikeAt(places []Index, a AttachmentIndex) AttachmentIndex {
	if uint32(a) >= s.attachments {
		return a
	}
	at, said := s.AttachmentTo(a), s.speechOf(uint32(a))
	for _, place := range places {
		if place == at {
			return a
		}
		from, to := span(s.attTo[:min(int(s.attachments), len(s.attTo))], uint32(place))
		for other := from; other < to && place != None; other++ {
			if s.speechOf(uint32(other)) == said {
				return AttachmentIndex(other)
			}
		}
	}
	return s.counterpart(a, at, places[len(places)-1])
}

// counterpart returns the attachment of a node that stands where a stands among
// those of another node at one layer: rows are shared by things that each say
// the same of themselves. It is a where the two are of different types.
func (s *Snapshot) counterpart(a AttachmentIndex, at, to Index) AttachmentIndex {
	if at == None || to == None || s.Kind(at) != s.Kind(to) || s.nodeType.at(uint32(at)) != s.nodeType.at(uint32(to)) {
		return a
	}
	layer := s.AttachmentLayer(a)
	place := slices.Index(s.Attached(at, layer), a)
	if own := s.Attached(to, layer); place >= 0 && place < len(own) {
		return own[place]
	}
	return a
}

// A speech is equal of attachments that speak alike.
type speech struct {
	layer, text uint32
	policy      bool // text is a policy's ref, not a document
}

func (s *Snapshot) speechOf(row uint32) speech {
	if doc := s.docOf(row); doc != uint32(None) {
		return speech{layer: s.attLayer.at(row), text: doc}
	}
	return speech{s.attLayer.at(row), s.attPolicy.at(row), true}
}

// canonicalIndex holds the least attachment that speaks like each. It is made
// when first asked for.
type canonicalIndex struct {
	once sync.Once
	of   []uint32
}

// Canonical returns the least attachment that speaks like a: what is evidence
// for many alike is told of that one, and EvidenceFor gives it back to each.
func (s *Snapshot) Canonical(a AttachmentIndex) AttachmentIndex {
	s.canonical.once.Do(s.indexCanonical)
	if uint64(a) >= uint64(len(s.canonical.of)) {
		return a
	}
	return AttachmentIndex(s.canonical.of[a])
}

// indexCanonical goes over all attachments once. Almost every document stands at
// one layer, and needs no look at a table.
func (s *Snapshot) indexCanonical() {
	byDoc, least := slices.Repeat([]uint32{uint32(None)}, s.NumDocuments()), map[speech]uint32{}
	s.canonical.of = make([]uint32, min(int(s.attachments), len(s.attTo)))
	for i := range s.canonical.of {
		row := uint32(i)
		if doc := s.docOf(row); uint64(doc) < uint64(len(byDoc)) {
			if byDoc[doc] == uint32(None) {
				byDoc[doc] = row
			}
			if first := byDoc[doc]; s.attLayer.at(first) == s.attLayer.at(row) {
				s.canonical.of[i] = first
				continue
			}
		}
		said := s.speechOf(row)
		if _, known := least[said]; !known {
			least[said] = row
		}
		s.canonical.of[i] = least[said]
	}
}
