package walk

// A label says of a component what it cannot reach, and some of what it can,
// without a search. Each of several walks in depth numbers the components as it
// leaves them: low and post bound the numbers of all that a component reaches
// (Yıldırım, Chaoji and Zaki, GRAIL, 2010). In the first walk's own tree,
// whoever was entered later and left earlier was reached.
type label struct {
	low, post [depthWalks]uint32
	pre       uint32 // when the first walk entered
}

const depthWalks = 3

// mayReach is false where u does not reach v for sure.
func (u *label) mayReach(v *label) bool {
	for k := range depthWalks {
		if v.low[k] < u.low[k] || v.post[k] > u.post[k] {
			return false
		}
	}
	return true
}

// reachedFirst is true where u reaches v by the first walk's tree.
func (u *label) reachedFirst(v *label) bool {
	return u.pre <= v.pre && v.post[0] <= u.post[0]
}

// labelled labels components, whose arrows lead to lower ones.
func labelled(next, before rows) []label {
	labels := make([]label, len(next.off)-1)
	for k := range depthWalks {
		w := &depthWalk{next: next, labels: labels, k: k, done: make([]uint32, len(labels))}
		for i := range uint32(len(labels)) {
			if c := w.turn(uint32(len(labels)), 0, i); len(before.of(c)) == 0 {
				w.from(c)
			}
		}
		for c := range uint32(len(labels)) {
			l := &labels[c]
			l.low[k] = l.post[k]
			for _, d := range next.of(c) {
				l.low[k] = min(l.low[k], labels[d].low[k])
			}
		}
	}
	return labels
}

// A depthWalk visits every component once, in an order of its own.
type depthWalk struct {
	next   rows
	labels []label
	k      int
	done   []uint32 // arrows taken, and one more; 0 is not met
	path   []uint32
	in     uint32
	out    uint32
}

// turn gives place i of n in the order of the walk: as they stand, from the
// end, or from somewhere in between.
func (w *depthWalk) turn(n, salt, i uint32) uint32 {
	switch w.k {
	case 0:
		return i
	case 1:
		return n - 1 - i
	}
	return uint32((uint64(i) + uint64(salt*2654435761)) % uint64(n))
}

func (w *depthWalk) from(c uint32) {
	w.enter(c)
	for len(w.path) > 0 {
		c := w.path[len(w.path)-1]
		next := w.next.of(c)
		taken := w.done[c] - 1
		if int(taken) == len(next) {
			w.labels[c].post[w.k] = w.out
			w.out++
			w.path = w.path[:len(w.path)-1]
			continue
		}
		w.done[c]++
		if d := next[w.turn(uint32(len(next)), c, taken)]; w.done[d] == 0 {
			w.enter(d)
		}
	}
}

func (w *depthWalk) enter(c uint32) {
	w.done[c] = 1
	w.path = append(w.path, c)
	if w.k == 0 {
		w.labels[c].pre = w.in
		w.in++
	}
}
