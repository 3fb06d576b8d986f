package snapshot

import "slices"

// dropUnused finds out what the rows refer to, of all that has a joint number,
// and lets go of the rest.
func (s *splicer) dropUnused() whole {
	c := s.before
	node, edge, att, cov := s.stretches[gNodeRow], s.stretches[gEdge], s.stretches[gAttachRow], s.stretches[gCoverage]
	osets := newMarking(c.osetOff.rows(), kept{c.nodeOrigins, node}, kept{c.edgeOrigins, edge}, kept{c.attOrigins, att}, kept{c.covOrigins, cov})
	covered := newMarking(c.osetOff.rows(), kept{c.covOrigins, cov})
	lsets := newMarking(c.lsetOff.rows(), kept{c.nodeListings, node}, kept{c.edgeListings, edge}, kept{c.attListings, att})
	docs := newMarking(c.NumDocuments(), kept{c.attDoc, att})
	lists := newMarking(c.listOff.rows(), kept{c.nodeTags, node}, kept{c.nodeAttrs, node}, kept{c.edgeAttrs, edge}, kept{c.covAffects, cov})
	types := newMarking(c.str.len(), kept{c.nodeType, node})
	str := newMarking(c.str.len(), kept{c.nodeRef, node}, kept{c.nodeName, node}, kept{c.nodeNative, node},
		kept{c.attLayer, att}, kept{c.attPolicy, att}, kept{c.attName, att}, kept{c.attVersion, att}, kept{c.covReason, cov})
	do(slices.Concat(
		[]func(){
			func() { s.lset = s.joinSets(c.lsetOff, c.lsetItem, s.listing.old, s.lsets.copied()) },
			func() { s.oset = s.joinSets(c.osetOff, c.osetItem, s.origin.old, s.osets.copied()) },
		}, str.work(), types.work(), osets.work(), lsets.work(), lists.work(), docs.work(), covered.work()))

	s.dropSets(osets.set())
	s.dropListings(lsets.set(), covered.set())
	s.dropDocuments(docs.set())
	s.dropOrigins(cov)
	s.dropLists(lists.set())
	s.dropStrings(str.set(), types.set())
	if s.odd {
		return wholeOdd
	}
	return ""
}

// dropSets lets go of sets of origins. What has no origin is no fact.
func (s *splicer) dropSets(used bitset) {
	s.odd = s.odd || used.has(0)
	s.settle(gOrigins, &s.oset, used)
}

func (s *splicer) dropListings(used, covered bitset) {
	s.markCoverage(used, covered)
	s.settle(gListings, &s.lset, used)
}

func (s *splicer) dropDocuments(used bitset) {
	for _, r := range s.attachments {
		s.doc.mark(used, r.doc)
	}
	s.settle(gDocument, &s.doc, used)
}

// markCoverage marks the sets of listings that sets of origins of coverage have:
// coverage does not name them, but they are numbered with those of other facts.
func (s *splicer) markCoverage(used, origins bitset) {
	c := s.before
	alone := s.aloneSets()
	for set := range origins.all() {
		var listings []uint32
		for _, o := range c.originsOf(set) {
			listings = append(listings, c.orgListing[o])
		}
		slices.Sort(listings)
		listings = slices.Compact(listings)
		at := uint32(None)
		if len(listings) == 1 {
			at = alone[listings[0]]
		} else if i, found := seek(c.lsetOff.rows(), func(i uint32) int {
			return slices.Compare(c.lsetItem[c.lsetOff[i]:c.lsetOff[i+1]], listings)
		}); found {
			at = i
		}
		if at == uint32(None) {
			s.odd = true
			return
		}
		used.set(at)
	}
}

// aloneSets returns, by listing of the last snapshot, the set of it alone.
func (s *splicer) aloneSets() []uint32 {
	c := s.before
	out := make([]uint32, len(c.listScope))
	for i := range out {
		out[i] = uint32(None)
	}
	for set := range c.lsetOff.rows() {
		if from := c.lsetOff[set]; c.lsetOff[set+1] == from+1 {
			out[c.lsetItem[from]] = uint32(set)
		}
	}
	return out
}

// rows returns how many rows offsets are of.
func (c u32s) rows() int { return max(0, len(c)-1) }

// mark marks the last snapshot's number of a joint number.
func (j *joint) mark(used bitset, numbers ...uint32) {
	for _, number := range numbers {
		if number == uint32(None) {
			continue
		}
		if at, fresh := j.split(number); !fresh {
			used.set(at)
		}
	}
}

// settle lets go of what is neither marked nor the Builder's.
func (s *splicer) settle(g group, j *joint, used bitset) {
	for _, at := range j.found {
		used.set(at)
	}
	j.keep(used)
	s.fix(g, &j.edit)
}

// dropOrigins lets go of origins and listings.
func (s *splicer) dropOrigins(cov []stretch) {
	c := s.before
	origins := marked(len(c.orgListing), kept{c.osetItem, s.itemsOf(gOrigins, c.osetOff)})
	s.origin.mark(origins, s.osets.items...)
	s.settle(gOrigin, &s.origin, origins)
	listings := marked(len(c.listScope), kept{c.orgListing, s.stretches[gOrigin]}, kept{c.covListing, cov})
	for _, r := range s.coverage {
		s.listing.mark(listings, r.listing)
	}
	s.settle(gListing, &s.listing, listings)

	org := s.stretches[gOrigin]
	xstr := marked(c.xstr.len(), kept{c.orgFile, org}, kept{c.orgCollector, org}, kept{c.orgNote, org})
	s.settle(gXString, &s.xstr, xstr)
}

// itemsOf returns the stretches of items of lists that stay.
func (s *splicer) itemsOf(lists group, off u32s) (out []stretch) {
	for _, p := range s.stretches[lists] {
		if !p.fresh {
			out = append(out, stretch{old: int(off[p.old]), n: int(off[p.old+p.n] - off[p.old])})
		}
	}
	return out
}

// dropLists lets go of lists of strings.
func (s *splicer) dropLists(used bitset) {
	for _, r := range s.nodes {
		s.list.mark(used, r.tags, r.attrs)
	}
	for _, r := range s.edges {
		s.list.mark(used, r.attrs)
	}
	for _, r := range s.coverage {
		s.list.mark(used, r.affects)
	}
	s.settle(gList, &s.list, used)
}

// dropStrings lets go of strings.
func (s *splicer) dropStrings(used, types bitset) {
	c, listing := s.before, s.stretches[gListing]
	used.add(marked(c.str.len(), kept{c.loose, s.stretches[gLoose]}, kept{c.listItem, s.itemsOf(gList, c.listOff)},
		kept{c.listScope, listing}, kept{c.listRegion, listing}, kept{c.listService, listing}, kept{c.listOp, listing}, kept{c.listSubject, listing},
		kept{c.dictProvider, s.stretches[gProvider]}, kept{c.dictKind, s.stretches[gKind]}, kept{c.dictRelation, s.stretches[gRelation]}))
	used.add(types)
	s.markServices(used, types)
	s.markRows(used)
	s.settle(gString, &s.str, used)
}

// markServices marks the services of types: nodes are sorted by them.
func (s *splicer) markServices(used, types bitset) {
	for typ := range types.all() {
		s.str.mark(used, s.serviceOf(typ))
	}
}

// markRows marks the strings of rows.
func (s *splicer) markRows(used bitset) {
	for _, r := range s.nodes {
		s.str.mark(used, r.ref, r.provider, r.kind, r.typ, r.service, r.name, r.native, r.scope)
		for _, list := range []uint32{r.tags, r.attrs} {
			s.str.mark(used, s.listOf(list)...)
		}
	}
	for _, r := range s.edges {
		s.str.mark(used, r.relation)
		s.str.mark(used, s.listOf(r.attrs)...)
	}
	for _, r := range s.attachments {
		s.str.mark(used, r.layer, r.policy, r.name, r.version)
	}
	for _, r := range s.coverage {
		s.str.mark(used, r.reason)
		s.str.mark(used, s.listOf(r.affects)...)
	}
	s.str.mark(used, s.looseRefs...)
}
