package snapshot

import (
	"cmp"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// check sees that every column has the rows that it should have and that what
// it numbers is there: what follows relies on it.
func (s *splicer) check() whole {
	sizes, err := s.before.groups()
	err = cmp.Or(err, s.before.verifyFlags(), s.before.str.verifyCount("str.block"), s.before.xstr.verifyCount("x.str.block"))
	if err != nil || s.before.str.len() == 0 || s.before.xstr.len() == 0 {
		return wholeOdd
	}
	schema := s.before.factSchema()
	err = beside(len(schema), func(i int) error {
		if c := schema[i]; c.rows != free && c.missing() && (sizes[c.rows] > 0 || c.plus > 0 && c.rows != gDocument) {
			return corrupt("section %q is missing", c.name)
		}
		return schema[i].verify(sizes)
	})
	if err != nil || s.before.strange() {
		return wholeOdd
	}
	return ""
}

// strange reports whether there are words that a Builder does not take.
func (s *Snapshot) strange() bool {
	for _, id := range s.dictKind {
		if graph.Kind(s.str.text(id)).Class() == graph.ClassUnknown {
			return true
		}
	}
	for _, id := range s.dictRelation {
		if !observed(graph.Relation(s.str.text(id))) {
			return true
		}
	}
	return slices.Contains(s.dictProvider, 0) || slices.Contains(s.loose, 0) || len(s.findRef) > 0 && s.nodeRef[s.findRef[0]] == 0
}

// rowCount counts the records of facts.
func (c *columns) rowCount() int {
	return len(c.nodeRef) + len(c.edgeFrom) + len(c.attTo) + len(c.covListing)
}

// packedView is s with its strings as they stand in a file.
func (s *Snapshot) packedView() *Snapshot {
	out := &Snapshot{columns: *s.inFile()}
	out.conclusions = conclusions{}
	out.n, out.end, out.attachments = s.n, s.end, s.attachments
	out.providers = s.providers
	return out
}

// copied returns all lists in memory of their own.
func (t *listTable) copied() [][]uint32 {
	out := make([][]uint32, t.len())
	for i := range out {
		out[i] = slices.Clone(t.list(uint32(i)))
	}
	return out
}
