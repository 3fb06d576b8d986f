package aws

import (
	"strings"
	"unicode/utf8"
)

// wildcards is a pattern as an automaton: after each prefix of a text, the set
// of positions in the pattern that can be reached.
type wildcards struct {
	pattern string
	// crossing marks asterisks that go on past colons: the last of a segment.
	crossing []bool
}

func compileWildcards(pattern string) *wildcards {
	w := &wildcards{pattern: pattern, crossing: make([]bool, len(pattern))}
	for i := range pattern {
		w.crossing[i] = pattern[i] == '*' && (i+1 == len(pattern) || pattern[i+1] == ':')
	}
	return w
}

// covers reports whether the whole text matches.
func (w *wildcards) covers(text string) bool {
	now := w.after(text)
	return now != nil && now[len(w.pattern)]
}

// matcher returns covers, or what gives the same for texts of plain characters
// with all positions in one word.
func (w *wildcards) matcher() func(string) bool {
	if len(w.pattern) >= 64 || !plainText(w.pattern) {
		return w.covers
	}
	m := w.inOneWord()
	return func(text string) bool {
		if !plainText(text) {
			return w.covers(text)
		}
		return m.covers(text)
	}
}

// plainText reports whether every byte of a text is a character.
func plainText(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordMatcher is wildcards with a bit for each position.
type wordMatcher struct {
	reads [utf8.RuneSelf]uint64 // by character, the positions that go on to the next by it
	stays [utf8.RuneSelf]uint64 // and those that stay
	free  uint64                // positions that go on unread
	end   uint64
}

func (w *wildcards) inOneWord() *wordMatcher {
	m := &wordMatcher{end: 1 << len(w.pattern)}
	for at := range len(w.pattern) {
		for c := range byte(utf8.RuneSelf) {
			switch p := w.pattern[at]; {
			case p == '*' && (c != ':' || w.crossing[at]):
				m.stays[c] |= 1 << at
			case p == '?' && c != ':', p == c && p != '*' && p != '?':
				m.reads[c] |= 1 << at
			}
		}
		if w.pattern[at] == '*' {
			m.free |= 1 << at
		}
	}
	return m
}

// covers reports whether the whole text matches.
func (m *wordMatcher) covers(text string) bool {
	now := m.enter(1)
	for i := 0; i < len(text) && now != 0; i++ {
		c := text[i]
		now = m.enter(now&m.reads[c]<<1 | now&m.stays[c])
	}
	return now&m.end != 0
}

// enter adds the positions that are reached unread.
func (m *wordMatcher) enter(now uint64) uint64 {
	for {
		more := now | now&m.free<<1
		if more == now {
			return now
		}
		now = more
	}
}

// after returns the positions that are reached once a text is read, nil if
// there are none.
func (w *wildcards) after(text string) []bool {
	now, next := make([]bool, len(w.pattern)+1), make([]bool, len(w.pattern)+1)
	w.enter(now, 0)
	for _, c := range text {
		clear(next)
		alive := false
		for at, here := range now {
			if here && at < len(w.pattern) {
				alive = w.step(next, at, c) || alive
			}
		}
		if !alive {
			return nil
		}
		now, next = next, now
	}
	return now
}

// step reads one character at a position. Patterns are compared byte by byte,
// but for "?", which stands for one character.
func (w *wildcards) step(next []bool, at int, c rune) bool {
	switch p := w.pattern[at]; {
	case p == '*':
		if c == ':' && !w.crossing[at] {
			return false
		}
		w.enter(next, at)
	case p == '?':
		if c == ':' {
			return false
		}
		w.enter(next, at+1)
	case c < 0x80:
		if rune(p) != c {
			return false
		}
		w.enter(next, at+1)
	default:
		text := string(c)
		if !strings.HasPrefix(w.pattern[at:], text) {
			return false
		}
		w.enter(next, at+len(text))
	}
	return true
}

// enter marks a position and what asterisks there let pass unread.
func (w *wildcards) enter(states []bool, at int) {
	for states[at] = true; at < len(w.pattern) && w.pattern[at] == '*'; states[at] = true {
		at++
	}
}
