package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file keeps what was asked in a room: its actors come one after another, and
// leave their room to the next.

// Answers are those about some things, by their places: most askers ask of few.
type answers [32]*snapshot.Ruling

// at is where the answer about a thing stands.
func (m *room) at(k *askedKind, t *roomThing) **snapshot.Ruling {
	page := t.at / len(answers{})
	if page >= len(k.things) {
		k.things = append(k.things, make([]*answers, t.among.size/len(answers{})+1-len(k.things))...)
	}
	if k.things[page] == nil {
		k.things[page] = m.page()
	}
	return &k.things[page][t.at%len(answers{})]
}

// ints is an empty list with room for some numbers, until another actor acts.
func (m *room) ints(n int) []int {
	at := len(m.numbers)
	if at+n > cap(m.numbers) {
		at, m.numbers = 0, make([]int, 0, max(n, 1<<10, 2*cap(m.numbers))) // who has some of the old keeps it
	}
	m.numbers = m.numbers[:at+n]
	return m.numbers[at : at : at+n]
}

// page is one without answers.
func (m *room) page() *answers {
	last := len(m.pages) - 1
	if last < 0 {
		return &answers{}
	}
	page := m.pages[last]
	m.pages = m.pages[:last]
	return page
}

// forget takes back the pages of somebody who asks no more.
func (m *room) forget(asked []*askedKind) {
	for _, k := range asked {
		if k == nil {
			continue
		}
		m.forgetThings(k)
		for _, inside := range k.inside {
			m.forgetThings(inside)
		}
	}
	clear(asked)
}

func (m *room) forgetThings(k *askedKind) {
	for _, page := range k.things {
		if page != nil {
			clear(page[:])
			m.pages = append(m.pages, page)
		}
	}
}

// named is what a reference, or "*", names, nil where it is no ARN. Actors name
// the same things one after another.
func (m *room) named(ref graph.Ref) *resource {
	b, ok := m.refs[ref]
	if !ok {
		r := request{estate: m.e}
		if r.findResource(string(ref)) == nil {
			b = r.resource
		}
		m.refs[ref] = b
	}
	return b
}

// partOf is a part of a thing. What a bucket holds is as the bucket is, which is
// not read once more for it.
func (m *room) partOf(t *roomThing, part string) *resource {
	ref := graph.Ref(t.arn + "/" + part)
	if _, known := m.refs[ref]; known || holderOf(string(ref)) != t.arn {
		return m.named(ref)
	}
	if _, described := m.e.s.Find(ref); described {
		return m.named(ref)
	}
	b := t.part(string(ref))
	m.refs[ref] = b
	return b
}

// Clear forgets everything that is of the account. What sorts of question are like
// is kept, and the memory.
func (m *room) Clear() {
	m.forget(m.acting.asked)
	m.acting, m.asking = asker{asked: m.acting.asked, may: m.acting.may}, request{values: m.asking.values[:0], matched: m.asking.matched[:0]}
	m.things.clear()
	clear(m.sets)
	clear(m.alike)
	clear(m.axes)
	clear(m.testing)
	clear(m.granted)
	clear(m.forbids)
	clear(m.refs)
	clear(m.trusts)
	clear(m.leads)
	clear(m.servings)
	m.numbers = m.numbers[:0]
}
