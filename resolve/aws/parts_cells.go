package aws

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clewgraph/clew/resolve/policy"
)

// A sampledCell is the name of a cell and a key in it.
type sampledCell struct{ name, key string }

// maxDivisions bounds the lists of patterns whose cells are remembered.
const maxDivisions = 4096

// cellsOf returns a key of every cell that patterns make.
func (e *Estate) cellsOf(patterns []string) []sampledCell {
	if len(patterns) == 1 {
		return []sampledCell{{patterns[0], sampleOf(patterns[0])}}
	}
	var d disguise
	key, ok := d.hideAll(make([]byte, 0, 256), patterns)
	if !ok {
		return e.sampledCells([]byte(strings.Join(patterns, "\n")), func() []string { return patterns })
	}
	list := slices.Clone(e.sampledCells(key, func() []string { return strings.Split(string(key), "\n") }))
	for i := range list {
		list[i] = sampledCell{d.show(list[i].name), d.show(list[i].key)}
	}
	return list
}

// A disguise writes characters in the order in which they first come, so that
// patterns that differ in their letters alone have the same cells: every team's
// folder is like every other's.
type disguise struct {
	ascii [utf8.RuneSelf]uint16 // numbers from 1
	other map[rune]uint16
	shown []rune // by number
}

// maskBase is the first of the characters that stand for others. Like those of
// samples they are taken to be written by no policy; where one is, there is no
// disguise.
const maskBase = '\uE100'

// maxMasks bounds the characters that are hidden.
const maxMasks = 1000

// hideAll adds patterns in disguise, line by line; ok is false where they
// cannot be hidden.
func (d *disguise) hideAll(text []byte, patterns []string) (_ []byte, ok bool) {
	for i, p := range patterns {
		if i > 0 {
			text = append(text, '\n')
		}
		for _, c := range p {
			if c >= '\uE000' && c <= '\uF8FF' || c == utf8.RuneError || len(d.shown) > maxMasks {
				return text, false
			}
			text = utf8.AppendRune(text, d.mask(c))
		}
	}
	return text, true
}

// mask is what stands for a character; wildcards stand for themselves.
func (d *disguise) mask(c rune) rune {
	if c == '*' || c == '?' {
		return c
	}
	number := d.number(c)
	if number == 0 {
		d.shown = append(d.shown, c)
		number = uint16(len(d.shown))
		d.keep(c, number)
	}
	return maskBase + rune(number) - 1
}

func (d *disguise) number(c rune) uint16 {
	if c < utf8.RuneSelf {
		return d.ascii[c]
	}
	return d.other[c]
}

func (d *disguise) keep(c rune, number uint16) {
	if c < utf8.RuneSelf {
		d.ascii[c] = number
		return
	}
	if d.other == nil {
		d.other = map[rune]uint16{}
	}
	d.other[c] = number
}

// show takes the disguise off.
func (d *disguise) show(text string) string {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		if at := int(c - maskBase); at >= 0 && at < len(d.shown) {
			c = d.shown[at]
		}
		out = utf8.AppendRune(out, c)
	}
	return string(out)
}

// sampledCells is cellsOf, remembered: many buckets are divided alike.
func (e *Estate) sampledCells(key []byte, patterns func() []string) []sampledCell {
	e.mu.RLock()
	list, ok := e.cells[string(key)]
	e.mu.RUnlock()
	if ok {
		return list
	}
	list = divide(patterns())
	e.mu.Lock()
	if len(e.cells) >= maxDivisions {
		clear(e.cells)
	}
	e.cells[string(key)] = list
	e.mu.Unlock()
	return list
}

func divide(patterns []string) (list []sampledCell) {
	done := map[string]bool{}
	for _, sample := range policy.Samples(patterns) {
		name := cellName(patterns, sample)
		if !done[name] && sample != "" {
			done[name] = true
			list = append(list, sampledCell{name, sample})
		}
	}
	return list
}
