package walk_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

const (
	benchFootholds = 100_000
	benchPivots    = 500_000
)

// big is the estate of the benchmarks: accounts of a hundred principals, most
// pivots inside an account, some hubs, always the same.
var big struct {
	once sync.Once
	s    *snapshot.Snapshot
}

func bigEstate(b *testing.B) *snapshot.Snapshot {
	big.once.Do(func() {
		rng := rand.New(rand.NewPCG(5, 6))
		arrows := make([]arrow, 0, benchPivots)
		for range benchPivots {
			from := rng.IntN(benchFootholds)
			to := from/100*100 + rng.IntN(100)
			switch rng.IntN(20) {
			case 0:
				to = rng.IntN(benchFootholds)
			case 1:
				to = rng.IntN(50) * 100
			}
			arrows = append(arrows, arrow{from: from, to: to, verdict: graph.Verdict(1 + rng.IntN(3)), relation: graph.CanAssume})
		}
		big.s = estate(b, benchFootholds, arrows)
	})
	b.ReportAllocs()
	b.ResetTimer()
	return big.s
}

// ask runs one question from and to random footholds and reports how many
// pivots it looked at.
func ask(b *testing.B, question func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool) int) {
	s := bigEstate(b)
	rng := rand.New(rand.NewPCG(7, 8))
	looked := 0
	for b.Loop() {
		to := snapshot.FootholdIndex(rng.IntN(benchFootholds))
		from := []snapshot.FootholdIndex{snapshot.FootholdIndex(rng.IntN(benchFootholds))}
		looked += question(s, from, func(f snapshot.FootholdIndex) bool { return f == to })
	}
	b.ReportMetric(float64(looked)/float64(b.N), "edges/op")
}

func BenchmarkShortest(b *testing.B) {
	ask(b, func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool) int {
		return walk.Shortest(b.Context(), s, from, goal, walk.Options{}).Looked
	})
}

func BenchmarkShortestFiveHops(b *testing.B) {
	ask(b, func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool) int {
		return walk.Shortest(b.Context(), s, from, goal, walk.Options{MaxHops: 5}).Looked
	})
}

func BenchmarkKShortest10(b *testing.B) {
	ask(b, func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool) int {
		return walk.KShortest(b.Context(), s, from, goal, 10, walk.Options{}).Looked
	})
}

func BenchmarkReach(b *testing.B) {
	ask(b, func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, _ func(snapshot.FootholdIndex) bool) int {
		return walk.Reach(b.Context(), s, from, walk.Options{}).Looked
	})
}

func BenchmarkReverseReach(b *testing.B) {
	ask(b, func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, _ func(snapshot.FootholdIndex) bool) int {
		return walk.ReverseReach(b.Context(), s, from, walk.Options{}).Looked
	})
}

func BenchmarkCuts(b *testing.B) {
	ask(b, func(s *snapshot.Snapshot, from []snapshot.FootholdIndex, goal func(snapshot.FootholdIndex) bool) int {
		return walk.Cuts(b.Context(), s, from, goal, walk.Options{}).Looked
	})
}
