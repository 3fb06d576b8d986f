package snapshot

import (
	"bytes"
	"iter"
	"sort"

	"github.com/clewgraph/clew/graph"
)

// Find returns the node of a reference.
func (s *Snapshot) Find(ref graph.Ref) (Index, bool) {
	run := s.having(s.findRef, s.nodeRef, string(ref))
	if len(run) != 1 || run[0] >= s.n {
		return None, false
	}
	return Index(run[0]), true
}

// FindNative returns the node that has the provider's own id. Where several
// have it, it is the first.
func (s *Snapshot) FindNative(nativeID string) (Index, bool) {
	if nativeID == "" {
		return None, false
	}
	run := s.having(s.findNative, s.nodeNative, nativeID)
	if len(run) == 0 || run[0] >= s.n {
		return None, false
	}
	return Index(run[0]), true
}

// FindName returns the nodes of exactly that name, in index order.
func (s *Snapshot) FindName(name string) []Index {
	if name == "" {
		return nil
	}
	var out []Index
	for _, i := range s.having(s.findName, s.nodeName, name) {
		if i < s.n {
			out = append(out, Index(i))
		}
	}
	return out
}

// having returns the run of rows, sorted by the string that they have in a
// column, that have text there.
func (s *Snapshot) having(rows, values u32s, text string) []uint32 {
	id, ok := s.str.find(text)
	if !ok {
		return nil
	}
	lo := sort.Search(len(rows), func(k int) bool { return values.at(rows[k]) >= id })
	hi := sort.Search(len(rows), func(k int) bool { return values.at(rows[k]) > id })
	return rows[lo:max(lo, hi)]
}

// FindID returns the node of a public identity.
func (s *Snapshot) FindID(id graph.ID) (Index, bool) {
	k, found := sort.Find(len(s.findID), func(k int) int {
		at := s.ID(Index(s.findID[k]))
		return bytes.Compare(id[:], at[:])
	})
	if !found || s.findID[k] >= s.n {
		return None, false
	}
	return Index(s.findID[k]), true
}

// OfKind yields the nodes of a kind, in index order.
func (s *Snapshot) OfKind(k graph.Kind) iter.Seq[Index] {
	return func(yield func(Index) bool) {
		for code, kind := range s.kinds {
			if kind == string(k) {
				s.ofCode(byte(code), yield)
			}
		}
	}
}

// OfType returns the nodes of a provider's own type, in index order.
func (s *Snapshot) OfType(typ string) []Index {
	id, ok := s.str.find(typ)
	if !ok {
		return nil
	}
	var out []Index
	for i, of := range s.nodeType[:min(int(s.n), len(s.nodeType))] {
		if of == id {
			out = append(out, Index(i))
		}
	}
	return out
}

func (s *Snapshot) ofCode(code byte, yield func(Index) bool) {
	column := s.nodeKind[:min(int(s.n), len(s.nodeKind))]
	for from := 0; from < len(column); {
		at := bytes.IndexByte(column[from:], code)
		if at < 0 || !yield(Index(from+at)) {
			return
		}
		from += at + 1
	}
}

// Search returns up to limit nodes whose name, reference, native id or a tag
// value holds text, whatever the case, in index order: the first after the
// given one, from the start where that is None. An empty text is in every
// node. It reads every node on its way.
func (s *Snapshot) Search(text string, limit int, after Index) []Index {
	var out []Index
	want := fold([]byte(text), nil)
	var scratch []byte
	for i := uint32(after + 1); i < s.n && len(out) < limit; i++ {
		var hit bool
		if hit, scratch = s.holds(i, want, scratch); hit {
			out = append(out, Index(i))
		}
	}
	return out
}

// holds reports whether a text of node i contains want, which is folded.
func (s *Snapshot) holds(i uint32, want, scratch []byte) (bool, []byte) {
	for _, id := range [...]uint32{s.nodeName.at(i), s.nodeRef.at(i), s.nodeNative.at(i)} {
		scratch = s.folded(id, scratch)
		if bytes.Contains(scratch, want) {
			return true, scratch
		}
	}
	tags := s.list(s.nodeTags.at(i))
	for t := 1; t < len(tags); t += 2 {
		scratch = s.folded(tags[t], scratch)
		if bytes.Contains(scratch, want) {
			return true, scratch
		}
	}
	return false, scratch
}

// folded writes string id in lower case over scratch.
func (s *Snapshot) folded(id uint32, scratch []byte) []byte {
	if len(s.str.count) == 0 {
		return fold(s.str.bytes(id), scratch)
	}
	scratch = s.str.appendTo(scratch[:0], id)
	return fold(scratch, scratch)
}

// fold writes text in lower case over scratch.
func fold(text, scratch []byte) []byte {
	scratch = append(scratch[:0], text...)
	for i, c := range scratch {
		if c >= 0x80 {
			return bytes.ToLower(text)
		}
		if 'A' <= c && c <= 'Z' {
			scratch[i] = c + 'a' - 'A'
		}
	}
	return scratch
}

// span returns the run of a sorted column that holds value.
func span(sorted []uint32, value uint32) (from, to int) {
	from = sort.Search(len(sorted), func(k int) bool { return sorted[k] >= value })
	to = from + sort.Search(len(sorted)-from, func(k int) bool { return sorted[from+k] > value })
	return from, to
}
