package walk_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

const (
	millionFootholds = 1_000_000
	millionPivots    = 5_000_000
)

// A million is an estate of a million footholds and its index, made once.
type million struct {
	once sync.Once
	draw func(rng *rand.Rand, from int) (to int)
	s    *snapshot.Snapshot
	x    *walk.Index
}

// Trusts lead on within families of ten accounts of a hundred, a few lead
// back, some lead to hubs; or they lead anywhere, and most are welded together.
var millions = map[string]*million{
	"families": {draw: func(rng *rand.Rand, from int) int {
		family := from / 1000 * 1000
		switch k := rng.IntN(1000); {
		case k < 7:
			return max(family, from-rng.IntN(10))
		case k < 9:
			return millionFootholds - 1 - rng.IntN(3)
		case k < 100:
			return from + rng.IntN(family+1000-from)
		}
		return from + rng.IntN(from/100*100+100-from)
	}},
	"woven": {draw: func(rng *rand.Rand, from int) int {
		switch rng.IntN(20) {
		case 0:
			return rng.IntN(millionFootholds)
		case 1:
			return rng.IntN(500) * 2000
		}
		return from/100*100 + rng.IntN(100)
	}},
}

func (m *million) estate(b *testing.B) {
	m.once.Do(func() {
		rng := rand.New(rand.NewPCG(5, 6))
		arrows := make([]arrow, 0, millionPivots)
		for range millionPivots {
			from := rng.IntN(millionFootholds)
			arrows = append(arrows, arrow{from: from, to: m.draw(rng, from), verdict: graph.Verdict(1 + rng.IntN(3)), relation: graph.CanAssume})
		}
		m.s = estate(b, millionFootholds, arrows)
		m.x = walk.NewIndex(m.s)
	})
}

// onMillions runs a question many times on both estates and reports how long
// it takes to the middle and to the slowest one in a hundred.
func onMillions(b *testing.B, question func(x *walk.Index, from, to snapshot.FootholdIndex)) {
	for _, name := range []string{"families", "woven"} {
		m := millions[name]
		b.Run(name, func(b *testing.B) {
			m.estate(b)
			rng := rand.New(rand.NewPCG(7, 8))
			took := make([]time.Duration, 0, 1<<16)
			for b.Loop() {
				from := rng.IntN(millionFootholds)
				to := rng.IntN(millionFootholds)
				if rng.IntN(2) == 0 { // half of the questions stay close by
					to = from/1000*1000 + rng.IntN(1000)
				}
				began := time.Now()
				question(m.x, snapshot.FootholdIndex(from), snapshot.FootholdIndex(to))
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
		})
	}
}

func BenchmarkMillionIndex(b *testing.B) {
	for _, name := range []string{"families", "woven"} {
		m := millions[name]
		b.Run(name, func(b *testing.B) {
			m.estate(b)
			for b.Loop() {
				walk.NewIndex(m.s)
			}
			largest := len(m.x.Members(m.x.Largest()))
			b.Logf("%d components, the largest of %d", m.x.NumComponents(), largest)
		})
	}
}

func BenchmarkMillionReaches(b *testing.B) {
	onMillions(b, func(x *walk.Index, from, to snapshot.FootholdIndex) { x.Reaches(from, to) })
}

func BenchmarkMillionReach(b *testing.B) {
	onMillions(b, func(x *walk.Index, from, _ snapshot.FootholdIndex) { x.Reach([]snapshot.FootholdIndex{from}) })
}

func BenchmarkMillionReverseReach(b *testing.B) {
	onMillions(b, func(x *walk.Index, _, to snapshot.FootholdIndex) { x.ReverseReach([]snapshot.FootholdIndex{to}) })
}

func BenchmarkMillionShortest(b *testing.B) {
	onMillions(b, func(x *walk.Index, from, to snapshot.FootholdIndex) {
		x.Shortest(b.Context(), []snapshot.FootholdIndex{from}, []snapshot.FootholdIndex{to}, walk.Options{})
	})
}
