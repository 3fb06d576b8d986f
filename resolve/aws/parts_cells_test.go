package aws

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestDisguise: patterns have the same cells in disguise, whatever they are
// written in, and the keys lie in them.
func TestDisguise(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 4))
	e := &Estate{cells: map[string][]sampledCell{}}
	several := 0
	for range 300 {
		patterns := drawPatterns(r)
		var got, want []string
		for _, c := range e.cellsOf(patterns) {
			if name := cellName(patterns, c.key); name != c.name {
				t.Fatalf("%q: key %q is said to be of %q and is of %q", patterns, c.key, c.name, name)
			}
			got = append(got, c.name)
		}
		for _, c := range divide(patterns) {
			want = append(want, c.name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: cells %q, want %q", patterns, got, want)
		}
		if len(want) > 3 {
			several++
		}
	}
	if several < 50 || len(e.cells) > 250 {
		t.Errorf("%d lists of many cells, %d of 300 remembered: the draws say too little", several, len(e.cells))
	}
}

// drawPatterns draws up to three patterns beside "*", of few characters.
func drawPatterns(r *rand.Rand) []string {
	letters := []rune("abé\n/0*?")
	list := []string{"*"}
	for range r.IntN(4) {
		var text []rune
		for range 1 + r.IntN(4) {
			text = append(text, letters[r.IntN(len(letters))])
		}
		list = append(list, string(text))
	}
	broadestFirst(list)
	return slices.Compact(list)
}
