package snapshot

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/clewgraph/clew/graph"
)

// While conclusions are taken, a ruling is a list of numbers: its verdict and
// bounds in one, its formula, and then of each evidence the three of an
// evidenceSize. Lists sort as rulings do.
const (
	rulingHead   = 2
	evidenceSize = 3
)

const rulingBits = 17 // of places for rulings that were seen lately

// A knownRuling is one that was seen lately, by where its parts lie.
type knownRuling struct {
	key  rulingKey
	id   uint32
	used bool
}

type rulingKey struct {
	verdict  graph.Verdict
	bounds   graph.Bounds
	formula  *byte
	evidence *EvidenceRef
	lengths  [2]int
}

func keyOfRuling(r *Ruling) rulingKey {
	key := rulingKey{verdict: r.Verdict, bounds: r.Bounds, lengths: [2]int{len(r.Formula), len(r.Evidence)}}
	if len(r.Formula) > 0 {
		key.formula = unsafe.StringData(r.Formula)
	}
	if len(r.Evidence) > 0 {
		key.evidence = unsafe.SliceData(r.Evidence)
	}
	return key
}

// ruling numbers a ruling: most pivots share theirs with others.
func (k *concluder) ruling(r *Ruling) uint32 {
	key := keyOfRuling(r)
	address := uintptr(unsafe.Pointer(key.formula)) ^ uintptr(unsafe.Pointer(key.evidence))*31
	at := &k.known[scatter(address+uintptr(r.Verdict)+uintptr(key.lengths[1]))>>(64-rulingBits)]
	if !at.used || at.key != key {
		*at = knownRuling{key, k.newRuling(r), true}
	}
	return at.id
}

// newRuling numbers a ruling that was not seen lately. Its evidence is a set.
func (k *concluder) newRuling(r *Ruling) uint32 {
	if max(r.Verdict, r.Bounds.Least, r.Bounds.Most) > graph.Allowed {
		k.fail("ruling with verdict %d and bounds %d to %d", r.Verdict, r.Bounds.Least, r.Bounds.Most)
	}
	evidence := r.Evidence
	if !slices.IsSortedFunc(evidence, compareEvidence) {
		evidence = slices.Clone(evidence)
		slices.SortFunc(evidence, compareEvidence)
	}
	head := uint32(r.Verdict)<<16 | uint32(r.Bounds.Least)<<8 | uint32(r.Bounds.Most)
	k.scratch = append(k.scratch[:0], head, k.text(r.Formula))
	for i, e := range evidence {
		if uint32(e.Attachment) >= k.attachments {
			k.fail("evidence in attachment %d of %d", e.Attachment, k.attachments)
		}
		if i == 0 || e != evidence[i-1] {
			k.scratch = append(k.scratch, uint32(e.Attachment), e.Statement, k.text(string(e.Effect)))
		}
	}
	return k.rulings.id(k.scratch)
}

func compareEvidence(a, b EvidenceRef) int {
	return cmp.Or(cmp.Compare(a.Attachment, b.Attachment), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Effect, b.Effect))
}

// freezeRulings writes the rulings in order and returns the new number of
// each.
func (k *concluder) freezeRulings(str []uint32) (rank []uint32) {
	var effects dictionary
	for id := 1; id < k.rulings.len(); id++ { // 0 is the empty list, and no ruling
		list := k.rulings.list(uint32(id))
		list[1] = str[list[1]]
		for e := rulingHead; e < len(list); e += evidenceSize {
			list[e+2] = str[list[e+2]]
			if err := effects.add(list[e+2]); err != nil && k.err == nil {
				k.err = err
			}
		}
	}
	k.c.cdictEffect = effects.words
	off, items, rank := k.rulings.freeze(nil)
	k.rulingColumns(off, items, effects)
	for i := range rank {
		rank[i]-- // the empty list comes first
	}
	return rank
}

func (k *concluder) rulingColumns(off, items u32s, effects dictionary) {
	c, n := k.c, len(off)-2
	if n == 0 {
		return
	}
	evidence := (len(items) - rulingHead*n) / evidenceSize
	reserve(n, &c.rulingVerdict, &c.rulingLeast, &c.rulingMost)
	reserve(n, &c.rulingFormula)
	reserve(evidence, &c.evAttachment, &c.evStatement)
	reserve(evidence, &c.evEffect)
	c.rulingOff = make(u32s, 1, n+1)
	for i := 1; i <= n; i++ {
		list := items[off[i]:off[i+1]]
		c.rulingVerdict = append(c.rulingVerdict, uint8(list[0]>>16))
		c.rulingLeast = append(c.rulingLeast, uint8(list[0]>>8))
		c.rulingMost = append(c.rulingMost, uint8(list[0]))
		c.rulingFormula = append(c.rulingFormula, list[1])
		for e := rulingHead; e < len(list); e += evidenceSize {
			c.evAttachment = append(c.evAttachment, list[e])
			c.evStatement = append(c.evStatement, list[e+1])
			c.evEffect = append(c.evEffect, effects.code(list[e+2]))
		}
		c.rulingOff = append(c.rulingOff, uint32(len(c.evAttachment)))
	}
}
