package aws

import (
	"strings"
	"unicode/utf8"
)

// A resourcePattern is one entry of Resource or NotResource.
type resourcePattern struct {
	text   string
	parts  []part  // set only where the pattern has variables
	tokens []token // set only where it has none, and a wildcard elsewhere than at the end
	plain  bool    // no wildcard: compared as text
	prefix bool    // a literal, then one asterisk at the end
}

// A part of a pattern is text, a character to take literally, or a variable.
type part struct {
	text     string
	escaped  bool // ${*}, ${?}, ${$}
	variable *variable
}

func compileResource(text string, variables bool) resourcePattern {
	p := resourcePattern{text: text}
	if variables && strings.Contains(text, "${") {
		p.parts = splitVariables(text)
		return p
	}
	wild := strings.IndexAny(text, "*?")
	p.plain = wild < 0
	p.prefix = wild >= 0 && wild == len(text)-1 && text[wild] == '*'
	if !p.plain && !p.prefix {
		p.tokens = appendTokens(make([]token, 0, len(text)), text, false)
		markCrossing(p.tokens)
	}
	return p
}

// matches compares a pattern that has no variables.
//
// A wildcard stays inside its colon-separated segment, but an asterisk that
// is the last character of a segment goes on past colons (IAM user guide,
// "IAM JSON policy elements: Resource"). Slashes are ordinary characters.
func (p *resourcePattern) matches(arn string) bool {
	switch {
	case p.plain:
		return p.text == arn
	case p.prefix:
		return strings.HasPrefix(arn, p.text[:len(p.text)-1])
	}
	return matchTokens(p.tokens, arn)
}

// A token of a resource pattern: one byte to compare, or a wildcard.
type token struct {
	kind byte // 0 literal, '?' one, '*' run inside a segment, '+' run past colons
	char byte
}

func appendTokens(tokens []token, text string, escaped bool) []token {
	for i := range len(text) {
		switch c := text[i]; {
		case !escaped && (c == '*' || c == '?'):
			tokens = append(tokens, token{kind: c})
		default:
			tokens = append(tokens, token{char: c})
		}
	}
	return tokens
}

// markCrossing turns the asterisks that end a segment into runs past colons.
func markCrossing(tokens []token) {
	for i := range tokens {
		last := i+1 == len(tokens) || tokens[i+1].kind == 0 && tokens[i+1].char == ':'
		if tokens[i].kind == '*' && last {
			tokens[i].kind = '+'
		}
	}
}

// matchTokens is greedy matching with two levels of backtracking: to the last
// run past colons, and within it to the last run inside a segment.
func matchTokens(tokens []token, s string) bool {
	t, i := 0, 0
	inner, innerAt := -1, 0
	outer, outerAt := -1, 0
	for {
		if t < len(tokens) {
			switch k := tokens[t]; {
			case k.kind == '+':
				outer, outerAt, inner = t, i, -1
				t++
				continue
			case k.kind == '*':
				inner, innerAt = t, i
				t++
				continue
			case i < len(s) && k.kind == '?' && s[i] != ':':
				_, size := utf8.DecodeRuneInString(s[i:])
				t, i = t+1, i+size
				continue
			case i < len(s) && k.kind == 0 && k.char == s[i]:
				t, i = t+1, i+1
				continue
			}
		} else if i == len(s) {
			return true
		}
		switch {
		case inner >= 0 && innerAt < len(s) && s[innerAt] != ':':
			innerAt++
			t, i = inner+1, innerAt
		case outer >= 0 && outerAt < len(s):
			outerAt++
			t, i, inner = outer+1, outerAt, -1
		default:
			return false
		}
	}
}
