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
func (k *intake) ruling(r *Ruling) uint32 {
	key := keyOfRuling(r)
	address := uintptr(unsafe.Pointer(key.formula)) ^ uintptr(unsafe.Pointer(key.evidence))*31
	at := &k.known[scatter(address+uintptr(r.Verdict)+uintptr(key.lengths[1]))>>(64-rulingBits)]
	if !at.used || at.key != key {
		*at = knownRuling{key, k.newRuling(r), true}
	}
	return at.id
}

// newRuling numbers a ruling that was not seen lately. Its evidence is a set.
func (k *intake) newRuling(r *Ruling) uint32 {
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
		k.attachment(e.Attachment)
		if i == 0 || e != evidence[i-1] {
			k.scratch = append(k.scratch, uint32(e.Attachment), e.Statement, k.text(string(e.Effect)))
		}
	}
	return k.listed(k.rulings, k.scratch)
}

// attachment notes that an attachment was named, as node does.
func (k *intake) attachment(a AttachmentIndex) {
	if a == AttachmentIndex(None) {
		k.fail("evidence in no attachment")
		return
	}
	k.attachments = max(k.attachments, uint32(a)+1)
}

func compareEvidence(a, b EvidenceRef) int {
	return cmp.Or(cmp.Compare(a.Attachment, b.Attachment), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Effect, b.Effect))
}
