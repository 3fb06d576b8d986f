package snapshot

import "slices"

// Facts that a Builder carries from the last snapshot are mostly as they were.
// Then the columns are spliced: what stays is copied with new numbers, and what
// goes or comes, with all that it touches, is taken out, frozen by itself as
// facts always are, and put in between. The bytes are those that freezing
// everything anew gives; where that is not certain everything is.

// A whole is why facts were not spliced.
type whole string

const (
	wholeNothing  whole = "nothing is carried, or no facts are there to carry"
	wholeMuch     whole = "much is replaced or brought"
	wholeOdd      whole = "the last snapshot's columns are not as they should be"
	wholeScopes   whole = "a scope changed accounts under things that stay"
	wholeConflict whole = "what is brought conflicts, or is more than words number"
)

// A manner is when facts are spliced. Tests choose another one.
type manner uint8

const (
	ifFew  manner = iota // where there are fewIn rows, at least, for each that is taken out or brought
	always               // however many there are
	never
)

const fewIn = 8

// few reports whether so many of some rows are few.
func (m manner) few(some, rows int) bool { return m == always || m == ifFew && some*fewIn <= rows }

// forwarded is what CarryForward left to Facts.
type forwarded struct {
	last *Snapshot
	gone []bool // by listing of last
	rows int    // that last had
}

// A splicer makes the facts of a Builder from those of the last snapshot. The
// rows of its freezer are those that come, and those that were taken out and
// stay, in joint numbers until they are written.
type splicer struct {
	*freezer
	before *Snapshot // its strings packed
	gone   []bool    // by listing of before
	shares bool      // before stays open: columns may share its memory

	str, xstr, list, listing, origin, doc joint
	lset, oset                            joint
	lists                                 [][]uint32 // the Builder's, in joint numbers
	listingRows                           []listingRow
	originRows                            []originRow

	node, edge, att, cov, loose edit
	attOrder                    []uint32
	standing, bound             int // nodes and attachments that come, without superseded ones
	looseRefs                   []uint32

	stale      bitset            // sets of origins some of which go
	touched    bitset            // strings of before: refs whose nodes are taken out
	refs       []uint32          // of nodes that are taken out or come, in order
	stood      map[uint32]uint32 // by ref: the node of before that is taken out
	stands     map[uint32]uint32 // by ref: the row that describes it now
	steady     map[uint32]bool   // refs whose node stands where it stood
	moved      bitset            // ends of before that do not
	anyMoved   bool
	scopes     bitset            // ends of before that nodes that stay name as their scopes
	named      bitset            // ends of before that rows that stay name
	ends       map[uint32]uint32 // by ref: the end now
	refsNow    map[uint32]uint32 // by end now: the refs of rows
	rowsBefore map[uint32]uint32 // by ref: what rowBefore found
	services   map[uint32]uint32 // by type: its service, both strings of before

	accountKind uint32
	odd         bool

	size      [numGroups]int
	stretches [numGroups][]stretch
	shifts    [numGroups]*shift
	words     [numGroups]dictionary // of providers, kinds and relations, in joint numbers
	newWords  [numGroups][]uint32
	finds     map[string]find

	moves *Moves
	out   *columns
}

// splice freezes what the Builder holds by splicing; it returns nothing, and
// why, where everything must be frozen anew.
func (b *Builder) splice() (*columns, *Moves, whole) {
	s, why := b.newSplicer()
	if why != "" {
		return nil, nil, why
	}
	for _, step := range []func() whole{
		s.check, s.joinTables, s.takeNodes, s.describeNodes, s.placeNodes, s.takeRest,
		s.numberEnds, s.placeEdges, s.placeAttachments, s.placeCoverage, s.placeFinds, s.findMoves, s.dropUnused, s.writeColumns,
	} {
		if why := step(); why != "" {
			return nil, nil, why
		}
	}
	return s.out, s.moves, ""
}

// newSplicer copies the rows of the Builder: where facts cannot be spliced
// they are needed as they are.
func (b *Builder) newSplicer() (*splicer, whole) {
	if b.forwarded == nil || b.forwarded.rows == 0 || b.forwarded.last.rowCount() != b.forwarded.rows {
		return nil, wholeNothing
	}
	brought := len(b.nodes) + len(b.edges) + len(b.attachments) + len(b.coverage)
	if !b.manner.few(brought, b.forwarded.rows) {
		return nil, wholeMuch
	}
	copied := &Builder{
		nodes: slices.Clone(b.nodes), edges: slices.Clone(b.edges),
		attachments: slices.Clone(b.attachments), coverage: slices.Clone(b.coverage),
		manner: b.manner, strings: b.strings, xstrings: b.xstrings, documents: b.documents, hashes: b.hashes,
	}
	s := &splicer{
		before: b.forwarded.last.packedView(), gone: b.forwarded.gone, shares: b.shared == b.forwarded.last,
		lists: b.lists.copied(), listingRows: slices.Clone(b.listings.keys), originRows: slices.Clone(b.origins.keys),
		stood: map[uint32]uint32{}, stands: map[uint32]uint32{}, steady: map[uint32]bool{}, ends: map[uint32]uint32{},
		refsNow: map[uint32]uint32{}, rowsBefore: map[uint32]uint32{}, services: map[uint32]uint32{}, finds: map[string]find{},
	}
	s.freezer = newFreezer(copied, s)
	return s, ""
}
