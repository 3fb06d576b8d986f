package compile

import "github.com/clewgraph/clew/resolve/policy"

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
	// Room is where parts are worked out; nil makes one. A room is of one
	// block at a time.
	Room *Room
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
	if b.Room == nil {
		b.Room = &Room{}
	}
	s := b.Room.solver(b, e)
	actions := split(b.Room, b.Actions, b.Claims, func(c *Claim) Set { return c.Actions })
	things := split(b.Room, b.Things, b.Claims, func(c *Claim) Set { return c.Things })
	for _, a := range actions {
		s.narrow(a.First())
		s.round++
		s.parts = s.parts[:0]
		for _, t := range things {
			s.part(t)
		}
		emit(a, s.parts)
	}
	return len(s.known)
}

// Split cuts an axis of n positions into the parts that no set tells apart.
func Split(n int, by []Set) []Set { return (&Room{}).Split(n, by) }

// Split cuts an axis of n positions into the parts that no set tells apart.
func (r *Room) Split(n int, by []Set) []Set {
	if n == 0 {
		return nil
	}
	parts := []Set{r.Full(n)}
	for _, cut := range by {
		for j, count := 0, len(parts); j < count; j++ {
			if !parts[j].Meets(cut) || parts[j].Within(cut) {
				continue
			}
			outside := r.Clone(parts[j])
			outside.Subtract(cut)
			inside := parts[j]
			inside.Intersect(cut)
			parts[j] = outside
			parts = append(parts, inside)
		}
	}
	return parts
}

func split(r *Room, n int, claims []Claim, axis func(*Claim) Set) []Set {
	r.by = r.by[:0]
	for i := range claims {
		r.by = append(r.by, axis(&claims[i]))
	}
	return r.Split(n, r.by)
}
