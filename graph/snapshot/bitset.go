package snapshot

import (
	"iter"
	"math/bits"
)

// A bitset is a set of numbers below some n.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i uint32) bool { return b[i/64]&(1<<(i%64)) != 0 }

// add adds all of another set.
func (b bitset) add(other bitset) {
	for i, word := range other {
		b[i] |= word
	}
}

// missing lists the numbers below n that are not in the set.
func (b bitset) missing(n int) (out []uint32) {
	for i, word := range b {
		if word == 1<<64-1 {
			continue
		}
		for k := uint32(i) * 64; k < min(uint32(i+1)*64, uint32(n)); k++ {
			if !b.has(k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// all yields the members, in order.
func (b bitset) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(64*i + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
