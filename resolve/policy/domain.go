package policy

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"
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
// maxStates; past that it may miss rare combinations of many patterns.
func outcomes(tests []*Test) []uint64 {
	key := tests[0].Key
	matched := map[uint64]bool{} // which un-negated comparisons hold for one value
	for _, v := range candidates(key, tests) {
		var bits uint64
		for i, t := range tests {
			if t.Operator != Present && t.matches(v) {
				bits |= 1 << i
			}
		}
		matched[bits] = true
	}
	found := map[uint64]bool{}
	if !key.Required {
		found[outcome(tests, nil, false)] = true
	}
	if key.Multi {
		found[outcome(tests, nil, true)] = true
		multiOutcomes(tests, matched, found)
	} else {
		for bits := range matched {
			found[outcome(tests, []uint64{bits}, true)] = true
		}
	}
	list := make([]uint64, 0, len(found))
	for o := range found {
		list = append(list, o)
	}
	return list
}

// outcome computes the truth of every test for a request that carries values
// whose comparisons came out as given.
func outcome(tests []*Test, values []uint64, present bool) uint64 {
	var bits uint64
	for i, t := range tests {
		if t.holdsBits(values, i, present) {
			bits |= 1 << i
		}
	}
	return bits
}

// holdsBits is Holds over comparisons that are already made.
func (t *Test) holdsBits(values []uint64, i int, present bool) bool {
	if t.Operator == Present {
		return present != t.Negated
	}
	some, every := false, true // of "this value satisfies the test"
	for _, v := range values {
		ok := (v>>i&1 == 1) != t.Negated
		some = some || ok
		every = every && ok
	}
	switch {
	case t.Quantifier == ForAll:
		return every
	case len(values) == 0 && t.Quantifier == ForAny:
		return false
	case len(values) == 0:
		return t.IfExists || t.Negated
	case t.Quantifier == ForAny || !t.Negated:
		return some
	}
	return every // One, negated: no value may match
}

// multiOutcomes adds what sets of values can do. A set of values is made of
// cells; what a test sees of it is whether some, and whether all, of its cells
// satisfy it, so sets of up to one cell a test are enough.
func multiOutcomes(tests []*Test, matched, found map[uint64]bool) {
	cells := make([]uint64, 0, len(matched))
	for bits := range matched {
		cells = append(cells, bits)
	}
	if len(cells) <= 12 {
		for set := 1; set < 1<<len(cells); set++ {
			var values []uint64
			for i, c := range cells {
				if set>>i&1 == 1 {
					values = append(values, c)
				}
			}
			found[outcome(tests, values, true)] = true
		}
		return
	}
	for i, a := range cells {
		for _, b := range cells[i:] {
			found[outcome(tests, []uint64{a, b}, true)] = true
		}
	}
	found[outcome(tests, cells, true)] = true
}

// candidates returns values such that every combination of comparisons that
// any value of the key's type can have, one of them has.
func candidates(key *Key, tests []*Test) []string {
	if key.Within != nil {
		return key.Within
	}
	if key.Type == TypeBool {
		return []string{"true", "false"}
	}
	var values []string
	var patterns []pattern
	var numbers []*big.Rat
	var dates []time.Time
	var ranges []netip.Prefix
	textual := false
	for _, t := range tests {
		for _, want := range t.Values {
			switch t.Operator {
			case StringEquals, StringEqualsFold, StringLike, ARNLike, BinaryEquals, BoolEquals:
				textual = true
				patterns = append(patterns, newPattern(t.Operator, want))
			case IPInRange:
				if p, ok := ParsePrefix(want); ok {
					ranges = append(ranges, p)
				}
			case DateEquals, DateLess, DateLessOrEqual, DateGreater, DateGreaterOrEqual:
				if d, ok := ParseDate(want); ok {
					dates = append(dates, d)
				}
			default:
				if n, ok := ParseNumber(want); ok {
					numbers = append(numbers, n)
				}
			}
		}
	}
	if !key.NotBefore.IsZero() {
		dates = append(dates, key.NotBefore)
	}
	values = append(values, numberPoints(numbers)...)
	values = append(values, datePoints(dates)...)
	values = append(values, addressPoints(ranges)...)
	for _, p := range key.Except {
		patterns = append(patterns, newPattern(StringLike, p))
	}
	if key.Like != "" {
		textual = true
		patterns = append(patterns, newPattern(StringLike, key.Like))
	}
	typed := len(values) > 0 && (key.Type == TypeNumeric || key.Type == TypeDate || key.Type == TypeIP)
	if textual || !typed {
		values = append(values, textPoints(key, patterns)...)
	}
	return slices.DeleteFunc(values, func(v string) bool { return !key.takes(v) })
}

// takes reports whether the key can have the value.
func (k *Key) takes(v string) bool {
	if k.Like != "" && !Glob(k.Like, v) {
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
	add := func(r *big.Rat) { points = append(points, r.FloatString(12)) }
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

func datePoints(thresholds []time.Time) []string {
	var points []string
	add := func(t time.Time) { points = append(points, t.UTC().Format(dateLayouts[0])) }
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
	if len(ranges) == 0 {
		return nil
	}
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
	points := []string{string(fresh), fmt.Sprintf("arn:%[1]c:%[1]c:%[1]c:%[1]c:%[1]c", fresh)}
	simple := true
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
