package aws

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestWildcards: positions in one word, positions in a list, and Decide's
// tokens say the same of which texts a pattern covers.
func TestWildcards(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	draw := func(letters string, most int) string {
		list := []rune(letters)
		var b strings.Builder
		for range r.IntN(most) {
			b.WriteRune(list[r.IntN(len(list))])
		}
		return b.String()
	}
	covered, beyond := 0, 0
	for range 3000 {
		pattern := draw("ab:é*?", 9)
		if r.IntN(20) == 0 {
			pattern += "*" + strings.Repeat("a", 60) // more than fits a word
		}
		w, p := compileWildcards(pattern), compileResource(pattern, false)
		one := w.matcher()
		for range 20 {
			text := draw("ab:é", 9)
			if len(pattern) > 60 {
				text += strings.Repeat("a", 60)
				beyond++
			}
			want := p.matches(text)
			if one(text) != want || w.covers(text) != want {
				t.Fatalf("%q on %q: %t in one word, %t in a list, %t by tokens", pattern, text, one(text), w.covers(text), want)
			}
			if want {
				covered++
			}
		}
	}
	if covered < 1000 || beyond < 100 {
		t.Errorf("%d covered, %d long: the draws say too little", covered, beyond)
	}
}
