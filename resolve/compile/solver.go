package compile

import (
	"encoding/binary"

	"github.com/clewgraph/clew/resolve/policy"
)

// A solver decides the cells of a block; cells with the same claims once.
type solver struct {
	b      *Block
	e      policy.Expr
	base   []*policy.Formula // by term
	levels []int             // by term
	spoken []int             // claims about the action at hand
	key    []byte
	known  map[string]*solved
	parts  []Part
	round  int // of actions
}

// unlayered stands for a term that has no levels.
const unlayered = -1

// solved is what some claims come to, and which part it is in this round.
type solved struct {
	claims      []int
	formula     *policy.Formula
	round, part int
}

// solver makes the room's solver ready for a block.
func (r *Room) solver(b *Block, e policy.Expr) *solver {
	s := &r.own
	if s.known == nil || len(s.known) > maxKept {
		s.known = map[string]*solved{}
	}
	clear(s.known)
	s.b, s.e, s.round = b, e, 0
	s.base, s.levels = s.base[:0], s.levels[:0]
	for t, f := range b.Base {
		s.term(t)
		s.base[t] = f
	}
	for t, n := range b.Levels {
		s.term(t)
		s.levels[t] = n
	}
	return s
}

// maxKept bounds the claims that a room keeps a map for.
const maxKept = 1 << 10

// term makes place for what is known of a term.
func (s *solver) term(t policy.Term) {
	for int(t) >= len(s.base) {
		s.base, s.levels = append(s.base, policy.False), append(s.levels, unlayered)
	}
}

// narrow leaves the claims about one action.
func (s *solver) narrow(action int) {
	s.spoken = s.spoken[:0]
	for i := range s.b.Claims {
		if s.b.Claims[i].Actions.Has(action) {
			s.spoken = append(s.spoken, i)
		}
	}
}

// part puts things that no claim tells apart to those that come to the same
// under the action at hand.
func (s *solver) part(things Set) {
	k := s.solve(things.First())
	if k.round == s.round {
		s.parts[k.part].Things.Union(things)
		return
	}
	k.round, k.part = s.round, len(s.parts)
	s.parts = append(s.parts, Part{Things: s.b.Room.Clone(things), Formula: k.formula, Claims: k.claims})
}

// solve decides one thing under the action at hand.
func (s *solver) solve(thing int) *solved {
	s.key = s.key[:0]
	for _, i := range s.spoken {
		if s.b.Claims[i].Things.Has(thing) {
			s.key = binary.LittleEndian.AppendUint32(s.key, uint32(i))
		}
	}
	if k, ok := s.known[string(s.key)]; ok {
		return k
	}
	k := &solved{claims: make([]int, 0, len(s.key)/4)}
	for at := 0; at < len(s.key); at += 4 {
		k.claims = append(k.claims, int(binary.LittleEndian.Uint32(s.key[at:])))
	}
	k.formula = policy.Read(s.e, policy.Formulas, func(t policy.Term) *policy.Formula { return s.word(t, k.claims) })
	s.known[string(s.key)] = k
	return k
}

// word is what claims make of a term.
func (s *solver) word(t policy.Term, claims []int) *policy.Formula {
	s.term(t)
	b, levels := s.b, s.levels[t]
	if levels == unlayered {
		f := s.base[t]
		for _, i := range claims {
			if c := &b.Claims[i]; c.Term == t {
				f = policy.Or(f, c.When)
			}
		}
		return f
	}
	f := policy.True
	for level := 0; level < levels && f != policy.False; level++ {
		allowed := policy.False
		for _, i := range claims {
			if c := &b.Claims[i]; c.Term == t && c.Level == level {
				allowed = policy.Or(allowed, c.When)
			}
		}
		f = policy.And(f, allowed)
	}
	return f
}
