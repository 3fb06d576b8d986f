package snapshot

import (
	"cmp"

	"github.com/clewgraph/clew/graph"
)

// Conclude takes the conclusions about what Facts returned; their indexes are
// those of that Snapshot. It takes them over: in holds none afterwards. A
// second call replaces what the first was given. Errors wrap ErrInvalid.
func (b *Builder) Conclude(in *Conclusions) error {
	taken := in.take()
	if b.facts == nil {
		return invalid("conclusions come after Facts")
	}
	c := b.facts.columns
	c.conclusions = conclusions{}
	k := &concluder{intake: taken, c: &c}
	k.check(b.facts)
	k.freeze(b.facts.n)
	if k.err != nil {
		return k.err
	}
	b.final = &c
	return nil
}

// A concluder turns what was taken into columns. It numbers everything anew,
// in order, sorts by counting where it can, and lets go of what it has written:
// estates have millions of each.
type concluder struct {
	*intake
	c *columns

	holds []uint32 // by node: a bit for each hold that is a foothold
	rank  []uint32 // by node: the number of its first foothold
}

// check compares what was named with what there is.
func (k *concluder) check(facts *Snapshot) {
	if k.nodes > facts.n {
		k.fail("conclusion about node %d of %d", k.nodes-1, facts.n)
	}
	if k.attachments > facts.attachments {
		k.fail("evidence in attachment %d of %d", k.attachments-1, facts.attachments)
	}
	if max(k.pivots.n, k.classes.n, k.members.n) >= int(None) {
		k.fail("more conclusions than an index can number")
	}
}

func (k *concluder) freeze(nodes uint32) {
	if k.err != nil {
		return
	}
	k.footholds(nodes)
	if len(k.c.footNode) == 0 {
		return
	}
	classes := k.memberColumns()
	if k.err != nil {
		return
	}
	parts := k.usedParts(classes)
	marks := k.marked(parts)
	ranks := k.freezeTables(marks)
	k.pivotColumns(ranks)
	k.adminColumns(ranks)
	if len(classes) > 0 {
		k.accessColumns(ranks, classes, parts, marks.grants)
	}
}

// newNumbers maps the numbers of an intake to those of the columns.
type newNumbers struct{ strings, lists, rulings []uint32 }

// freezeTables writes strings, lists and rulings.
func (k *concluder) freezeTables(u inUse) (r newNumbers) {
	k.texts, k.words, k.nodeLists, k.known = recall[byte]{}, recall[string]{}, recall[Index]{}, nil
	k.c.cstr, r.strings = k.strings.freezeUsed(u.strings)
	k.strings = nil
	k.c.clistOff, k.c.clistItem, r.lists = k.lists.freezeUsed(r.strings, u.lists)
	k.lists = nil
	r.rulings = k.freezeRulings(r.strings, u.rulings)
	k.rulings = nil
	return r
}

// A bit for each way to hold a node.
func holdBit(h graph.Hold) uint32 { return 1 << h }

// stepColumns numbers the steps of pivots anew, in order. Those that differ in
// holds alone, which the footholds say, have one number.
func (k *concluder) stepColumns(r newNumbers) (sorted []step, rank []uint32) {
	steps := k.steps.keys
	for i := range steps {
		s := &steps[i]
		*s = step{r.strings[s.relation], r.strings[s.action], r.strings[s.technique], s.from, s.to}
	}
	compare := func(a, b step) int {
		return cmp.Or(cmp.Compare(a.relation, b.relation), cmp.Compare(a.technique, b.technique), cmp.Compare(a.action, b.action))
	}
	rank = make([]uint32, len(steps))
	for _, i := range ordered(len(steps), func(a, b uint32) int { return compare(steps[a], steps[b]) }) {
		if len(sorted) == 0 || compare(sorted[len(sorted)-1], steps[i]) != 0 {
			sorted = append(sorted, steps[i])
		}
		rank[i] = uint32(len(sorted) - 1)
	}
	return sorted, rank
}

// stepRelations writes the dictionary of relations.
func (k *concluder) stepRelations(steps []step) (relations dictionary) {
	for _, s := range steps {
		if err := relations.add(s.relation); err != nil && k.err == nil {
			k.err = err
		}
	}
	k.c.cdictRelation = relations.words
	return relations
}
