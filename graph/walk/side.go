package walk

// A side is one tree with the run of its queue that was reached last.
type side struct {
	tree     *tree
	from, to int
	hops     int
	weight   int // pivots that the next hop looks at
}

func (s *side) open() bool { return s.from < s.to }

func (s *side) weigh() {
	s.weight = 0
	for _, f := range s.tree.queue[s.from:s.to] {
		s.weight += len(s.tree.pivots(f))
	}
}

// grow makes one hop and returns what meets the other side.
func (s *side) grow(meets func(foothold) bool) (met []foothold) {
	for _, f := range s.tree.queue[s.from:s.to] {
		s.tree.expand(f, nil)
	}
	s.from, s.to = s.to, len(s.tree.queue)
	s.hops++
	s.weigh()
	for _, f := range s.tree.queue[s.from:s.to] {
		if meets(f) {
			met = append(met, f)
		}
	}
	return met
}
