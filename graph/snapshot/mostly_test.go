package snapshot

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A column that is filled by several runs is what was put, and takes no memory
// where that is what was there.
func TestMostly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 1 + r.IntN(40)
		want, was := make([]uint32, n), make(u32s, max(0, n-r.IntN(3)*r.IntN(2)))
		for i := range want {
			want[i] = r.Uint32N(3)
		}
		copy(was, want)
		for range r.IntN(3) * r.IntN(2) {
			want[r.IntN(n)] = 9
		}
		m := &mostly[u32s, uint32]{n: n, was: was}
		cut := r.IntN(n + 1)
		for _, part := range [][2]int{{0, cut}, {cut, n}} {
			run := m.run(uint32(part[0]))
			for i := part[0]; i < part[1]; i++ {
				run.put(uint32(i), want[i])
			}
		}
		same := slices.Equal(was, want)
		for _, own := range []bool{false, true} {
			got := m.column(own)
			if !slices.Equal(got, want) || sameColumn(got, was) != (same && !own) {
				t.Fatalf("%v, cut at %d, own %v: %v, want %v", was, cut, own, got, want)
			}
		}
	}
}

// What was put may be put again, from some place on.
func TestMostlyAgain(t *testing.T) {
	m := &mostly[u32s, uint32]{n: 4, was: u32s{1, 2, 3, 4}}
	run := m.run(0)
	for at, v := range []uint32{1, 2, 3} {
		run.put(uint32(at), v)
	}
	for at, v := range []uint32{2, 7, 4} {
		run.put(uint32(at+1), v)
	}
	if got := m.column(false); !slices.Equal(got, u32s{1, 2, 7, 4}) {
		t.Error(got)
	}
}
