package snapshot

import (
	"iter"
	"slices"

	"github.com/clewgraph/clew/graph"
)

// Later passes read what earlier ones collected. Each of these yields what is
// there when it starts, in the order in which it came, and does not hinder
// others who add more meanwhile.

// NumPivots returns how many pivots were added so far, repetitions counted.
func (c *Conclusions) NumPivots() int {
	in := c.lock()
	defer c.mu.Unlock()
	return in.pivots.n + in.stay().numPivots()
}

// Pivots yields the pivots that were added so far.
func (c *Conclusions) Pivots() iter.Seq[Pivot] {
	return func(yield func(Pivot) bool) {
		in := c.lock()
		r, pivots, steps, stay := in.reader(), in.pivots.now(), in.steps.keys, in.stay()
		c.mu.Unlock()
		for p := range stay.pivots() {
			if !yield(p) {
				return
			}
		}
		for p := range pivots.all() {
			s := steps[p.step]
			pivot := Pivot{
				From: Foothold{Index(p.from), s.from}, To: Foothold{Index(p.to), s.to},
				Relation: graph.Relation(r.text(s.relation)), Action: r.text(s.action), Technique: r.text(s.technique),
				Ruling: r.ruling(p.ruling),
			}
			if !yield(pivot) {
				return
			}
		}
	}
}

// Administrations yields the administrations that were added so far.
func (c *Conclusions) Administrations() iter.Seq[Administration] {
	return func(yield func(Administration) bool) {
		in := c.lock()
		r, admins, stay := in.reader(), in.admins.now(), in.stay()
		c.mu.Unlock()
		for a := range stay.administrations() {
			if !yield(a) {
				return
			}
		}
		for a := range admins.all() {
			if !yield(Administration{a.from, Index(a.scope), r.list(a.through), r.ruling(a.ruling)}) {
				return
			}
		}
	}
}

// NumClasses returns how many classes were added so far.
func (c *Conclusions) NumClasses() int {
	in := c.lock()
	defer c.mu.Unlock()
	return in.classes.n + in.stay().numClasses()
}

// Classes yields the members and the parts of the classes that were added so
// far. The slices are the caller's.
func (c *Conclusions) Classes() iter.Seq2[[]Foothold, []PartIndex] {
	return func(yield func([]Foothold, []PartIndex) bool) {
		in := c.lock()
		lists, classes, members, stay := in.partLists.now(), in.classes.now(), in.members.now(), in.stay()
		c.mu.Unlock()
		for held, parts := range stay.eachClass() {
			if !yield(held, parts) {
				return
			}
		}
		next, stop := iter.Pull(members.all())
		defer stop()
		for class := range classes.all() {
			held := make([]Foothold, class.members)
			for i := range held {
				held[i], _ = next()
			}
			if !yield(held, slices.Clone(view[PartIndex](lists.list(class.parts)))) {
				return
			}
		}
	}
}

// A PartRow is a row of a part as it was collected.
type PartRow struct {
	Actions          []string // sorted
	Include, Exclude []string
	Ruling           Ruling

	runs []uint32
}

// Runs yields the nodes of a row as runs, in order, no two of which touch.
func (r PartRow) Runs() iter.Seq[Run] { return packedRuns(r.runs) }

// packedRuns yields the runs of a list of first and last nodes.
func packedRuns(list []uint32) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for i := 0; i+1 < len(list); i += 2 {
			if !yield(Run{Index(list[i]), Index(list[i+1])}) {
				return
			}
		}
	}
}

// PartRows yields the rows of a part; of a number that is none, nothing. Rows
// share slices, which must not be changed.
func (c *Conclusions) PartRows(p PartIndex) iter.Seq[PartRow] {
	return func(yield func(PartRow) bool) {
		in := c.lock()
		r, parts, sets, grants, stay := in.reader(), in.parts.now(), in.sets.now(), in.grants.keys, in.stay()
		c.mu.Unlock()
		if p&ofLast != 0 {
			stay.partRows(uint32(p &^ ofLast))(yield)
			return
		}
		if int(p) >= parts.len() || p == 0 {
			return
		}
		for row := range slices.Chunk(parts.list(uint32(p))[partHead:], rowSize) {
			may := grants[row[0]]
			if !yield(PartRow{r.list(may.actions), r.list(may.include), r.list(may.exclude), r.ruling(row[1]), sets.list(row[2])}) {
				return
			}
		}
	}
}

// An intakeReader reads text, lists and rulings of an intake as it was at some
// time: what is there does not change, whatever comes after it. Of rulings it
// keeps some.
type intakeReader struct {
	strings arena
	lists   listTable
	rulings listTable
	recent  map[uint32]Ruling
}

const recentRulings = 1 << 10

func (k *intake) reader() *intakeReader {
	strings := arena{slices.Clone(k.strings.chunks), k.strings.starts}
	return &intakeReader{strings, k.lists.now(), k.rulings.now(), map[uint32]Ruling{}}
}

// stay returns what is carried over.
func (k *intake) stay() *carried {
	if k.carried == nil {
		return newCarried(new(Snapshot), new(Moves))
	}
	return k.carried
}

// now returns the lists as they are, to be read alone.
func (t *listTable) now() listTable { return listTable{off: t.off, items: t.items} }

func (r *intakeReader) text(id uint32) string { return sharedText(r.strings.bytes(id)) }

func (r *intakeReader) list(id uint32) (out []string) {
	for _, text := range r.lists.list(id) {
		out = append(out, r.text(text))
	}
	return out
}

func (r *intakeReader) ruling(id uint32) Ruling {
	known, ok := r.recent[id]
	if ok {
		return known
	}
	list := r.rulings.list(id)
	out := Ruling{Verdict: graph.Verdict(list[0] >> 16), Bounds: graph.Bounds{Least: graph.Verdict(list[0] >> 8 & 0xff), Most: graph.Verdict(list[0] & 0xff)}, Formula: r.text(list[1])}
	for e := range slices.Chunk(list[rulingHead:], evidenceSize) {
		out.Evidence = append(out.Evidence, EvidenceRef{AttachmentIndex(e[0]), e[1], graph.Effect(r.text(e[2]))})
	}
	if len(r.recent) == recentRulings {
		clear(r.recent)
	}
	r.recent[id] = out
	return out
}
