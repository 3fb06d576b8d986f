package snapshot

// A shift maps old numbers to new ones. Where little changes, numbers that
// follow each other move by the same: a table of blocks says it, small enough
// to stay near the processor.
type shift struct {
	n     int
	delta []uint32              // by block: what is added, or tangled
	own   []*[shiftBlock]uint32 // by block: what its numbers are, where they move differently; nil: gone, all of them
}

const (
	shiftBits  = 8
	shiftBlock = 1 << shiftBits
	tangled    = 1 << 31
)

// at returns the new number of v, which must be below n; None where it is gone.
func (s *shift) at(v uint32) uint32 {
	if d := s.delta[v>>shiftBits]; d != tangled {
		return v + d
	}
	return s.atOwn(v)
}

func (s *shift) atOwn(v uint32) uint32 {
	if own := s.own[v>>shiftBits]; own != nil {
		return own[v%shiftBlock]
	}
	return uint32(None)
}

// numbers returns what writes values with other numbers, None as None; nil
// where s is.
func (s *shift) numbers() func(dst, src u32s) {
	if s == nil {
		return nil
	}
	return func(dst, src u32s) {
		delta := s.delta
		for i, v := range src {
			if block := v >> shiftBits; int(block) < len(delta) && delta[block] != tangled {
				dst[i] = v + delta[block]
			} else if v == uint32(None) {
				dst[i] = v
			} else {
				dst[i] = s.atOwn(v)
			}
		}
	}
}

// codes is numbers for those of a dictionary.
func (s *shift) codes() func(dst, src u8s) {
	if s == nil {
		return nil
	}
	var all [256]uint8
	for code := range s.n {
		all[code] = uint8(s.at(uint32(code)))
	}
	return func(dst, src u8s) {
		for i, v := range src {
			dst[i] = all[v]
		}
	}
}

// newShift returns the shift that an edit makes of n numbers.
func newShift(n int, stretches []stretch) *shift {
	blocks := (n + shiftBlock - 1) / shiftBlock
	s := &shift{n: n, delta: make([]uint32, blocks), own: make([]*[shiftBlock]uint32, blocks)}
	for i := range s.delta {
		s.delta[i] = tangled
	}
	for _, p := range stretches {
		if !p.fresh {
			s.move(p)
		}
	}
	return s
}

// move moves the numbers of a stretch.
func (s *shift) move(p stretch) {
	for from, end := p.old, p.old+p.n; from < end; {
		block := from / shiftBlock
		first, last := block*shiftBlock, min((block+1)*shiftBlock, s.n)
		to := min(last, end)
		if from == first && to == last {
			s.delta[block] = uint32(p.new - p.old)
		} else {
			for own := s.block(block); from < to; from++ {
				own[from%shiftBlock] = uint32(from + p.new - p.old)
			}
		}
		from = to
	}
}

// set gives one number another new number than that of its neighbours.
func (s *shift) set(v, to uint32) { s.block(int(v / shiftBlock))[v%shiftBlock] = to }

// block returns a block with numbers of its own.
func (s *shift) block(i int) *[shiftBlock]uint32 {
	if s.own[i] == nil {
		own := new([shiftBlock]uint32)
		for k := range own {
			own[k] = uint32(None)
			if d := s.delta[i]; d != tangled {
				own[k] = uint32(i*shiftBlock+k) + d
			}
		}
		s.own[i], s.delta[i] = own, tangled
	}
	return s.own[i]
}
