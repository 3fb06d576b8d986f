package policy

import "github.com/clewgraph/clew/graph"

// maxSteps bounds the search for one assignment. A formula that needs more
// (dozens of keys, all entangled) is answered as satisfiable, so it can come
// out Conditional where it is constant, never the other way round.
const maxSteps = 1 << 20

// State decides what f is: always true, always false, open, or open to a gap,
// together with the bounds that the gaps leave.
func (f *Formula) State() (graph.Verdict, graph.Bounds) {
	if !f.hasGap() {
		v := f.verdict()
		return v, graph.Bounds{Least: v, Most: v}
	}
	least, most := f.withGaps(False), f.withGaps(True)
	if !satisfiable(And(most, Not(least))) {
		v := most.verdict()
		return v, graph.Bounds{Least: v, Most: v}
	}
	return graph.Unknown, graph.Bounds{Least: least.verdict(), Most: most.verdict()}
}

// verdict is State of a formula without gaps.
func (f *Formula) verdict() graph.Verdict {
	switch {
	case f == True:
		return graph.Allowed
	case f == False || !satisfiable(f):
		return graph.Denied
	case !satisfiable(Not(f)):
		return graph.Allowed
	}
	return graph.Conditional
}

// Equivalent reports whether f and g are true of the same requests, whatever
// the gaps hold.
func Equivalent(f, g *Formula) bool {
	if f == g {
		return true
	}
	for _, gaps := range []*Formula{False, True} {
		a, b := f.withGaps(gaps), g.withGaps(gaps)
		if satisfiable(And(a, Not(b))) || satisfiable(And(b, Not(a))) {
			return false
		}
	}
	return true
}

// Most returns f as it is if every gap holds the most favourable policy.
func (f *Formula) Most() *Formula { return f.withGaps(True) }

// withGaps replaces every gap by a constant.
func (f *Formula) withGaps(value *Formula) *Formula {
	return f.replace(func(leaf *Formula) *Formula {
		if leaf.op == opGap {
			return value
		}
		return leaf
	})
}

// AssumeNone replaces the gaps that none accepts as absent: the layer is taken
// to hold no policy, which a ceiling lets through and a grant does not have.
func (f *Formula) AssumeNone(none func(*Gap) (value, replace bool)) *Formula {
	return f.replace(func(leaf *Formula) *Formula {
		if leaf.op == opGap {
			if value, ok := none(leaf.gap); ok {
				return Constant(value)
			}
		}
		return leaf
	})
}

// replace rebuilds f with its leaves exchanged.
func (f *Formula) replace(leaf func(*Formula) *Formula) *Formula {
	switch f.op {
	case opTest, opGap:
		return leaf(f)
	case opNot:
		return Not(leaf(f.kids[0]))
	case opAnd, opOr:
		result, with := True, And
		if f.op == opOr {
			result, with = False, Or
		}
		for _, kid := range f.kids {
			result = with(result, kid.replace(leaf))
		}
		return result
	}
	return f
}

// A search assigns outcomes key by key and prunes by three-valued evaluation.
type search struct {
	groups []group
	truth  map[*Test]int8 // 1 true, -1 false, 0 open
	steps  int
}

// A group is the tests of one key with the outcomes that they can take.
type group struct {
	tests    []*Test
	outcomes []uint64
}

// satisfiable reports whether some request makes f true. f has no gaps.
func satisfiable(f *Formula) bool {
	if f == True || f == False {
		return f == True
	}
	s := &search{truth: map[*Test]int8{}}
	byKey := map[string][]*Test{}
	var order []string
	f.atoms(func(leaf *Formula) {
		name := leaf.test.Key.Folded()
		if _, ok := byKey[name]; !ok {
			order = append(order, name)
		}
		for _, t := range byKey[name] {
			if t == leaf.test {
				return
			}
		}
		byKey[name] = append(byKey[name], leaf.test)
	})
	for _, name := range order {
		tests := byKey[name]
		if len(tests) > 64 {
			return true
		}
		s.groups = append(s.groups, group{tests, outcomes(tests)})
	}
	return s.try(f, 0)
}

func (s *search) try(f *Formula, next int) bool {
	if s.steps++; s.steps > maxSteps {
		return true
	}
	switch s.eval(f) {
	case 1:
		return true
	case -1:
		return false
	}
	if next == len(s.groups) {
		return true
	}
	g := s.groups[next]
	for _, o := range g.outcomes {
		for i, t := range g.tests {
			s.truth[t] = -1
			if o>>i&1 == 1 {
				s.truth[t] = 1
			}
		}
		if s.try(f, next+1) {
			return true
		}
	}
	for _, t := range g.tests {
		delete(s.truth, t)
	}
	return false
}

// eval returns 1, -1 or, where assigned tests do not decide f, 0.
func (s *search) eval(f *Formula) int8 {
	switch f.op {
	case opTrue:
		return 1
	case opFalse:
		return -1
	case opTest:
		return s.truth[f.test]
	case opNot:
		return -s.eval(f.kids[0])
	}
	stop := int8(-1)
	if f.op == opOr {
		stop = 1
	}
	result := -stop
	for _, kid := range f.kids {
		switch s.eval(kid) {
		case stop:
			return stop
		case 0:
			result = 0
		}
	}
	return result
}
