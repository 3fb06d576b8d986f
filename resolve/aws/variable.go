package aws

import (
	"strings"

	"github.com/clewgraph/clew/resolve/policy"
)

// A variable is a policy variable: a context key whose value stands in the
// text, with a default where the policy gives one.
type variable struct {
	key         string
	fallback    string
	hasFallback bool
}

// splitVariables cuts text at its variables. What looks like a variable and is
// not closed stays text.
//
// Source: IAM user guide, "IAM policy elements: Variables and tags".
func splitVariables(text string) []part {
	var parts []part
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		length := strings.IndexByte(text[start:], '}')
		if length < 0 {
			break
		}
		if start > 0 {
			parts = append(parts, part{text: text[:start]})
		}
		parts = append(parts, variablePart(text[start+2:start+length]))
		text = text[start+length+1:]
	}
	if text != "" {
		parts = append(parts, part{text: text})
	}
	return parts
}

func variablePart(inside string) part {
	if inside == "*" || inside == "?" || inside == "$" {
		return part{text: inside, escaped: true}
	}
	key, fallback, has := strings.Cut(inside, ",")
	v := &variable{key: strings.TrimSpace(key), hasFallback: has}
	if has {
		fallback = strings.TrimSpace(fallback)
		fallback = strings.TrimPrefix(fallback, "'")
		v.fallback = strings.TrimSuffix(fallback, "'")
	}
	return part{variable: v}
}

// filled is a text whose variables have been looked up.
type filled struct {
	parts []part
	// unresolved: a variable has no value, so the text matches nothing.
	unresolved bool
	// open is the one variable whose value the request leaves open; two mean
	// that the text can only be told apart as a whole.
	open []*keyState
}

// fill looks up the variables of parts.
func (r *request) fill(parts []part) filled {
	f := filled{parts: make([]part, len(parts))}
	for i, p := range parts {
		if p.variable == nil {
			f.parts[i] = p
			continue
		}
		state := r.key(p.variable.key)
		switch {
		case state.known && len(state.values) == 1:
			f.parts[i] = part{text: state.values[0], escaped: true}
		case state.known && len(state.values) == 0 && p.variable.hasFallback:
			f.parts[i] = part{text: p.variable.fallback, escaped: true}
		case state.known: // absent, or several values, which no text can hold
			f.unresolved = true
		default:
			f.parts[i] = p
			open := state
			f.open = append(f.open, &open)
		}
	}
	return f
}

// tokens returns the text as a pattern, with open in the place of the variable
// that is open.
func (f *filled) tokens(open string) []token { return f.tokensWith(appendTokens(nil, open, true)) }

// anyValue matches whatever an open variable can be: a value is never empty.
var anyValue = []token{{kind: '?'}, {kind: '*'}}

func (f *filled) tokensWith(open []token) []token {
	var tokens []token
	for _, p := range f.parts {
		if p.variable != nil {
			tokens = append(tokens, open...)
			continue
		}
		tokens = appendTokens(tokens, p.text, p.escaped)
	}
	markCrossing(tokens)
	return tokens
}

// pattern returns the text for a condition operator. Characters that stand for
// themselves are marked where the operator reads wildcards.
func (f *filled) pattern(o policy.Operator) string {
	var b strings.Builder
	for _, p := range f.parts {
		text := p.text
		if p.escaped && (o == policy.StringLike || o == policy.ARNLike) {
			text = policy.Literally(text)
		}
		b.WriteString(text)
	}
	return b.String()
}
