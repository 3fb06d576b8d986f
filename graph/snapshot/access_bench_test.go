package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
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

// benchWords are what conclusions are drawn of: sets of nodes of which most are
// one run, some many, and some long; a thousand lists of actions; ten thousand
// rulings.
type benchWords struct {
	sets    [][]snapshot.Index
	actions [][]string
	rulings []snapshot.Ruling
}

func drawWords(r *rand.Rand) benchWords {
	nodes := 2 * benchClasses
	w := benchWords{make([][]snapshot.Index, benchSets), make([][]string, 1000), make([]snapshot.Ruling, 10_000)}
	for i := range w.sets {
		for range 1 + r.IntN(2)*r.IntN(10) {
			first := r.IntN(nodes)
			for j := range 1 + r.IntN(2)*r.IntN(100)*(1+r.IntN(100)/99*10) {
				w.sets[i] = append(w.sets[i], snapshot.Index((first+j)%nodes))
			}
		}
		slices.Sort(w.sets[i])
		w.sets[i] = slices.Compact(w.sets[i])
	}
	for i := range w.actions {
		for j := range 1 + r.IntN(40) {
			w.actions[i] = append(w.actions[i], fmt.Sprintf("s3:Action%04d%02d", i, j))
		}
	}
	for i := range w.rulings {
		w.rulings[i] = snapshot.Ruling{Verdict: graph.Verdict(1 + i%3), Formula: fmt.Sprint("formula ", i)}
	}
	return w
}

// collect draws classes, each with a part of some rows, and pivots.
func (w benchWords) collect(r *rand.Rand, rows, pivots int) *snapshot.Conclusions {
	c := new(snapshot.Conclusions)
	part := snapshot.AccessPart{Rows: make([]snapshot.AccessRow, rows)}
	for i := range benchClasses {
		for j := range part.Rows {
			part.Rows[j] = snapshot.AccessRow{To: w.sets[r.IntN(len(w.sets))], Actions: w.actions[r.IntN(len(w.actions))], Ruling: w.rulings[r.IntN(len(w.rulings))]}
		}
		c.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{{Node: snapshot.Index(i)}}, Parts: []snapshot.PartIndex{c.AddPart(part)}})
	}
	for range pivots {
		c.AddPivot(snapshot.Pivot{
			From: snapshot.Foothold{Node: snapshot.Index(r.IntN(2 * benchClasses)), Hold: graph.AsSession}, To: snapshot.Foothold{Node: snapshot.Index(r.IntN(2 * benchClasses))},
			Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: w.rulings[r.IntN(len(w.rulings))],
		})
	}
	return c
}

// BenchmarkConclude collects and concludes five million rows and as many
// pivots, and says how much memory that takes.
func BenchmarkConclude(b *testing.B) {
	for _, c := range []struct {
		name         string
		rows, pivots int
	}{{"rows", 17, 0}, {"pivots", 0, benchPivots}, {"both", 17, benchPivots}} {
		b.Run(c.name, func(b *testing.B) {
			out, _ := benchFacts(b)
			r := rand.New(rand.NewPCG(1, 1))
			words := drawWords(r)
			debug.FreeOSMemory()
			before := heapNow()
			for b.Loop() {
				if err := out.Conclude(words.collect(r, c.rows, c.pivots)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((float64(heapNow())-float64(before))/(1<<20), "MB-grown")
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
	r := rand.New(rand.NewPCG(1, 1))
	if err := out.Conclude(drawWords(r).collect(r, benchRows, 0)); err != nil {
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
