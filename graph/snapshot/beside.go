package snapshot

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// halves does work of n parts on every core, each with a run of them.
func halves(n int, do func(from, to int)) {
	var group sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for i := range cores {
		group.Go(func() { do(n*i/cores, n*(i+1)/cores) })
	}
	group.Wait()
}

// later is work that nothing waits for, to be done on every core.
type later struct{ jobs []job }

type job struct {
	size int
	do   func()
}

func (l *later) add(size int, do func()) { l.jobs = append(l.jobs, job{size, do}) }

// do does the work, what is large first.
func (l *later) do() {
	slices.SortStableFunc(l.jobs, func(a, b job) int { return b.size - a.size })
	_ = beside(len(l.jobs), func(i int) error {
		l.jobs[i].do()
		return nil
	})
}

// beside does n things on every core, one after the other as cores become
// free, and returns the error of the first of them that has one.
func beside(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	halves(runtime.GOMAXPROCS(0), func(int, int) {
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			errs[i] = do(int(i))
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// aligned is halves with borders that are multiples of 64: of sets of bits no
// two cores write one word.
func aligned(n int, do func(from, to int)) {
	halves((n+63)/64, func(from, to int) { do(64*from, min(64*to, n)) })
}

// filter lists, on every core, the numbers below n that hold.
func filter(n int, holds func(i uint32) bool) []uint32 {
	const parts = 64
	var found [parts][]uint32
	_ = beside(parts, func(part int) error {
		for i := n * part / parts; i < n*(part+1)/parts; i++ {
			if holds(uint32(i)) {
				found[part] = append(found[part], uint32(i))
			}
		}
		return nil
	})
	return slices.Concat(found[:]...)
}
