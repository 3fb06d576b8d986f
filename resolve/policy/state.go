package policy

import (
	"slices"

	"github.com/clewgraph/clew/graph"
)

// maxSteps bounds the search for one assignment of a formula of usual size; a
// step of a larger one takes longer, and it has fewer. A formula that needs more
// (dozens of keys, all entangled) is answered as satisfiable, so it can come
// out Conditional where it is constant, never the other way round.
const (
	maxSteps  = 1 << 17
	usualSize = 64 // leaves
)

// maxTests bounds the tests of one key that a formula may have to be decided.
const maxTests = 64

// State decides what f is: always true, always false, open, or open to a gap,
// together with the bounds that the gaps leave.
func (f *Formula) State() (graph.Verdict, graph.Bounds) {
	if f == True || f == False {
		v := constantVerdict(f)
		return v, graph.Bounds{Least: v, Most: v}
	}
	least, most := f, f
	if f.hasGap() {
		least, most = f.withGaps(False), f.withGaps(True)
	}
	s := newSearch(least, most)
	bounds := graph.Bounds{Most: s.verdict(most)}
	if bounds.Least = bounds.Most; least == most || !s.differ(least, most) {
		return bounds.Most, bounds
	}
	bounds.Least = s.verdict(least)
	return graph.Unknown, bounds
}

func constantVerdict(f *Formula) graph.Verdict {
	if f == True {
		return graph.Allowed
	}
	return graph.Denied
}

// verdict is State of a formula without gaps, whose leaves the search knows.
func (s *search) verdict(f *Formula) graph.Verdict {
	switch {
	case f == True || f == False:
		return constantVerdict(f)
	case !s.finds(func() int8 { return s.eval(f) }, f):
		return graph.Denied
	case !s.finds(func() int8 { return -s.eval(f) }, f):
		return graph.Allowed
	}
	return graph.Conditional
}

// Equivalent reports whether f and g are true of the same requests, whatever
// each gap holds.
func Equivalent(f, g *Formula) bool {
	return f == g || !newSearch(f, g).differ(f, g)
}

// Implies reports whether g is true of every request that f is true of,
// whatever each gap holds.
func Implies(f, g *Formula) bool {
	s := newSearch(f, g)
	return f == g || !s.finds(func() int8 { return min(s.eval(f), -s.eval(g)) }, f, g)
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
	gaps   map[Gap]int8
	// Where in groups a leaf is.
	groupOf  map[*Test]int
	gapGroup map[Gap]int
	steps    int // of the search that runs, or ran last
	limit    int // steps of one search at most
}

// A group is the tests of one key with the outcomes that they can take, or one
// gap, which may hold and may not.
type group struct {
	tests    []*Test
	gap      *Gap
	outcomes []uint64
}

// newSearch prepares a search over everything that formulas of the leaves of
// the given ones can hang on.
func newSearch(formulas ...*Formula) *search {
	s := &search{truth: map[*Test]int8{}, gaps: map[Gap]int8{}, groupOf: map[*Test]int{}, gapGroup: map[Gap]int{}}
	byKey := map[string]int{} // position in groups
	leaves := 0
	for _, f := range formulas {
		f.atoms(func(leaf *Formula) {
			leaves++
			if leaf.op == opGap {
				s.addGap(leaf.gap)
				return
			}
			name := leaf.test.Key.Folded()
			at, ok := byKey[name]
			if !ok {
				at = len(s.groups)
				byKey[name] = at
				s.groups = append(s.groups, group{})
			}
			s.groups[at].add(leaf.test)
			s.groupOf[leaf.test] = at
		})
	}
	s.limit = maxSteps * usualSize / max(usualSize, leaves)
	for i := range s.groups {
		if g := &s.groups[i]; len(g.tests) > maxTests {
			s.limit = 0 // too many to tell apart
		} else if g.gap == nil {
			g.outcomes = outcomes(g.tests)
		}
	}
	return s
}

func (g *group) add(t *Test) {
	if !slices.Contains(g.tests, t) {
		g.tests = append(g.tests, t)
	}
}

func (s *search) addGap(g *Gap) {
	if _, ok := s.gaps[*g]; !ok {
		s.gaps[*g], s.gapGroup[*g] = 0, len(s.groups)
		s.groups = append(s.groups, group{gap: g, outcomes: []uint64{0, 1}})
	}
}

// set takes one outcome of a group.
func (s *search) set(g *group, o uint64) {
	sign := func(bit int) int8 { return int8(o>>bit&1)*2 - 1 }
	if g.gap != nil {
		s.gaps[*g.gap] = sign(0)
	}
	for i, t := range g.tests {
		s.truth[t] = sign(i)
	}
}

// differ reports whether f and g, whose leaves the search knows, are not true
// of the same requests.
func (s *search) differ(f, g *Formula) bool {
	return s.finds(func() int8 {
		a, b := s.eval(f), s.eval(g)
		return -a * b // 0 where one is open
	}, f, g)
}

// finds reports whether some assignment makes the goal 1, which hangs on the
// given formulas. Where it comes back with false, nothing stays assigned.
func (s *search) finds(goal func() int8, of ...*Formula) bool {
	s.clear()
	return s.reaches(goal, of)
}

// reaches goes on from what is assigned. It takes next the group of a leaf that
// an open formula waits for: what is settled by others is never asked.
func (s *search) reaches(goal func() int8, of []*Formula) bool {
	if s.steps++; s.steps > s.limit {
		return true
	}
	switch goal() {
	case 1:
		return true
	case -1:
		return false
	}
	g := s.waiting(of)
	if g == nil {
		return true
	}
	for _, o := range g.outcomes {
		s.set(g, o)
		if s.reaches(goal, of) {
			return true
		}
	}
	s.unset(g)
	return false
}

// waiting returns the group of the first open leaf of the first formula that is
// open; nil where none is.
func (s *search) waiting(of []*Formula) *group {
	for _, f := range of {
		if s.eval(f) == 0 {
			return s.open(f)
		}
	}
	return nil
}

func (s *search) open(f *Formula) *group {
	switch f.op {
	case opTest:
		return &s.groups[s.groupOf[f.test]]
	case opGap:
		return &s.groups[s.gapGroup[*f.gap]]
	}
	var next *Formula
	least := 0
	for _, kid := range f.kids {
		if s.eval(kid) != 0 {
			continue
		}
		if n := s.waits(kid); next == nil || n < least {
			next, least = kid, n
		}
	}
	return s.open(next)
}

// waits counts the open leaves of a formula: those with few are settled soon,
// or show soon that they cannot be.
func (s *search) waits(f *Formula) (n int) {
	f.atoms(func(leaf *Formula) {
		if s.eval(leaf) == 0 {
			n++
		}
	})
	return n
}

func (s *search) clear() {
	s.steps = 0
	for i := range s.groups {
		s.unset(&s.groups[i])
	}
}

func (s *search) unset(g *group) {
	for _, t := range g.tests {
		s.truth[t] = 0
	}
	if g.gap != nil {
		s.gaps[*g.gap] = 0
	}
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
	case opGap:
		return s.gaps[*f.gap]
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
