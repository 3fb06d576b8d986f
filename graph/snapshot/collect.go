package snapshot

import (
	"math"
	"slices"
	"sync"

	"github.com/clewgraph/clew/graph"
)

// Conclusions are what a resolver adds to the facts of a snapshot. The zero
// value holds none and is ready to take some, from many goroutines at once.
// What is taken is kept as numbers: a caller hands millions over one by one
// and holds none of them.
//
// The order in which conclusions come is free: the snapshot sorts. What is
// wrong with one is told by Conclude.
//
// Slices that rows and pivots share (one set of nodes, one list of actions or
// of evidence under many of them) are looked at once, and cost nothing more.
// A slice that was given must not change until Conclude returns.
type Conclusions struct {
	mu sync.Mutex
	in *intake
}

// lock gives the intake to one goroutine.
func (c *Conclusions) lock() *intake {
	c.mu.Lock()
	if c.in == nil {
		c.in = newIntake()
	}
	return c.in
}

// take returns what was collected and leaves nothing.
func (c *Conclusions) take() *intake {
	in := c.lock()
	c.in = nil
	c.mu.Unlock()
	return in
}

// AddPivot takes a pivot.
func (c *Conclusions) AddPivot(p Pivot) {
	in := c.lock()
	defer c.mu.Unlock()
	step := step{in.text(string(p.Relation)), in.text(p.Action), in.text(p.Technique), p.From.Hold, p.To.Hold}
	number, known := in.steps.id(step)
	if !known && !slices.Contains(graph.Relations, p.Relation) {
		in.fail("pivot of relation %q", p.Relation)
	}
	in.pivots.add(pivotRow{in.held(p.From), in.held(p.To), number, in.ruling(&p.Ruling)})
}

// AddPivots takes pivots.
func (c *Conclusions) AddPivots(list []Pivot) {
	for _, p := range list {
		c.AddPivot(p)
	}
}

// AddAdministration takes an administration.
func (c *Conclusions) AddAdministration(a Administration) {
	in := c.lock()
	defer c.mu.Unlock()
	in.held(a.From)
	in.admins.add(adminRow{a.From, in.node(a.Scope), in.list(a.Through), in.ruling(&a.Ruling)})
}

// AddPart takes rows that classes may share, and returns their number. What no
// class has is left out.
func (c *Conclusions) AddPart(p AccessPart) PartIndex {
	in := c.lock()
	defer c.mu.Unlock()
	return PartIndex(in.part(&p))
}

// AddClass takes a class. One without members is left out.
func (c *Conclusions) AddClass(a AccessClass) {
	in := c.lock()
	defer c.mu.Unlock()
	for _, f := range a.Members {
		in.held(f)
		in.members.add(f)
	}
	in.scratch = in.scratch[:0]
	for _, p := range a.Parts {
		if int(p) >= in.parts.len() {
			in.fail("class of part %d of %d", p, in.parts.len())
		}
		if p != 0 { // says nothing
			in.scratch = append(in.scratch, uint32(p))
		}
	}
	if len(in.scratch) > 0 && len(a.Members) == 0 {
		in.fail("access of a class without members")
	}
	slices.Sort(in.scratch)
	parts := in.partLists.id(slices.Compact(in.scratch))
	in.classes.add(classRow{uint32(len(a.Members)), parts, in.nodeSet(a.Home)})
}

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

	nodes, attachments uint32 // one more than the greatest that was named
	scratch, partRows  []uint32
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
	if f.Hold > graph.DataOnly {
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
	return k.listed(k.lists)
}

// listed numbers what is in scratch by a table.
func (k *intake) listed(t *listTable) uint32 {
	if len(t.items)+len(k.scratch) > math.MaxUint32-1 {
		k.fail("lists of more than an index can number")
		return 0
	}
	return t.id(k.scratch)
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
