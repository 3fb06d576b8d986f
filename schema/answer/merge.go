package answer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph/snapshot"
)

// alike joins endings of one class that differ in their actions and in the
// statements that grant them, and in nothing that a reader asks for: target,
// parts, verdict and what must hold. Snapshots keep apart what documents could
// tell apart.
func alike(list []*ending) []*ending {
	if len(list) == 1 {
		one := *list[0]
		one.sorts = one.actions[:min(1, len(one.actions))]
		return []*ending{&one}
	}
	groups := map[string]*ending{}
	out := list[:0:0]
	for _, x := range list {
		key := fmt.Sprint(x.relation, x.to, x.ruling.Verdict, x.ruling.Bounds, len(x.include), " ",
			strings.Join(x.include, " "), " ", strings.Join(x.exclude, " "), " ", x.part, " ", x.ruling.Formula)
		have := groups[key]
		if have == nil {
			one := *x
			one.sorts = x.actions[:min(1, len(x.actions))]
			groups[key] = &one
			out = append(out, &one)
			continue
		}
		have.actions = append(slices.Clip(have.actions), x.actions...)
		have.sorts = append(slices.Clip(have.sorts), x.actions[:min(1, len(x.actions))]...)
		have.ruling.Evidence = append(slices.Clip(have.ruling.Evidence), x.ruling.Evidence...)
	}
	for _, x := range out {
		if len(x.sorts) == 1 {
			continue // of one row, whose slices are the snapshot's
		}
		slices.Sort(x.actions)
		x.actions = slices.Compact(x.actions)
		x.ruling.Evidence = distinct(x.ruling.Evidence)
	}
	return out
}

// distinct returns evidence, each once, in order.
func distinct(list []snapshot.EvidenceRef) []snapshot.EvidenceRef {
	seen := map[snapshot.EvidenceRef]bool{}
	var out []snapshot.EvidenceRef
	for _, e := range list {
		if !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	return out
}
