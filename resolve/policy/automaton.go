package policy

import (
	"encoding/binary"
	"maps"
	"slices"
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
	a := newAutomaton(patterns)
	type node struct {
		states []uint64
		text   string
	}
	start := a.start()
	seen := map[string]bool{a.encode(start): true}
	accepted := map[string]string{}
	queue := []node{{start, ""}}
	for at := 0; at < len(queue) && len(seen) < maxStates; at++ {
		n := queue[at]
		if vector := a.accepting(n.states); accepted[string(vector)] == "" {
			accepted[string(vector)] = n.text
		}
		for i, c := range a.alphabet {
			next := a.step(n.states, i)
			if !seen[string(a.code(next))] {
				kept := slices.Clone(next)
				seen[a.encode(kept)] = true
				queue = append(queue, node{kept, n.text + string(c)})
			}
		}
	}
	list := slices.Collect(maps.Values(accepted))
	slices.Sort(list)
	return list
}

// An automaton reads all patterns at once. Its states number the tokens of all
// patterns in one row, with one past the end of each pattern; a set of them is
// kept as bits.
type automaton struct {
	alphabet []rune
	reads    [][]uint64 // by character: the states that go on past it
	stays    [][]uint64 // by character: the states that read it and stay
	runs     []uint64   // states that need not read
	begin    []uint64
	ends     []int // by pattern, its last state; -1 where nothing matches it

	next           []uint64
	vector, packed []byte
}

func newAutomaton(patterns []pattern) *automaton {
	states := 0
	for _, p := range patterns {
		states += len(p.tokens) + 1
	}
	words := (states + 63) / 64
	a := &automaton{alphabet: alphabetOf(patterns), runs: make([]uint64, words), begin: make([]uint64, words), next: make([]uint64, words)}
	a.vector = make([]byte, len(patterns))
	for range a.alphabet {
		a.reads, a.stays = append(a.reads, make([]uint64, words)), append(a.stays, make([]uint64, words))
	}
	at := 0
	for _, p := range patterns {
		setBit(a.begin, at)
		for _, t := range p.tokens {
			a.token(at, t, p.fold)
			at++
		}
		if len(p.tokens) == 0 {
			a.ends = append(a.ends, -1)
		} else {
			a.ends = append(a.ends, at)
		}
		at++
	}
	return a
}

func setBit(set []uint64, i int) { set[i>>6] |= 1 << (i & 63) }

func (a *automaton) token(at int, t token, fold bool) {
	if t.kind == anyRun {
		setBit(a.runs, at)
	}
	for i, c := range a.alphabet {
		switch {
		case t.kind == literal && (t.char == c || fold && unicode.ToLower(t.char) == unicode.ToLower(c)),
			t.kind == anyOne && (c != ':' || !t.noColon):
			setBit(a.reads[i], at)
		case t.kind == anyRun && (c != ':' || !t.noColon):
			setBit(a.stays[i], at)
		}
	}
}

func (a *automaton) start() []uint64 {
	start := slices.Clone(a.begin)
	a.close(start)
	return start
}

// step reads one character of the alphabet. The result is good until the next
// step.
func (a *automaton) step(from []uint64, char int) []uint64 {
	carry := uint64(0)
	for w, s := range from {
		moved := s & a.reads[char][w]
		a.next[w] = moved<<1 | carry | s&a.stays[char][w]
		carry = moved >> 63
	}
	a.close(a.next)
	return a.next
}

// close adds what is reached without reading: past every run.
func (a *automaton) close(set []uint64) {
	for changed := true; changed; {
		changed = false
		carry := uint64(0)
		for w := range set {
			runs := set[w] & a.runs[w]
			more := set[w] | runs<<1 | carry
			changed = changed || more != set[w]
			set[w], carry = more, runs>>63
		}
	}
}

// accepting is which patterns are at their end. The result is good until the
// next call.
func (a *automaton) accepting(set []uint64) []byte {
	for i, end := range a.ends {
		a.vector[i] = 0
		if end >= 0 && set[end>>6]>>(end&63)&1 != 0 {
			a.vector[i] = 1
		}
	}
	return a.vector
}

// code is a set as bytes, good until the next call.
func (a *automaton) code(set []uint64) []byte {
	a.packed = a.packed[:0]
	for _, w := range set {
		a.packed = binary.LittleEndian.AppendUint64(a.packed, w)
	}
	return a.packed
}

func (a *automaton) encode(set []uint64) string { return string(a.code(set)) }

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
