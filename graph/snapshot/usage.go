package snapshot

// kept is a column and which of its rows stay.
type kept struct {
	values    u32s
	stretches []stretch
}

// mark marks what stands in the rows that stay. Numbers that follow each other
// mostly are near each other: they are put together a word at a time.
func (k kept) mark(out bitset) {
	at, word := uint32(0), uint64(0)
	for _, p := range k.stretches {
		if p.fresh {
			continue
		}
		for _, v := range k.values[p.old : p.old+p.n] {
			if v/64 != at {
				if v == uint32(None) {
					continue
				}
				out[at] |= word
				at, word = v/64, 0
			}
			word |= 1 << (v % 64)
		}
	}
	if word != 0 {
		out[at] |= word
	}
}

// A usage is a set of numbers that stand in columns.
type usage struct {
	n       int
	columns []kept
	parts   []bitset
}

func newMarking(n int, columns ...kept) *usage {
	return &usage{n: n, columns: columns, parts: make([]bitset, len(columns))}
}

// work returns the work of usage, each column by itself.
func (m *usage) work() (out []func()) {
	for i := range m.columns {
		out = append(out, func() {
			m.parts[i] = newBitset(m.n)
			m.columns[i].mark(m.parts[i])
		})
	}
	return out
}

// set returns what was marked.
func (m *usage) set() bitset {
	out := newBitset(m.n)
	for _, part := range m.parts {
		out.add(part)
	}
	return out
}

// marked returns the numbers below n that stand in columns.
func marked(n int, columns ...kept) bitset {
	m := newMarking(n, columns...)
	do(m.work())
	return m.set()
}
