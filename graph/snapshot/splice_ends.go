package snapshot

import "slices"

// numberEnds numbers nodes and loose refs anew.
func (s *splicer) numberEnds() whole {
	s.markNamed()
	if s.scopesChanged() {
		return wholeScopes
	}
	s.n = s.before.n - uint32(s.node.goneBelow(int(s.before.n))) + uint32(s.standing)
	s.fix(gNodeRow, &s.node)
	for i, at := range s.node.fresh() {
		if r := s.nodes[i]; !r.superseded {
			s.ends[r.ref] = at
		}
	}
	s.placeLoose()
	s.shiftEnds()
	return ""
}

// fix settles the rows of a group.
func (s *splicer) fix(g group, e *edit) {
	s.stretches[g], s.size[g] = e.stretches(), e.size()
	s.shifts[g] = newShift(e.n, s.stretches[g])
}

// markNamed marks the ends that rows that stay name.
func (s *splicer) markNamed() {
	c := s.before
	edge := s.edge.stretches()
	scopes := newMarking(int(c.end), kept{c.nodeScope, s.node.stretches()})
	named := newMarking(int(c.end), kept{c.edgeFrom, edge}, kept{c.edgeTo, edge}, kept{c.attTo, s.att.stretches()}, kept{c.covOf, s.cov.stretches()})
	do(slices.Concat(scopes.work(), named.work()))
	s.scopes, s.named = scopes.set(), named.set()
	s.named.add(s.scopes)
}

// scopesChanged reports whether what stays in a scope belongs to another account
// now.
func (s *splicer) scopesChanged() bool {
	for _, ref := range s.refs {
		end, was := s.endBefore(ref)
		if !was || !s.scopes.has(end) {
			continue
		}
		below := nodeRow{kind: uint32(None) - 1, scope: ref}
		account, steps := s.accountOf(below, s.above)
		before, stepsBefore := s.accountOf(below, s.aboveBefore)
		if account != before || steps != stepsBefore {
			return true
		}
	}
	return false
}

// described reports whether a ref is that of a node now.
func (s *splicer) described(ref uint32) bool {
	if _, ok := s.stands[ref]; ok {
		return true
	}
	if at, fresh := s.str.split(ref); fresh || s.touched.has(at) {
		return false
	}
	_, ok := s.rowBefore(ref)
	return ok
}

// placeLoose finds the loose refs that stay, and those that come.
func (s *splicer) placeLoose() {
	c := s.before
	kept := newBitset(len(c.loose))
	for i, id := range c.loose {
		if s.named.has(c.n+uint32(i)) && !s.described(s.str.old.at(id)) {
			kept.set(uint32(i))
		}
	}
	for _, ref := range s.namedByRows() {
		if s.described(ref) {
			continue
		}
		if end, was := s.endBefore(ref); was && end >= c.n {
			kept.set(end - c.n)
			continue
		}
		s.looseRefs = append(s.looseRefs, ref)
	}
	s.loose = edit{n: len(c.loose), gone: kept.missing(len(c.loose))}
	for _, ref := range s.looseRefs {
		s.loose.put = append(s.loose.put, s.loose.place(0, len(c.loose), func(i uint32) bool { return s.str.old.at(c.loose[i]) < ref }))
	}
	s.fix(gLoose, &s.loose)
	for i, at := range s.loose.fresh() {
		s.ends[s.looseRefs[i]] = s.n + at
	}
}

// namedByRows lists the refs that rows name, and those that are no nodes any
// more and that what stays names as its scope, in order.
func (s *splicer) namedByRows() []uint32 {
	var out []uint32
	for _, r := range s.nodes {
		out = append(out, r.scope)
	}
	for _, r := range s.edges {
		out = append(out, r.from, r.to)
	}
	for _, r := range s.attachments {
		out = append(out, r.to)
	}
	for _, r := range s.coverage {
		out = append(out, r.of)
	}
	for _, ref := range s.refs {
		if end, was := s.endBefore(ref); was && s.named.has(end) {
			out = append(out, ref)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > 0 && out[0] == 0 {
		return out[1:]
	}
	return out
}

// shiftEnds maps old ends to new ones: those that stay, and by their refs those
// that were taken out.
func (s *splicer) shiftEnds() {
	n := s.before.n
	all := edit{n: int(s.before.end), gone: slices.Clone(s.node.gone[:s.node.goneBelow(int(n))]), put: slices.Clone(s.node.put[:s.standing])}
	for _, at := range s.loose.gone {
		all.gone = append(all.gone, n+at)
	}
	for _, at := range s.loose.put {
		all.put = append(all.put, n+at)
	}
	s.fix(gEnd, &all)
	for _, ref := range s.refs {
		if end, was := s.endBefore(ref); was {
			s.shifts[gEnd].set(end, s.endOfRef(ref))
		}
	}
}

// endOfRef returns the end of a ref now, None of the empty one and of one that
// nothing names.
func (s *splicer) endOfRef(ref uint32) uint32 {
	if ref == 0 {
		return uint32(None)
	}
	if end, ok := s.ends[ref]; ok {
		return end
	}
	end, was := s.endBefore(ref)
	switch {
	case !was:
		return uint32(None)
	case end >= s.before.n:
		if i := s.shifts[gLoose].at(end - s.before.n); i != uint32(None) {
			return s.n + i
		}
		return uint32(None)
	case s.touched.has(s.before.nodeRef[end]):
		return uint32(None)
	}
	return s.shifts[gNodeRow].at(end)
}

// endNow is endOfRef, and remembers the ref.
func (s *splicer) endNow(ref uint32) uint32 {
	end := s.endOfRef(ref)
	s.refsNow[end] = ref
	return end
}
