package graph_test

import (
	"testing"

	"github.com/clewgraph/clew/graph"
)

// Stores and classes tell holds apart by their words.
func TestHoldsHaveTheirOwnWords(t *testing.T) {
	seen := map[string]graph.Hold{}
	for h := graph.ByCredential; h <= graph.LastHold; h++ {
		if have, ok := seen[h.String()]; ok {
			t.Errorf("%d and %d are both %q", have, h, h)
		}
		seen[h.String()] = h
	}
	if got := graph.Without(0b101).String(); got != "itself without limits 1, 3" {
		t.Errorf("got %q", got)
	}
	for limits := uint8(1); limits < 1<<graph.MaxLimits; limits++ {
		if got := graph.Without(limits).Without(); got != limits {
			t.Errorf("without %b: got %b", limits, got)
		}
	}
}
