package policy

import (
	"testing"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
)

// FuzzState: whatever two tests compare, a formula is not called impossible
// where a value satisfies it, nor certain where one does not.
func FuzzState(f *testing.F) {
	for _, c := range []struct {
		first, second      uint8
		want, other, value string
	}{
		{0, 2, "a", "a*", "ab"}, {3, 2, "arn:aws:s3:::*", "*x", "arn:aws:s3:::x"}, {5, 8, "1", "0.00000000000001", "0.5"}, {10, 13, "2020", "1600000000", "2020-09-13"},
		{15, 2, "10.0.0.0/8", "10.*", "10.1.2.3"}, {14, 14, "true", "false", "True"}, {1, 2, "aBc", "aB*", "ABC"}, {17, 0, "", "", ""}, {2, 2, "?*?", "*??", "é"},
		{11, 5, "10000", "99999999999999", "99999999999"}, {15, 15, "::/0", "::ffff:1.2.3.4/100", "::ffff:1.2.3.4"}, {16, 16, "QQ==", "", "QQ=="},
	} {
		f.Add(c.first, c.second, c.want, c.other, c.value, uint8(0))
	}
	f.Fuzz(func(t *testing.T, first, second uint8, want, other, value string, flags uint8) {
		for _, s := range []string{want, other, value} {
			if len(s) > 24 || !utf8.ValidString(s) {
				return
			}
		}
		key := &Key{Name: "k", Multi: flags&1 != 0}
		tests := []*Test{
			{Key: key, Operator: Operator(first) % (Present + 1), Values: []string{want, other}, Negated: flags&2 != 0, IfExists: flags&4 != 0, Quantifier: Quantifier(flags>>3&3) % 3},
			{Key: key, Operator: Operator(second) % (Present + 1), Values: []string{other}, Negated: flags&32 != 0, Quantifier: Quantifier(flags>>6&3) % 3},
		}
		for _, both := range []*Formula{And(Leaf(tests[0]), Leaf(tests[1])), Or(Leaf(tests[0]), Leaf(tests[1]))} {
			verdict, _ := both.State()
			for _, c := range []carried{{}, {[]string{value}, true}} {
				holds := treeOf(both).eval(func(leaf *tree) bool { return leaf.test.Holds(c.values, c.present) })
				if holds && verdict == graph.Denied || !holds && verdict == graph.Allowed {
					t.Fatalf("%s is %s, and with %q (%v) it is %v", both, verdict, c.values, c.present, holds)
				}
			}
			both.Reduce()
		}
	})
}
