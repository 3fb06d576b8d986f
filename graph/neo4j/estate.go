package neo4j

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph"
)

// ErrEstateName: the name of an estate is not made of up to 64 lower-case
// letters, digits, dots, dashes and underscores, starting with a letter or
// digit.
var ErrEstateName = errors.New("no valid name of an estate")

var estateName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// name checks the name of an estate.
func name(estate string) (string, error) {
	if estate == "" {
		estate = graph.DefaultEstate
	}
	if !estateName.MatchString(estate) {
		return "", fmt.Errorf("%w: %.80q", ErrEstateName, estate)
	}
	return estate, nil
}

// A published snapshot, as the server lists it.
type published struct {
	graph.SnapshotInfo
	number    int64
	factsHash string // of the facts alone
	fileHash  string // SHA-256 of the file that was compiled
	gone      bool
}

// A list is what the server says of an estate.
type list struct {
	estate  string
	nonce   string // another one where a server was emptied and filled again
	current int64  // the number of the newest snapshot; zero: none
	floor   int64  // from this number on the server has all rows
	entries []published
}

// list reads the snapshots of an estate, oldest first. An estate that was
// never written has none.
func (s *server) list(ctx context.Context, estate string) (list, error) {
	out := list{estate: estate}
	st := statement{`MATCH (e:Estate {name: $estate})
		OPTIONAL MATCH (s:Snapshot {estate: $estate}) WHERE s.number <= e.current
		RETURN e.nonce AS nonce, e.current AS current, e.floor AS floor, properties(s) AS s ORDER BY s.number`,
		parameters{"estate": estate}, 0}
	err := s.read(ctx, "list snapshots", st, func(r *driver.Record) error {
		f := fields{m: r.AsMap()}
		out.nonce, out.current, out.floor = f.text("nonce"), f.number("current"), f.number("floor")
		if s, ok := f.m["s"].(map[string]any); ok {
			out.entries = append(out.entries, readPublished(&fields{m: s}))
		}
		return f.err
	})
	return out, err
}

func readPublished(f *fields) published {
	return published{
		SnapshotInfo: graph.SnapshotInfo{
			ID: f.text("id"), TakenAt: f.time("takenAt"), ContentHash: f.text("contentHash"),
			Accounts: int(f.number("accounts")), Nodes: int(f.number("nodes")), Edges: int(f.number("edges")),
			Complete: f.flag("complete"),
		},
		number: f.number("number"), factsHash: f.text("factsHash"), fileHash: f.text("fileHash"), gone: f.flag("gone"),
	}
}

// find returns a snapshot, the newest where id is empty.
func (l list) find(id string) (published, error) {
	for i := len(l.entries) - 1; i >= 0; i-- {
		switch e := l.entries[i]; {
		case id != "" && e.ID != id:
		case e.gone:
			return published{}, fmt.Errorf("%w: %q of estate %q was deleted", graph.ErrSnapshotGone, id, l.estate)
		default:
			return e, nil
		}
	}
	if id == "" {
		return published{}, fmt.Errorf("%w: estate %q has no snapshot", graph.ErrNotFound, l.estate)
	}
	return published{}, fmt.Errorf("%w: snapshot %.80q of estate %q", graph.ErrNotFound, id, l.estate)
}

// A lease is the right to write an estate, for as long as it is renewed.
type lease struct {
	*server
	estate string
	token  string
	term   time.Duration
}

// acquire waits for the lease of an estate as long as ctx lets it. Waiting in
// vain is graph.ErrConflict.
func (s *server) acquire(ctx context.Context, estate string, term time.Duration) (*lease, error) {
	l := &lease{server: s, estate: estate, token: rand.Text(), term: term}
	make := statement{`MERGE (e:Estate {name: $estate})
		ON CREATE SET e.nonce = randomUUID(), e.current = 0, e.floor = 0`, l.with(), 0}
	if err := s.write(ctx, "make the estate", nil, make); err != nil {
		return nil, err
	}
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, term/4) {
		taken := false
		err := s.write(ctx, "take the lease", func(r []*driver.Record) error { taken = len(r) > 0; return nil }, l.take())
		if err == nil && taken {
			return l, nil
		}
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: another writer holds estate %q: %w", graph.ErrConflict, estate, ctx.Err())
		case <-time.After(wait):
		}
	}
}

func (l *lease) with() parameters {
	return parameters{"estate": l.estate, "token": l.token, "term": l.term.Milliseconds()}
}

// take takes the lease if nobody has it. The first SET locks the estate, so
// that what follows reads what is true until the commit.
func (l *lease) take() statement {
	return statement{`MATCH (e:Estate {name: $estate}) SET e.asked = $token
		WITH e WHERE e.writer IS NULL OR e.writer = $token OR e.beat < datetime.realtime().epochMillis - $term
		SET e.writer = $token, e.beat = datetime.realtime().epochMillis RETURN e.current`, l.with(), 0}
}

// hold is the first statement of every transaction of a writer: it renews the
// lease, and finds nothing if that was lost.
func (l *lease) hold() statement {
	return statement{`MATCH (e:Estate {name: $estate}) SET e.asked = $token
		WITH e WHERE e.writer = $token SET e.beat = datetime.realtime().epochMillis RETURN e.current`, l.with(), 0}
}

// do runs statements in one transaction if the lease is still held.
func (l *lease) do(ctx context.Context, what string, all ...statement) error {
	return l.write(ctx, what, func(r []*driver.Record) error {
		if len(r) == 0 {
			return fmt.Errorf("%w: another writer took estate %q", graph.ErrConflict, l.estate)
		}
		return nil
	}, append([]statement{l.hold()}, all...)...)
}

// keep renews the lease until the returned function is called. The returned
// context ends when the lease is lost.
func (l *lease) keep(ctx context.Context) (context.Context, func()) {
	held, lose := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-held.Done():
				return
			case <-time.After(l.term / 4):
			}
			if err := l.do(held, "renew the lease"); errors.Is(err, graph.ErrConflict) {
				lose(err)
			}
		}
	}()
	return held, func() { lose(nil); <-done }
}

// release gives the lease back. Should that fail, it runs out.
func (l *lease) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = l.do(ctx, "release the lease", statement{`MATCH (e:Estate {name: $estate, writer: $token}) REMOVE e.writer`, l.with(), 0})
}
