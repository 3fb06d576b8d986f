package snapshot

import "sync"

// A mostly is a column that is mostly what it was: where it is so from end to end
// it is that of the last snapshot, and no memory is needed. Otherwise it gets its
// own. Several cores fill it, each a run of its values of its own, in order.
type mostly[C ~[]N, N comparable] struct {
	n    int
	was  C // none where nothing is shared
	once sync.Once
	now  C
	runs []*mostlyRun[C, N]
	lock sync.Mutex
}

// A mostlyRun is a run of a column as far as it is filled.
type mostlyRun[C ~[]N, N comparable] struct {
	of      *mostly[C, N]
	from    uint32
	to      uint32 // up to here it is what it was
	differs bool   // from there on it has its own memory
}

// run begins a run.
func (m *mostly[C, N]) run(from uint32) *mostlyRun[C, N] {
	r := &mostlyRun[C, N]{of: m, from: from, to: from}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.runs = append(m.runs, r)
	return r
}

func (m *mostly[C, N]) memory() C {
	m.once.Do(func() { m.now = make(C, m.n) })
	return m.now
}

// put sets a value. Places rise; one may go back and fill it again from there.
func (r *mostlyRun[C, N]) put(at uint32, v N) {
	if !r.differs {
		if uint64(at) < uint64(len(r.of.was)) && r.of.was[at] == v {
			r.to = at + 1
			return
		}
		r.differs = true
		r.own()
	}
	r.of.now[at] = v
}

// own copies to memory of its own what is as it was.
func (r *mostlyRun[C, N]) own() {
	if now := r.of.memory(); r.to > r.from {
		copy(now[r.from:], r.of.was[r.from:r.to])
	}
}

// column returns the column once all runs are filled; own: in memory that may be
// written to.
func (m *mostly[C, N]) column(own bool) C {
	own = own || len(m.was) != m.n
	for _, r := range m.runs {
		own = own || r.differs
	}
	if !own {
		return m.was
	}
	m.memory()
	for _, r := range m.runs {
		if !r.differs {
			r.own()
		}
	}
	return m.now
}

// mostlyPivots are the columns of pivots of which most stay.
type mostlyPivots struct {
	numbers [5]mostly[u32s, uint32] // from, to, action, technique, ruling
	codes   [2]mostly[u8s, uint8]   // relation, verdict
	verdict u8s                     // by ruling
}

// A mostlyPivotsRun is a run of them.
type mostlyPivotsRun struct {
	numbers [5]*mostlyRun[u32s, uint32]
	codes   [2]*mostlyRun[u8s, uint8]
	verdict u8s
}

// pivotNumbers and pivotCodes list the columns of pivots, in one order.
func (c *columns) pivotNumbers() [5]*u32s {
	return [5]*u32s{&c.pivotFrom, &c.pivotTo, &c.pivotAction, &c.pivotTechnique, &c.pivotRuling}
}

func (c *columns) pivotCodes() [2]*u8s { return [2]*u8s{&c.pivotRelation, &c.pivotVerdict} }

// newMostlyPivots returns columns of n pivots, mostly those of last if that is not
// nil.
func newMostlyPivots(n int, verdict u8s, last *Snapshot) *mostlyPivots {
	m := &mostlyPivots{verdict: verdict}
	was := &columns{}
	if last != nil {
		was = &last.columns
	}
	for i, c := range was.pivotNumbers() {
		m.numbers[i].n, m.numbers[i].was = n, *c
	}
	for i, c := range was.pivotCodes() {
		m.codes[i].n, m.codes[i].was = n, *c
	}
	return m
}

func (m *mostlyPivots) run(from uint32) *mostlyPivotsRun {
	r := &mostlyPivotsRun{verdict: m.verdict}
	for i := range m.numbers {
		r.numbers[i] = m.numbers[i].run(from)
	}
	for i := range m.codes {
		r.codes[i] = m.codes[i].run(from)
	}
	return r
}

func (r *mostlyPivotsRun) put(at, from uint32, j jump) {
	n := &r.numbers
	n[0].put(at, from)
	n[1].put(at, j.to)
	n[2].put(at, j.action)
	n[3].put(at, j.technique)
	n[4].put(at, j.ruling)
	r.codes[0].put(at, uint8(j.relation))
	r.codes[1].put(at, r.verdict[j.ruling])
}

// columns has c take the columns; own: in memory that may be written to.
func (m *mostlyPivots) columns(c *columns, own bool) {
	for i, column := range c.pivotNumbers() {
		*column = m.numbers[i].column(own)
	}
	for i, column := range c.pivotCodes() {
		*column = m.codes[i].column(own)
	}
}
