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

// touch looks whether one hop meets the other side, and makes it only where it
// does: it returns what is met, and nothing else is reached. The last hop is the
// longest, and of what it leads to little is wanted.
func (s *side) touch(other *tree) (met []foothold) {
	t, looked := s.tree, 0
	for _, f := range t.queue[s.from:s.to] {
		for _, p := range t.pivots(f) {
			g := t.other(p)
			if int(g) >= len(other.marks) || !other.has(g) || t.has(g) {
				looked++
				continue
			}
			if _, ok := t.w.look(p, t.least); ok && t.reach(g, p, uint32(s.hops+1)) {
				met = append(met, g)
			}
		}
	}
	t.w.clock()
	if len(met) > 0 {
		s.hops++
		t.w.looked += looked // else they are looked at once more
	}
	return met
}

// grow makes one hop and returns what of it is an end; nil: nothing is asked.
func (s *side) grow(end func(foothold) bool) (met []foothold) {
	for _, f := range s.tree.queue[s.from:s.to] {
		s.tree.expand(f, nil)
	}
	s.from, s.to = s.to, len(s.tree.queue)
	s.hops++
	s.weigh()
	if end == nil {
		return nil
	}
	for _, f := range s.tree.queue[s.from:s.to] {
		if end(f) {
			met = append(met, f)
		}
	}
	return met
}
