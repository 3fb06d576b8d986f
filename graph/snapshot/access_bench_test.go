package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

const (
	benchClasses = 300_000 // each of one principal, with as many resources besides
	benchRows    = 12      // of a class
	benchSets    = 100_000
	benchPivots  = 5_000_000
)

// benchFacts has a principal and a resource for each class.
func benchFacts(b *testing.B) (*snapshot.Builder, *snapshot.Snapshot) {
	out := snapshot.NewBuilder()
	for i := range 2 * benchClasses {
		n := graph.Node{Provider: graph.AWS, Ref: graph.Ref(fmt.Sprint("r", i)), Kind: graph.KindRole, Type: "iam:role", Scope: graph.Ref(fmt.Sprint("account", i%1000))}
		if i%2 == 1 {
			n.Kind, n.Type = graph.KindResource, "s3:bucket"
		}
		if err := out.Node(n); err != nil {
			b.Fatal(err)
		}
	}
	return out, frozen(b, out)
}

// benchConclusions draws sets of which most are one run, some many, and some
// long; every row has one of them, one of a thousand lists of actions, and one
// of ten thousand rulings. rows and pivots say how many to draw.
func benchConclusions(rows, pivots int) (in given) {
	r := rand.New(rand.NewPCG(1, 1))
	nodes := 2 * benchClasses
	sets, actions, rulings := make([][]snapshot.Index, benchSets), make([][]string, 1000), make([]snapshot.Ruling, 10_000)
	for i := range sets {
		for range 1 + r.IntN(2)*r.IntN(10) {
			first := r.IntN(nodes)
			for j := range 1 + r.IntN(2)*r.IntN(100)*(1+r.IntN(100)/99*10) {
				sets[i] = append(sets[i], snapshot.Index((first+j)%nodes))
			}
		}
		slices.Sort(sets[i])
		sets[i] = slices.Compact(sets[i])
	}
	for i := range actions {
		for j := range 1 + r.IntN(40) {
			actions[i] = append(actions[i], fmt.Sprintf("s3:Action%04d%02d", i, j))
		}
	}
	for i := range rulings {
		rulings[i] = snapshot.Ruling{Verdict: graph.Verdict(1 + i%3), Formula: fmt.Sprint("formula ", i)}
	}
	for i := range benchClasses {
		in.Classes = append(in.Classes, []snapshot.Foothold{{Node: snapshot.Index(i)}})
	}
	in.Access = make([]givenRow, rows)
	for i := range in.Access {
		in.Access[i] = givenRow{uint32(i % benchClasses), snapshot.AccessRow{To: sets[r.IntN(benchSets)], Actions: actions[r.IntN(len(actions))], Ruling: rulings[r.IntN(len(rulings))]}}
	}
	in.Pivots = make([]snapshot.Pivot, pivots)
	for i := range in.Pivots {
		in.Pivots[i] = snapshot.Pivot{
			From: snapshot.Foothold{Node: snapshot.Index(r.IntN(nodes)), Hold: graph.AsSession}, To: snapshot.Foothold{Node: snapshot.Index(r.IntN(nodes))},
			Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: rulings[r.IntN(len(rulings))],
		}
	}
	return in
}

// BenchmarkConclude collects and concludes five million rows and as many pivots, and says
// how much memory that takes besides what it is given.
func BenchmarkConclude(b *testing.B) {
	for _, c := range []struct {
		name         string
		rows, pivots int
	}{{"rows", 5_000_000, 0}, {"pivots", 0, benchPivots}, {"both", 5_000_000, benchPivots}} {
		b.Run(c.name, func(b *testing.B) {
			out, _ := benchFacts(b)
			in := benchConclusions(c.rows, c.pivots)
			runtime.GC()
			before := heapNow()
			for b.Loop() {
				if err := out.Conclude(in.conclusions()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(heapNow()-before)/(1<<20), "MB-grown")
			runtime.KeepAlive(in)
		})
	}
}

// heapNow is what the heap holds, garbage included.
func heapNow() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys - m.HeapReleased
}

func benchAccess(b *testing.B) *snapshot.Snapshot {
	out, _ := benchFacts(b)
	if err := out.Conclude(benchConclusions(benchClasses*benchRows, 0).conclusions()); err != nil {
		b.Fatal(err)
	}
	s, err := out.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkAccessTo asks who gets to a node.
func BenchmarkAccessTo(b *testing.B) {
	s, n := benchAccess(b), 0
	for i := 0; b.Loop(); i++ {
		for range s.AccessTo(snapshot.Index(i * 7919 % s.NumNodes())) {
			n++
		}
	}
	b.ReportMetric(float64(n)/float64(b.N), "rows/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/row")
}

// BenchmarkAccessOf reads what a class may do, node by node.
func BenchmarkAccessOf(b *testing.B) {
	s, n := benchAccess(b), 0
	for i := 0; b.Loop(); i++ {
		for range s.AccessOf(uint32(i * 7919 % benchClasses)) {
			n++
		}
	}
	b.ReportMetric(float64(n)/float64(b.N), "nodes/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/node")
}

// BenchmarkCountTargets counts what a class reaches, by runs.
func BenchmarkCountTargets(b *testing.B) {
	s := benchAccess(b)
	for i := 0; b.Loop(); i++ {
		var sets []snapshot.Targets
		for row := range s.RowsOf(uint32(i * 7919 % benchClasses)) {
			sets = append(sets, row.To)
		}
		if len(s.CountTargets(s.Union(slices.Values(sets)))) == 0 {
			b.Fatal("nothing is reached")
		}
	}
}
