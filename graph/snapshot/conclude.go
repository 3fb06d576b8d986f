package snapshot

import "slices"

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
	k := &concluder{intake: taken, c: &c, stay: taken.stay(), shared: b.shared}
	k.check(b.facts)
	k.freeze(b.facts.n)
	if k.err != nil {
		return k.err
	}
	c.shareConclusions(b.shared)
	b.final = &c
	return nil
}

// A concluder turns what was taken into columns. It numbers everything anew,
// in order, sorts by counting where it can, and lets go of what it has written:
// estates have millions of each. What stays of the last snapshot stands in
// order already: what is new is put in between.
type concluder struct {
	*intake
	c      *columns
	stay   *carried
	shared *Snapshot // whose columns may be taken, nil if none

	holds   []uint32 // by node: a bit for each hold that is a foothold
	rank    []uint32 // by node: the number of its first foothold
	footNow []uint32 // by foothold of last that is named
	bent    []uint32 // rulings that the intake has because of what stays
	later   later
}

// check compares what was named with what there is.
func (k *concluder) check(facts *Snapshot) {
	if k.nodes > facts.n {
		k.fail("conclusion about node %d of %d", k.nodes-1, facts.n)
	}
	if k.attachments > facts.attachments {
		k.fail("evidence in attachment %d of %d", k.attachments-1, facts.attachments)
	}
	if max(k.pivots.n, k.classes.n, k.members.n) >= ofLast {
		k.fail("more conclusions than an index can number")
	}
}

func (k *concluder) freeze(nodes uint32) {
	if k.err != nil {
		return
	}
	k.commonColumn()
	k.takeBent()
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
	k.later.do()
}

// commonColumn writes the things that anybody could be let in to, in order.
func (k *concluder) commonColumn() {
	slices.Sort(k.commons)
	k.c.commons = slices.Compact(k.commons)
	k.c.maker = k.maker
}

// takeBent has the intake number what stays of last but must be told anew.
func (k *concluder) takeBent() {
	s := k.stay
	sets := make([]uint32, s.bentSets.len())
	for i := range sets {
		sets[i] = k.listed(k.sets, s.bentSets.list(uint32(i)))
	}
	rulings := make([]uint32, s.bentRulings.len())
	for i := range rulings {
		rulings[i] = k.listed(k.rulings, k.rulingOfLast(s.bentRulings.list(uint32(i))))
	}
	unbend(s.sets, sets)
	unbend(s.rulings, rulings)
	k.bent = rulings
}

// rulingOfLast gives a ruling with strings of last those of the intake.
func (k *concluder) rulingOfLast(list []uint32) []uint32 {
	words := &k.stay.last.cstr
	list[1] = k.strings.id(words.shared(list[1]))
	for e := rulingHead; e < len(list); e += evidenceSize {
		list[e+2] = k.strings.id(words.shared(list[e+2]))
	}
	return list
}

// unbend replaces the numbers of what is bent by those of an intake.
func unbend(list, numbers []uint32) {
	for i, at := range list {
		if at&ofLast == 0 && at > 0 {
			list[i] = numbers[at-1]
		}
	}
}

// ranked maps the numbers of what stays and those of an intake to those of the
// columns.
type ranked struct{ stay, more []uint32 }

// of maps a number that may be one of last.
func (r *ranked) of(number uint32) uint32 {
	if number&ofLast != 0 {
		return r.stay[number&^ofLast]
	}
	return r.more[number]
}

type newNumbers struct{ strings, lists, rulings ranked }

// freezeTables writes strings, lists and rulings.
func (k *concluder) freezeTables(u inUse) (r newNumbers) {
	k.texts, k.words, k.nodeLists, k.known = recall[byte]{}, recall[string]{}, recall[Index]{}, nil
	r.strings = k.freezeStrings(u.strings)
	k.strings = nil
	r.lists = k.freezeLists(r.strings, u.lists)
	k.lists = nil
	r.rulings = k.freezeRulings(r.strings, u.rulings)
	k.rulings = nil
	return r
}
