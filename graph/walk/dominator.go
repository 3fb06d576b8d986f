package walk

// A dominance says, of all vertices that a root leads to, which vertices every
// way from the root to one goes through. Vertices stand in it by the order in
// which a search in depth meets them; the root is 0.
type dominance struct {
	vertex []uint32 // by place
	place  []uint32 // by vertex, none32 where the root does not lead
	idom   []uint32 // by place: the place of the last that every way goes through
	size   []uint32 // by place: how many every way to which goes through it, itself among them
	enter  []uint32 // by place: where these begin, in an order that keeps them together
}

// dominators works them out from the arrows and the same turned around
// (Lengauer and Tarjan 1979, linking without balancing).
func dominators(out, in rows, root uint32) *dominance {
	d := &dominance{place: make([]uint32, len(out.off)-1)}
	parent := d.search(out, root)
	n := uint32(len(d.vertex))
	l := &linking{semi: make([]uint32, n), label: make([]uint32, n), ancestor: make([]uint32, n)}
	for v := range n {
		l.semi[v], l.label[v], l.ancestor[v] = v, v, none32
	}
	d.idom = make([]uint32, n)
	bucket := make([][]uint32, n)
	for w := n - 1; w > 0 && n > 0; w-- {
		for _, from := range in.of(d.vertex[w]) {
			if v := d.place[from]; v != none32 {
				l.semi[w] = min(l.semi[w], l.semi[l.eval(v)])
			}
		}
		bucket[l.semi[w]] = append(bucket[l.semi[w]], w)
		l.ancestor[w] = parent[w]
		for _, v := range bucket[parent[w]] {
			d.idom[v] = parent[w]
			if u := l.eval(v); l.semi[u] < l.semi[v] {
				d.idom[v] = u
			}
		}
		bucket[parent[w]] = nil
	}
	for w := uint32(1); w < n; w++ {
		if d.idom[w] != l.semi[w] {
			d.idom[w] = d.idom[d.idom[w]]
		}
	}
	d.measure()
	return d
}

// search numbers what the root leads to, in depth, and returns from where each
// was met.
func (d *dominance) search(out rows, root uint32) (parent []uint32) {
	for v := range d.place {
		d.place[v] = none32
	}
	type step struct{ v, at uint32 }
	meet := func(v, from uint32) step {
		d.place[v] = uint32(len(d.vertex))
		d.vertex = append(d.vertex, v)
		parent = append(parent, from)
		return step{v, out.off[v]}
	}
	path := []step{meet(root, 0)}
	for len(path) > 0 {
		s := &path[len(path)-1]
		if s.at == out.off[s.v+1] {
			path = path[:len(path)-1]
			continue
		}
		to := out.items[s.at]
		s.at++
		if d.place[to] == none32 {
			path = append(path, meet(to, d.place[s.v]))
		}
	}
	return parent
}

// measure counts what each vertex dominates, and keeps it together.
func (d *dominance) measure() {
	n := len(d.vertex)
	d.size, d.enter = make([]uint32, n), make([]uint32, n)
	for v := n - 1; v >= 0; v-- {
		d.size[v]++
		if v > 0 {
			d.size[d.idom[v]] += d.size[v]
		}
	}
	next := make([]uint32, n)
	for v := range n {
		if v > 0 {
			d.enter[v] = next[d.idom[v]]
			next[d.idom[v]] += d.size[v]
		}
		next[v] = d.enter[v] + 1
	}
}

// dominates reports whether every way to a place goes through another, or is it.
func (d *dominance) dominates(v, w uint32) bool {
	return d.enter[v] <= d.enter[w] && d.enter[w] < d.enter[v]+d.size[v]
}

// A linking is the forest of the vertices that were looked at, with the least
// semidominator on the way to each one's root.
type linking struct {
	semi, label, ancestor []uint32
	path                  []uint32
}

// eval returns who has the least semidominator between a vertex and the root of
// its tree, the root left out. It shortens the way that it went.
func (l *linking) eval(v uint32) uint32 {
	if l.ancestor[v] == none32 {
		return v
	}
	l.path = l.path[:0]
	for u := v; l.ancestor[l.ancestor[u]] != none32; u = l.ancestor[u] {
		l.path = append(l.path, u)
	}
	for i := len(l.path) - 1; i >= 0; i-- {
		u := l.path[i]
		up := l.ancestor[u]
		if l.semi[l.label[up]] < l.semi[l.label[u]] {
			l.label[u] = l.label[up]
		}
		l.ancestor[u] = l.ancestor[up]
	}
	return l.label[v]
}
