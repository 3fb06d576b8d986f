package snapshot

import (
	"iter"
	"slices"
)

// inUse says what the columns speak of: what only parts said that no class has
// leaves no trace. A nil list stands for everything, which is the rule.
type inUse struct{ strings, lists, rulings, grants []bool }

// marked finds what is in use, given the parts that classes have.
func (k *concluder) marked(parts []uint32) (u inUse) {
	if len(parts)+1 == k.parts.len() { // all but that of no rows
		return u
	}
	u = inUse{
		make([]bool, len(k.strings.starts)), make([]bool, k.lists.len()),
		make([]bool, k.rulings.len()), make([]bool, len(k.grants.keys)),
	}
	for p := range k.pivots.all() {
		u.rulings[p.ruling] = true
	}
	for a := range k.admins.all() {
		u.rulings[a.ruling], u.lists[a.through] = true, true
	}
	for _, p := range parts {
		for row := range slices.Chunk(k.parts.list(p)[partHead:], rowSize) {
			u.grants[row[0]], u.rulings[row[1]] = true, true
		}
	}
	for _, ruling := range k.bent {
		u.rulings[ruling] = true
	}
	k.markTexts(&u)
	return u
}

// markTexts goes on from grants, lists, rulings and steps to strings.
func (k *concluder) markTexts(u *inUse) {
	for i, g := range k.grants.keys {
		if u.grants[i] {
			u.lists[g.actions], u.lists[g.include], u.lists[g.exclude] = true, true, true
		}
	}
	u.strings[0], u.lists[0], u.rulings[0] = true, true, true // the empty ones
	for list := range used(u.lists) {
		for _, text := range k.lists.list(list) {
			u.strings[text] = true
		}
	}
	for ruling := range used(u.rulings[1:]) {
		list := k.rulings.list(ruling + 1)
		u.strings[list[1]] = true
		for e := rulingHead; e < len(list); e += evidenceSize {
			u.strings[list[e+2]] = true
		}
	}
	for _, s := range k.steps.keys {
		u.strings[s.relation], u.strings[s.action], u.strings[s.technique] = true, true, true
	}
}

// used yields the numbers that a list marks.
func used(marks []bool) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, in := range marks {
			if in && !yield(uint32(i)) {
				return
			}
		}
	}
}

// numbersUsed lists the numbers below n that are marked; all where marks is nil.
func numbersUsed(n int, marks []bool) []uint32 {
	if marks == nil {
		return counted(n)
	}
	return slices.Collect(used(marks))
}
