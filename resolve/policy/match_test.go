package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestHolds asks every way in which a request can carry a key: not at all,
// empty, one value, several.
func TestHolds(t *testing.T) {
	const none, empty = "none", "empty" // the key is absent; it is there without a value
	is := func(values ...string) Test { return Test{Operator: StringEquals, Values: values} }
	not := func(t Test) Test { t.Negated = true; return t }
	ifExists := func(t Test) Test { t.IfExists = true; return t }
	all := func(t Test) Test { t.Quantifier = ForAll; return t }
	some := func(t Test) Test { t.Quantifier = ForAny; return t }
	present := Test{Operator: Present}
	cases := []struct {
		test    Test
		carried string // values parted by |
		want    bool
	}{
		{is("a"), none, false}, {is("a"), empty, false}, {is("a"), "a", true}, {is("a"), "b", false},
		{is("a", "b"), "b", true}, {is("a", "b"), "c", false}, {is("a"), "b|a", true}, {is(), "a", false},
		{not(is("a")), none, true}, {not(is("a")), empty, true}, {not(is("a")), "a", false}, {not(is("a")), "b", true},
		{not(is("a", "b")), "b", false}, {not(is("a")), "b|a", false}, {not(is("a")), "b|c", true}, {not(is()), "a", true},
		{ifExists(is("a")), none, true}, {ifExists(is("a")), empty, true}, {ifExists(is("a")), "a", true}, {ifExists(is("a")), "b", false},
		{ifExists(not(is("a"))), none, true}, {ifExists(not(is("a"))), "a", false}, {ifExists(not(is("a"))), "b", true},
		{all(is("a")), none, true}, {all(is("a")), empty, true}, {all(is("a")), "a", true}, {all(is("a")), "a|b", false},
		{all(is("a", "b")), "a|b", true}, {all(is("a")), "|", true}, {all(is("a")), "a|", true}, {all(is("a")), "b|", false},
		{all(not(is("a"))), none, true}, {all(not(is("a"))), "b|c", true}, {all(not(is("a"))), "b|a", false},
		{some(is("a")), none, false}, {some(is("a")), empty, false}, {some(is("a")), "b|a", true}, {some(is("a")), "b|c", false},
		{some(is("")), "|", false}, {some(is("a")), "a|", true},
		{some(not(is("a"))), none, false}, {some(not(is("a"))), empty, false}, {some(not(is("a"))), "a|b", true}, {some(not(is("a"))), "a", false},
		{some(ifExists(is("a"))), none, false}, {all(ifExists(is("a"))), none, true},
		{present, none, false}, {present, empty, true}, {present, "a", true},
		{not(present), none, true}, {not(present), empty, false}, {not(present), "a", false},
	}
	for _, c := range cases {
		c.test.Key = &Key{Name: "k"}
		var values []string
		if c.carried != none && c.carried != empty {
			values = strings.Split(c.carried, "|")
		}
		if got := c.test.Holds(values, c.carried != none); got != c.want {
			t.Errorf("%s of %s: got %v, want %v", c.test.String(), c.carried, got, c.want)
		}
	}
}

func TestCompare(t *testing.T) {
	const ip6 = "2001:db8:1234::1"
	cases := []struct {
		operator    Operator
		value, want string
		holds       bool
	}{
		{StringEquals, "a", "a", true}, {StringEquals, "a", "A", false}, {StringEquals, "ab", "a*", false}, {StringEquals, "a*", "a*", true},
		{StringEqualsFold, "aB", "Ab", true}, {StringEqualsFold, "a", "b", false}, {StringEqualsFold, "ab", "A*", false},
		{StringLike, "abc", "a*c", true}, {StringLike, "abc", "A*c", false}, {StringLike, "a:c", "a*c", true}, {StringLike, "a", "a?", false},
		{ARNLike, "arn:aws:s3:::b", "arn:aws:s3:::*", true}, {ARNLike, "arn:aws:s3:::b", "arn:*", false}, {ARNLike, "arn:aws:s3:::b", "arn:aws:s*b", false},
		{NumericEquals, "1.0", "1", true}, {NumericEquals, "1.0000000000001", "1", false}, {NumericEquals, "x", "x", false},
		{NumericLess, "1", "2", true}, {NumericLess, "2", "2", false}, {NumericLess, "10", "9", false}, {NumericLess, "-1", "0", true},
		{NumericLessOrEqual, "2", "2", true}, {NumericLessOrEqual, "2.5", "2", false},
		{NumericGreater, "3", "2", true}, {NumericGreater, "2", "2", false}, {NumericGreaterOrEqual, "2", "2", true}, {NumericGreaterOrEqual, "1", "2", false},
		{DateEquals, "2020-01-01", "2020-01-01T00:00:00Z", true}, {DateEquals, "2020-01-01T01:00:00+01:00", "2020-01-01", true},
		{DateEquals, "1577836800", "2020-01-01", true}, {DateEquals, "2020-01-02", "2020-01-01", false},
		{DateLess, "2019-12-31T23:59:59Z", "2020", true}, {DateLess, "2020-01-01", "2020", false}, {DateLess, "never", "2020", false},
		{DateLessOrEqual, "2020", "2020-01", true}, {DateLessOrEqual, "2021", "2020", false},
		{DateGreater, "2021", "2020", true}, {DateGreater, "2020", "2020", false}, {DateGreaterOrEqual, "2020", "2020", true}, {DateGreaterOrEqual, "2019", "2020", false},
		{BoolEquals, "true", "True", true}, {BoolEquals, "true", "false", false},
		{IPInRange, "10.1.2.3", "10.0.0.0/8", true}, {IPInRange, "11.0.0.0", "10.0.0.0/8", false}, {IPInRange, "10.0.0.1", "10.0.0.1", true},
		{IPInRange, "::ffff:10.0.0.1", "10.0.0.0/8", true}, {IPInRange, ip6, "2001:db8::/32", true}, {IPInRange, ip6, "0.0.0.0/0", false},
		{IPInRange, "10.0.0.1", "::/0", false}, {IPInRange, "10.0.0", "10.0.0.0/8", false}, {IPInRange, "10.0.0.1", "10.0.0.0/33", false},
		{BinaryEquals, "QmFzZQ==", "QmFzZQ==", true}, {BinaryEquals, "qmFzZQ==", "QmFzZQ==", false},
		{Present, "a", "a", false},
	}
	for _, c := range cases {
		if got := Compare(c.operator, c.value, c.want); got != c.holds {
			t.Errorf("%q %s %q: got %v", c.value, operatorWords[c.operator], c.want, got)
		}
	}
}

func TestARNGlob(t *testing.T) {
	cases := []struct {
		pattern, arn string
		want         bool
	}{
		{"arn:aws:s3:::bucket", "arn:aws:s3:::bucket", true},
		{"arn:aws:s3:::bucket", "arn:aws:s3:::bucke", false},
		{"arn:*:s3:::b*t", "arn:aws-cn:s3:::bucket", true},
		{"arn:aws:*:*:*:*", "arn:aws:sns:us-east-1:1:topic", true},
		{"arn:aws:*:topic", "arn:aws:sns:us-east-1:1:topic", false},
		{"arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:1:topic:subscription", true},
		{"arn:aws:sns:*:1:topic", "arn:aws:sns:us-east-1:1:topic:subscription", false},
		{"arn:aws:sns:??-east-1:1:t*", "arn:aws:sns:us-east-1:1:topic", true},
		{"*", "arn:aws:sns:us-east-1:1:topic", false},
		{"*:*:*:*:*:*", "arn:aws:s3:::x", true},
		{"*:*:*:*:*:*", "arn:aws:s3::x", false},
		{"arn:aws:s3:::", "arn:aws:s3:::", true},
	}
	for _, c := range cases {
		if got := ARNGlob(c.pattern, c.arn); got != c.want {
			t.Errorf("%s against %s: got %v", c.pattern, c.arn, got)
		}
	}
}

// slowGlob is Glob by its definition.
func slowGlob(pattern, s []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(s) == 0
	case pattern[0] == '*':
		return slowGlob(pattern[1:], s) || len(s) > 0 && slowGlob(pattern, s[1:])
	case len(s) == 0:
		return false
	case pattern[0] == '?':
		return slowGlob(pattern[1:], s[1:])
	}
	return pattern[0] == s[0] && slowGlob(pattern[1:], s[1:])
}

func TestGlobAgainstDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	draw := func(alphabet []rune, longest int) string {
		var b strings.Builder
		for range random.IntN(longest + 1) {
			b.WriteRune(alphabet[random.IntN(len(alphabet))])
		}
		return b.String()
	}
	matched := 0
	for range 100_000 {
		pattern, s := draw([]rune("ab:é**?"), 7), draw([]rune("ab:é"), 8)
		want := slowGlob([]rune(pattern), []rune(s))
		if got := Glob(pattern, s); got != want {
			t.Fatalf("Glob(%q, %q): got %v", pattern, s, got)
		}
		if want {
			matched++
		}
	}
	if matched < 10_000 {
		t.Errorf("%d of 100000 draws match: the draws say too little", matched)
	}
}

func TestLiterally(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{Literally("a*b"), "a*b", true}, {Literally("a*b"), "axb", false}, {Literally("?"), "?", true}, {Literally("?"), "x", false},
		{Literally("*") + "*", "*abc", true}, {Literally("*") + "*", "abc", false}, {"*" + Literally("?"), "what?", true}, {"*" + Literally("?"), "what!", false},
	} {
		if got := Glob(c.pattern, c.s); got != c.want {
			t.Errorf("%q against %q: got %v", c.pattern, c.s, got)
		}
	}
}

func TestParseDate(t *testing.T) {
	day := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	good := map[string]time.Time{
		"2026-07-01": day, "2026-07": day, "2026-07-01T00:00:00Z": day, "2026-07-01T00:00Z": day, "2026-07-01T00Z": day,
		"2026-07-01T02:00:00+02:00": day, "2026-07-01T00:00:00.5Z": day.Add(time.Second / 2),
		"2026": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "1782864000": day, "00000": time.Unix(0, 0).UTC(),
	}
	for text, want := range good {
		if got, ok := ParseDate(text); !ok || !got.Equal(want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "x", "2026-13-01", "2026-07-32", "-5", "2026-07-01 00:00:00", "2026-07-01T00:00:00", "99999999999999999999999"} {
		if got, ok := ParseDate(text); ok {
			t.Errorf("%q: read as %v", text, got)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{"1": "1/1", "-2.50": "-5/2", "+3": "3/1", ".5": "1/2", "007": "7/1"} {
		if got, ok := ParseNumber(text); !ok || got.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", " 1", "1/2", "0x10", "1e3", "1_000", "NaN", "Inf", strings.Repeat("9", 65)} {
		if got, ok := ParseNumber(text); ok {
			t.Errorf("%q: read as %v", text, got)
		}
	}
}

func TestParsePrefix(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.1.2.3/8": "10.0.0.0/8", "10.1.2.3": "10.1.2.3/32",
		"2001:DB8::/32": "2001:db8::/32", "2001:db8::1": "2001:db8::1/128", "::ffff:10.0.0.1": "10.0.0.1/32",
	} {
		if got, ok := ParsePrefix(text); !ok || got.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "10.0.0.0/33", "10.0.0", "*", "fe80::1%eth0", "10.0.0.0/08"} {
		if got, ok := ParsePrefix(text); ok {
			t.Errorf("%q: read as %v", text, got)
		}
	}
}

func TestFormulaText(t *testing.T) {
	leaf := func(key string, o Operator, negated bool, values ...string) *Formula {
		return Leaf(&Test{Key: &Key{Name: key}, Operator: o, Negated: negated, Values: values})
	}
	region, time := leaf("aws:RequestedRegion", StringEquals, false, "eu", "us"), leaf("aws:CurrentTime", DateLess, true, "2020")
	cases := map[string]*Formula{
		"always": True, "never": Not(True),
		"aws:RequestedRegion is eu | us":                                                              region,
		"aws:RequestedRegion is not eu | us":                                                          Not(region),
		"aws:CurrentTime is not before 2020 and aws:RequestedRegion is eu | us":                       And(region, time),
		"(aws:CurrentTime is not before 2020 or aws:RequestedRegion is eu | us) and aws:A is present": And(Or(region, time), leaf("aws:A", Present, false)),
		"the missing aws:scp policy of account:1 allows it":                                           Missing(&Gap{Of: "account:1", Layer: "aws:scp"}),
		"not (aws:B is x or is absent)":                                                               Not(Leaf(&Test{Key: &Key{Name: "aws:B"}, IfExists: true, Values: []string{"x"}})),
		"every value of aws:TagKeys is a":                                                             Leaf(&Test{Key: &Key{Name: "aws:TagKeys"}, Quantifier: ForAll, Values: []string{"a"}}),
		"aws:A is absent or some value of aws:TagKeys is not a":                                       Or(leaf("aws:A", Present, true), Leaf(&Test{Key: &Key{Name: "aws:TagKeys"}, Quantifier: ForAny, Negated: true, Values: []string{"a"}})),
	}
	for want, f := range cases {
		if got := f.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if a, b := fmt.Sprint(And(region, time)), fmt.Sprint(And(time, region)); a != b {
		t.Errorf("order shows: %s, %s", a, b)
	}
}

func TestRead(t *testing.T) {
	sets := Algebra[uint8]{True: 0xFF, And: func(a, b uint8) uint8 { return a & b }, Or: func(a, b uint8) uint8 { return a | b }, Not: func(a uint8) uint8 { return ^a }}
	words := []uint8{0b11110000, 0b11001100, 0b10101010}
	word := func(t Term) uint8 { return words[t] }
	for want, e := range map[uint8]Expr{
		0b11110000: Word(0), 0b11000000: All(Word(0), Word(1)), 0b11111100: Any(Word(0), Word(1)), 0b00000011: Neither(Word(0), Word(1)),
		0b01000000: All(Word(0), Word(1), Neither(Word(2))), 0xFF: All(), 0: Any(),
	} {
		if got := Read(e, sets, word); got != want {
			t.Errorf("got %08b, want %08b", got, want)
		}
	}
	seen := 0
	All(Word(0), Any(Word(1), Neither(Word(2), Word(0)))).Terms(func(Term) { seen++ })
	if seen != 4 {
		t.Errorf("%d terms seen, want 4", seen)
	}
}
