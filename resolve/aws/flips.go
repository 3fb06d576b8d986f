package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// maxFlips bounds the size of the sets that are tried one by one; larger ones
// are taken whole.
const maxFlips = 3

// maxCandidates bounds the statements that subsets are drawn from.
const maxCandidates = 24

// flips returns the smallest set of statements whose removal changes the
// verdict, and every single one that does: grants where the request may come
// through, denies where it may not.
func (r *request) flips(v graph.Verdict, matched []match) (set, breaks []graph.Evidence) {
	var grants, ceilings []match
	for _, m := range matched {
		switch {
		case m.gap || m.bound.of == statedAttachment || m.statement.Deny != (v == graph.Denied):
		case m.statement.Deny || Layers[m.layer].Mode == policy.Grant:
			grants = append(grants, m)
		default:
			ceilings = append(ceilings, m)
		}
	}
	flipped := func(now graph.Verdict) bool {
		if v == graph.Denied {
			return now != graph.Denied
		}
		return now == graph.Denied
	}
	defer func(skip map[statementKey]bool) { r.skip = skip }(r.skip)
	// A ceiling's Allow is taken away only where no grant can be: it lets much
	// else through.
	smallest := r.smallest(grants, flipped)
	if smallest == nil {
		smallest = r.smallest(ceilings, flipped)
	}
	for _, m := range grants {
		if len(smallest) == 1 && r.flipsWithout([]match{m}, flipped) {
			breaks = append(breaks, m.evidence(r.estate))
		}
	}
	return r.estate.evidenceOf(smallest), breaks
}

func (e *Estate) evidenceOf(set []match) []graph.Evidence {
	evidence := make([]graph.Evidence, len(set))
	for i := range set {
		evidence[i] = set[i].evidence(e)
	}
	return evidence
}

func (r *request) smallest(candidates []match, flipped func(graph.Verdict) bool) []match {
	if len(candidates) == 0 || !r.flipsWithout(candidates, flipped) {
		return nil
	}
	if len(candidates) <= maxCandidates {
		for size := 1; size <= maxFlips && size < len(candidates); size++ {
			if set := r.subset(candidates, nil, size, flipped); set != nil {
				return set
			}
		}
	}
	// Drop what is not needed, one at a time: a minimal set, if not the
	// smallest.
	for i := 0; i < len(candidates); {
		rest := append(append([]match(nil), candidates[:i]...), candidates[i+1:]...)
		if len(rest) > 0 && r.flipsWithout(rest, flipped) {
			candidates = rest
			continue
		}
		i++
	}
	return candidates
}

func (r *request) subset(from, chosen []match, size int, flipped func(graph.Verdict) bool) []match {
	if size == 0 {
		if r.flipsWithout(chosen, flipped) {
			return append([]match(nil), chosen...)
		}
		return nil
	}
	for i := 0; i+size <= len(from); i++ {
		if set := r.subset(from[i+1:], append(chosen, from[i]), size-1, flipped); set != nil {
			return set
		}
	}
	return nil
}

func (r *request) flipsWithout(set []match, flipped func(graph.Verdict) bool) bool {
	r.skip = map[statementKey]bool{}
	for _, m := range set {
		r.skip[statementKey{m.bound, m.statement.Index}] = true
	}
	v, _ := r.decide().formula.State()
	return flipped(v)
}
