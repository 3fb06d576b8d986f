package escalate

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file matches all techniques for one who acts.

// Assumes returns whoever holds f, to be asked which roles it may assume by the
// sort of question that is returned; it asks no more once another foothold of the
// scene does.
func (s *Scene) Assumes(f snapshot.Foothold) (Asker, *Kind) {
	return s.room.Actor(f), &s.m.kinds[0]
}

// From calls found for every technique that whoever holds f, which is of the
// scene's account, can use, those apart that other passes tell. Of several ways to the same gain by one technique,
// the surest is told. What gives data that the actor may have without it, as
// surely, is left out.
func (s *Scene) From(f snapshot.Foothold, found func(Match)) {
	a := s.actor(f)
	a.worthwhile = true
	for _, p := range s.plans {
		a.match(p, found)
	}
}

// Gains finds what whoever holds f can come to hold: for every gain the first
// technique that surely yields it, and those before it that may. Gains that had
// reports are left out. It is for holders of everything, whose every technique
// on everything would be a product that says no more.
func (s *Scene) Gains(f snapshot.Foothold, had func(snapshot.Foothold) bool, found func(Match)) {
	a := s.actor(f)
	sure := map[snapshot.Foothold]bool{}
	a.had = func(to snapshot.Foothold) bool { return to == f || had(to) || sure[to] }
	a.passed = map[gaining]int{}
	for _, p := range s.plans {
		if p.Yields.Data != "" || a.hasAll(p) {
			continue
		}
		a.match(p, func(match Match) {
			sure[match.To] = sure[match.To] || match.Ruling.Verdict == graph.Allowed
			found(match)
		})
	}
}
