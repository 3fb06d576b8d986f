package snapshot_test

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

func everyRow(snapshot.RowHead) bool { return true }

// sureRow is true of some rows and not of others.
func sureRow(row snapshot.RowHead) bool {
	return row.Verdict > graph.Unknown && slices.Contains(row.Actions, "s3:GetObject")
}

// readByPart finds who may act on a node through the parts that speak of it, and
// reads each of their classes by itself.
func readByPart(t *testing.T, s *snapshot.Snapshot) (out []string) {
	for i := range snapshot.Index(s.NumNodes()) {
		for class := range classesTo(s, i, everyRow) {
			out = append(out, readOn(t, s, class, i, everyRow)...)
		}
	}
	return out
}

func classesTo(s *snapshot.Snapshot, node snapshot.Index, keep func(snapshot.RowHead) bool) map[uint32]bool {
	classes := map[uint32]bool{}
	for part := range s.PartsTo(node, keep) {
		for class := range s.ClassesWith(part) {
			classes[class] = true
		}
	}
	return classes
}

func readOn(t *testing.T, s *snapshot.Snapshot, class uint32, node snapshot.Index, keep func(snapshot.RowHead) bool) (out []string) {
	t.Helper()
	last := -1
	for row, a := range s.AccessReader().AccessOn(class, node, keep) {
		if int(row) <= last || a.Class != class || a.To != node {
			t.Errorf("row %d after %d: %+v", row, last, a)
		}
		last = int(row)
		out = append(out, said(principalOf(s, class), a))
	}
	return out
}

// checkKept holds that what is asked of some rows alone is what all rows say,
// without the others.
func checkKept(t *testing.T, s *snapshot.Snapshot) (kept int) {
	t.Helper()
	kind := func(a snapshot.Access) bool {
		return sureRow(snapshot.RowHead{Actions: a.Actions, Verdict: a.Ruling.Verdict})
	}
	for class := range uint32(s.NumClasses()) {
		var want, got []string
		byNode := map[snapshot.Index][]string{}
		for a := range s.AccessOf(class) {
			if kind(a) {
				want = append(want, said(principalOf(s, class), a))
				byNode[a.To] = append(byNode[a.To], want[len(want)-1])
			}
		}
		for a := range s.AccessReader().AccessWhere(class, sureRow) {
			got = append(got, said(principalOf(s, class), a))
		}
		equal(t, "of some rows", slices.Equal(got, want), true)
		for i := range snapshot.Index(s.NumNodes()) {
			equal(t, "on one node", slices.Equal(readOn(t, s, class, i, sureRow), byNode[i]), true)
			if len(byNode[i]) > 0 {
				equal(t, "found by its parts", classesTo(s, i, sureRow)[class], true)
			}
		}
		kept += len(got)
	}
	return kept
}
