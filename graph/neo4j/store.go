package neo4j

import (
	"context"
	"errors"
	"fmt"
	"sync"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A Store is a Neo4j server and a folder of compiled snapshots. It implements
// snapshot.Store and is safe for concurrent use; several processes, on several
// machines, may have one open on the same server.
type Store struct {
	*server
	o       Options
	cache   *cache
	writers sync.Map // by estate: chan struct{} that holds the one writer of this process
	started sync.Mutex
	ready   bool
}

// Open connects to a server: bolt://, neo4j://, or either with +s. The
// constraints and indexes that it lacks are made by the first call that
// writes. Errors wrap graph.ErrUnavailable where the server cannot be reached
// or refuses the user.
func Open(ctx context.Context, uri string, o Options) (*Store, error) {
	o = o.withDefaults()
	server, err := connect(ctx, uri, o)
	if err != nil {
		return nil, err
	}
	cache, err := openCache(o.Cache)
	if err != nil {
		return nil, errors.Join(err, server.driver.Close(ctx))
	}
	return &Store{server: server, o: o, cache: cache}, nil
}

// Close closes the connections, and removes the cache if it is temporary.
func (s *Store) Close() error {
	return errors.Join(unavailable("close", s.driver.Close(context.Background())), s.cache.close())
}

// prepared makes constraints and indexes once.
func (s *Store) prepared(ctx context.Context) error {
	s.started.Lock()
	defer s.started.Unlock()
	if s.ready {
		return nil
	}
	err := s.prepare(ctx)
	s.ready = err == nil
	return err
}

// Estates lists the estates that the server knows, sorted.
func (s *Store) Estates(ctx context.Context) ([]string, error) {
	var out []string
	st := statement{cypher: "MATCH (e:Estate) RETURN e.name AS name ORDER BY name"}
	err := s.read(ctx, "list estates", st, func(r *driver.Record) error {
		f := fields{m: r.AsMap()}
		out = append(out, f.text("name"))
		return f.err
	})
	return out, err
}

// List returns the snapshots of an estate, newest first. An estate that was
// never written has none. Those before the two newest can be opened only where
// the cache has their file.
func (s *Store) List(ctx context.Context, estate string) ([]graph.SnapshotInfo, error) {
	estate, err := name(estate)
	if err != nil {
		return nil, err
	}
	l, err := s.list(ctx, estate)
	if err != nil {
		return nil, err
	}
	var out []graph.SnapshotInfo
	for i := len(l.entries) - 1; i >= 0; i-- {
		if !l.entries[i].gone {
			out = append(out, l.entries[i].SnapshotInfo)
		}
	}
	return out, nil
}

// Open returns a snapshot, the newest where id is empty: from the cache, or
// built again from what the server has. Errors wrap graph.ErrNotFound,
// graph.ErrSnapshotGone or graph.ErrUnavailable.
func (s *Store) Open(ctx context.Context, estate, id string) (*snapshot.Snapshot, graph.SnapshotInfo, error) {
	estate, err := name(estate)
	if err != nil {
		return nil, graph.SnapshotInfo{}, err
	}
	// What is listed may be deleted, or fall behind the two newest, before it
	// is read. The next list then says so, or has a newer one.
	for try := 1; ; try++ {
		l, err := s.list(ctx, estate)
		if err != nil {
			return nil, graph.SnapshotInfo{}, err
		}
		p, err := l.find(id)
		if err != nil {
			return nil, graph.SnapshotInfo{}, err
		}
		snap, err := s.get(ctx, l, p)
		if err == nil {
			info := p.SnapshotInfo
			info.ContentHash = snap.ContentHash() // a newer program may conclude more
			return snap, info, nil
		}
		if !errors.Is(err, errMoved) || try == attempts {
			return nil, graph.SnapshotInfo{}, err
		}
	}
}

// get opens the file of a snapshot, which it makes if the cache has none.
func (s *Store) get(ctx context.Context, l list, p published) (*snapshot.Snapshot, error) {
	path := s.cache.path(l, p.ID)
	unlock := s.cache.lock(path)
	defer unlock()
	snap, err := s.cache.open(path)
	if snap != nil || err != nil {
		return snap, err
	}
	if err := s.rebuild(ctx, l, p, path); err != nil {
		return nil, err
	}
	snap, err = s.cache.open(path)
	if snap == nil && err == nil {
		err = fmt.Errorf("%w: the file of snapshot %q vanished from the cache", graph.ErrUnavailable, p.ID)
	}
	return snap, err
}

// Delete removes a snapshot. Errors wrap graph.ErrConflict for the newest,
// graph.ErrNotFound, graph.ErrSnapshotGone or graph.ErrUnavailable.
func (s *Store) Delete(ctx context.Context, estate, id string) error {
	estate, err := name(estate)
	if err != nil {
		return err
	}
	if id == "" {
		return fmt.Errorf("%w: delete of no snapshot", graph.ErrNotFound)
	}
	l, err := s.list(ctx, estate)
	if err != nil {
		return err
	}
	if _, err := l.find(id); err != nil {
		return err
	}
	return s.writing(ctx, estate, func(ctx context.Context, w *lease) error { return s.bury(ctx, w, l, id) })
}

// bury marks a snapshot as gone, and deletes what only it has.
func (s *Store) bury(ctx context.Context, w *lease, l list, id string) error {
	found := false
	err := w.write(ctx, "delete the snapshot", func(r []*driver.Record) error { found = len(r) > 0; return nil },
		statement{`MATCH (e:Estate {name: $estate}) SET e.asked = $token
			WITH e MATCH (s:Snapshot {estate: $estate, id: $id}) WHERE s.number < e.current SET s.gone = true
			RETURN s.id`, parameters{"estate": l.estate, "token": w.token, "id": id}, 0})
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: snapshot %q is the newest of estate %q", graph.ErrConflict, id, l.estate)
	}
	s.cache.remove(s.cache.path(l, id))
	return s.prune(ctx, w)
}

var _ snapshot.Store = (*Store)(nil)
