package neo4j

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A weakLine stands between a store and the server and breaks a connection
// whenever so many bytes have gone to the server.
type weakLine struct {
	net.Listener
	to    string
	every atomic.Int64 // zero: the line holds
	sent  atomic.Int64 // since the last break
	cut   atomic.Int64 // how often it broke
}

func newWeakLine(t *testing.T, uri string) *weakLine {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, to, _ := strings.Cut(uri, "://")
	w := &weakLine{Listener: l, to: to}
	go w.serve()
	return w
}

func (w *weakLine) serve() {
	for {
		from, err := w.Accept()
		if err != nil {
			return
		}
		go w.carry(from)
	}
}

func (w *weakLine) carry(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		io.Copy(from, to)
		from.Close()
	}()
	chunk := make([]byte, 512)
	for {
		n, err := from.Read(chunk)
		if err != nil {
			return
		}
		if every := w.every.Load(); every > 0 && w.sent.Add(int64(n)) > every {
			w.sent.Store(0)
			w.cut.Add(1)
			return
		}
		if _, err := to.Write(chunk[:n]); err != nil {
			return
		}
	}
}

// Connections break in the middle of everything: an update ends well or with
// ErrUnavailable, and what is current is whole.
func TestLostConnections(t *testing.T) {
	s := fresh(t, func(o *Options) { o.Lease, o.Conclude = short, everybody })
	defer s.Close()
	nodes := publish(t, s, "", oneMore).Nodes
	uri, o := address(t)
	line := newWeakLine(t, uri)
	o.Cache, o.Lease, o.Batch, o.Conclude = t.TempDir(), 2*time.Second, 2, everybody
	weak, err := Open(t.Context(), "bolt://"+line.Addr().String(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer weak.Close()
	went := 0
	for i := range 12 {
		line.every.Store(int64(2500 + 1311*i))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		_, err := weak.Update(ctx, "", oneMore)
		cancel()
		switch {
		case err == nil:
			went++
		case !errors.Is(err, graph.ErrUnavailable) && !errors.Is(err, graph.ErrConflict):
			t.Errorf("after %d bytes: %v", line.every.Load(), err)
		}
		now := survives(t, s, nodes)
		if err == nil && now < nodes+2 {
			t.Errorf("%d nodes, though an update after %d went well", now, nodes)
		}
		nodes = now
	}
	t.Logf("%d of 12 updates went well over %d broken connections", went, line.cut.Load())
	if line.cut.Load() < 15 || went == 0 || went == 12 {
		t.Error("want some updates that go well over broken connections and some that do not")
	}
}

// A writer that slept past its lease while another published cannot write any
// more.
func TestLostLease(t *testing.T) {
	s := fresh(t, func(o *Options) { o.Lease, o.Conclude = short, everybody })
	defer s.Close()
	publish(t, s, "", oneMore)
	l, err := s.acquire(t.Context(), "default", short)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.do(t.Context(), "write"); err != nil {
		t.Errorf("with the lease: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), short/4)
	defer cancel()
	if _, err := s.Update(ctx, "", oneMore); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("an update while another writer has the lease: %v", err)
	}
	publish(t, s, "", oneMore) // waits until the lease has run out
	if err := l.do(t.Context(), "write"); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("without the lease: %v", err)
	}
	publish(t, s, "", oneMore)
	exact(t, s, 3)
}

// A writer that works for longer than its lease keeps it.
func TestKeptLease(t *testing.T) {
	s := fresh(t, func(o *Options) { o.Lease = short })
	defer s.Close()
	other := opened(t, func(o *Options) { o.Lease = short })
	defer other.Close()
	started := make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := s.Update(context.Background(), "", func(last *snapshot.Snapshot, next *snapshot.Builder) error {
			close(started)
			time.Sleep(4 * short)
			return oneMore(last, next)
		})
		done <- err
	}()
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 2*short)
	defer cancel()
	if _, err := other.Update(ctx, "", oneMore); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("the other writer: %v", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestOpenErrors(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := Open(ctx, "bolt://127.0.0.1:1", Options{}); !errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("nobody listens: %v", err)
	}
	for _, uri := range []string{"http://127.0.0.1", "bolt://neo4j:hunter2@127.0.0.1:1", "bolt://a b:hunter2@", ":", "%zz"} {
		_, err := Open(ctx, uri, Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// Where the server asks for a password, no other opens it.
func TestAuthentication(t *testing.T) {
	uri, o := address(t)
	if o.User == "" {
		t.Skip(envAuth + " is not set: the server asks for no password")
	}
	s, err := Open(t.Context(), uri, o)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	for _, o := range []Options{{}, {User: o.User, Password: "wrong"}} {
		if _, err := Open(t.Context(), uri, o); !errors.Is(err, graph.ErrUnavailable) || strings.Contains(err.Error(), "wrong") {
			t.Errorf("user %q: %v", o.User, err)
		}
	}
}
