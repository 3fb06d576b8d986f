package policy

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/graph"
)

// tagIs is a test of one of the tags that a request may carry.
func tagIs(key int, negated bool, values ...string) *Formula {
	name := fmt.Sprintf("aws:RequestTag/k%d", key)
	return Leaf(&Test{Key: &Key{Name: name}, Operator: StringEquals, Values: values, Negated: negated})
}

// entangled is what statements come to that hang on a few of many keys each:
// some that allow, some that deny.
func entangled(r *rand.Rand, keys, allows, denies int) *Formula {
	three := func() *Formula {
		f := True
		for range 3 {
			f = And(f, tagIs(r.IntN(keys), r.IntN(3) == 0, []string{"a", "b", "c"}[r.IntN(3):]...))
		}
		return f
	}
	allow, deny := False, False
	for range allows {
		allow = Or(allow, three())
	}
	for range denies {
		deny = Or(deny, three())
	}
	return And(allow, Not(deny))
}

// What somebody writes into policies cannot make one decision take minutes:
// searches look first at what settles most, and give up in time.
func TestEntangledKeys(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		keys := 20 + r.IntN(40)
		f := entangled(r, keys, 1+r.IntN(40), keys)
		s := newSearch(f)
		v := s.verdict(f)
		if v != graph.Conditional || s.steps > 2000 {
			t.Errorf("seed %d, %d leaves: %v after %d steps", seed, f.size(), v, s.steps)
		}
		// What is denied under a key and under its opposite is never allowed,
		// however much stands beside it.
		if never, _ := And(f, And(tagIs(99, false, "a"), tagIs(99, true, "a", "b"))).State(); never != graph.Denied {
			t.Errorf("seed %d: with a contradiction: %v", seed, never)
		}
	}
}

// A formula that is too hard to reduce wholly means the same as before.
func TestReduceGivesUpInTime(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 2))
		f := entangled(r, 24, 8, 12)
		if f.size() > maxReduced {
			t.Fatalf("%d leaves are not looked at", f.size())
		}
		left := maxReducing
		g := f.reduce(&left)
		if !Equivalent(f, g) || g.size() > f.size() {
			t.Errorf("seed %d: %v\nis not\n%v", seed, g, f)
		}
		if left < -2*f.size() {
			t.Errorf("seed %d: %d steps too many", seed, -left)
		}
		t.Logf("%d leaves, then %d; %d steps left of %d", f.size(), g.size(), left, maxReducing)
	}
}
