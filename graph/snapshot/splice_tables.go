package snapshot

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"sync"
)

// joinTables numbers what both have together, and gives the rows the joint
// numbers.
func (s *splicer) joinTables() whole {
	var both sync.WaitGroup
	both.Go(func() { s.str = joinStrings(&s.before.str, s.strings) })
	both.Go(func() { s.doc = s.joinDocuments() })
	s.xstr = joinStrings(&s.before.xstr, s.xstrings)
	both.Wait()
	s.list = s.joinLists()
	s.listing = s.joinListings()
	s.origin = s.joinOrigins()
	s.renumber(s.str.ids, s.list.ids, s.listing.ids, s.origin.ids)
	for i := range s.attachments {
		if a := &s.attachments[i]; a.doc != uint32(None) {
			a.doc = s.doc.ids[a.doc]
		}
	}
	return ""
}

func joinStrings(last *texts, t *stringTable) joint {
	order := sortedStrings(len(t.starts), t.bytes)
	return join(last.len(), order, func(id uint32) (uint32, bool) { return last.seek(t.bytes(id)) })
}

func (s *splicer) joinDocuments() joint {
	last, n := s.before.docHash, s.before.NumDocuments()
	order := ordered(len(s.hashes), func(a, b uint32) int { return bytes.Compare(s.hashes[a][:], s.hashes[b][:]) })
	return join(n, order, func(id uint32) (uint32, bool) {
		return seek(n, func(i uint32) int { return bytes.Compare(last[32*i:32*i+32], s.hashes[id][:]) })
	})
}

// seek returns the first of n sorted rows that is not before the one that is
// looked for, and whether it is the one.
func seek(n int, compare func(i uint32) int) (at uint32, found bool) {
	i, found := sort.Find(n, func(i int) int { return -compare(uint32(i)) })
	return uint32(i), found
}

func (s *splicer) joinLists() joint {
	lists := s.lists
	for _, list := range lists {
		remapAll(list, s.str.ids)
	}
	return s.joinSets(s.before.listOff, s.before.listItem, s.str.old, lists)
}

// joinSets joins lists of items, those of the last snapshot with other numbers.
func (s *splicer) joinSets(off, items u32s, renumber *shift, lists [][]uint32) joint {
	order := sortedLists(len(lists), func(i uint32) []uint32 { return lists[i] })
	n := max(0, len(off)-1)
	return join(n, order, func(id uint32) (uint32, bool) {
		return seek(n, func(i uint32) int { return compareShifted(items[off[i]:off[i+1]], renumber, lists[id]) })
	})
}

// compareShifted is slices.Compare for a list with other numbers.
func compareShifted(list []uint32, renumber *shift, other []uint32) int {
	for i, item := range list {
		if i == len(other) {
			return 1
		}
		if c := cmp.Compare(renumber.at(item), other[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(list), len(other))
}

func (s *splicer) joinListings() joint {
	rows := s.listingRows
	for i := range rows {
		r := &rows[i]
		remap(s.str.ids, &r.scope, &r.region, &r.service, &r.operation, &r.subject)
	}
	order := ordered(len(rows), func(a, b uint32) int { return compareListing(rows[a], rows[b]) })
	n := len(s.before.listScope)
	return join(n, order, func(id uint32) (uint32, bool) {
		return seek(n, func(i uint32) int { return compareListing(s.listingRow(i), rows[id]) })
	})
}

// listingRow returns a listing of the last snapshot in joint numbers.
func (s *splicer) listingRow(i uint32) listingRow {
	c, at := s.before, s.str.old.at
	return listingRow{at(c.listScope[i]), at(c.listRegion[i]), at(c.listService[i]), at(c.listOp[i]), at(c.listSubject[i])}
}

func (s *splicer) joinOrigins() joint {
	rows := s.originRows
	for i := range rows {
		r := &rows[i]
		remap(s.listing.ids, &r.listing)
		remap(s.xstr.ids, &r.file, &r.collector, &r.note)
	}
	order := ordered(len(rows), func(a, b uint32) int { return compareOrigin(rows[a], rows[b]) })
	n := len(s.before.orgListing)
	return join(n, order, func(id uint32) (uint32, bool) {
		return seek(n, func(i uint32) int { return compareOrigin(s.originRow(i), rows[id]) })
	})
}

// originRow returns an origin of the last snapshot in joint numbers.
func (s *splicer) originRow(i uint32) originRow {
	c, at := s.before, s.xstr.old.at
	return originRow{
		listing: s.listing.old.at(c.orgListing[i]), file: at(c.orgFile[i]), collector: at(c.orgCollector[i]),
		note: at(c.orgNote[i]), second: int64(c.orgSecond[i]), nano: c.orgNano[i],
	}
}

// listingOf returns the listing of an origin, both in joint numbers.
func (s *splicer) listingOf(origin uint32) uint32 {
	at, fresh := s.origin.split(origin)
	if fresh {
		return s.originRows[s.origin.new[at]].listing
	}
	return s.listing.old.at(s.before.orgListing[at])
}

// listOf returns a list of strings in joint numbers.
func (s *splicer) listOf(list uint32) []uint32 {
	at, fresh := s.list.split(list)
	if fresh {
		return s.lists[s.list.new[at]]
	}
	out := slices.Clone(s.before.listOf(at))
	for i := range out {
		out[i] = s.str.old.at(out[i])
	}
	return out
}

// text returns a string by its joint number.
func (s *splicer) text(id uint32) string {
	at, fresh := s.str.split(id)
	if fresh {
		return string(s.strings.bytes(s.str.new[at]))
	}
	return s.before.str.text(at)
}
