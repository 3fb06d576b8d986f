package aws

import (
	"sync"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
)

func TestTableKeepsTheFirstValue(t *testing.T) {
	table := newTable[snapshot.Index](3*pageSize + 1)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for node := range snapshot.Index(3*pageSize + 1) {
				own := node
				if kept := table.put(node, &own); *kept != node || table.get(node) != kept {
					t.Errorf("node %d: kept %d, then read another", node, *kept)
				}
			}
		})
	}
	group.Wait()
}

func TestTableHasNothingForOthers(t *testing.T) {
	table := newTable[int](10)
	if got := table.get(snapshot.None); got != nil {
		t.Errorf("no node has %d", *got)
	}
	if got := table.get(3); got != nil {
		t.Errorf("a node without a value has %d", *got)
	}
	if v := 7; table.put(snapshot.None, &v) != &v {
		t.Error("what is put for no node does not come back")
	}
}
