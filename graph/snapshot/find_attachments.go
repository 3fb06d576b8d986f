package snapshot

import (
	"sync"

	"github.com/clewgraph/clew/graph"
)

// layerIndex numbers the layers of attachments by their strings. It is made
// when first asked for: files do not hold it.
type layerIndex struct {
	once sync.Once
	ids  map[graph.LayerID]uint32
	of   map[uint32]graph.LayerID
}

// Attached returns the policy attachments of a node at one layer, in the order
// of policy.
func (s *Snapshot) Attached(to Index, layer graph.LayerID) []AttachmentIndex {
	s.layers.once.Do(s.indexLayers)
	id, ok := s.layers.ids[layer]
	if !ok || uint32(to) >= s.n {
		return nil
	}
	var out []AttachmentIndex
	from, end := span(s.attTo[:min(int(s.attachments), len(s.attTo))], uint32(to))
	for a := from; a < end; a++ {
		if s.attLayer.at(uint32(a)) == id {
			out = append(out, AttachmentIndex(a))
		}
	}
	return out
}

func (s *Snapshot) indexLayers() {
	s.layers.ids, s.layers.of = map[graph.LayerID]uint32{}, map[uint32]graph.LayerID{}
	last := uint32(None)
	for _, id := range s.attLayer {
		if id == last {
			continue
		}
		last = id
		if _, known := s.layers.of[id]; !known {
			layer := graph.LayerID(s.str.text(id))
			s.layers.ids[layer], s.layers.of[id] = id, layer
		}
	}
}

// NumDocuments returns how many different documents are attached.
func (s *Snapshot) NumDocuments() int { return len(s.docHash) / 32 }

// DocumentNumber returns the number of the document of an attachment, below
// NumDocuments; equal documents have one. ok is false where it is missing.
func (s *Snapshot) DocumentNumber(a AttachmentIndex) (number uint32, ok bool) {
	if uint32(a) >= s.attachments {
		return 0, false
	}
	number = s.docOf(uint32(a))
	return number, uint64(number) < uint64(s.NumDocuments())
}

// DocumentText returns a document by its number. It shares the snapshot's
// memory: it must not be changed, nor read after Close.
func (s *Snapshot) DocumentText(number uint32) []byte { return s.docs.bytes(number) }
