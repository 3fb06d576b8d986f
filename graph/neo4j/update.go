package neo4j

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Update publishes the next snapshot; see snapshot.Store. One that is equal to
// the newest byte for byte, times of collection included, is not published
// again: the newest's description is returned. A second Update of an estate
// waits for the first, as long as ctx lets it; waiting in vain, and losing the
// estate to another writer, is graph.ErrConflict.
func (s *Store) Update(ctx context.Context, estate string, make func(*snapshot.Snapshot, *snapshot.Builder) error) (graph.SnapshotInfo, error) {
	var info graph.SnapshotInfo
	err := s.writing(ctx, estate, func(ctx context.Context, l *lease) (err error) {
		info, err = s.update(ctx, l, make)
		return err
	})
	return info, err
}

// writing calls f with the lease of an estate.
func (s *Store) writing(ctx context.Context, estate string, f func(context.Context, *lease) error) error {
	estate, err := name(estate)
	if err != nil {
		return err
	}
	if err := s.prepared(ctx); err != nil {
		return err
	}
	turn, _ := s.writers.LoadOrStore(estate, make(chan struct{}, 1))
	select {
	case turn.(chan struct{}) <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%w: another writer holds estate %q: %w", graph.ErrConflict, estate, ctx.Err())
	}
	defer func() { <-turn.(chan struct{}) }()
	l, err := s.acquire(ctx, estate, s.o.Lease)
	if err != nil {
		return err
	}
	defer l.release(ctx)
	held, stop := l.keep(ctx)
	defer stop()
	if err = f(held, l); err != nil && held.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: %w", context.Cause(held), err)
	}
	return err
}

func (s *Store) update(ctx context.Context, l *lease, make func(*snapshot.Snapshot, *snapshot.Builder) error) (graph.SnapshotInfo, error) {
	before, err := s.list(ctx, l.estate)
	if err != nil {
		return graph.SnapshotInfo{}, err
	}
	next := snapshot.NewBuilder()
	if err := s.fill(ctx, before, next, make); err != nil {
		return graph.SnapshotInfo{}, err
	}
	if err := ctx.Err(); err != nil {
		return graph.SnapshotInfo{}, err
	}
	p, snap, err := describe(next)
	if err != nil {
		return graph.SnapshotInfo{}, err // not the store's fault: the facts conflict
	}
	sum := sha256.New()
	tmp, err := s.cache.write(before, next, sum)
	if err != nil {
		return graph.SnapshotInfo{}, err
	}
	defer os.Remove(tmp) // if it is still there
	p.fileHash = hex.EncodeToString(sum.Sum(nil))
	if newest, err := before.find(""); err == nil && newest.fileHash == p.fileHash {
		return newest.SnapshotInfo, nil
	}
	p.number = before.current + 1
	p.ID = snapshotID(p)
	p.TakenAt = time.Now().UTC().Truncate(time.Millisecond)
	if err := s.put(ctx, l, snap, p.number); err != nil {
		return graph.SnapshotInfo{}, err
	}
	return p.SnapshotInfo, s.publish(ctx, l, before, p, tmp)
}

// snapshotID sorts in the order of publishing.
func snapshotID(p published) string { return fmt.Sprintf("%012d-%s", p.number, p.ContentHash[:8]) }

// fill calls make with the newest snapshot.
func (s *Store) fill(ctx context.Context, l list, next *snapshot.Builder, make func(*snapshot.Snapshot, *snapshot.Builder) error) error {
	newest, err := l.find("")
	if errors.Is(err, graph.ErrNotFound) {
		return make(nil, next)
	}
	if err != nil {
		return err
	}
	last, err := s.get(ctx, l, newest)
	if err != nil {
		return err
	}
	defer last.Close()
	if err := make(last, next); err != nil {
		return err
	}
	_, err = next.Facts() // it carries from last
	return err
}

// describe says what a builder holds.
func describe(next *snapshot.Builder) (published, *snapshot.Snapshot, error) {
	facts, err := next.Facts()
	if err != nil {
		return published{}, nil, err
	}
	snap, err := next.Snapshot()
	if err != nil {
		return published{}, nil, err
	}
	accounts := 0
	for i := range snap.OfKind(graph.KindAccount) {
		if !snap.Mentioned(i) {
			accounts++
		}
	}
	gap := func(c graph.Coverage) bool { return c.Status == graph.Failed }
	return published{factsHash: facts.ContentHash(), SnapshotInfo: graph.SnapshotInfo{
		ContentHash: snap.ContentHash(), Accounts: accounts, Nodes: snap.NumNodes(), Edges: snap.NumEdges(),
		Complete: !slices.ContainsFunc(snap.Coverage(), gap),
	}}, snap, nil
}

// put writes under a number what differs from the newest snapshot.
func (s *Store) put(ctx context.Context, l *lease, snap *snapshot.Snapshot, number int64) error {
	c, w, err := s.compose(ctx, l, snap, number)
	if err != nil {
		return err
	}
	for _, t := range append(c.facts(), c.output()...) {
		if err := w.sync(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// compose prepares to write a snapshot.
func (s *Store) compose(ctx context.Context, l *lease, snap *snapshot.Snapshot, number int64) (*composer, *writer, error) {
	labels, err := s.labels(ctx, l.estate)
	if err != nil {
		return nil, nil, err
	}
	w := newWriter(l, number, s.o.Batch)
	c := &composer{
		estate: l.estate, snap: snap, jewels: jewels(labels), directs: s.o.DirectPairs, pairs: s.o.AccessPairs,
		uid: w.uid, sources: readSources(snap),
	}
	return c, w, nil
}

// jewels are the refs that somebody called crown jewels.
func jewels(labels []graph.Label) map[graph.Ref]bool {
	out := map[graph.Ref]bool{}
	for _, label := range labels {
		if label.Label == graph.CrownJewel {
			out[label.Ref] = true
		}
	}
	return out
}

// publish makes what was written the newest snapshot. The file gets its name
// afterwards: one that has it is a published one.
func (s *Store) publish(ctx context.Context, l *lease, before list, p published, tmp string) error {
	path := s.cache.path(before, p.ID)
	unlock := s.cache.lock(path)
	defer unlock()
	if err := l.do(ctx, "publish", publication(l, p)); err != nil {
		return err
	}
	if err := s.cache.install(tmp, path); err != nil {
		return err
	}
	// The snapshot is published, whatever comes of this: the next update
	// prunes again.
	_ = s.prune(ctx, l)
	return nil
}

func publication(l *lease, p published) statement {
	return statement{`MATCH (e:Estate {name: $estate}) SET e.current = $number
		MERGE (s:Snapshot {uid: $uid}) SET s += $props`, parameters{
		"estate": l.estate, "number": p.number, "uid": prefix(l.estate, "snapshot") + p.ID,
		"props": parameters{
			"estate": l.estate, "number": p.number, "id": p.ID, "takenAt": p.TakenAt, "contentHash": p.ContentHash,
			"factsHash": p.factsHash, "fileHash": p.fileHash, "accounts": p.Accounts, "nodes": p.Nodes,
			"edges": p.Edges, "complete": p.Complete,
		}}, 0}
}
