package policy

import (
	"strings"
	"time"
)

// A Control says who decides what value a context key has.
type Control uint8

// Who controls a key.
const (
	ControlUnknown Control = iota
	CallerChooses          // the caller sets it in the request
	CallerHolds            // the caller must have it: a tag, an MFA device, an organization
	Environment            // the network or the clock sets it
)

// String returns the control as GraphQL writes it.
func (c Control) String() string {
	return [...]string{"UNKNOWN", "CALLER_CHOOSES", "CALLER_HOLDS", "ENVIRONMENT"}[c]
}

// A ValueType is the type of a context key's values.
type ValueType uint8

// The value types.
const (
	TypeString ValueType = iota
	TypeARN
	TypeBool
	TypeNumeric
	TypeDate
	TypeIP
	TypeBinary
)

// A Key is an open context key: one whose value a decision does not know.
type Key struct {
	Name     string // as documents spell it, e.g. "aws:SourceIp"
	Type     ValueType
	Multi    bool // a request may carry several values
	Required bool // every such request carries it, and not empty
	Control  Control
	// Within, if set, are the only values that a request can carry.
	Within []string
	// Like, if set, is a pattern that every value matches, segment by segment
	// where the values are ARNs.
	Like string
	// Except are patterns that no value matches.
	Except []string
	// NotBefore, if set, is the earliest date that a request can carry.
	NotBefore time.Time
}

// Folded returns the key's name in the form in which keys are compared.
func (k *Key) Folded() string { return strings.ToLower(k.Name) }

// An Operator compares one value of a key with the values of a test.
type Operator uint8

// The operators. Negation, IfExists and quantifiers are fields of Test.
const (
	StringEquals Operator = iota
	StringEqualsFold
	StringLike
	ARNLike
	NumericEquals
	NumericLess
	NumericLessOrEqual
	NumericGreater
	NumericGreaterOrEqual
	DateEquals
	DateLess
	DateLessOrEqual
	DateGreater
	DateGreaterOrEqual
	BoolEquals
	IPInRange
	BinaryEquals
	Present // the key is in the request; Values is empty
)

var operatorWords = [...]string{
	"is", "is (any case)", "is like", "is like ARN",
	"=", "<", "≤", ">", "≥",
	"is at", "is before", "is at or before", "is after", "is at or after",
	"is", "is in", "is", "is present",
}

var negatedWords = [...]string{
	"is not", "is not (any case)", "is not like", "is not like ARN",
	"≠", "is not <", "is not ≤", "is not >", "is not ≥",
	"is not at", "is not before", "is not at or before", "is not after", "is not at or after",
	"is not", "is not in", "is not", "is absent",
}

// A Quantifier says how a test treats a key of several values.
type Quantifier uint8

// The quantifiers.
const (
	// One: the key has one value, or any of its values will do.
	One Quantifier = iota
	// ForAll: every value must satisfy the test; true if there is none.
	ForAll
	// ForAny: at least one value must satisfy it; false if there is none.
	ForAny
)

// A Test asks one question of one open key.
type Test struct {
	Key        *Key
	Operator   Operator
	Negated    bool
	IfExists   bool // true where the key is absent
	Quantifier Quantifier
	Values     []string // any of them; patterns for the Like operators
}

func (t *Test) same(u *Test) bool {
	if t == u {
		return true
	}
	if t.Operator != u.Operator || t.Negated != u.Negated || t.IfExists != u.IfExists ||
		t.Quantifier != u.Quantifier || len(t.Values) != len(u.Values) || !strings.EqualFold(t.Key.Name, u.Key.Name) {
		return false
	}
	for i := range t.Values {
		if t.Values[i] != u.Values[i] {
			return false
		}
	}
	return true
}

// String says the test in words.
func (t *Test) String() string {
	if t.Operator == Present {
		if t.Negated {
			return t.Key.Name + " is absent"
		}
		return t.Key.Name + " is present"
	}
	words := operatorWords[t.Operator]
	if t.Negated {
		words = negatedWords[t.Operator]
	}
	text := t.Key.Name + " " + words + " " + strings.Join(t.Values, " | ")
	switch t.Quantifier {
	case ForAll:
		text = "every value of " + text
	case ForAny:
		text = "some value of " + text
	}
	// A negated comparison is true of an absent key on its own, so only the
	// positive one needs the words.
	if t.IfExists && !t.Negated {
		text += " or is absent"
	}
	return text
}

// flip returns the test that holds exactly where t fails; ok is false where no
// single test does.
func (t *Test) flip() (*Test, bool) {
	if t.Quantifier != One || t.IfExists && !t.Negated {
		return nil, false
	}
	flipped := *t
	flipped.Negated, flipped.IfExists = !t.Negated, false
	return &flipped, true
}
