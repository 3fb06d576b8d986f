package snapshot

import (
	"math"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// Conclude takes the conclusions about what Facts returned; their indexes are
// those of that Snapshot. A second call replaces the first. Errors wrap
// ErrInvalid.
func (b *Builder) Conclude(in Conclusions) error {
	if b.facts == nil {
		return invalid("conclusions come after Facts")
	}
	c := b.facts.columns
	c.conclusions = conclusions{}
	k := newConcluder(&c, b.facts)
	if err := k.conclude(in); err != nil {
		return err
	}
	b.final = &c
	return nil
}

// A concluder turns Conclusions into columns. It takes them row by row into
// rows of numbers, which hold no pointers, and sorts by counting where it can:
// estates have millions of each.
type concluder struct {
	c                  *columns
	nodes, attachments uint32

	strings *stringTable
	lists   *listTable // of strings
	rulings *listTable // see rulingHead
	sets    *listTable // of nodes: first and last of each run

	texts     recall[byte]
	words     recall[string]
	nodeLists recall[Index]
	known     []knownRuling

	holds []uint8  // by node: a bit for each hold that is a foothold
	rank  []uint32 // by node: the number of its first foothold

	pivots  []pivotRow
	admins  []adminRow
	access  []accessRow
	scratch []uint32
	err     error // the first thing that is wrong
}

type (
	pivotRow struct{ from, to, relation, action, technique, ruling uint32 }
	adminRow struct{ from, scope, through, ruling uint32 }
	// An accessRow's class is the number that the caller gave, then ours.
	accessRow struct{ class, set, actions, include, exclude, ruling uint32 }
)

func newConcluder(c *columns, facts *Snapshot) *concluder {
	return &concluder{
		c: c, nodes: facts.n, attachments: facts.attachments,
		strings: newStringTable(), lists: newListTable(), rulings: newListTable(), sets: newListTable(),
		texts: newRecall[byte](16), words: newRecall[string](14), nodeLists: newRecall[Index](18),
		known: make([]knownRuling, 1<<rulingBits),
	}
}

func (k *concluder) conclude(in Conclusions) error {
	if len(in.Pivots) > math.MaxUint32-1 || len(in.Access) > math.MaxUint32-1 {
		k.fail("more conclusions than an index can number")
	}
	for _, step := range []func(Conclusions){k.collectFootholds, k.pivotRows, k.adminRows, k.accessRows, k.freeze} {
		if k.err == nil {
			step(in)
		}
	}
	return k.err
}

// freeze numbers everything anew, in order, and writes the columns.
func (k *concluder) freeze(in Conclusions) {
	if len(k.c.footNode) == 0 && len(k.access) == 0 {
		return
	}
	k.freezeTables()
	k.pivotColumns()
	k.adminColumns()
	k.accessColumns(k.classColumns(in.Classes))
}

func (k *concluder) fail(format string, args ...any) {
	if k.err == nil {
		k.err = invalid(format, args...)
	}
}

func (k *concluder) node(i Index) uint32 {
	if uint32(i) >= k.nodes {
		k.fail("conclusion about node %d of %d", i, k.nodes)
	}
	return uint32(i)
}

// text numbers a string.
func (k *concluder) text(text string) uint32 {
	if text == "" {
		return 0
	}
	bytes := textBytes(text)
	at, known := k.texts.place(bytes)
	if known {
		return at.id
	}
	return at.keep(bytes, k.strings.id(text))
}

// list numbers a list of strings as it stands.
func (k *concluder) list(texts []string) uint32 {
	k.scratch = k.scratch[:0]
	for _, text := range texts {
		k.scratch = append(k.scratch, k.text(text))
	}
	return k.lists.id(k.scratch)
}

// set numbers a set of strings.
func (k *concluder) set(texts []string) uint32 {
	if len(texts) == 0 {
		return 0
	}
	at, known := k.words.place(texts)
	if known {
		return at.id
	}
	if rising(texts) {
		return at.keep(texts, k.list(texts))
	}
	sorted := slices.Clone(texts)
	slices.Sort(sorted)
	return at.keep(texts, k.list(slices.Compact(sorted)))
}

// rising reports whether a list is sorted and holds nothing twice.
func rising[T ~string | ~uint32](list []T) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			return false
		}
	}
	return true
}

// freezeTables freezes strings, lists and rulings and gives every row the new
// numbers.
func (k *concluder) freezeTables() {
	var str, list []uint32
	k.c.cstr, str = k.strings.freeze()
	k.c.clistOff, k.c.clistItem, list = k.lists.freeze(str)
	ruling := k.freezeRulings(str)
	k.strings, k.lists, k.rulings, k.known = nil, nil, nil, nil // their memory is needed from here on
	for i := range k.pivots {
		p := &k.pivots[i]
		p.relation, p.action, p.technique, p.ruling = str[p.relation], str[p.action], str[p.technique], ruling[p.ruling]
	}
	for i := range k.admins {
		a := &k.admins[i]
		a.through, a.ruling = list[a.through], ruling[a.ruling]
	}
	for i := range k.access {
		a := &k.access[i]
		a.actions, a.include, a.exclude, a.ruling = list[a.actions], list[a.include], list[a.exclude], ruling[a.ruling]
	}
}

// A bit for each way to hold a node.
func holdBit(h graph.Hold) uint8 { return 1 << h }
