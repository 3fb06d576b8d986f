package snapshot

import "iter"

// packedRuns yields the runs of a list of first and last nodes.
func packedRuns(list []uint32) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for i := 0; i+1 < len(list); i += 2 {
			if !yield(Run{Index(list[i]), Index(list[i+1])}) {
				return
			}
		}
	}
}

// without yields what is left of runs without the nodes of others. Both are in
// order, and no two runs of one overlap.
func without(runs, others iter.Seq[Run]) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		next, stop := iter.Pull(others)
		defer stop()
		hole, more := next()
		for r := range runs {
			for ; more && hole.Last < r.First; hole, more = next() {
			}
			for ; more && hole.First <= r.Last; hole, more = next() {
				if hole.First > r.First && !yield(Run{r.First, hole.First - 1}) {
					return
				}
				if hole.Last >= r.Last {
					r.First, r.Last = 1, 0
					break
				}
				r.First = hole.Last + 1
			}
			if r.First <= r.Last && !yield(r) {
				return
			}
		}
	}
}
