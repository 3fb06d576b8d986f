package policy

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fresh is a rune of the private use area that no policy is taken to write:
// it stands for "any other character".
const fresh = '\uE000'

// outcomes returns which combinations of truth the tests of one key can take
// over everything that a request may carry for it. Bit i of an outcome is the
// truth of tests[i]. All tests are of the same key; there are 64 at most.
//
// It is exact for literals, prefixes, numbers, dates, Booleans and address
// ranges, and for patterns as long as their joint automaton stays under
// maxStates; past that it may miss rare combinations of many patterns. Where a
// key is compared as different types it may find combinations that no value
// has.
func outcomes(tests []*Test) []uint64 {
	key := tests[0].Key
	cells := cellsOf(key, tests) // what single values look like to the tests
	found := map[uint64]bool{}
	add := func(s sight, present bool) { found[outcome(tests, s, present)] = true }
	if !key.Required {
		add(sight{every: ^uint64(0)}, false)
	}
	if key.Multi {
		if !key.Required {
			add(sight{every: ^uint64(0)}, true)
		}
		for s := range sights(cells) {
			add(s, true)
		}
	} else {
		for c := range cells {
			add(sight{c.some, c.every, true}, true)
		}
	}
	list := make([]uint64, 0, len(found))
	for o := range found {
		list = append(list, o)
	}
	slices.Sort(list) // where a search is given up must not hang on chance
	return list
}

// A cell is the values that the tests do not tell apart: for which tests they
// are a value that satisfies, and for which none that fails. The two differ
// for an empty string, which is no member of the sets that quantifiers read.
type cell struct{ some, every uint64 }

func cellOf(tests []*Test, v string) cell {
	var c cell
	for i, t := range tests {
		switch {
		case t == nil || t.Operator == Present:
		case v == "" && t.Quantifier != One:
			c.every |= 1 << i
		case t.matches(v) != t.Negated:
			c.some |= 1 << i
			c.every |= 1 << i
		}
	}
	return c
}

// cellsOf returns every cell of a key. Tests that compare as different types
// (an address as text, too) are taken to be independent: what values they have
// in common is not known, and a formula is rather open than wrongly constant.
func cellsOf(key *Key, tests []*Test) map[cell]bool {
	cells := map[cell]bool{{}: true}
	for _, part := range bySort(key, tests) {
		mine, joined := map[cell]bool{}, map[cell]bool{}
		for _, v := range candidates(key, part) {
			mine[cellOf(part, v)] = true
		}
		for a := range cells {
			for b := range mine {
				joined[cell{a.some | b.some, a.every | b.every}] = true
			}
		}
		cells = joined
	}
	return cells
}

// bySort parts tests by what they read values as; tests of presence read none.
// Each part has the tests of other sorts as nil, so that positions stay. Where the values are listed, no
// parting is needed.
func bySort(key *Key, tests []*Test) [][]*Test {
	var parts [sortCount][]*Test
	for i, t := range tests {
		s := sortOf(t.Operator)
		if key.Within != nil || key.Type == TypeBool {
			s = sortText
		}
		if parts[s] == nil {
			parts[s] = make([]*Test, len(tests))
		}
		parts[s][i] = t
	}
	return slices.DeleteFunc(parts[sortText:], func(p []*Test) bool { return p == nil })
}

const (
	sortNone = iota // no value is read
	sortText
	sortNumber
	sortDate
	sortAddress
	sortCount
)

func sortOf(o Operator) int {
	switch o {
	case Present:
		return sortNone
	case NumericEquals, NumericLess, NumericLessOrEqual, NumericGreater, NumericGreaterOrEqual:
		return sortNumber
	case DateEquals, DateLess, DateLessOrEqual, DateGreater, DateGreaterOrEqual:
		return sortDate
	case IPInRange:
		return sortAddress
	}
	return sortText
}

// A sight is what tests see of the values of a request together.
type sight struct {
	some, every uint64
	any         bool // there is a value at all
}

// maxSights bounds the sets of values that are told apart.
const maxSights = 1 << 14

// sights returns what the tests can see of sets of values: every union of
// cells, each found once.
func sights(cells map[cell]bool) map[sight]bool {
	seen := map[sight]bool{}
	queue := []sight{{every: ^uint64(0)}}
	for len(queue) > 0 && len(seen) < maxSights {
		s := queue[0]
		queue = queue[1:]
		for c := range cells {
			next := sight{s.some | c.some, s.every & c.every, true}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return seen
}

// outcome computes the truth of every test for a request with such values.
func outcome(tests []*Test, s sight, present bool) uint64 {
	var bits uint64
	for i, t := range tests {
		if t.holdsFor(s.some>>i&1 == 1, s.every>>i&1 == 1, s.any, present) {
			bits |= 1 << i
		}
	}
	return bits
}

// holdsFor is Holds over comparisons that are already made: whether some and
// whether every value satisfies the test, and whether there is one.
func (t *Test) holdsFor(some, every, any, present bool) bool {
	switch {
	case t.Operator == Present:
		return present != t.Negated
	case t.Quantifier == ForAll:
		return every
	case t.Quantifier == ForAny:
		return some
	case !any:
		return t.IfExists || t.Negated
	case t.Negated:
		return every // no value may match
	}
	return some
}

// candidates returns values such that every combination of comparisons that
// any value of the key's type can have, one of them has. The tests are of one
// sort; nil ones are none.
func candidates(key *Key, tests []*Test) []string {
	if key.Within != nil {
		return key.Within
	}
	if key.Type == TypeBool {
		return []string{"true", "false"}
	}
	wants, operator := wantsOf(tests)
	var values []string
	typed := key.Type
	switch sortOf(operator) {
	case sortNumber:
		values = numberPoints(parsed(wants, ParseNumber))
	case sortDate:
		values = datePoints(parsed(wants, ParseDate), key.NotBefore)
	case sortAddress:
		values = addressPoints(parsed(wants, ParsePrefix))
	default:
		typed = TypeString
	}
	if typed != TypeNumeric && typed != TypeDate && typed != TypeIP {
		values = append(values, textPoints(key, patternsOf(key, tests))...)
	}
	return slices.DeleteFunc(values, func(v string) bool { return !key.takes(v) })
}

// wantsOf returns the values of all tests, and the operator of one.
func wantsOf(tests []*Test) (wants []string, o Operator) {
	for _, t := range tests {
		if t != nil {
			wants, o = append(wants, t.Values...), t.Operator
		}
	}
	return wants, o
}

// parsed returns the values that parse.
func parsed[T any](texts []string, parse func(string) (T, bool)) []T {
	var list []T
	for _, text := range texts {
		if v, ok := parse(text); ok {
			list = append(list, v)
		}
	}
	return list
}

// patternsOf returns what the textual tests and what is known of the key
// compare values with.
func patternsOf(key *Key, tests []*Test) []pattern {
	var patterns []pattern
	for _, t := range tests {
		if t == nil || sortOf(t.Operator) != sortText {
			continue
		}
		for _, want := range t.Values {
			patterns = append(patterns, newPattern(t.Operator, want))
		}
	}
	for _, p := range key.Except {
		patterns = append(patterns, newPattern(StringLike, p))
	}
	if key.Like != "" {
		patterns = append(patterns, newPattern(key.likeness(), key.Like))
	}
	return patterns
}

// likeness is the operator that Like is compared by.
func (k *Key) likeness() Operator {
	if k.Type == TypeARN {
		return ARNLike
	}
	return StringLike
}

// takes reports whether the key can have the value.
func (k *Key) takes(v string) bool {
	if v == "" && k.Required {
		return false
	}
	if k.Like != "" && !Compare(k.likeness(), v, k.Like) {
		return false
	}
	if d, ok := ParseDate(v); !k.NotBefore.IsZero() && (!ok || d.Before(k.NotBefore)) {
		return false
	}
	return !slices.ContainsFunc(k.Except, func(p string) bool { return Glob(p, v) })
}

// numberPoints returns every threshold and a point in every gap between them.
func numberPoints(thresholds []*big.Rat) []string {
	var points []string
	one, half := big.NewRat(1, 1), big.NewRat(1, 2)
	thresholds = append(thresholds, new(big.Rat))
	add := func(r *big.Rat) {
		digits, _ := r.FloatPrec() // sums and halves of decimals end
		points = append(points, r.FloatString(digits))
	}
	for _, a := range thresholds {
		add(a)
		add(new(big.Rat).Sub(a, one))
		add(new(big.Rat).Add(a, one))
		for _, b := range thresholds {
			add(new(big.Rat).Mul(half, new(big.Rat).Add(a, b)))
		}
	}
	return points
}

func datePoints(thresholds []time.Time, earliest time.Time) []string {
	if earliest.IsZero() {
		earliest = time.Unix(0, 0)
	}
	thresholds = append(thresholds, earliest)
	var points []string
	add := func(t time.Time) {
		text := t.UTC().Format(dateLayouts[0])
		if t.Year() > 9999 { // no ISO date; only seconds can say it
			text = strconv.FormatInt(t.Unix(), 10)
		}
		points = append(points, text)
	}
	for _, a := range thresholds {
		add(a)
		add(a.Add(-time.Second))
		add(a.Add(time.Second))
		for _, b := range thresholds {
			add(a.Add(b.Sub(a) / 2))
		}
	}
	return points
}

// addressPoints returns an address of every cell: cells of ranges begin where
// a range begins or just after one ends.
func addressPoints(ranges []netip.Prefix) []string {
	points := []string{"0.0.0.0", "::"}
	for _, r := range ranges {
		points = append(points, r.Addr().String())
		if next := lastAddress(r).Next(); next.IsValid() {
			points = append(points, next.String())
		}
	}
	return points
}

func lastAddress(r netip.Prefix) netip.Addr {
	bytes := r.Addr().AsSlice()
	for bit := r.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}

// textPoints returns a string of every cell that the patterns make.
func textPoints(key *Key, patterns []pattern) []string {
	points := []string{"", string(fresh), fmt.Sprintf("arn:%[1]c:%[1]c:%[1]c:%[1]c:%[1]c", fresh)}
	// Prefixes of ARNs are no ARNs themselves, so their samples do not do.
	simple := key.Type != TypeARN
	for _, p := range patterns {
		points = append(points, p.samples()...)
		simple = simple && p.simple()
	}
	if !simple {
		points = append(points, witnesses(key, patterns)...)
	}
	if key.Type != TypeARN {
		return points
	}
	arns := points[:0]
	for _, p := range points {
		if strings.Count(p, ":") >= 5 {
			arns = append(arns, p)
		}
	}
	return arns
}
