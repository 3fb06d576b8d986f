package compile

import (
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

const (
	grant policy.Term = iota
	ceiling
	deny
)

var combine = policy.All(policy.Neither(policy.Word(deny)), policy.Word(ceiling), policy.Word(grant))

func draw(r *rand.Rand, n int) Set {
	s := NewSet(n)
	from := r.IntN(n)
	s.AddRange(from, from+1+r.IntN(n-from))
	if r.IntN(3) == 0 {
		return s.Not(n)
	}
	return s
}

func drawBlock(r *rand.Rand) *Block {
	b := &Block{Actions: 1 + r.IntN(70), Things: 1 + r.IntN(140), Levels: map[policy.Term]int{ceiling: r.IntN(3)}}
	test := policy.Leaf(&policy.Test{Key: &policy.Key{Name: "aws:SourceVpc"}, Operator: policy.StringEquals, Values: []string{"vpc-1"}})
	for range 1 + r.IntN(9) {
		c := Claim{Term: policy.Term(r.IntN(3)), Level: r.IntN(2), Actions: draw(r, b.Actions), Things: draw(r, b.Things), When: policy.True}
		if r.IntN(3) == 0 {
			c.When = test
		}
		b.Claims = append(b.Claims, c)
	}
	return b
}

// decide reads the claims about one action and thing, one after the other.
func decide(b *Block, action, thing int) *policy.Formula {
	granted, denied := policy.False, policy.False
	levels := make([]*policy.Formula, b.Levels[ceiling])
	for i := range levels {
		levels[i] = policy.False
	}
	for _, c := range b.Claims {
		switch {
		case !c.Actions.Has(action) || !c.Things.Has(thing):
		case c.Term == grant:
			granted = policy.Or(granted, c.When)
		case c.Term == deny:
			denied = policy.Or(denied, c.When)
		case c.Level < len(levels):
			levels[c.Level] = policy.Or(levels[c.Level], c.When)
		}
	}
	f := policy.And(policy.Not(denied), granted)
	for _, l := range levels {
		f = policy.And(f, l)
	}
	return f
}

// TestCells: cells hold every action and thing once, with what reading the
// claims one by one gives, and nothing that is never so.
func TestCells(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	seen := map[graph.Verdict]int{}
	for range 400 {
		b := drawBlock(r)
		got := map[[2]int]*policy.Formula{}
		b.Cells(combine, func(c Cell) {
			c.Actions.Each(func(a int) {
				c.Things.Each(func(x int) {
					if got[[2]int{a, x}] != nil {
						t.Fatalf("action %d on thing %d is in two cells", a, x)
					}
					got[[2]int{a, x}] = c.Formula
				})
			})
		})
		for a := range b.Actions {
			for x := range b.Things {
				want := decide(b, a, x)
				verdict, _ := want.State()
				seen[verdict]++
				f := got[[2]int{a, x}]
				if f == nil {
					f = policy.False
				}
				if !policy.Equivalent(f, want) {
					t.Fatalf("action %d on thing %d: %s, want %s", a, x, f, want)
				}
			}
		}
	}
	for _, v := range []graph.Verdict{graph.Denied, graph.Conditional, graph.Allowed} {
		if seen[v] < 1000 {
			t.Errorf("%s: %d draws, too few to say anything", v, seen[v])
		}
	}
}

// TestDecidedOnce: cells with the same claims are decided once, however many
// things there are.
func TestDecidedOnce(t *testing.T) {
	b := &Block{Actions: 64, Things: 10_000, Levels: map[policy.Term]int{ceiling: 0}, Claims: []Claim{
		{Term: grant, Actions: Full(64), Things: Full(10_000), When: policy.True},
	}}
	cells := 0
	if read := b.Cells(combine, func(Cell) { cells++ }); read != 1 || cells != 1 {
		t.Errorf("%d formulas read for %d cells, want one", read, cells)
	}
}
