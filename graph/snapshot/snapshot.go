package snapshot

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// A Snapshot is one estate at one time. It is safe for concurrent use, Close
// apart: after Close, and for any index that it did not give, it answers with
// zero values. What it returns stays valid after Close, the Document of an
// Attachment apart.
type Snapshot struct {
	columns
	n, end, attachments uint32

	providers          []string
	kinds, relations   []string
	crelations, effect []string

	about     coverageIndex
	layers    layerIndex
	canonical canonicalIndex

	mapped bool   // strings must be copied: their memory goes away
	file   []byte // what is mapped
	close  func() error
	raw    []section // as they stand in the file; nil for one that was built
	hashed sync.Once
	digest string
}

// Open maps the file at path. It reads header and table alone. Errors wrap
// ErrCorrupt or ErrVersion, or are the operating system's.
func Open(path string) (*Snapshot, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open snapshot: %w", err)
	}
	defer f.Close()
	data, unmap, err := mapFile(f)
	if err != nil {
		return nil, fmt.Errorf("map snapshot %s: %w", path, err)
	}
	s, err := FromBytes(data)
	if err != nil {
		_ = unmap() // the error that matters is the file's
		return nil, fmt.Errorf("open snapshot %s: %w", path, err)
	}
	s.mapped, s.file, s.close = true, data, unmap
	return s, nil
}

// FromBytes reads a snapshot file from memory, which must not change while
// the Snapshot is in use. Errors wrap ErrCorrupt or ErrVersion.
func FromBytes(data []byte) (*Snapshot, error) {
	sections, err := parse(data)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{raw: sections}
	if err := s.bind(sections); err != nil {
		return nil, err
	}
	return s, s.ready()
}

// Close gives the file's memory back. No call may be running or follow that
// wants an answer.
func (s *Snapshot) Close() error {
	unmap := s.close
	s.columns, s.raw, s.file, s.close = columns{}, nil, nil, nil
	s.n, s.end, s.attachments = 0, 0, 0
	if unmap == nil {
		return nil
	}
	return unmap()
}

// ContentHash returns the hash of facts and conclusions as 64 hexadecimal
// digits. It is the same whatever the order of the input, however it was split
// over documents, and whenever and by whom it was collected.
func (s *Snapshot) ContentHash() string {
	s.hashed.Do(func() {
		if len(s.hash) == 32 {
			s.digest = hex.EncodeToString(s.hash)
			return
		}
		sum := s.contentHash()
		s.digest = hex.EncodeToString(sum[:])
	})
	return s.digest
}

// ready derives the few values that every read needs.
func (s *Snapshot) ready() error {
	var counts [2]uint64
	copy(counts[:], s.counts)
	nodes, attachments := counts[countNodes], counts[countAttachments]
	if nodes > uint64(len(s.nodeRef)) || attachments > uint64(len(s.attTo)) {
		return corrupt("%d nodes and %d attachments do not fit their columns", nodes, attachments)
	}
	s.n, s.attachments = uint32(nodes), uint32(attachments)
	s.end = s.n + uint32(len(s.loose))
	s.providers = words(s.str.shared, s.dictProvider)
	s.kinds = words(s.str.shared, s.dictKind)
	s.relations = words(s.str.shared, s.dictRelation)
	s.crelations = words(s.cstr.shared, s.cdictRelation)
	s.effect = words(s.cstr.shared, s.cdictEffect)
	return nil
}

// words copies a dictionary out of the file. A dictionary is numbered by
// bytes; what stands beyond 256 is out of reach.
func words(shared func(uint32) string, ids u32s) []string {
	out := make([]string, min(len(ids), 256))
	for i := range out {
		out[i] = strings.Clone(shared(ids[i]))
	}
	return out
}

func word(dict []string, code uint8) string {
	if int(code) < len(dict) {
		return dict[code]
	}
	return ""
}

// text returns string id of heap h in memory that outlives the map.
func (s *Snapshot) text(h *heap, id uint32) string {
	if s.mapped {
		return strings.Clone(h.shared(id))
	}
	return h.shared(id)
}

// endRef returns the ref of an end: a node, or a loose ref.
func (s *Snapshot) endRef(end uint32) graph.Ref {
	if end < s.n {
		return graph.Ref(s.str.text(s.nodeRef.at(end)))
	}
	if end == uint32(None) {
		return ""
	}
	return graph.Ref(s.str.text(s.looseID(end)))
}

// looseID returns the string of an end that is no node.
func (s *Snapshot) looseID(end uint32) uint32 {
	if end-s.n < uint32(len(s.loose)) {
		return s.loose[end-s.n]
	}
	return uint32(None)
}
