package policy

import (
	"sort"
	"strings"

	"github.com/clewgraph/clew/graph"
)

type op uint8

const (
	opFalse op = iota
	opTrue
	opTest
	opGap
	opNot // of a test only: Not pushes negations down
	opAnd
	opOr
)

// A Formula is a boolean expression over tests and gaps. Formulas are
// immutable; True and False are the only constants, so they compare by ==.
type Formula struct {
	op   op
	kids []*Formula
	test *Test
	gap  *Gap
}

// The constant formulas.
var (
	True  = &Formula{op: opTrue}
	False = &Formula{op: opFalse}
)

// A Gap is a document that was asked for and did not come.
type Gap struct {
	Of     graph.Ref // the node whose layer it is
	Layer  graph.LayerID
	Reason graph.GapReason
	Detail string
}

// Constant returns True or False.
func Constant(value bool) *Formula {
	if value {
		return True
	}
	return False
}

// Leaf returns the formula that is t.
func Leaf(t *Test) *Formula { return &Formula{op: opTest, test: t} }

// Missing returns the formula that is true if g holds the most favourable
// policy and false if it holds the least.
func Missing(g *Gap) *Formula { return &Formula{op: opGap, gap: g} }

// And returns the conjunction of two formulas.
func And(a, b *Formula) *Formula { return join(opAnd, True, False, a, b) }

// Or returns the disjunction of two formulas.
func Or(a, b *Formula) *Formula { return join(opOr, False, True, a, b) }

// join builds a flat n-ary node; neutral and absorbing are the constants of
// the operation.
func join(o op, neutral, absorbing, a, b *Formula) *Formula {
	switch {
	case a == absorbing || b == absorbing:
		return absorbing
	case a == neutral || a == b:
		return b
	case b == neutral:
		return a
	}
	kids := make([]*Formula, 0, 4)
	kids = appendKids(kids, o, a)
	kids = appendKids(kids, o, b)
	if len(kids) == 1 {
		return kids[0]
	}
	return &Formula{op: o, kids: kids}
}

func appendKids(kids []*Formula, o op, f *Formula) []*Formula {
	if f.op != o {
		return appendNew(kids, f)
	}
	for _, kid := range f.kids {
		kids = appendNew(kids, kid)
	}
	return kids
}

func appendNew(kids []*Formula, f *Formula) []*Formula {
	for _, kid := range kids {
		if kid == f || kid.same(f) {
			return kids
		}
	}
	return append(kids, f)
}

// same tells equal atoms; deeper structure is compared by pointer only, as
// State is what decides equivalence.
func (f *Formula) same(g *Formula) bool {
	if f.op != g.op {
		return false
	}
	switch f.op {
	case opTest:
		return f.test.same(g.test)
	case opGap:
		return *f.gap == *g.gap
	case opNot:
		return f.kids[0].same(g.kids[0])
	}
	return f == g
}

// Not returns the negation of f. A gap is never negated: what a missing
// document forbids is written as "the gap holds", by the caller.
func Not(f *Formula) *Formula {
	switch f.op {
	case opTrue:
		return False
	case opFalse:
		return True
	case opNot:
		return f.kids[0]
	case opTest:
		if flipped, ok := f.test.flip(); ok {
			return Leaf(flipped)
		}
	case opAnd, opOr:
		other := opAnd
		if f.op == opAnd {
			other = opOr
		}
		kids := make([]*Formula, len(f.kids))
		for i, kid := range f.kids {
			kids[i] = Not(kid)
		}
		return &Formula{op: other, kids: kids}
	}
	return &Formula{op: opNot, kids: []*Formula{f}}
}

// Tests returns the distinct tests of f, in order of first appearance.
func (f *Formula) Tests() []*Test {
	var tests []*Test
	f.atoms(func(leaf *Formula) {
		if leaf.op != opTest {
			return
		}
		for _, t := range tests {
			if t.same(leaf.test) {
				return
			}
		}
		tests = append(tests, leaf.test)
	})
	return tests
}

// Gaps returns the distinct gaps of f, in order of first appearance.
func (f *Formula) Gaps() []*Gap {
	var gaps []*Gap
	f.atoms(func(leaf *Formula) {
		if leaf.op != opGap {
			return
		}
		for _, g := range gaps {
			if *g == *leaf.gap {
				return
			}
		}
		gaps = append(gaps, leaf.gap)
	})
	return gaps
}

func (f *Formula) atoms(visit func(*Formula)) {
	if f.op == opTest || f.op == opGap {
		visit(f)
	}
	for _, kid := range f.kids {
		kid.atoms(visit)
	}
}

// hasGap reports whether a gap occurs in f.
func (f *Formula) hasGap() bool {
	if f.op == opGap {
		return true
	}
	for _, kid := range f.kids {
		if kid.hasGap() {
			return true
		}
	}
	return false
}

// String writes f as a person would: tests in words, "and", "or", "not".
// The order of terms is fixed by their text, so equal formulas print equal.
func (f *Formula) String() string { return f.text(opOr) }

func (f *Formula) text(around op) string {
	switch f.op {
	case opTrue:
		return "always"
	case opFalse:
		return "never"
	case opTest:
		return f.test.String()
	case opGap:
		return "the missing " + string(f.gap.Layer) + " policy of " + string(f.gap.Of) + " allows it"
	case opNot:
		return "not (" + f.kids[0].text(opNot) + ")"
	}
	word := " or "
	if f.op == opAnd {
		word = " and "
	}
	parts := make([]string, len(f.kids))
	for i, kid := range f.kids {
		parts[i] = kid.text(f.op)
	}
	sort.Strings(parts)
	text := strings.Join(parts, word)
	if f.op == opOr && around == opAnd {
		return "(" + text + ")"
	}
	return text
}
