package snapshot

import (
	"cmp"
	"slices"
)

// placeEdges freezes the edges that come and finds their places.
func (s *splicer) placeEdges() whole {
	c, ends := s.before, s.shifts[gEnd]
	for i := range s.edges {
		e := &s.edges[i]
		e.from, e.to = s.endNow(e.from), s.endNow(e.to)
	}
	words, err := s.gatherEdges()
	if err != nil || !s.joinWords(gRelation, c.dictRelation, c.edgeRelation, &s.edge, words) {
		return wholeConflict
	}
	for _, e := range s.edges {
		s.edge.put = append(s.edge.put, s.edge.place(0, s.edge.n, func(old uint32) bool {
			from := ends.at(c.edgeFrom[old])
			if from != e.from {
				return from < e.from
			}
			return compareEdge(edgeRow{from: from, relation: s.relationOf(old), to: ends.at(c.edgeTo[old])}, e) < 0
		}))
	}
	s.fix(gEdge, &s.edge)
	return ""
}

// placeAttachments freezes the attachments that come and finds their places.
func (s *splicer) placeAttachments() whole {
	c := s.before
	for i := range s.attachments {
		s.attachments[i].to = s.endNow(s.attachments[i].to)
	}
	order, err := s.gatherAttachments()
	if err != nil {
		return wholeConflict
	}
	s.attOrder = order
	for _, i := range order {
		r, from, to := s.attachments[i], 0, int(c.attachments)
		if r.superseded {
			from, to = to, s.att.n
		} else {
			s.bound++
		}
		s.att.put = append(s.att.put, s.att.place(from, to, func(old uint32) bool {
			to := s.shifts[gEnd].at(c.attTo[old])
			if to != r.to {
				return to < r.to
			}
			was := s.attachmentRow(old)
			was.to = to
			return compareAttachment(was, r) < 0
		}))
	}
	s.fix(gAttachRow, &s.att)
	return ""
}

// placeCoverage freezes the coverage that comes and finds its places.
func (s *splicer) placeCoverage() whole {
	for i := range s.coverage {
		s.coverage[i].of = s.endNow(s.coverage[i].of)
	}
	s.gatherCoverage()
	for _, r := range s.coverage {
		s.cov.put = append(s.cov.put, s.cov.place(0, s.cov.n, func(old uint32) bool {
			was := s.coverageRow(old)
			if was.of = s.before.covOf[old]; was.of != uint32(None) {
				was.of = s.shifts[gEnd].at(was.of)
			}
			return compareCoverage(was, r) < 0
		}))
	}
	s.fix(gCoverage, &s.cov)
	return ""
}

// joinWords settles a dictionary: the words of rows that stay and those of rows
// that come. It is false where there are too many.
func (s *splicer) joinWords(g group, words u32s, codes u8s, rows *edit, fresh dictionary) bool {
	var used [256]int
	for _, code := range codes {
		used[code]++
	}
	for _, row := range rows.gone {
		used[codes[row]]--
	}
	e := edit{n: len(words)}
	all := dictionary{words: slices.Clone(fresh.words)}
	for code, word := range words {
		word = s.str.old.at(word)
		if _, also := slices.BinarySearch(fresh.words, word); used[code] == 0 && !also {
			e.gone = append(e.gone, uint32(code))
		} else if all.add(word) != nil {
			return false
		}
	}
	s.words[g] = all
	for _, word := range fresh.words {
		at, was := seek(len(words), func(i uint32) int { return cmp.Compare(s.str.old.at(words[i]), word) })
		if !was {
			e.put, s.newWords[g] = append(e.put, at), append(s.newWords[g], word)
		}
	}
	s.fix(g, &e)
	return true
}
