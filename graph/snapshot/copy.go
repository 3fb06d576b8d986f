package snapshot

import "slices"

// Copy takes conclusions of a snapshot that has an excerpt of the facts: those
// that keep says count, told of all facts. m says where the excerpt's nodes and
// attachments stand among these; keep speaks of nodes of the excerpt. Errors wrap
// ErrInvalid.
func (c *Conclusions) Copy(from, facts *Snapshot, m *Moves, keep Keep) error {
	if err := checkMoves(from, facts, m); err != nil {
		return err
	}
	k := &copier{to: c, from: from, facts: facts, m: m, keep: keep, parts: map[PartIndex]PartIndex{}}
	k.pivots()
	k.administrations()
	k.classes()
	return nil
}

// A copier goes through the conclusions of an excerpt.
type copier struct {
	to          *Conclusions
	from, facts *Snapshot
	m           *Moves
	keep        Keep
	parts       map[PartIndex]PartIndex // that were copied
}

func (k *copier) pivots() {
	for i := range PivotIndex(k.from.NumPivots()) {
		p := k.from.Pivot(i)
		if !k.keep.From(p.From.Node) || k.keep.Pivot != nil && !k.keep.Pivot(p.From.Node, p.To.Node) {
			continue
		}
		p.From.Node, p.To.Node = k.m.Nodes[p.From.Node], k.m.Nodes[p.To.Node]
		p.Ruling = k.ruling(p.Ruling, false)
		k.to.AddPivot(p)
	}
}

func (k *copier) administrations() {
	for a := range k.from.Administrations() {
		if !k.keep.From(a.From.Node) {
			continue
		}
		a.From.Node, a.Scope = k.m.Nodes[a.From.Node], k.m.Nodes[a.Scope]
		a.Ruling = k.ruling(a.Ruling, false)
		k.to.AddAdministration(a)
	}
}

// ruling tells a ruling of all facts. In rows, evidence of some layers stands at
// the first attachment that speaks alike, of all.
func (k *copier) ruling(r Ruling, inRow bool) Ruling {
	r.Evidence = slices.Clone(r.Evidence)
	for i := range r.Evidence {
		at := &r.Evidence[i].Attachment
		*at = k.m.Attachments[*at]
		if inRow && k.keep.Canonical != nil && k.keep.Canonical(k.facts.AttachmentLayer(*at)) {
			*at = k.facts.Canonical(*at)
		}
	}
	slices.SortFunc(r.Evidence, compareEvidence)
	return r
}

func (k *copier) classes() {
	for class := range uint32(k.from.NumClasses()) {
		out := AccessClass{}
		for _, f := range k.from.ClassMembers(class) {
			if held := k.from.Foothold(f); k.keep.member(held.Node) {
				held.Node = k.m.Nodes[held.Node]
				out.Members = append(out.Members, held)
			}
		}
		if len(out.Members) == 0 {
			continue
		}
		for _, part := range k.from.PartsOf(class) {
			out.Parts = append(out.Parts, k.part(part))
		}
		out.Home = k.nodes(k.from.classHome.at(class))
		k.to.AddClass(out)
	}
}

// part copies a part, once.
func (k *copier) part(number PartIndex) PartIndex {
	if copied, ok := k.parts[number]; ok {
		return copied
	}
	out, d := AccessPart{Abroad: k.from.partAbroad.at(uint32(number)) != 0}, k.from.AccessReader()
	from, to := k.from.partOff.run(uint32(number), len(k.from.accPart))
	for row := from; row < to; row++ {
		a := d.row(uint32(None), row)
		out.Rows = append(out.Rows, AccessRow{
			To: k.nodes(k.from.accSet.at(row)), Actions: a.Actions, Include: a.Include, Exclude: a.Exclude, Ruling: k.ruling(a.Ruling, true),
		})
	}
	copied := k.to.AddPart(out)
	k.parts[number] = copied
	return copied
}

// nodes lists the nodes of a set of the excerpt among all facts.
func (k *copier) nodes(set uint32) (list []Index) {
	if set == uint32(None) {
		return nil
	}
	for _, run := range k.from.runsIn(set) {
		for node := run.First; node <= run.Last; node++ {
			list = append(list, k.m.Nodes[node])
		}
	}
	return list
}
