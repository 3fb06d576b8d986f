package compile

// A Room is where sets are made that are of use for one block alone: they are
// by the hundred, and make no garbage. The zero value is ready.
type Room struct {
	slab []uint64 // words not given out yet are behind used
	used int
	by   []Set
	own  solver
}

// firstSlab is how many words a room begins with.
const firstSlab = 1 << 10

// Clear takes back every set that the room gave out.
func (r *Room) Clear() { r.used = 0 }

// NewSet returns the empty set on an axis of n positions. It is good until
// Clear.
func (r *Room) NewSet(n int) Set {
	words := (n + 63) / 64
	if r.used+words > len(r.slab) {
		// Sets in the old slab stay what they are.
		r.slab, r.used = make([]uint64, max(firstSlab, 2*len(r.slab), words)), 0
	}
	s := Set(r.slab[r.used : r.used+words : r.used+words])
	r.used += words
	clear(s)
	return s
}

// Clone returns a copy that can be changed, good until Clear.
func (r *Room) Clone(s Set) Set {
	c := r.NewSet(64 * len(s))
	copy(c, s)
	return c
}

// Full returns the set of all n positions, good until Clear.
func (r *Room) Full(n int) Set {
	s := r.NewSet(n)
	s.AddRange(0, n)
	return s
}
