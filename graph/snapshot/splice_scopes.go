package snapshot

import (
	"cmp"
	"slices"
)

// accountOf returns the account that holds a node, as orderNodes does, and how
// far up it stands. above returns the scope of a ref as a node.
func (s *splicer) accountOf(r nodeRow, above func(ref uint32) (nodeRow, bool)) (account uint32, steps int) {
	for steps = range maxDepth {
		if r.kind == s.accountKind {
			return r.ref, steps
		}
		if r.scope == 0 {
			return 0, steps
		}
		up, ok := above(r.scope)
		if !ok {
			return r.scope, steps
		}
		r = up
	}
	return 0, maxDepth
}

// above returns what now stands of a ref.
func (s *splicer) above(ref uint32) (nodeRow, bool) {
	if i, ok := s.stands[ref]; ok {
		return s.nodes[i], true
	}
	if at, fresh := s.str.split(ref); fresh || s.touched.has(at) {
		return nodeRow{}, false
	}
	return s.aboveBefore(ref)
}

// aboveBefore returns what stood of a ref in the last snapshot.
func (s *splicer) aboveBefore(ref uint32) (nodeRow, bool) {
	row, ok := s.rowBefore(ref)
	if !ok {
		return nodeRow{}, false
	}
	return nodeRow{ref: ref, kind: s.str.old.at(s.before.dictKind[s.before.nodeKind[row]]), scope: s.refOf(s.before.nodeScope[row])}, true
}

// rowBefore returns the node of a ref in the last snapshot.
func (s *splicer) rowBefore(ref uint32) (row uint32, ok bool) {
	if row, ok := s.rowsBefore[ref]; ok {
		return row, row != uint32(None)
	}
	row = uint32(None)
	if at, fresh := s.str.split(ref); !fresh {
		c := s.before
		if k, found := seek(len(c.findRef), func(k uint32) int { return cmp.Compare(c.nodeRef[c.findRef[k]], at) }); found {
			row = c.findRef[k]
		}
	}
	s.rowsBefore[ref] = row
	return row, row != uint32(None)
}

// endBefore returns the end of a ref in the last snapshot.
func (s *splicer) endBefore(ref uint32) (end uint32, ok bool) {
	if row, ok := s.rowBefore(ref); ok {
		return row, true
	}
	if at, fresh := s.str.split(ref); !fresh {
		if i, found := slices.BinarySearch(s.before.loose, at); found {
			return s.before.n + uint32(i), true
		}
	}
	return uint32(None), false
}

// numberOf returns the joint number of a string, None where there is none.
func (s *splicer) numberOf(text string) uint32 {
	if at, found := s.before.str.find(text); found {
		return s.str.old.at(at)
	}
	for _, id := range s.str.new {
		if string(s.strings.bytes(id)) == text {
			return s.str.ids[id]
		}
	}
	return uint32(None)
}
