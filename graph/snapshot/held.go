package snapshot

import (
	"hash/maphash"

	"github.com/clewgraph/clew/graph"
)

// Held are the listings that a Builder holds whole.
type Held struct {
	b     *Builder
	whole []bool // by number of a listing
	n     int
}

// HeldWhole returns the listings that were given whole so far: some coverage says
// that they came, or that there is nothing, and none that all of one did not. A part
// that did not (a policy that does not parse) is given all the same: the gap is its
// new state. A collection replaces those listings. The result is good until facts
// are frozen.
func (b *Builder) HeldWhole() *Held {
	h := &Held{b: b, whole: make([]bool, len(b.listings.keys))}
	failed := make([]bool, len(h.whole))
	none := b.strings.id("")
	for _, c := range b.coverage {
		switch c.status {
		case graph.Collected, graph.NoneExists:
			h.whole[c.listing] = true
		case graph.Failed:
			failed[c.listing] = failed[c.listing] || c.of == none
		}
	}
	for i := range h.whole {
		if h.whole[i] = h.whole[i] && !failed[i]; h.whole[i] {
			h.n++
		}
	}
	return h
}

// Len returns how many they are.
func (h *Held) Len() int { return h.n }

// Has reports whether l is one of them.
func (h *Held) Has(l graph.Listing) bool {
	var row listingRow
	for _, word := range []struct {
		text string
		id   *uint32
	}{{string(l.Scope), &row.scope}, {l.Region, &row.region}, {l.Service, &row.service}, {l.Operation, &row.operation}, {string(l.Subject), &row.subject}} {
		var known bool
		if *word.id, known = h.b.strings.find(word.text); !known {
			return false
		}
	}
	i, known := h.b.listings.find(row)
	return known && int(i) < len(h.whole) && h.whole[i]
}

// find returns the number of a string, if it has one.
func (t *stringTable) find(text string) (id uint32, known bool) {
	return t.look(maphash.String(t.seed, text), func(id uint32) bool { return string(t.bytes(id)) == text })
}

// find returns the number of a key, if it has one.
func (t *table[K]) find(key K) (id uint32, known bool) {
	return t.look(maphash.Comparable(t.seed, key), func(id uint32) bool { return t.keys[id] == key })
}

// look searches the number that is of a hash, without a place being made for it.
func (s *slots) look(hash uint64, is func(id uint32) bool) (id uint32, known bool) {
	if len(s.at) == 0 {
		return 0, false
	}
	mask := uint32(len(s.at) - 1)
	for at := uint32(hash) & mask; s.at[at] != 0; at = (at + 1) & mask {
		if v := s.at[at]; uint32(v>>32) == uint32(hash) && is(uint32(v)-1) {
			return uint32(v) - 1, true
		}
	}
	return 0, false
}
