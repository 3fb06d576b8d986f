package embedded

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Update publishes the next snapshot; see snapshot.Store. One that is equal to
// the newest byte for byte, times of collection included, is not published
// again: the newest's description is returned. A second Update of an estate
// waits for the first, as long as ctx lets it; waiting in vain is
// graph.ErrConflict.
func (s *Store) Update(ctx context.Context, estate string, make func(*snapshot.Snapshot, *snapshot.Builder) error) (graph.SnapshotInfo, error) {
	dir, err := s.estate(ctx, estate)
	if err != nil {
		return graph.SnapshotInfo{}, err
	}
	var info graph.SnapshotInfo
	err = s.locked(ctx, dir, func() (err error) {
		info, err = s.update(ctx, dir, make)
		return err
	})
	return info, err
}

// spillFrom is how many bytes of facts are kept in a file and not in memory while
// they are resolved.
const spillFrom = 64 << 20

func (s *Store) update(ctx context.Context, dir string, make func(*snapshot.Snapshot, *snapshot.Builder) error) (graph.SnapshotInfo, error) {
	p, err := readPointer(dir)
	if err != nil {
		return graph.SnapshotInfo{}, err
	}
	last, err := openNewest(dir, p)
	if err != nil {
		return graph.SnapshotInfo{}, err
	}
	if last != nil {
		defer last.Close() // next reads it until it is written
	}
	next := snapshot.NewBuilder()
	next.SpillTo(dir, spillFrom)
	next.Share(last)
	tmp := filepath.Join(dir, fmt.Sprintf("%012d%s", p.Next, tmpSuffix))
	file := &eagerFile{path: tmp, step: s.step, lastPath: newestPath(dir, p)}
	e, err := s.write(file, next, func() error {
		if err := fill(last, next, make); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err != nil {
		return graph.SnapshotInfo{}, err
	}
	if newest, ok := p.newest(); ok && newest.FileHash == e.FileHash {
		return newest.info(), wrap("remove "+tmp, os.Remove(tmp))
	}
	return s.publish(dir, tmp, p, e)
}

// openNewest opens the newest snapshot, nil where there is none.
func openNewest(dir string, p pointer) (*snapshot.Snapshot, error) {
	path := newestPath(dir, p)
	if path == "" {
		return nil, nil
	}
	last, err := snapshot.Open(path)
	if err != nil {
		return nil, unavailable("open the newest snapshot", err)
	}
	return last, nil
}

// newestPath is the file of the newest snapshot, empty where there is none.
func newestPath(dir string, p pointer) string {
	newest, ok := p.newest()
	if !ok {
		return ""
	}
	return filepath.Join(dir, file(newest.ID))
}

// fill calls make with the newest snapshot.
func fill(last *snapshot.Snapshot, next *snapshot.Builder, make func(*snapshot.Snapshot, *snapshot.Builder) error) error {
	if err := make(last, next); err != nil {
		return err
	}
	_, err := next.Facts() // what is wrong with them is no fault of the store
	return err
}

// write writes what next holds once it is filled, and describes it. What can be
// written before it is all there is. Where it cannot be filled no file is left.
func (s *Store) write(file *eagerFile, next *snapshot.Builder, fill func() error) (entry, error) {
	next.WriteAhead(file)
	if err := fill(); err != nil {
		next.Drop()
		return entry{}, errors.Join(err, file.remove())
	}
	sum, err := next.WriteFile(file)
	if err == nil {
		err = file.sync()
	}
	if err := errors.Join(err, file.close()); err != nil {
		return entry{}, unavailable("write snapshot", err)
	}
	e, err := describe(file.path)
	e.FileHash = hex.EncodeToString(sum[:])
	return e, err
}

// describe reads what stands in a snapshot file.
func describe(path string) (entry, error) {
	snap, err := snapshot.Open(path)
	if err != nil {
		return entry{}, unavailable("read back", err)
	}
	defer snap.Close()
	accounts := 0
	for i := range snap.OfKind(graph.KindAccount) {
		if !snap.Mentioned(i) {
			accounts++
		}
	}
	return entry{
		ContentHash: snap.ContentHash(), Accounts: accounts, Nodes: snap.NumNodes(), Edges: snap.NumEdges(),
		Complete: snap.Complete(),
	}, nil
}

// publish gives a written snapshot its name and swaps the pointer to it.
func (s *Store) publish(dir, tmp string, p pointer, e entry) (graph.SnapshotInfo, error) {
	e.ID = fmt.Sprintf("%012d-%s", p.Next, e.ContentHash[:8])
	e.TakenAt = time.Now().UTC().Truncate(time.Millisecond)
	if err := s.swap(tmp, filepath.Join(dir, file(e.ID))); err != nil {
		return graph.SnapshotInfo{}, unavailable("publish", err)
	}
	p.Next++
	p.Snapshots = append(p.Snapshots, e)
	if err := s.writeJSON(dir, pointerFile, p); err != nil {
		return graph.SnapshotInfo{}, err
	}
	return e.info(), nil
}
