package snapshot

import (
	"slices"

	"github.com/clewgraph/clew/graph"
)

// heirs says, by attachment of last, which one the evidence in rows stands at
// now: where it moved to, and at canonical layers the first that speaks like
// those which spoke like it. None where there is none.
func heirs(last, facts *Snapshot, m *Moves, canonical func(graph.LayerID) bool) []AttachmentIndex {
	if canonical == nil {
		return m.Attachments
	}
	of, layers := slices.Clone(m.Attachments), map[uint32]bool{}
	in := func(row int) bool {
		layer := last.attLayer.at(uint32(row))
		yes, known := layers[layer]
		if !known {
			yes = canonical(last.AttachmentLayer(AttachmentIndex(row)))
			layers[layer] = yes
		}
		return yes
	}
	for row, moved := range m.Attachments {
		if moved != AttachmentIndex(None) && in(row) {
			of[last.Canonical(AttachmentIndex(row))] = facts.Canonical(moved)
		}
	}
	for row := range of {
		if in(row) {
			of[row] = of[last.Canonical(AttachmentIndex(row))]
		}
	}
	return of
}
