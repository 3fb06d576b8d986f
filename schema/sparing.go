package schema

import (
	"errors"
	"net/http"
	"sync"
	"time"
)

// Whoever sends tokens of keys that do not exist makes the verifier ask the
// issuer for its keys, without being known to anybody. So it is asked no more
// than so often.
const (
	askAtMost = 10
	askWithin = time.Minute
)

// errAskedTooOften: the issuer is spared.
var errAskedTooOften = errors.New("the issuer was asked too often of late")

// A spare is a transport that makes so many requests in a while and no more.
type spare struct {
	next http.RoundTripper
	now  func() time.Time
	mu   sync.Mutex
	last []time.Time // of the requests of the last while, oldest first
}

// sparing returns a client that asks an issuer no more than so often.
func sparing(c *http.Client) *http.Client {
	out := *c
	next := c.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	out.Transport = &spare{next: next, now: time.Now}
	return &out
}

// RoundTrip makes a request, if there may be one more.
func (s *spare) RoundTrip(r *http.Request) (*http.Response, error) {
	if !s.take() {
		return nil, errAskedTooOften
	}
	return s.next.RoundTrip(r)
}

func (s *spare) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for len(s.last) > 0 && now.Sub(s.last[0]) > askWithin {
		s.last = s.last[1:]
	}
	if len(s.last) >= askAtMost {
		return false
	}
	s.last = append(s.last, now)
	return true
}
