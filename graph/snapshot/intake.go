package snapshot

import (
	"math"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// An intake is conclusions as numbers, which hold no pointers: estates have
// millions. Text, lists, rulings and sets are numbered in the order in which
// they come.
type intake struct {
	strings   *stringTable
	lists     *listTable // of strings
	rulings   *listTable // see rulingHead
	sets      *listTable // of nodes: first and last of each run
	parts     *listTable // see partHead
	partLists *listTable
	steps     *table[step]
	grants    *table[grant]

	texts     recall[byte]
	words     recall[string]
	nodeLists recall[Index]
	known     []knownRuling

	pivots  rows[pivotRow]
	admins  rows[adminRow]
	classes rows[classRow]
	members rows[Foothold] // of the classes, one after the other
	commons []uint32
	maker   []byte

	carried *carried // what stays of the last snapshot, nil if nothing was asked to

	nodes, attachments uint32 // one more than the greatest that was named
	scratch, partRows  []uint32
	rawRows            []rawRow
	err                error // the first thing that is wrong
}

type (
	// A step is what pivots have in common.
	step struct {
		relation, action, technique uint32
		from, to                    graph.Hold
	}
	pivotRow struct{ from, to, step, ruling uint32 } // nodes first
	adminRow struct {
		from                   Foothold
		scope, through, ruling uint32
	}
	// A grant is what may be done, of a row.
	grant    struct{ actions, include, exclude uint32 }
	classRow struct{ members, parts, home uint32 }
)

func newIntake() *intake {
	return &intake{
		strings: newStringTable(), lists: newListTable(), rulings: newListTable(), sets: newListTable(),
		parts: newListTable(), partLists: newListTable(), steps: newTable[step](), grants: newTable[grant](),
		texts: newRecall[byte](16), words: newRecall[string](14), nodeLists: newRecall[Index](18),
		known: make([]knownRuling, 1<<rulingBits),
	}
}

func (k *intake) fail(format string, args ...any) {
	if k.err == nil {
		k.err = invalid(format, args...)
	}
}

// node notes that a node was named. Whether there is one, Conclude sees.
func (k *intake) node(i Index) uint32 {
	if i == None {
		k.fail("conclusion about no node")
		return 0
	}
	k.nodes = max(k.nodes, uint32(i)+1)
	return uint32(i)
}

// held notes the node of a foothold.
func (k *intake) held(f Foothold) uint32 {
	if f.Hold > graph.LastHold {
		k.fail("foothold of node %d: hold %d", f.Node, f.Hold)
	}
	return k.node(f.Node)
}

// text numbers a string.
func (k *intake) text(text string) uint32 {
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
func (k *intake) list(texts []string) uint32 {
	k.scratch = k.scratch[:0]
	for _, text := range texts {
		k.scratch = append(k.scratch, k.text(text))
	}
	return k.listed(k.lists, k.scratch)
}

// listed numbers a list by a table.
func (k *intake) listed(t *listTable, list []uint32) uint32 {
	if len(t.items)+len(list) > math.MaxUint32-1 {
		k.fail("lists of more than an index can number")
		return 0
	}
	return t.id(list)
}

// set numbers a set of strings.
func (k *intake) set(texts []string) uint32 {
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
