package snapshot

import (
	"iter"
	"slices"
)

// pieceRows is how many rows a piece has.
const pieceRows = 1 << 14

// rows are kept in pieces: they grow without being copied, and piece by piece
// they can be let go.
type rows[R any] struct {
	pieces [][]R
	n      int
}

func (r *rows[R]) add(row R) {
	if r.n%pieceRows == 0 {
		var piece []R
		if r.n > 0 {
			piece = make([]R, 0, pieceRows)
		}
		r.pieces = append(r.pieces, piece)
	}
	last := &r.pieces[len(r.pieces)-1]
	*last = append(*last, row)
	r.n++
}

// now returns the rows as they are, however many are added later.
func (r *rows[R]) now() rows[R] { return rows[R]{slices.Clone(r.pieces), r.n} }

// all yields the rows in order.
func (r rows[R]) all() iter.Seq[R] {
	return func(yield func(R) bool) {
		for _, piece := range r.pieces {
			for _, row := range piece {
				if !yield(row) {
					return
				}
			}
		}
	}
}
