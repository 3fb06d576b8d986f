package snapshot

import (
	"slices"

	"github.com/clewgraph/clew/graph"
)

// Keep says which conclusions of a snapshot stay true of the next facts.
type Keep struct {
	// From says whether what starts at a node of last stays: pivots,
	// administrations, membership of a class. At what is gone nothing starts.
	From func(Index) bool
	// Pivot says, besides, whether a pivot stays; nil: all.
	Pivot func(from, to Index) bool
	// Canonical says of which layers the evidence in rows of parts stands at
	// Snapshot.Canonical, and so moves with that; nil: of none. The evidence of
	// pivots and administrations is their own.
	Canonical func(graph.LayerID) bool
}

// Carry takes over the conclusions of last that keep says stay, about facts as
// Conclude would take them. Sets, homes of classes included, keep the nodes that
// they had, without those that are gone. last must stay open until Conclude.
//
// Errors wrap ErrStale where something that stays speaks of what is gone;
// whoever gets one concludes everything anew, from none.
func (c *Conclusions) Carry(last, facts *Snapshot, m *Moves, keep Keep) error {
	s := &stayer{last: last, m: m, keep: keep, out: c, heirs: heirs(last, facts, m, keep.Canonical)}
	for _, carry := range []func() error{s.pivots, s.administrations, s.classes} {
		if err := carry(); err != nil {
			return err
		}
	}
	return nil
}

// A stayer takes over conclusions one by one.
type stayer struct {
	last  *Snapshot
	m     *Moves
	keep  Keep
	out   *Conclusions
	heirs []AttachmentIndex
	parts map[PartIndex]PartIndex
}

func (s *stayer) stays(f Foothold) bool { return s.m.Nodes[f.Node] != None && s.keep.From(f.Node) }

func (s *stayer) pivots() error {
	for i := range PivotIndex(s.last.NumPivots()) {
		p := s.last.Pivot(i)
		if !s.stays(p.From) || s.keep.Pivot != nil && !s.keep.Pivot(p.From.Node, p.To.Node) {
			continue
		}
		from, to := s.m.Nodes[p.From.Node], s.m.Nodes[p.To.Node]
		if to == None {
			return stale("a pivot of %q leads to %q", s.last.Ref(p.From.Node), s.last.Ref(p.To.Node))
		}
		var err error
		p.From.Node, p.To.Node = from, to
		if p.Ruling, err = s.ruling(p.Ruling, s.m.Attachments); err != nil {
			return err
		}
		s.out.AddPivot(p)
	}
	return nil
}

func (s *stayer) administrations() error {
	for a := range s.last.Administrations() {
		if !s.stays(a.From) {
			continue
		}
		scope := s.m.Nodes[a.Scope]
		if scope == None {
			return stale("%q administers %q", s.last.Ref(a.From.Node), s.last.Ref(a.Scope))
		}
		var err error
		a.From.Node, a.Scope = s.m.Nodes[a.From.Node], scope
		if a.Ruling, err = s.ruling(a.Ruling, s.m.Attachments); err != nil {
			return err
		}
		s.out.AddAdministration(a)
	}
	return nil
}

func (s *stayer) ruling(r Ruling, to []AttachmentIndex) (Ruling, error) {
	r.Evidence = slices.Clone(r.Evidence)
	for i := range r.Evidence {
		at := &r.Evidence[i].Attachment
		moved := to[*at]
		if moved == AttachmentIndex(None) {
			return r, stale("evidence in the policy of %q", s.last.Ref(s.last.AttachmentTo(*at)))
		}
		*at = moved
	}
	return r, nil
}

func (s *stayer) classes() error {
	s.parts = map[PartIndex]PartIndex{}
	for class := range uint32(s.last.NumClasses()) {
		a := AccessClass{Members: s.members(class)}
		if len(a.Members) == 0 {
			continue
		}
		for _, p := range s.last.PartsOf(class) {
			part, err := s.part(p)
			if err != nil {
				return err
			}
			a.Parts = append(a.Parts, part)
		}
		if class < uint32(len(s.last.classHome)) {
			a.Home = s.nodes(s.last.classHome[class])
		}
		s.out.AddClass(a)
	}
	return nil
}

func (s *stayer) members(class uint32) (out []Foothold) {
	for _, member := range s.last.ClassMembers(class) {
		if f := s.last.Foothold(member); s.stays(f) {
			out = append(out, Foothold{s.m.Nodes[f.Node], f.Hold})
		}
	}
	return out
}

func (s *stayer) part(p PartIndex) (PartIndex, error) {
	if number, known := s.parts[p]; known {
		return number, nil
	}
	part := AccessPart{Abroad: s.last.partAbroad.at(uint32(p)) == 1}
	from, to := s.last.partOff.run(uint32(p), len(s.last.accPart))
	for row := from; row < to; row++ {
		nodes := s.nodes(s.last.accSet.at(row))
		if len(nodes) == 0 {
			continue
		}
		r, err := s.ruling(s.last.ruling(s.last.accRuling.at(row)), s.heirs)
		if err != nil {
			return 0, err
		}
		may := s.last.accGrant.at(row)
		part.Rows = append(part.Rows, AccessRow{
			To: nodes, Actions: s.last.cwords(s.last.grantActions.at(may)), Ruling: r,
			Include: s.last.cwords(s.last.grantInclude.at(may)), Exclude: s.last.cwords(s.last.grantExclude.at(may)),
		})
	}
	s.parts[p] = s.out.AddPart(part)
	return s.parts[p], nil
}

// nodes returns where those of a set stand now.
func (s *stayer) nodes(set uint32) (out []Index) {
	for node := range (Targets{s.last, set, uint32(None)}).Nodes() {
		if now := s.m.Nodes[node]; now != None {
			out = append(out, now)
		}
	}
	return out
}
