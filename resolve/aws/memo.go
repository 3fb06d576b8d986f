package aws

import "sync"

// A memo remembers what keys came to. Where two ask at once for one that is not
// known, both work it out, and the first answer stands.
type memo[K comparable, V any] struct {
	mu    sync.RWMutex
	known map[K]V
}

// of returns what a key comes to.
func (m *memo[K, V]) of(key K, work func() V) V { return m.within(0, key, work) }

// within is of with a bound: where so many keys are known, all are forgotten.
func (m *memo[K, V]) within(limit int, key K, work func() V) V {
	if v, ok := m.get(key); ok {
		return v
	}
	return m.put(limit, key, work())
}

func (m *memo[K, V]) get(key K) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.known[key]
	return v, ok
}

func (m *memo[K, V]) put(limit int, key K, v V) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if first, ok := m.known[key]; ok {
		return first
	}
	if m.known == nil || limit > 0 && len(m.known) >= limit {
		m.known = map[K]V{}
	}
	m.known[key] = v
	return v
}
