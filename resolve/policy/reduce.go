package policy

import "github.com/clewgraph/clew/graph"

// maxReduced bounds the leaves of a formula that Reduce looks at one by one; a
// larger one is returned as it is.
const maxReduced = 64

// Reduce returns an equivalent formula for people: a constant if it is one,
// and else without the tests, gaps and values that say nothing beside the
// others.
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
	for {
		smaller := f.dropLeaf()
		if smaller == nil {
			// With fewer values another leaf may say nothing of its own.
			if smaller = f.dropValues(); smaller == f {
				return f
			}
		}
		f = smaller
	}
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
func (f *Formula) dropLeaf() *Formula {
	s := newSearch(f)
	for n := range f.size() {
		for _, value := range []*Formula{True, False} {
			if g := f.replaceNth(n, func(*Formula) *Formula { return value }); g != f && !s.differ(f, g) {
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
func (f *Formula) dropValues() *Formula {
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
			if Equivalent(f, g) {
				f, v = g, v-1
			}
		}
	}
	return f
}
