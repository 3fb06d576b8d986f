package policy

import (
	"strings"
	"unicode"
)

// maxStates bounds the joint automaton of the patterns of one key.
const maxStates = 20000

type tokenKind uint8

const (
	literal tokenKind = iota
	anyOne
	anyRun
)

// A token matches one character, or any run of them.
type token struct {
	kind    tokenKind
	char    rune
	noColon bool // the wildcard stays inside an ARN segment
}

// A pattern is one value of a textual test, ready for reasoning about all
// values at once. Match.go decides single values and shares nothing with it.
type pattern struct {
	tokens []token
	fold   bool
	text   string
}

func newPattern(o Operator, text string) pattern {
	p := pattern{text: text, fold: o == StringEqualsFold || o == BoolEquals}
	wild := o == StringLike || o == ARNLike
	colons := 0
	for _, c := range text {
		t := token{char: c}
		switch {
		case wild && c == '*':
			t = token{kind: anyRun, noColon: o == ARNLike && colons < 5}
		case wild && c == '?':
			t = token{kind: anyOne, noColon: o == ARNLike && colons < 5}
		case wild && c == literalStar:
			t.char = '*'
		case wild && c == literalMark:
			t.char = '?'
		case c == ':':
			colons++
		}
		p.tokens = append(p.tokens, t)
	}
	if o == ARNLike && colons < 5 {
		p.tokens = nil // fewer than six segments: not an ARN, matches none
		p.text = ""
	}
	return p
}

// simple reports whether p is a literal or a literal prefix with one * at its
// end. The cells of such patterns are laminar, so samples hit all of them.
// Those of patterns that fold case are not.
func (p pattern) simple() bool {
	if p.fold {
		return false
	}
	for i, t := range p.tokens {
		if t.kind == anyOne || t.kind == anyRun && (i < len(p.tokens)-1 || t.noColon) {
			return false
		}
	}
	return true
}

// samples returns strings that match p and as little else as possible.
func (p pattern) samples() []string {
	var shortest, filled strings.Builder
	for _, t := range p.tokens {
		switch t.kind {
		case literal:
			shortest.WriteRune(t.char)
			filled.WriteRune(t.char)
		case anyOne:
			shortest.WriteRune(fresh)
			filled.WriteRune(fresh)
		case anyRun:
			filled.WriteRune(fresh)
		}
	}
	list := []string{shortest.String(), filled.String()}
	if p.fold {
		list = append(list, strings.ToLower(p.text), strings.ToUpper(p.text))
	}
	return list
}

// witnesses walks the joint automaton of the patterns and returns, for every
// set of patterns that one string can match together, such a string. For a
// key of ARNs only ARNs are returned.
func witnesses(key *Key, patterns []pattern) []string {
	if key.Type == TypeARN {
		patterns = append(patterns[:len(patterns):len(patterns)], newPattern(ARNLike, "*:*:*:*:*:*"))
	}
	alphabet := alphabetOf(patterns)
	start := closure(patterns, startPositions(patterns))
	type node struct {
		positions []int
		text      string
	}
	seen := map[string]bool{encode(start): true}
	accepted := map[string]string{}
	queue := []node{{start, ""}}
	for len(queue) > 0 && len(seen) < maxStates {
		n := queue[0]
		queue = queue[1:]
		if vector := accepting(patterns, n.positions); accepted[vector] == "" {
			accepted[vector] = n.text
		}
		for _, c := range alphabet {
			next := closure(patterns, step(patterns, n.positions, c))
			if code := encode(next); !seen[code] {
				seen[code] = true
				queue = append(queue, node{next, n.text + string(c)})
			}
		}
	}
	list := make([]string, 0, len(accepted))
	for _, text := range accepted {
		list = append(list, text)
	}
	return list
}

// Positions number the tokens of all patterns in one row, with one position
// past the end of each pattern.
func startPositions(patterns []pattern) []int {
	starts := make([]int, len(patterns))
	at := 0
	for i, p := range patterns {
		starts[i] = at
		at += len(p.tokens) + 1
	}
	return starts
}

func locate(patterns []pattern, position int) (p pattern, at int) {
	for _, p := range patterns {
		if position <= len(p.tokens) {
			return p, position
		}
		position -= len(p.tokens) + 1
	}
	return pattern{}, 0
}

// closure adds what is reached without reading: past every run. A pattern
// without tokens is one that nothing matches.
func closure(patterns []pattern, positions []int) []int {
	var out []int
	has := map[int]bool{}
	for _, pos := range positions {
		for {
			if has[pos] {
				break
			}
			has[pos] = true
			out = append(out, pos)
			p, at := locate(patterns, pos)
			if at >= len(p.tokens) || p.tokens[at].kind != anyRun {
				break
			}
			pos++
		}
	}
	sortInts(out)
	return out
}

func step(patterns []pattern, positions []int, c rune) []int {
	var next []int
	for _, pos := range positions {
		p, at := locate(patterns, pos)
		if at >= len(p.tokens) {
			continue
		}
		switch t := p.tokens[at]; {
		case t.kind == literal && (t.char == c || p.fold && unicode.ToLower(t.char) == unicode.ToLower(c)):
			next = append(next, pos+1)
		case t.kind == anyOne && (c != ':' || !t.noColon):
			next = append(next, pos+1)
		case t.kind == anyRun && (c != ':' || !t.noColon):
			next = append(next, pos)
		}
	}
	return next
}

func accepting(patterns []pattern, positions []int) string {
	vector := make([]byte, len(patterns))
	at := 0
	for i, p := range patterns {
		for _, pos := range positions {
			if pos == at+len(p.tokens) && len(p.tokens) > 0 {
				vector[i] = 1
			}
		}
		at += len(p.tokens) + 1
	}
	return string(vector)
}

func alphabetOf(patterns []pattern) []rune {
	has := map[rune]bool{}
	list := []rune{fresh}
	add := func(c rune) {
		if !has[c] {
			has[c] = true
			list = append(list, c)
		}
	}
	for _, p := range patterns {
		for _, t := range p.tokens {
			switch {
			case t.kind != literal && t.noColon:
				add(':')
			case t.kind == literal:
				add(t.char)
				if p.fold {
					add(unicode.ToLower(t.char))
					add(unicode.ToUpper(t.char))
				}
			}
		}
	}
	return list
}

func encode(positions []int) string {
	b := make([]byte, 0, 3*len(positions))
	for _, p := range positions {
		b = append(b, byte(p), byte(p>>8), byte(p>>16))
	}
	return string(b)
}

func sortInts(list []int) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// Samples returns, for every set of patterns that one string can match
// together, such a string. Patterns are those of StringLike.
func Samples(patterns []string) []string {
	compiled := make([]pattern, len(patterns))
	simple := true
	var list []string
	for i, text := range patterns {
		compiled[i] = newPattern(StringLike, text)
		simple = simple && compiled[i].simple()
		list = append(list, compiled[i].samples()...)
	}
	if !simple {
		list = append(list, witnesses(&Key{}, compiled)...)
	}
	return list
}
