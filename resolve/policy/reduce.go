package policy

import "github.com/clewgraph/clew/graph"

// maxReduced bounds the leaves of a formula that Reduce looks at one by one; a
// larger one is returned as it is.
const maxReduced = 64

// maxReducing bounds the steps of all searches of one Reduce together. Where it
// is used up, what is left stays as it is: as true, and longer than it could be.
const maxReducing = 1 << 15

// Reduce returns an equivalent formula for people: a constant if it is one,
// and else without the tests, gaps and values that say nothing beside the
// others. A formula of many keys that hang together may keep some of those.
func (f *Formula) Reduce() *Formula {
	if f == True || f == False {
		return f
	}
	if !f.hasGap() {
		switch v, _ := f.State(); v {
		case graph.Denied:
			return False
		case graph.Allowed:
			return True
		}
	}
	if f.size() > maxReduced || f.op == opTest && f.test.short() {
		return f // too large, or as short as it gets
	}
	left := maxReducing
	return f.reduce(&left)
}

// reduce drops what says nothing, as far as the steps that are left go.
func (f *Formula) reduce(left *int) *Formula {
	for {
		smaller := f.dropLeaf(left)
		if smaller == nil {
			// With fewer values another leaf may say nothing of its own.
			if smaller = f.dropValues(left); smaller == f {
				return f
			}
		}
		f = smaller
	}
}

// equivalent is Equivalent for s, which knows the leaves of both, as far as the
// steps that are left go: false where they do not suffice.
func (s *search) equivalent(f, g *Formula, left *int) bool {
	if *left <= 0 {
		return false
	}
	s.limit = min(s.limit, *left)
	same := !s.differ(f, g)
	*left -= s.steps
	return same
}

// short reports whether every value of a test counts: different literals of a
// key that can have any.
func (t *Test) short() bool {
	return t.Operator == StringEquals && t.Key.Within == nil && t.Key.Like == "" && t.Key.Except == nil
}

// size counts the leaves of f.
func (f *Formula) size() int {
	n := 0
	f.atoms(func(*Formula) { n++ })
	return n
}

// dropLeaf returns an equivalent formula with one leaf less, nil if there is
// none: a leaf of a conjunction is tried as true, of a disjunction as false.
func (f *Formula) dropLeaf(left *int) *Formula {
	s := newSearch(f)
	for n := range f.size() {
		for _, value := range []*Formula{True, False} {
			if g := f.replaceNth(n, func(*Formula) *Formula { return value }); g != f && s.equivalent(f, g, left) {
				return g
			}
		}
	}
	return nil
}

// replaceNth exchanges the nth leaf, counted as atoms counts.
func (f *Formula) replaceNth(n int, with func(*Formula) *Formula) *Formula {
	at := -1
	return f.replace(func(leaf *Formula) *Formula {
		if at++; at == n {
			return with(leaf)
		}
		return leaf
	})
}

// dropValues takes values out of tests as long as the formula stays
// equivalent: under "a or b" and "b or c" only b is left.
func (f *Formula) dropValues(left *int) *Formula {
	for n := 0; n < f.size(); n++ {
		for v := 0; ; v++ {
			dropped := false
			g := f.replaceNth(n, func(leaf *Formula) *Formula {
				if leaf.op != opTest || len(leaf.test.Values) < 2 || v >= len(leaf.test.Values) {
					return leaf
				}
				t := *leaf.test
				t.Values = append(append([]string(nil), t.Values[:v]...), t.Values[v+1:]...)
				dropped = true
				return Leaf(&t)
			})
			if !dropped {
				break
			}
			if f == g || newSearch(f, g).equivalent(f, g, left) {
				f, v = g, v-1
			}
		}
	}
	return f
}
