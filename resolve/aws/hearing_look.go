package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clewgraph/clew/resolve/policy"
)

// A look is how documents look at who asks: tests whose outcome is the same
// whatever is acted on, and keys whose values are compared with something else.
type look struct {
	across bool // at callers of several accounts
	tests  map[string]*Condition
	keys   map[string]bool

	// In order, once all is seen.
	testOrder, keyOrder []string
}

func newLook(across bool) *look { return &look{across: across} }

// seal is called once a look has seen all.
func (l *look) seal() { l.testOrder, l.keyOrder = sorted(l.tests), sorted(l.keys) }

// document adds what a document looks at.
func (l *look) document(d *Document) {
	for i := range d.Statements {
		l.statement(&d.Statements[i])
	}
}

// add adds what another look sees.
func (l *look) add(other *look) {
	for text, c := range other.tests {
		l.test(text, c)
	}
	for key := range other.keys {
		l.key(key)
	}
}

func (l *look) test(text string, c *Condition) {
	if l.tests == nil {
		l.tests = map[string]*Condition{}
	}
	l.tests[text] = c
}

func (l *look) key(key string) {
	if l.keys == nil {
		l.keys = map[string]bool{}
	}
	l.keys[key] = true
}

// statement adds what a statement looks at.
func (l *look) statement(s *Statement) {
	for j := range s.compiled.resources {
		l.variables(s.compiled.resources[j].parts)
	}
	for j := range s.Conditions {
		c := &s.Conditions[j]
		for _, parts := range c.compiled.parts {
			l.variables(parts)
		}
		switch {
		case !l.differs(c.compiled.key):
		case c.compiled.parts != nil:
			l.key(c.compiled.key)
		default:
			l.test(fmt.Sprintf("%s %s %q", strings.ToLower(c.Operator), c.compiled.key, c.Values), c)
		}
	}
}

func (l *look) variables(parts []part) {
	for _, p := range parts {
		if p.variable == nil {
			continue
		}
		if key := strings.ToLower(p.variable.key); l.differs(key) {
			l.key(key)
		}
	}
}

// differs reports whether principals of one account and kind, or, across
// accounts, of one kind, can differ in a key.
func (l *look) differs(key string) bool {
	switch key {
	case "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "kms:calleraccount":
		return l.across
	}
	return isPrincipalKey(key)
}

// isPrincipalKey reports whether principals of one account and kind can differ
// in a key.
func isPrincipalKey(key string) bool {
	switch key {
	case "aws:principalarn", "aws:userid", "aws:username", "session:name":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/")
}

// outcomes adds to key what the looks at a principal come to. The look must be
// sealed.
func (e *Estate) outcomes(key []byte, r *request, l *look) []byte {
	for _, text := range l.testOrder {
		r.values = r.values[:0]
		if f := r.condition(l.tests[text]); f != policy.True {
			key = append(append(append(key, '\n'), text...), fingerprint(f)...)
		}
	}
	for _, name := range l.keyOrder {
		r.values = r.values[:0]
		state := r.foldedKey(name, name)
		key = append(append(key, '\n'), name...)
		if state.known {
			key = append(key, strings.Join(state.values, "\x00")...)
			key = append(key, boolText(state.values != nil)...)
			continue
		}
		key = append(append(key, "?"...), state.open.Like...)
	}
	return key
}

func sorted[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	list := make([]string, 0, len(m))
	for text := range m {
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}
