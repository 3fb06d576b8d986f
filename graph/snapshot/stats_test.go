package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
)

// TestStats counts what readers tell, row by row and class by class, and holds
// the bytes against the file.
func TestStats(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	formulas := 0
	for range 40 {
		b, facts := town(t, 10+r.IntN(100))
		if err := b.Conclude(draw(r, facts.NumNodes(), 1+r.IntN(5)).conclusions()); err != nil {
			t.Fatal(err)
		}
		s := opened(t, b)
		got := s.Stats()
		actions, sets, left, alone, rows := map[string]bool{}, map[uint64]bool{}, map[string]bool{}, 0, 0
		parts := map[snapshot.PartIndex]bool{}
		for class := range uint32(s.NumClasses()) {
			if len(s.ClassMembers(class)) == 1 {
				alone++
			}
			own := s.PartsOf(class) // draw gives one to each
			once := len(own) > 0 && !parts[own[0]]
			for row := range s.RowsOf(class) {
				if parts[own[0]] = true; once {
					rows++
				}
				actions[fmt.Sprint(row.Actions)], sets[row.To.Number()] = true, true
				if row.Ruling.Formula != "" {
					left[row.Ruling.Formula] = true
				}
			}
		}
		equal(t, "rows", got.Rows, rows)
		equal(t, "parts", got.Parts, len(parts))
		equal(t, "sets of actions", got.ActionSets, len(actions))
		equal(t, "sets of nodes", got.TargetSets, len(sets))
		equal(t, "formulas", got.Formulas, len(left))
		equal(t, "classes alone", got.Alone, alone)
		equal(t, "members", got.Members, 2*got.Classes)
		formulas += got.Formulas
		file := int64(len(written(t, b)))
		if head := file - got.Bytes; head < 0 || head > 16<<10 || got.Bytes != got.FactBytes+got.ConclusionBytes+got.OriginBytes {
			t.Fatalf("%+v in a file of %d bytes", got, file)
		}
	}
	if formulas == 0 {
		t.Error("no estate had a formula: the draws say too little")
	}
}
