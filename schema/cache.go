package schema

import (
	"context"
	"sync"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/schema/answer"
)

// kept is how many snapshots stay open: the newest, and those that people
// compare it with.
const kept = 4

// A cache keeps snapshots open with what their evaluators have read. One in
// use is never closed; one that is no more wanted closes with its last use.
type cache struct {
	mu   sync.Mutex
	open []*cached // most recently used first
}

type cached struct {
	*answer.Opened
	uses int
	gone bool // out of the cache: close after the last use
}

// acquire opens a snapshot, the newest where id is empty. The store is asked
// every time, so that what it deleted is gone here as well. release must be
// called once.
func (r *API) acquire(ctx context.Context, id string) (opened *answer.Opened, release func(), err error) {
	s, info, err := r.Store.Open(ctx, r.Estate, id)
	if err != nil {
		return nil, nil, err
	}
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	c := r.cache.take(info.ID)
	if c == nil {
		c = &cached{Opened: answer.Open(s, info, r.Providers)}
	} else {
		closeQuietly(s)
	}
	r.cache.open = append([]*cached{c}, r.cache.open...)
	c.uses++
	r.cache.shrink()
	return c.Opened, sync.OnceFunc(func() { r.cache.release(c) }), nil
}

// take removes a snapshot from the list.
func (c *cache) take(id string) *cached {
	for i, have := range c.open {
		if have.Info.ID == id {
			c.open = append(c.open[:i:i], c.open[i+1:]...)
			return have
		}
	}
	return nil
}

func (c *cache) shrink() {
	for len(c.open) > kept {
		last := c.open[len(c.open)-1]
		c.open = c.open[:len(c.open)-1]
		last.gone = true
		if last.uses == 0 {
			closeQuietly(last.Snapshot)
		}
	}
}

func (c *cache) release(one *cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one.uses--; one.uses == 0 && one.gone {
		closeQuietly(one.Snapshot)
	}
}

// closeQuietly gives a map of a file back. That it fails changes no answer.
func closeQuietly(s *snapshot.Snapshot) { _ = s.Close() }

// Close closes every snapshot that is not in use; those in use close with
// their last use.
func (r *API) Close() error {
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	for _, c := range r.cache.open {
		c.gone = true
		if c.uses == 0 {
			closeQuietly(c.Snapshot)
		}
	}
	r.cache.open = nil
	return nil
}
