package snapshot

import (
	"bytes"
	"iter"
	"slices"
	"sort"

	"github.com/clewgraph/clew/graph"
)

// From yields the nodes whose references stand at or after ref, in the order of
// references: those that begin alike come together.
func (s *Snapshot) From(ref graph.Ref) iter.Seq2[graph.Ref, Index] {
	return func(yield func(graph.Ref, Index) bool) {
		want := []byte(ref)
		first := sort.Search(len(s.findRef), func(k int) bool {
			return bytes.Compare(s.str.bytes(s.nodeRef.at(s.findRef[k])), want) >= 0
		})
		for _, node := range s.findRef[first:] {
			if node >= s.n || !yield(s.Ref(Index(node)), Index(node)) {
				return
			}
		}
	}
}

// WithDocumentsHolding returns the nodes to which a document is attached that
// holds one of some texts, in index order. It reads every document, as bytes.
func (s *Snapshot) WithDocumentsHolding(texts ...string) []Index {
	held := s.documentsHolding(texts)
	var list []Index
	for a := range min(int(s.attachments), len(s.attTo)) {
		doc, to := s.docOf(uint32(a)), s.attTo[a]
		if uint64(doc) < uint64(len(held)) && held[doc] && to < s.n {
			list = append(list, Index(to))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// documentsHolding marks the documents that hold one of some texts.
func (s *Snapshot) documentsHolding(texts []string) []bool {
	held := make([]bool, s.NumDocuments())
	halves(len(held), func(from, to int) {
		for _, text := range texts {
			s.markHolding(held, []byte(text), from, to)
		}
	})
	return held
}

// markHolding marks documents of a range. They stand one after the other, so
// the range is searched as one text; what lies across two documents is in none.
func (s *Snapshot) markHolding(held []bool, text []byte, from, to int) {
	if from >= to || to >= len(s.docs.off) || s.docs.off[to] > uint64(len(s.docs.data)) {
		return
	}
	off, all := s.docs.off[from:to+1], s.docs.data[:s.docs.off[to]]
	for at := off[0]; at < uint64(len(all)); {
		found := bytes.Index(all[at:], text)
		if found < 0 {
			return
		}
		begin := at + uint64(found)
		doc := sort.Search(len(off)-1, func(i int) bool { return off[i+1] > begin })
		if doc == len(off)-1 {
			return
		}
		at = begin + 1
		if begin+uint64(len(text)) <= off[doc+1] {
			held[from+doc], at = true, off[doc+1]
		}
	}
}
