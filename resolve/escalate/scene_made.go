package escalate

import (
	"github.com/clewgraph/clew/graph/snapshot"
)

// This file makes scenes, one after another in the same memory: estates have as
// many as accounts, and each remembers what it looked at.

// Scene prepares the matching in one account.
func (m *Matcher) Scene(account snapshot.Index) *Scene {
	s, again := m.left.Get().(*Scene)
	if !again {
		s = &Scene{
			m: m, room: m.ev.Room(m.kinds), things: make([]castings, m.casts), idle: make([]idleness, len(m.plans)),
			trusted: map[trusting][]candidate{}, links: map[linking][]candidate{}, facts: map[ownFact]ownAnswer{}, hangs: map[string]*hanging{},
			listed: map[string]bool{}, askers: map[askerKey]Asker{}, services: map[string]Asker{},
		}
	}
	s.account, s.plans = account, m.common
	if look := (view{m: m, account: account}); account != snapshot.None && look.isManagement() {
		s.plans = m.untold
	}
	return s
}

// Leave ends the matching in a scene: nothing of it may be used any more, but
// what was found.
func (s *Scene) Leave() {
	s.room.Clear()
	for i := range s.things {
		s.things[i] = castings{list: s.things[i].list[:0]}
	}
	clear(s.idle)
	clear(s.trusted)
	clear(s.links)
	clear(s.facts)
	clear(s.hangs)
	clear(s.listed)
	clear(s.askers)
	clear(s.services)
	s.m.left.Put(s)
}
