package snapshot

import (
	"iter"
	"sort"

	"github.com/clewgraph/clew/graph"
)

// A FootholdIndex is the dense number of a foothold.
type FootholdIndex uint32

// A PivotIndex is the dense number of a pivot.
type PivotIndex uint32

// Commons returns the things that anybody could be let in to, in order.
func (s *Snapshot) Commons() []Index {
	list := make([]Index, 0, len(s.commons))
	for _, node := range s.commons {
		if node < s.n {
			list = append(list, Index(node))
		}
	}
	return list
}

// Maker returns what SetMaker said of who drew the conclusions; nothing where
// nobody said.
func (s *Snapshot) Maker() []byte { return s.maker }

// NumFootholds returns how many footholds conclusions name. They are sorted by
// node and hold.
func (s *Snapshot) NumFootholds() int { return len(s.footNode) }

// NumPivots returns how many pivots there are. They are sorted by From, To,
// relation, technique and action.
func (s *Snapshot) NumPivots() int { return len(s.pivotFrom) }

// NumClasses returns how many access classes there are.
func (s *Snapshot) NumClasses() int { return max(0, len(s.classOff)-1) }

// Foothold returns a foothold; of a number that is none, one of no node.
func (s *Snapshot) Foothold(f FootholdIndex) Foothold {
	if uint64(f) >= uint64(len(s.footNode)) {
		return Foothold{Node: None}
	}
	hold := min(s.footHold.at(uint32(f)), uint8(graph.LastHold))
	return Foothold{Index(s.footNode[f]), graph.Hold(hold)}
}

// FindFoothold returns the number of a foothold, false where no conclusion
// names it.
func (s *Snapshot) FindFoothold(h Foothold) (FootholdIndex, bool) {
	k, found := sort.Find(len(s.footNode), func(k int) int {
		return compareFoothold(h, s.Foothold(FootholdIndex(k)))
	})
	return FootholdIndex(k), found
}

// FootholdsOf returns the footholds of a node, in the order of holds.
func (s *Snapshot) FootholdsOf(node Index) []FootholdIndex {
	from, to := span(s.footNode, uint32(node))
	var out []FootholdIndex
	for f := from; f < to; f++ {
		out = append(out, FootholdIndex(f))
	}
	return out
}

// Pivot returns the whole record of a pivot.
func (s *Snapshot) Pivot(p PivotIndex) Pivot {
	from, to := s.PivotEnds(p)
	return Pivot{
		From: s.Foothold(from), To: s.Foothold(to),
		Relation: s.PivotRelation(p), Technique: s.PivotTechnique(p),
		Action: s.PivotAction(p),
		Ruling: s.ruling(s.pivotRuling.at(uint32(p))),
	}
}

// PivotsOut returns the pivots that start at a foothold, in the order of their
// numbers. The slice belongs to the snapshot: it must not be changed, nor read
// after Close.
func (s *Snapshot) PivotsOut(f FootholdIndex) []PivotIndex {
	from, to := s.pivotOutOff.run(uint32(f), len(s.pivotOut))
	return view[PivotIndex](s.pivotOut[from:to])
}

// PivotsIn returns the pivots that end at a foothold, as PivotsOut does.
func (s *Snapshot) PivotsIn(f FootholdIndex) []PivotIndex {
	from, to := s.pivotInOff.run(uint32(f), len(s.pivotIn))
	return view[PivotIndex](s.pivotIn[from:to])
}

// PivotEnds returns where a pivot starts and ends.
func (s *Snapshot) PivotEnds(p PivotIndex) (from, to FootholdIndex) {
	return FootholdIndex(s.pivotFrom.at(uint32(p))), FootholdIndex(s.pivotTo.at(uint32(p)))
}

// PivotVerdict returns the recorded verdict of a pivot.
func (s *Snapshot) PivotVerdict(p PivotIndex) graph.Verdict {
	return verdict(s.pivotVerdict, uint32(p))
}

// PivotRelation returns the relation of a pivot.
func (s *Snapshot) PivotRelation(p PivotIndex) graph.Relation {
	return graph.Relation(word(s.crelations, s.pivotRelation.at(uint32(p))))
}

// PivotTechnique returns the id of the technique of a pivot, "" of most.
func (s *Snapshot) PivotTechnique(p PivotIndex) string {
	return s.text(&s.cstr, s.pivotTechnique.at(uint32(p)))
}

// PivotAction returns the action by which a pivot was decided, "" of one that
// was observed.
func (s *Snapshot) PivotAction(p PivotIndex) string {
	return s.text(&s.cstr, s.pivotAction.at(uint32(p)))
}

// PivotsBy yields the pivots of a technique, in order.
func (s *Snapshot) PivotsBy(technique string) iter.Seq[PivotIndex] {
	return func(yield func(PivotIndex) bool) {
		id, known := s.cstr.find(technique)
		if !known {
			return
		}
		for p, by := range s.pivotTechnique[:min(len(s.pivotTechnique), s.NumPivots())] {
			if by == id && !yield(PivotIndex(p)) {
				return
			}
		}
	}
}

func verdict(c u8s, row uint32) graph.Verdict {
	return graph.Verdict(min(c.at(row), uint8(graph.Allowed)))
}

func (s *Snapshot) ruling(row uint32) Ruling {
	r := Ruling{
		Verdict: verdict(s.rulingVerdict, row),
		Bounds:  graph.Bounds{Least: verdict(s.rulingLeast, row), Most: verdict(s.rulingMost, row)},
		Formula: s.text(&s.cstr, s.rulingFormula.at(row)),
	}
	from, to := s.rulingOff.run(row, len(s.evAttachment))
	for e := from; e < to; e++ {
		r.Evidence = append(r.Evidence, EvidenceRef{
			Attachment: AttachmentIndex(s.evAttachment[e]), Statement: s.evStatement.at(e),
			Effect: graph.Effect(word(s.effect, s.evEffect.at(e))),
		})
	}
	return r
}

// Administrations yields every administration, in the order of footholds.
func (s *Snapshot) Administrations() iter.Seq[Administration] {
	return func(yield func(Administration) bool) {
		for row := range uint32(len(s.admFrom)) {
			if !yield(s.administration(row)) {
				return
			}
		}
	}
}

// AdministrationsOf returns what a foothold administers.
func (s *Snapshot) AdministrationsOf(f FootholdIndex) []Administration {
	var out []Administration
	from, to := span(s.admFrom, uint32(f))
	for row := from; row < to; row++ {
		out = append(out, s.administration(uint32(row)))
	}
	return out
}

// AdministratorsOf returns who administers a scope, in the order of footholds.
func (s *Snapshot) AdministratorsOf(scope Index) []Administration {
	var out []Administration
	for _, row := range s.runBy(s.admBy, s.admScope, uint32(scope)) {
		out = append(out, s.administration(row))
	}
	return out
}

// runBy returns the run of rows, sorted by what they have in a column, that
// have value there.
func (s *Snapshot) runBy(rows, values u32s, value uint32) []uint32 {
	lo := sort.Search(len(rows), func(k int) bool { return values.at(rows[k]) >= value })
	hi := sort.Search(len(rows), func(k int) bool { return values.at(rows[k]) > value })
	return rows[lo:max(lo, hi)]
}

func (s *Snapshot) administration(row uint32) Administration {
	return Administration{
		From: s.Foothold(FootholdIndex(s.admFrom.at(row))), Scope: Index(s.admScope.at(row)),
		Through: s.cwords(s.admThrough.at(row)), Ruling: s.ruling(s.admRuling.at(row)),
	}
}

// cwords returns a list of strings of conclusions.
func (s *Snapshot) cwords(list uint32) []string {
	from, to := s.clistOff.run(list, len(s.clistItem))
	var out []string
	for _, id := range s.clistItem[from:to] {
		out = append(out, s.text(&s.cstr, id))
	}
	return out
}

// ClassOf returns the access class of a foothold, false where it has none.
func (s *Snapshot) ClassOf(f FootholdIndex) (uint32, bool) {
	if uint64(f) >= uint64(len(s.footClass)) || s.footClass[f] == uint32(None) {
		return 0, false
	}
	return s.footClass[f], true
}

// ClassMembers returns the footholds of an access class, in order. The slice
// belongs to the snapshot: it must not be changed, nor read after Close.
func (s *Snapshot) ClassMembers(class uint32) []FootholdIndex {
	from, to := s.classOff.run(class, len(s.classFoot))
	return view[FootholdIndex](s.classFoot[from:to])
}
