package policy

import (
	"math/big"
	"net/netip"
	"strings"
	"time"
)

// Holds evaluates t against the values that a request carries for its key;
// present says whether the request carries the key at all.
//
// Set operators decide first: ForAll is true and ForAny false on a missing or
// empty key, negated operators and IfExists included. Empty strings are no
// members of a set.
func (t *Test) Holds(values []string, present bool) bool {
	if t.Operator == Present {
		return present != t.Negated
	}
	switch t.Quantifier {
	case ForAll:
		for _, v := range values {
			if v != "" && t.matches(v) == t.Negated {
				return false
			}
		}
		return true
	case ForAny:
		for _, v := range values {
			if v != "" && t.matches(v) != t.Negated {
				return true
			}
		}
		return false
	}
	if !present || len(values) == 0 {
		return t.IfExists || t.Negated
	}
	for _, v := range values {
		if t.matches(v) {
			return !t.Negated
		}
	}
	return t.Negated
}

// matches reports whether one value satisfies the un-negated comparison with
// any of the test's values. A value that does not parse as its operator's
// type matches nothing.
func (t *Test) matches(v string) bool {
	for _, want := range t.Values {
		if Compare(t.Operator, v, want) {
			return true
		}
	}
	return false
}

// Compare reports whether value satisfies operator against want.
func Compare(o Operator, value, want string) bool {
	switch o {
	case StringEquals:
		return value == want
	case StringEqualsFold:
		return strings.EqualFold(value, want)
	case StringLike:
		return Glob(want, value)
	case ARNLike:
		return ARNGlob(want, value)
	case NumericEquals, NumericLess, NumericLessOrEqual, NumericGreater, NumericGreaterOrEqual:
		return compareNumbers(o, value, want)
	case DateEquals, DateLess, DateLessOrEqual, DateGreater, DateGreaterOrEqual:
		return compareDates(o, value, want)
	case BoolEquals:
		return strings.EqualFold(value, want)
	case IPInRange:
		return inRange(value, want)
	case BinaryEquals:
		return value == want
	}
	return false
}

func ordered(o Operator, first Operator, order int) bool {
	switch o - first {
	case 0:
		return order == 0
	case 1:
		return order < 0
	case 2:
		return order <= 0
	case 3:
		return order > 0
	}
	return order >= 0
}

func compareNumbers(o Operator, value, want string) bool {
	v, okV := ParseNumber(value)
	w, okW := ParseNumber(want)
	return okV && okW && ordered(o, NumericEquals, v.Cmp(w))
}

// ParseNumber reads an integer or decimal, exactly.
func ParseNumber(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 64 || strings.ContainsAny(s, "/_xXeEpP") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func compareDates(o Operator, value, want string) bool {
	v, okV := ParseDate(value)
	w, okW := ParseDate(want)
	return okV && okW && ordered(o, DateEquals, v.Compare(w))
}

// dateLayouts are the W3C profiles of ISO 8601 that policies write.
var dateLayouts = []string{
	"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15Z07:00",
	"2006-01-02", "2006-01", "2006",
}

// ParseDate reads a date of a policy or request: ISO 8601 as W3C profiles it,
// or seconds since 1970.
func ParseDate(s string) (time.Time, bool) {
	if len(s) > 4 && strings.Trim(s, "0123456789") == "" {
		if n, ok := ParseNumber(s); ok && n.Num().IsInt64() {
			return time.Unix(n.Num().Int64(), 0).UTC(), true
		}
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func inRange(value, want string) bool {
	addr, err := netip.ParseAddr(value)
	if err != nil {
		return false
	}
	prefix, ok := ParsePrefix(want)
	return ok && prefix.Contains(addr.Unmap())
}

// ParsePrefix reads a CIDR range, or an address as the range of itself.
func ParsePrefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	a = a.Unmap()
	return netip.PrefixFrom(a, a.BitLen()), true
}

// literalStar and literalMark stand in a pattern for the characters * and ?
// themselves. They are of the private use area.
const (
	literalStar = '\uE02A'
	literalMark = '\uE03F'
)

var literally = strings.NewReplacer("*", string(literalStar), "?", string(literalMark))

// Literally returns s as a piece of pattern that matches s alone.
func Literally(s string) string { return literally.Replace(s) }

// Glob reports whether s matches pattern: * is any run, ? any one character.
// What Literally returned stands for itself.
func Glob(pattern, s string) bool {
	// Both marks begin with byte 0xEE in UTF-8: a cheap test first.
	if strings.IndexByte(pattern, 0xEE) >= 0 &&
		(strings.ContainsRune(pattern, literalStar) || strings.ContainsRune(pattern, literalMark)) {
		s = Literally(s)
	}
	return glob(pattern, s)
}

func glob(pattern, s string) bool {
	p, i := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && pattern[p] == '?':
			p++
			i += runeLen(s[i])
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			p = star + 1
			mark++
			i = mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// runeLen returns the bytes of the UTF-8 sequence that starts with b.
func runeLen(b byte) int {
	switch {
	case b < 0xC0:
		return 1
	case b < 0xE0:
		return 2
	case b < 0xF0:
		return 3
	}
	return 4
}

// ARNGlob compares ARNs segment by segment: the first five colons are
// boundaries that no wildcard crosses; the sixth segment may hold more.
func ARNGlob(pattern, s string) bool {
	for range 5 {
		i, j := strings.IndexByte(pattern, ':'), strings.IndexByte(s, ':')
		if i < 0 || j < 0 || !Glob(pattern[:i], s[:j]) {
			return false
		}
		pattern, s = pattern[i+1:], s[j+1:]
	}
	return Glob(pattern, s)
}
