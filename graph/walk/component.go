package walk

// none32 is no number.
const none32 = ^uint32(0)

// components parts the vertices into those that lead to each other. A
// component gets its number after all that it leads to have theirs (Tarjan
// 1972, with a stack in place of recursion: chains are long).
func components(out rows) (component []uint32, members rows) {
	n := len(out.off) - 1
	t := &tarjan{
		out: out, component: make([]uint32, n), order: make([]uint32, n), low: make([]uint32, n), at: out.off[:n:n],
	}
	t.at = append([]uint32(nil), t.at...)
	for v := range t.component {
		t.component[v] = none32
	}
	for v := range uint32(n) {
		if t.order[v] == 0 {
			t.visit(v)
		}
	}
	return t.component, grouped(t.component, int(t.count))
}

type tarjan struct {
	out       rows
	component []uint32
	order     []uint32 // when a vertex was met, from one; 0 is never
	low       []uint32 // the first met that it leads to and that has no component yet
	at        []uint32 // its next arrow
	path      []uint32 // from where the visit began
	open      []uint32 // met, without a component
	clock     uint32
	count     uint32
}

func (t *tarjan) visit(v uint32) {
	t.enter(v)
	for len(t.path) > 0 {
		v := t.path[len(t.path)-1]
		if t.at[v] < t.out.off[v+1] {
			to := t.out.items[t.at[v]]
			t.at[v]++
			if t.order[to] == 0 {
				t.enter(to)
			} else if t.component[to] == none32 {
				t.low[v] = min(t.low[v], t.order[to])
			}
			continue
		}
		t.leave(v)
	}
}

func (t *tarjan) enter(v uint32) {
	t.clock++
	t.order[v], t.low[v] = t.clock, t.clock
	t.path = append(t.path, v)
	t.open = append(t.open, v)
}

func (t *tarjan) leave(v uint32) {
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		up := t.path[len(t.path)-1]
		t.low[up] = min(t.low[up], t.low[v])
	}
	if t.low[v] != t.order[v] {
		return
	}
	for {
		w := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.component[w] = t.count
		if w == v {
			break
		}
	}
	t.count++
}

// grouped lists the vertices of each component, in order.
func grouped(component []uint32, count int) rows {
	r := rows{off: make([]uint32, count+1), items: make([]uint32, len(component))}
	for _, c := range component {
		r.off[c+1]++
	}
	for c := range count {
		r.off[c+1] += r.off[c]
	}
	at := append([]uint32(nil), r.off...)
	for v, c := range component {
		r.items[at[c]] = uint32(v)
		at[c]++
	}
	return r
}
