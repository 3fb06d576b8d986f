package policy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
)

// These tests compare what is concluded about formulas with what comes out
// when every assignment of a pool of concrete values is tried. The pools know
// nothing of how the algebra picks its samples; they share Holds with it, which
// TestHolds and TestCompare hold to AWS's words.

// A field is a kind of context key with the values that requests carry for it
// in these tests. nil stands for a request without the key.
type field struct {
	name  string
	key   Key
	pool  []carried
	draw  func(*rand.Rand) (Operator, []string)
	truth map[string][]bool // of tests that were drawn before, over the pool
	// mixed: tests of one key compare it as different types. What they say of
	// each other is not known then, so they may look less entangled than they
	// are.
	mixed bool
}

type carried struct {
	values  []string
	present bool
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// some draws one to three values.
func some(r *rand.Rand, list []string) []string {
	values := make([]string, 1+r.IntN(3)*r.IntN(2))
	for i := range values {
		values[i] = pick(r, list...)
	}
	return values
}

var (
	literals = []string{"", "a", "b", "ab", "aB", "A", "AB", "abb"}
	globs    = []string{"*", "a*", "*b", "a*b", "?", "a?", "?b*", "*a*", "*B", "**", "A*", "ab*", "b", "a"}
	arns     = []string{
		"arn:aws:s3:::a", "arn:aws:s3:::a*", "arn:aws:s3:::*", "arn:*:s3:::a", "arn:aws:*:*:*:a:b", "arn:aws:s?:::b*",
		"arn:aws:*", "arn:aws:s3:*:1:*b", "*:*:*:*:*:*", "arn:aws:s3:::?", "*",
	}
	arnTexts = []string{"arn:aws:s3:::a", "arn:aws:s3:::ab", "arn:aws*", "*a", "arn:*:a", "arn:aws:s3:::*", "a"}
	numbers  = []string{"1", "2", "2.5", "-3", "10", "0.00000000000001", "2.50", "x"}
	dates    = []string{"2020-01-01T00:00:00Z", "2021-06-15", "2020", "1600000000", "2021-06-15T00:00:00.000000001Z", "2000", "99999999999999", "x"}
	ranges   = []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0", "192.168.0.0/30", "2001:db8::/32", "2001:db8:1::/48", "::/0", "255.255.255.255", "x"}
	members  = []string{"", "a", "b", "ab"}
	memberGs = []string{"a*", "*b", "*", "?"}
	narrowed = []string{"*b*", "a*", "B", "?b"} // what keys are said to be like, or never like
)

func text(r *rand.Rand) (Operator, []string) {
	switch r.IntN(6) {
	case 0, 1:
		return StringEquals, some(r, literals)
	case 2:
		return StringEqualsFold, some(r, literals)
	}
	return StringLike, some(r, globs)
}

func arn(r *rand.Rand) (Operator, []string) {
	switch r.IntN(5) {
	case 0:
		return StringEquals, some(r, arnTexts)
	case 1:
		return StringLike, some(r, arnTexts)
	}
	return ARNLike, some(r, arns)
}

func number(r *rand.Rand) (Operator, []string) {
	return pick(r, NumericEquals, NumericLess, NumericLessOrEqual, NumericGreater, NumericGreaterOrEqual), some(r, numbers)
}

func date(r *rand.Rand) (Operator, []string) {
	return pick(r, DateEquals, DateLess, DateLessOrEqual, DateGreater, DateGreaterOrEqual), some(r, dates)
}

func address(r *rand.Rand) (Operator, []string) { return IPInRange, some(r, ranges) }

func truth(r *rand.Rand) (Operator, []string) {
	return BoolEquals, some(r, []string{"true", "True", "false", "x"})
}

func member(r *rand.Rand) (Operator, []string) {
	if r.IntN(2) == 0 {
		return StringLike, some(r, memberGs)
	}
	return StringEquals, some(r, members)
}

// words returns every string of at most length characters of the alphabet.
func words(alphabet string, length int) []string {
	list, from := []string{""}, 0
	for range length {
		to := len(list)
		for _, w := range list[from:to] {
			for _, c := range alphabet {
				list = append(list, w+string(c))
			}
		}
		from = to
	}
	return list
}

// distinct keeps the first of all values that no comparison tells apart.
func distinct(values []string, operators []Operator, wants ...[]string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(values, func(v string) bool {
		var row []byte
		for _, list := range wants {
			for _, want := range list {
				for _, o := range operators {
					row = strconv.AppendBool(row, Compare(o, v, want))
				}
			}
		}
		row = strconv.AppendBool(row, v == "")
		again := seen[string(row)]
		seen[string(row)] = true
		return again
	})
}

var textual = []Operator{StringEquals, StringEqualsFold, StringLike}

func texts(length int) []string {
	return distinct(words("abABz", length), textual, literals, globs, narrowed)
}

func arnPool() []string {
	var all []string
	for _, p := range []string{"arn:aws", "arn:z", "z:aws"} {
		for _, s := range []string{"s3", "sz", "z"} {
			for _, at := range []string{"::", "z::", ":1:", ":z:", "z:1:"} {
				for _, r := range words("abz:", 3) {
					all = append(all, p+":"+s+":"+at[:len(at)-1]+":"+r)
				}
			}
		}
	}
	all = append(all, "arn:aws:s3:::*")
	return distinct(all, []Operator{StringEquals, StringLike, ARNLike}, arns, arnTexts)
}

func numberPool() []string {
	return []string{"-4", "-3", "-2.9", "0", "0.000000000000001", "0.00000000000001", "0.0001", "1", "1.5", "2", "2.2", "2.5", "3", "10", "11"}
}

func datePool() []string {
	return []string{
		"1990-01-01", "2000-01-01", "2010-01-01", "2020-01-01T00:00:00Z", "2020-05-01", "2020-09-13T12:26:40Z", "2021-01-01",
		"2021-06-15T00:00:00Z", "2021-06-15T00:00:00.0000000005Z", "2021-06-15T00:00:00.000000001Z", "2022-01-01",
		"99999999999998", "99999999999999", "100000000000000",
	}
}

func addressPool() []string {
	return []string{
		"9.0.0.1", "10.0.0.1", "10.1.0.1", "10.1.2.3", "192.168.0.1", "192.168.0.4", "255.255.255.255", "::ffff:10.1.2.3",
		"2001:db8::1", "2001:db8:1::1", "2001:db9::1", "::1",
	}
}

func secondsPool() []string {
	return []string{"900000000", "1500000000", "1577836800", "1590000000", "1600000000", "1600000001", "1610000000", "1623715200", "1700000000", "99999999999999"}
}

// subsets returns every set of the values, the empty one included.
func subsets(values []string) []carried {
	var list []carried
	for set := range 1 << len(values) {
		c := carried{present: true}
		for i, v := range values {
			if set>>i&1 == 1 {
				c.values = append(c.values, v)
			}
		}
		list = append(list, c)
	}
	return list
}

func singles(values []string) []carried {
	list := make([]carried, len(values))
	for i, v := range values {
		list[i] = carried{[]string{v}, true}
	}
	return list
}

func fields() []*field {
	like, except := func(p string) func(string) bool { return func(v string) bool { return Glob(p, v) } }, func(p string) func(string) bool {
		return func(v string) bool { return !Glob(p, v) }
	}
	only := func(keep func(string) bool, values []string) []string {
		return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !keep(v) })
	}
	strings, arnValues := texts(5), arnPool()
	early, _ := ParseDate("2020-05-01")
	sets := distinct(words("abz", 3), []Operator{StringEquals, StringLike}, members, memberGs, []string{"?b"})
	list := []*field{
		{name: "text", key: Key{}, draw: text, pool: singles(strings)},
		{name: "text like", key: Key{Like: "*b*"}, draw: text, pool: singles(only(like("*b*"), strings))},
		{name: "text except", key: Key{Except: []string{"a*", "B"}}, draw: text, pool: singles(only(except("B"), only(except("a*"), strings)))},
		{name: "text within", key: Key{Within: []string{"a", "ab", "AB"}}, draw: text, pool: singles([]string{"a", "ab", "AB"})},
		{name: "arn", key: Key{Type: TypeARN}, draw: arn, pool: singles(arnValues)},
		{name: "arn like", key: Key{Type: TypeARN, Like: "arn:aws:*:*:*:*"}, draw: arn, pool: singles(only(func(v string) bool { return ARNGlob("arn:aws:*:*:*:*", v) }, arnValues))},
		{name: "number", key: Key{Type: TypeNumeric}, draw: number, pool: singles(numberPool())},
		{name: "number in text", key: Key{}, draw: number, pool: singles(append(numberPool(), "x", ""))},
		{name: "date", key: Key{Type: TypeDate}, draw: date, pool: singles(datePool())},
		{name: "date from", key: Key{Type: TypeDate, NotBefore: early}, draw: date, pool: singles(only(func(v string) bool {
			d, ok := ParseDate(v)
			return ok && !d.Before(early)
		}, datePool()))},
		{name: "address", key: Key{Type: TypeIP}, draw: address, pool: singles(addressPool())},
		{name: "truth", key: Key{Type: TypeBool}, draw: truth, pool: singles([]string{"true", "false"})},
		{name: "set", key: Key{Multi: true}, draw: member, pool: subsets(sets)},
		{name: "set except", key: Key{Multi: true, Except: []string{"?b"}}, draw: member, pool: subsets(only(except("?b"), sets))},
	}
	list = append(list,
		&field{name: "address as text", mixed: true, key: Key{Type: TypeIP}, pool: singles(addressPool()), draw: func(r *rand.Rand) (Operator, []string) {
			if r.IntN(2) == 0 {
				return StringLike, some(r, []string{"10.1.2.*", "10.*", "*:*", "*1", "192.168.0.?"})
			}
			return address(r)
		}},
		&field{name: "seconds", mixed: true, key: Key{Type: TypeNumeric}, pool: singles(secondsPool()), draw: func(r *rand.Rand) (Operator, []string) {
			if r.IntN(2) == 0 {
				o, _ := number(r)
				return o, some(r, []string{"1577836800", "1600000000", "1600000001"})
			}
			return date(r)
		}})
	for _, f := range list {
		f.truth = map[string][]bool{}
		required := *f
		required.name += ", required"
		required.key.Required = true
		required.truth = map[string][]bool{}
		required.pool = slices.DeleteFunc(slices.Clone(f.pool), func(c carried) bool { return len(c.values) == 0 || slices.Contains(c.values, "") })
		f.pool = append(f.pool, carried{})
		list = append(list, &required)
	}
	return list
}

// over returns the truth of a test over the pool of its key.
func (f *field) over(t *Test) []bool {
	label := fmt.Sprint(t.Operator, t.Negated, t.IfExists, t.Quantifier, t.Values)
	row, ok := f.truth[label]
	if !ok {
		row = make([]bool, len(f.pool))
		for i, c := range f.pool {
			row[i] = t.Holds(c.values, c.present)
		}
		f.truth[label] = row
	}
	return row
}

// A tree is a formula as it was drawn, before any of it was simplified.
type tree struct {
	op   op
	kids []*tree
	test *Test
	gap  *Gap
}

func (n *tree) formula() *Formula {
	switch n.op {
	case opTest:
		return Leaf(n.test)
	case opGap:
		return Missing(n.gap)
	case opNot:
		return Not(n.kids[0].formula())
	case opAnd:
		return And(n.kids[0].formula(), n.kids[1].formula())
	}
	return Or(n.kids[0].formula(), n.kids[1].formula())
}

// treeOf reads a formula back, to evaluate it leaf by leaf.
func treeOf(f *Formula) *tree {
	n := &tree{op: f.op, test: f.test, gap: f.gap}
	for _, kid := range f.kids {
		n.kids = append(n.kids, treeOf(kid))
	}
	return n
}

func (n *tree) eval(leaf func(*tree) bool) bool {
	switch n.op {
	case opTrue, opFalse:
		return n.op == opTrue
	case opNot:
		return !n.kids[0].eval(leaf)
	case opAnd, opOr:
		for _, kid := range n.kids {
			if kid.eval(leaf) == (n.op == opOr) {
				return n.op == opOr
			}
		}
		return n.op == opAnd
	}
	return leaf(n)
}

func (n *tree) leaves() []*tree {
	if n.op == opTest || n.op == opGap {
		return []*tree{n}
	}
	var list []*tree
	for _, kid := range n.kids {
		list = append(list, kid.leaves()...)
	}
	return list
}

// values counts what a person has to read.
func (n *tree) size() (leaves, values int) {
	for _, l := range n.leaves() {
		leaves++
		if l.test != nil {
			values += len(l.test.Values)
		}
	}
	return leaves, values
}

// A draw is one random estate of keys with formulas over them.
type draw struct {
	r    *rand.Rand
	keys []*Key
	of   map[*Key]*field
	gaps []*Gap
}

func newDraw(r *rand.Rand, all []*field) *draw {
	d := &draw{r: r, of: map[*Key]*field{}}
	for i := range 1 + r.IntN(3) {
		f := all[r.IntN(len(all))]
		key := f.key
		key.Name = fmt.Sprintf("key:%d", i)
		d.keys = append(d.keys, &key)
		d.of[&key] = f
	}
	for i := range r.IntN(3) * r.IntN(2) {
		d.gaps = append(d.gaps, &Gap{Of: graph.Ref(fmt.Sprint("node", i)), Layer: "layer"})
	}
	return d
}

func (d *draw) test() *Test {
	key := d.keys[d.r.IntN(len(d.keys))]
	t := &Test{Key: key, Negated: d.r.IntN(3) == 0}
	if d.r.IntN(10) == 0 {
		t.Operator = Present
		return t
	}
	t.Operator, t.Values = d.of[key].draw(d.r)
	t.IfExists = d.r.IntN(5) == 0
	if key.Multi || d.r.IntN(10) == 0 {
		t.Quantifier = pick(d.r, One, ForAll, ForAny)
	}
	return t
}

// tree draws a formula of n leaves; gaps come where no negation is around.
func (d *draw) tree(n int, gaps bool) *tree {
	if n == 1 {
		if gaps && len(d.gaps) > 0 && d.r.IntN(3) == 0 {
			return &tree{op: opGap, gap: d.gaps[d.r.IntN(len(d.gaps))]}
		}
		return &tree{op: opTest, test: d.test()}
	}
	if d.r.IntN(5) == 0 {
		return &tree{op: opNot, kids: []*tree{d.tree(n, false)}}
	}
	left := 1 + d.r.IntN(n-1)
	return &tree{op: pick(d.r, opAnd, opOr), kids: []*tree{d.tree(left, gaps), d.tree(n-left, gaps)}}
}

// A world is one request, as far as the tests see it, and what gaps hold.
type world struct {
	tests map[*Test]bool
	gaps  map[Gap]bool
}

func (w *world) eval(n *tree) bool {
	return n.eval(func(leaf *tree) bool {
		if leaf.op == opGap {
			return w.gaps[*leaf.gap]
		}
		return w.tests[leaf.test]
	})
}

// worlds calls visit with every way in which the tests of the trees can come
// out together over the pools; the gaps are left to visit.
func (d *draw) worlds(visit func(*world), trees ...*tree) {
	tests := map[*Key][]*Test{}
	for _, n := range trees {
		for _, leaf := range n.leaves() {
			if leaf.op == opTest {
				// Reduced tests are copies that keep the key's pointer.
				tests[leaf.test.Key] = append(tests[leaf.test.Key], leaf.test)
			}
		}
	}
	w := &world{tests: map[*Test]bool{}, gaps: map[Gap]bool{}}
	d.assign(w, tests, d.keys, visit)
}

func (d *draw) assign(w *world, tests map[*Key][]*Test, keys []*Key, visit func(*world)) {
	if len(keys) == 0 {
		visit(w)
		return
	}
	list := tests[keys[0]]
	rows := make([][]bool, len(list))
	for i, t := range list {
		rows[i] = d.of[keys[0]].over(t)
	}
	seen := map[uint64]bool{}
	for at := range d.of[keys[0]].pool {
		outcome := uint64(0)
		for i := range list {
			if rows[i][at] {
				outcome |= 1 << i
			}
		}
		if seen[outcome] {
			continue
		}
		seen[outcome] = true
		for i, t := range list {
			w.tests[t] = rows[i][at]
		}
		d.assign(w, tests, keys[1:], visit)
	}
}

// stateOf decides a drawn formula by trying everything.
func (d *draw) stateOf(n *tree) (graph.Verdict, graph.Bounds) {
	var least, most [2]bool // seen false, seen true
	differs := false
	mark := func(seen *[2]bool, v bool) bool {
		if v {
			seen[1] = true
		} else {
			seen[0] = true
		}
		return v
	}
	d.worlds(func(w *world) {
		clear(w.gaps)
		low := mark(&least, w.eval(n))
		for _, g := range d.gaps {
			w.gaps[*g] = true
		}
		differs = mark(&most, w.eval(n)) != low || differs
	}, n)
	bounds := graph.Bounds{Least: verdictOf(least), Most: verdictOf(most)}
	if differs {
		return graph.Unknown, bounds
	}
	return bounds.Most, bounds
}

// mixed reports whether a key of the draw is compared as different types.
func (d *draw) mixed() bool {
	return slices.ContainsFunc(d.keys, func(k *Key) bool { return d.of[k].mixed })
}

// sure reports whether a verdict says more than it may.
func sure(got, want graph.Verdict) bool {
	return got != want && (got == graph.Allowed || got == graph.Denied)
}

func verdictOf(seen [2]bool) graph.Verdict {
	switch {
	case !seen[0]:
		return graph.Allowed
	case !seen[1]:
		return graph.Denied
	}
	return graph.Conditional
}

// sameEverywhere tries everything, every combination of gaps included.
func (d *draw) sameEverywhere(a, b *tree) bool {
	same := true
	d.worlds(func(w *world) {
		for set := range 1 << len(d.gaps) {
			for i, g := range d.gaps {
				w.gaps[*g] = set>>i&1 == 1
			}
			same = same && w.eval(a) == w.eval(b)
		}
	}, a, b)
	return same
}

const draws = 100_000

func TestStateAgainstBruteForce(t *testing.T) {
	all := fields()
	r := rand.New(rand.NewPCG(4, 1))
	var seen [4]int
	for i := range draws {
		d := newDraw(r, all)
		n := d.tree(1+r.IntN(6), true)
		f := n.formula()
		got, bounds := f.State()
		want, wantBounds := d.stateOf(n)
		if d.mixed() {
			if sure(got, want) || sure(bounds.Least, wantBounds.Least) || sure(bounds.Most, wantBounds.Most) {
				t.Fatalf("draw %d: %s\nover %s\ngot  %s %v\nwant %s %v", i, f, d, got, bounds, want, wantBounds)
			}
			continue
		}
		if got != want || bounds != wantBounds {
			t.Fatalf("draw %d: %s\nover %s\ngot  %s %v\nwant %s %v", i, f, d, got, bounds, want, wantBounds)
		}
		if (got == graph.Unknown) != (bounds.Least != bounds.Most) && bounds.Least != graph.Conditional {
			t.Fatalf("draw %d: %s: %s within %v", i, f, got, bounds)
		}
		if bounds.Least == graph.Allowed && bounds.Most != graph.Allowed || bounds.Most == graph.Denied && bounds.Least != graph.Denied {
			t.Fatalf("draw %d: %s: bounds %v are not in order", i, f, bounds)
		}
		if len(d.gaps) == 0 {
			opposite := map[graph.Verdict]graph.Verdict{graph.Allowed: graph.Denied, graph.Denied: graph.Allowed, graph.Conditional: graph.Conditional}
			if not, _ := Not(f).State(); not != opposite[got] {
				t.Fatalf("draw %d: %s is %s and its negation %s", i, f, got, not)
			}
		}
		seen[got]++
	}
	for v, n := range seen {
		if n < draws/100 {
			t.Errorf("%s came out %d times in %d draws: the draws say too little", graph.Verdict(v), n, draws)
		}
	}
	t.Logf("DENIED, UNKNOWN, CONDITIONAL, ALLOWED: %v", seen)
}

// TestGapsAreMonotone: whatever more a gap may hold, nothing gets narrower.
func TestGapsAreMonotone(t *testing.T) {
	all := fields()
	r := rand.New(rand.NewPCG(4, 2))
	for range draws / 10 {
		d := newDraw(r, all)
		f := d.tree(1+r.IntN(6), true).formula()
		least, most := f.withGaps(False), f.Most()
		if !Equivalent(And(least, most), least) {
			t.Fatalf("%s: its least is true where its most is not", f)
		}
		for _, g := range d.gaps {
			held := f.AssumeNone(func(h *Gap) (bool, bool) { return true, *h == *g })
			if l, m := held.withGaps(False), held.Most(); !Equivalent(And(least, l), least) || !Equivalent(m, most) {
				t.Fatalf("%s: holding %s narrows it", f, g.Of)
			}
		}
	}
}

func TestEquivalentAgainstBruteForce(t *testing.T) {
	all := fields()
	r := rand.New(rand.NewPCG(4, 3))
	same := 0
	for i := range draws / 10 {
		d := newDraw(r, all)
		a, b := d.tree(1+r.IntN(3), true), d.tree(1+r.IntN(3), true)
		if r.IntN(2) == 0 { // absorption: a and (a or b) is a
			b = &tree{op: pick(r, opAnd, opOr), kids: []*tree{a, b}}
		}
		want := d.sameEverywhere(a, b)
		if got := Equivalent(a.formula(), b.formula()); got != want && !(d.mixed() && want) {
			t.Fatalf("draw %d: %s\nand %s\nover %s\ngot %v", i, a.formula(), b.formula(), d, got)
		}
		if want {
			same++
		}
	}
	if same < draws/200 || same > draws/20 {
		t.Errorf("%d of %d pairs are equivalent: the draws say too little", same, draws/10)
	}
}

func TestReduceAgainstBruteForce(t *testing.T) {
	all := fields()
	r := rand.New(rand.NewPCG(4, 4))
	smaller := 0
	for i := range draws / 20 {
		d := newDraw(r, all)
		f := d.tree(1+r.IntN(6), true).formula()
		reduced := f.Reduce()
		before, after := treeOf(f), treeOf(reduced)
		if !d.sameEverywhere(before, after) {
			t.Fatalf("draw %d: %s\nreduced to %s\nover %s", i, f, reduced, d)
		}
		leaves, values := before.size()
		fewer, less := after.size()
		if fewer > leaves || less > values {
			t.Fatalf("draw %d: %s\ngrew to %s", i, f, reduced)
		}
		if v, _ := f.State(); !d.mixed() && ((v == graph.Allowed) != (reduced == True) || (v == graph.Denied) != (reduced == False)) {
			t.Fatalf("draw %d: %s is %s and reduces to %s", i, f, v, reduced)
		}
		if fewer < leaves || less < values {
			smaller++
		}
		if again := reduced.Reduce(); again.String() != reduced.String() {
			t.Fatalf("draw %d: %s\nreduces to %s\nand that to %s", i, f, reduced, again)
		}
	}
	if smaller < draws/100 {
		t.Errorf("%d formulas became smaller: the draws say too little", smaller)
	}
}

// TestPoolIsRich: longer strings show nothing that the pool does not.
func TestPoolIsRich(t *testing.T) {
	if got, more := len(texts(5)), len(texts(6)); got != more {
		t.Errorf("%d sorts of text up to five characters, %d up to six", got, more)
	}
}

func (d *draw) String() string {
	var b strings.Builder
	for _, k := range d.keys {
		fmt.Fprintf(&b, "%s: %s; ", k.Name, d.of[k].name)
	}
	return b.String()
}
