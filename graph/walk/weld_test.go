package walk_test

import (
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/walk"
)

// leftOf counts the largest component among some footholds of an estate that
// lacks the arrows which gone tells.
func leftOf(n int, arrows []arrow, among map[int]bool, gone func(arrow) bool) (largest int) {
	reaches := make([][]bool, n)
	for i := range reaches {
		reaches[i] = make([]bool, n)
		reaches[i][i] = among[i]
	}
	for _, a := range arrows {
		if among[a.from] && among[a.to] && a.verdict != graph.Denied && !gone(a) {
			reaches[a.from][a.to] = true
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				reaches[i][j] = reaches[i][j] || reaches[i][k] && reaches[k][j]
			}
		}
	}
	for i := range n {
		part := 0
		for j := range n {
			if reaches[i][j] && reaches[j][i] {
				part++
			}
		}
		largest = max(largest, part)
	}
	return largest
}

// TestWelds holds every weld against its removal, and the arrows among them
// against all arrows, one removed at a time.
func TestWelds(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	exact, several := 0, 0
	for range 150 {
		n := 4 + rng.IntN(9)
		arrows := draw(rng, n, n+rng.IntN(2*n))
		for i := range n {
			arrows = append(arrows, arrow{from: i, to: (i + 1) % n, verdict: graph.Allowed, relation: graph.CanAssume})
		}
		x := walk.NewIndex(estate(t, n, arrows))
		component := x.Largest()
		among := map[int]bool{}
		for _, f := range x.Members(component) {
			among[int(f)] = true
		}
		found := map[[2]int]int{}
		for _, w := range x.Welds(component, 100) {
			gone := func(a arrow) bool { return a.to == int(w.To) && (w.Every || a.from == int(w.From)) }
			if want := leftOf(n, arrows, among, gone); w.Left != want {
				t.Fatalf("%v: without %+v %d are left, want %d", arrows, w, w.Left, want)
			}
			if !w.Every {
				found[[2]int{int(w.From), int(w.To)}] = w.Left
			}
		}
		want := map[[2]int]bool{}
		for _, a := range arrows {
			if among[a.from] && among[a.to] && leftOf(n, arrows, among, func(b arrow) bool { return b.from == a.from && b.to == a.to }) < len(among) {
				want[[2]int{a.from, a.to}] = true
			}
		}
		if len(want) > 8 {
			several++
			continue
		}
		exact++
		for a := range want {
			if _, ok := found[a]; !ok {
				t.Fatalf("%v: %v is not among %v", arrows, a, found)
			}
		}
		if len(found) != len(want) {
			t.Fatalf("%v: %v, want %v", arrows, found, want)
		}
	}
	if exact < 40 || several < 5 {
		t.Errorf("%d estates were compared whole, %d had many welds", exact, several)
	}
}

// Two circles that one arrow each way holds together fall into two.
func TestWeldOfTwoCircles(t *testing.T) {
	var arrows []arrow
	for i := range 10 {
		arrows = append(arrows, arrow{from: i, to: (i + 1) % 10, verdict: graph.Allowed, relation: graph.CanAssume})
		arrows = append(arrows, arrow{from: 10 + i, to: 10 + (i+1)%10, verdict: graph.Allowed, relation: graph.CanAssume})
		arrows = append(arrows, arrow{from: (i + 1) % 10, to: i, verdict: graph.Allowed, relation: graph.CanAssume})
		arrows = append(arrows, arrow{from: 10 + (i+1)%10, to: 10 + i, verdict: graph.Allowed, relation: graph.CanAssume})
	}
	arrows = append(arrows,
		arrow{from: 3, to: 14, verdict: graph.Allowed, relation: graph.CanAssume}, arrow{from: 15, to: 6, verdict: graph.Allowed, relation: graph.CanAssume},
		arrow{from: 4, to: 17, verdict: graph.Denied, relation: graph.CanAssume})
	x := walk.NewIndex(estate(t, 20, arrows))
	got := x.Welds(x.Largest(), 2)
	want := []walk.Weld{{From: 15, To: 6, Left: 10}, {From: 3, To: 14, Left: 10}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v, want %+v", got, want)
	}
	if alone := walk.NewIndex(estate(t, 2, []arrow{{from: 0, to: 1, verdict: graph.Allowed, relation: graph.CanAssume}})); len(alone.Welds(alone.Largest(), 3)) != 0 {
		t.Error("one foothold alone has welds")
	}
	if len(x.Welds(snapshotNone, 3)) != 0 {
		t.Error("no component has welds")
	}
}

const snapshotNone = ^uint32(0)
