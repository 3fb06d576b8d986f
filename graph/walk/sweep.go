package walk

import (
	"context"
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Lead is a foothold that a Sweep starts from, or comes upon, and what it is
// followed for, as the caller numbers that: footholds that are followed for
// different things do not hide each other.
type Lead struct {
	Foothold snapshot.FootholdIndex
	For      uint32
}

// A Met is a lead as a Sweep comes upon it.
type Met struct {
	Lead
	Hops  int
	place int
}

// A Sweep goes from leads hop by hop, over pivots that are sure enough, and
// tells of each foothold when it comes upon it: first the starts, in their
// order, then what these lead to, in the order of pivots, and so on. It looks at
// no more than it is asked for, so that the first of many cost what they cost
// alone. It keeps 16 bytes of each that it met. It is for one goroutine.
type Sweep struct {
	w       *walker
	least   graph.Verdict
	reverse bool
	met     []met
	seen    []pages // by what is followed
	hops    bool    // the limit of hops kept something out
}

// A met is a Met as a Sweep keeps it: how it was come upon, and from which
// place; starts from their own.
type met struct {
	Lead
	by   pivot
	from uint32
}

// NewSweep returns a sweep that has met nothing yet. It takes pivots as sure as
// least, or surer, of those that options let it take. A reverse one goes against
// the direction of pivots.
func NewSweep(ctx context.Context, s *snapshot.Snapshot, least graph.Verdict, o Options, reverse bool) *Sweep {
	return &Sweep{w: newWalker(ctx, s, o), least: least, reverse: reverse}
}

// All yields what is met. It can be gone through once.
func (s *Sweep) All(from iter.Seq[Lead]) iter.Seq[Met] {
	return func(yield func(Met) bool) {
		for lead := range from {
			if at := uint32(len(s.met)); !s.meet(met{lead, none, at}, 0, yield) {
				return
			}
		}
		hops, layer := 0, len(s.met)
		for next := 0; next < len(s.met); next++ {
			if next == layer {
				hops, layer = hops+1, len(s.met)
			}
			if !s.expand(next, hops, yield) {
				return
			}
		}
	}
}

// expand meets what the pivots of one place lead to.
func (s *Sweep) expand(place, hops int, yield func(Met) bool) bool {
	at := s.met[place].Lead
	pivots := s.w.s.PivotsOut(at.Foothold)
	if s.reverse {
		pivots = s.w.s.PivotsIn(at.Foothold)
	}
	for _, p := range pivots {
		to := Lead{s.other(p), at.For}
		if s.has(to) {
			s.w.count()
			continue
		}
		if _, ok := s.w.look(p, s.least); !ok {
			continue
		}
		if limit := s.w.o.MaxHops; limit > 0 && hops >= limit {
			s.hops = true
			return true
		}
		if !s.meet(met{to, p, uint32(place)}, hops+1, yield) {
			return false
		}
	}
	return s.w.cut == ""
}

// meet notes a lead and tells of it, once. It is false where the sweep ends.
func (s *Sweep) meet(m met, hops int, yield func(Met) bool) bool {
	if s.has(m.Lead) {
		return true
	}
	if limit := s.w.o.MaxNodes; limit > 0 && len(s.met) >= limit && s.w.cut == "" {
		s.w.cut = Nodes
	}
	if s.w.cut != "" {
		return false
	}
	s.mark(m.Lead)
	s.met = append(s.met, m)
	return yield(Met{m.Lead, hops, len(s.met) - 1})
}

// other returns the end of p that the sweep goes to.
func (s *Sweep) other(p pivot) foothold {
	from, to := s.w.s.PivotEnds(p)
	if s.reverse {
		return from
	}
	return to
}

// Cut says which bound kept something out so far.
func (s *Sweep) Cut() Budget {
	if s.w.cut == "" && s.hops {
		return Hops
	}
	return s.w.cut
}

// Path returns the way on which the sweep came upon what it met, in the
// direction of pivots; and the start that it came from.
func (s *Sweep) Path(m Met) (path Path, start Lead) {
	path = Path{Start: m.Foothold, Verdict: graph.Allowed}
	at := s.met[m.place]
	for ; at.by != none; at = s.met[at.from] {
		path.Steps = append(path.Steps, at.by)
		path.Verdict = min(path.Verdict, s.w.verdict(at.by))
	}
	if !s.reverse {
		path.Start = at.Foothold
		slices.Reverse(path.Steps)
	}
	return path, at.Lead
}

// Pages mark footholds, in pieces that are made when the first of theirs is
// marked: a sweep may be short in a large graph.
type pages []*[pageWords]uint64

const (
	pageWords = 64
	pageBits  = 64 * pageWords
)

// has reports whether a lead was met. Of what is no foothold nothing is: it is
// taken as met.
func (s *Sweep) has(l Lead) bool {
	if int64(l.Foothold) >= int64(s.w.s.NumFootholds()) {
		return true
	}
	if int64(l.For) >= int64(len(s.seen)) || s.seen[l.For] == nil {
		return false
	}
	page := s.seen[l.For][l.Foothold/pageBits]
	return page != nil && page[l.Foothold%pageBits/64]>>(l.Foothold%64)&1 == 1
}

func (s *Sweep) mark(l Lead) {
	for int64(l.For) >= int64(len(s.seen)) {
		s.seen = append(s.seen, nil)
	}
	if s.seen[l.For] == nil {
		s.seen[l.For] = make(pages, s.w.s.NumFootholds()/pageBits+1)
	}
	page := &s.seen[l.For][l.Foothold/pageBits]
	if *page == nil {
		*page = new([pageWords]uint64)
	}
	(*page)[l.Foothold%pageBits/64] |= 1 << (l.Foothold % 64)
}
