package snapshot

import "cmp"

// stepColumns numbers the steps of pivots anew, in order. Those that differ in
// holds alone, which the footholds say, have one number.
func (k *concluder) stepColumns(r newNumbers) (sorted []step, rank []uint32) {
	steps, str := k.steps.keys, r.strings.more
	for i := range steps {
		s := &steps[i]
		*s = step{str[s.relation], str[s.action], str[s.technique], s.from, s.to}
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

// relationColumn writes the dictionary of relations.
func (k *concluder) relationColumn(r newNumbers, steps []step) (relations dictionary) {
	for _, s := range steps {
		k.addWord(&relations, s.relation)
	}
	for code, word := range k.stay.last.cdictRelation {
		if k.stay.relations[code] {
			k.addWord(&relations, r.strings.stay[word])
		}
	}
	k.c.cdictRelation = relations.words
	return relations
}
