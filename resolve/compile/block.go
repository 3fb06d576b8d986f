package compile

import (
	"encoding/binary"

	"github.com/clewgraph/clew/resolve/policy"
)

// A Claim is what one statement says in a block.
type Claim struct {
	Term policy.Term
	// Level is which level of the term's layer says it, where every level has
	// to (Block.Levels).
	Level   int
	Actions Set
	Things  Set
	When    *policy.Formula
	// From is the provider's own number of the statement.
	From int
}

// A Block is actions × things of one sort, and all that is said about them.
type Block struct {
	Actions, Things int
	// Base is what a term is before any claim: False where it is nil.
	Base map[policy.Term]*policy.Formula
	// Levels are the layers of which several levels must each allow: the
	// term is the conjunction of so many levels, each the disjunction of its
	// claims. No level at all is True.
	Levels map[policy.Term]int
	Claims []Claim
}

// A Cell is a part of a block: every action in Actions on every thing in
// Things is decided by the same claims.
type Cell struct {
	Actions, Things Set
	Formula         *policy.Formula
	Claims          []int // indexes into the block's claims
}

// A Part is things of a block that are decided by the same claims under some
// actions.
type Part struct {
	Things  Set
	Formula *policy.Formula
	Claims  []int // indexes into the block's claims
}

// Cells cuts the block along its claims and calls emit with every part whose
// formula is not False; no action and thing is in two. It returns how many
// formulas were read.
func (b *Block) Cells(e policy.Expr, emit func(Cell)) (read int) {
	return b.Parts(e, func(actions Set, parts []Part) {
		for _, p := range parts {
			if p.Formula != policy.False {
				emit(Cell{Actions: actions, Things: p.Things, Formula: p.Formula, Claims: p.Claims})
			}
		}
	})
}

// Parts calls emit with every set of actions that no claim tells apart, and
// with what the things come to under them: each thing is in one part, those
// whose formula is False included. parts is good until emit returns. It returns
// how many formulas were read.
func (b *Block) Parts(e policy.Expr, emit func(actions Set, parts []Part)) (read int) {
	actions := split(b.Actions, b.Claims, func(c *Claim) Set { return c.Actions })
	things := split(b.Things, b.Claims, func(c *Claim) Set { return c.Things })
	s := &solver{b: b, e: e, known: map[string]*solved{}}
	var parts []Part
	for _, a := range actions {
		s.narrow(a.First())
		s.round++
		parts = parts[:0]
		for _, t := range things {
			k := s.solve(t.First())
			if k.round == s.round {
				parts[k.part].Things.Union(t)
				continue
			}
			k.round, k.part = s.round, len(parts)
			parts = append(parts, Part{Things: t.Clone(), Formula: k.formula, Claims: k.claims})
		}
		emit(a, parts)
	}
	return len(s.known)
}

// Split cuts an axis of n positions into the parts that no set tells apart.
func Split(n int, by []Set) []Set {
	if n == 0 {
		return nil
	}
	parts := []Set{Full(n)}
	for _, cut := range by {
		for j, count := 0, len(parts); j < count; j++ {
			if !parts[j].Meets(cut) {
				continue
			}
			outside := parts[j].Clone()
			if outside.Subtract(cut); outside.Empty() {
				continue
			}
			inside := parts[j]
			inside.Intersect(cut)
			parts[j] = outside
			parts = append(parts, inside)
		}
	}
	return parts
}

func split(n int, claims []Claim, axis func(*Claim) Set) []Set {
	by := make([]Set, len(claims))
	for i := range claims {
		by[i] = axis(&claims[i])
	}
	return Split(n, by)
}

// A solver decides the cells of a block; cells with the same claims once.
type solver struct {
	b      *Block
	e      policy.Expr
	spoken []int // claims about the action at hand
	key    []byte
	known  map[string]*solved
	round  int // of actions
}

// solved is what some claims come to, and which part it is in this round.
type solved struct {
	claims      []int
	formula     *policy.Formula
	round, part int
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
	k := &solved{}
	for at := 0; at < len(s.key); at += 4 {
		k.claims = append(k.claims, int(binary.LittleEndian.Uint32(s.key[at:])))
	}
	k.formula = policy.Read(s.e, policy.Formulas, func(t policy.Term) *policy.Formula { return s.b.word(t, k.claims) })
	s.known[string(s.key)] = k
	return k
}

// word is what claims make of a term.
func (b *Block) word(t policy.Term, claims []int) *policy.Formula {
	levels, layered := b.Levels[t]
	if !layered {
		f := policy.False
		if base := b.Base[t]; base != nil {
			f = base
		}
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
