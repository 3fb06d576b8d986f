package compile

import "math/bits"

// A Set is a set of small numbers: positions on one axis of a block. Sets of
// one axis have one length. A Set that a block was given must not be changed.
type Set []uint64

// NewSet returns the empty set on an axis of n positions.
func NewSet(n int) Set { return make(Set, (n+63)/64) }

// Full returns the set of all n positions.
func Full(n int) Set {
	s := NewSet(n)
	s.AddRange(0, n)
	return s
}

// Add adds position i.
func (s Set) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// AddRange adds the positions from on, before to.
func (s Set) AddRange(from, to int) {
	for from < to && from&63 != 0 {
		s.Add(from)
		from++
	}
	for ; from+64 <= to; from += 64 {
		s[from>>6] = ^uint64(0)
	}
	for ; from < to; from++ {
		s.Add(from)
	}
}

// Has reports whether i is in s.
func (s Set) Has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }

// Union adds everything of t to s.
func (s Set) Union(t Set) {
	for i := range s {
		s[i] |= t[i]
	}
}

// Intersect takes away what is not in t.
func (s Set) Intersect(t Set) {
	for i := range s {
		s[i] &= t[i]
	}
}

// Subtract takes away what is in t.
func (s Set) Subtract(t Set) {
	for i := range s {
		s[i] &^= t[i]
	}
}

// Clone returns a copy that can be changed.
func (s Set) Clone() Set { return append(Set(nil), s...) }

// Not returns what is not in s, on an axis of n positions.
func (s Set) Not(n int) Set {
	all := Full(n)
	all.Subtract(s)
	return all
}

// Len returns how many positions are in s.
func (s Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Empty reports whether nothing is in s.
func (s Set) Empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// First returns the least position, -1 of the empty set.
func (s Set) First() int {
	for i, w := range s {
		if w != 0 {
			return i<<6 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// Each calls visit for every position, in order.
func (s Set) Each(visit func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			visit(i<<6 + bits.TrailingZeros64(w))
		}
	}
}

// Meets reports whether s and t have a position in common.
func (s Set) Meets(t Set) bool {
	for i := range s {
		if s[i]&t[i] != 0 {
			return true
		}
	}
	return false
}

// Within reports whether every position of s is in t.
func (s Set) Within(t Set) bool {
	for i := range s {
		if s[i]&^t[i] != 0 {
			return false
		}
	}
	return true
}
