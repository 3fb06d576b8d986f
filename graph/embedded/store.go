package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// ErrEstateName: the name of an estate is not made of up to 64 lower-case
// letters, digits, dots, dashes and underscores, starting with a letter or
// digit.
var ErrEstateName = errors.New("no valid name of an estate")

var estateName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// A Store is a folder of snapshots. It implements snapshot.Store and is safe
// for concurrent use, also by several processes.
type Store struct {
	dir string
	// step is called before each step that changes the folder; tests die there.
	step func(string)
}

// Open opens the store in a folder, which it makes if it is not there. Errors
// wrap graph.ErrUnavailable.
func Open(dir string) (*Store, error) {
	abs, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(abs, 0o700)
	}
	if err != nil {
		return nil, unavailable("open store", err)
	}
	return &Store{dir: abs, step: func(string) {}}, nil
}

// Close does nothing: the store holds nothing open between calls.
func (s *Store) Close() error { return nil }

// Estates lists the estates that the store knows, sorted.
func (s *Store) Estates() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, unavailable("list estates", err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && estateName.MatchString(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// Open returns a snapshot, the newest where id is empty. Errors wrap
// graph.ErrNotFound, graph.ErrSnapshotGone or graph.ErrUnavailable.
func (s *Store) Open(ctx context.Context, estate, id string) (*snapshot.Snapshot, graph.SnapshotInfo, error) {
	dir, err := s.estate(ctx, estate)
	if err != nil {
		return nil, graph.SnapshotInfo{}, err
	}
	// A snapshot may be deleted between the look at the list and the opening
	// of its file. The list then says so, or has a newer one.
	for range 10 {
		p, err := readPointer(dir)
		if err != nil {
			return nil, graph.SnapshotInfo{}, err
		}
		info, err := p.find(estate, id)
		if err != nil {
			return nil, graph.SnapshotInfo{}, err
		}
		snap, err := snapshot.Open(filepath.Join(dir, file(info.ID)))
		if err == nil {
			return snap, info, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, graph.SnapshotInfo{}, unavailable("open snapshot "+info.ID, err)
		}
	}
	return nil, graph.SnapshotInfo{}, fmt.Errorf("%w: the file of snapshot %q is missing in %s", graph.ErrUnavailable, id, dir)
}

// List returns the snapshots of an estate, newest first. An estate that was
// never written has none.
func (s *Store) List(ctx context.Context, estate string) ([]graph.SnapshotInfo, error) {
	dir, err := s.estate(ctx, estate)
	if err != nil {
		return nil, err
	}
	p, err := readPointer(dir)
	if err != nil {
		return nil, err
	}
	var out []graph.SnapshotInfo
	for i := len(p.Snapshots) - 1; i >= 0; i-- {
		if e := p.Snapshots[i]; !e.Gone {
			out = append(out, e.info())
		}
	}
	return out, nil
}

// Delete removes a snapshot. Errors wrap graph.ErrConflict for the newest,
// graph.ErrNotFound, graph.ErrSnapshotGone or graph.ErrUnavailable.
func (s *Store) Delete(ctx context.Context, estate, id string) error {
	dir, err := s.estate(ctx, estate)
	if err != nil {
		return err
	}
	return s.locked(ctx, dir, func() error {
		p, err := readPointer(dir)
		if err != nil {
			return err
		}
		if id == "" {
			return fmt.Errorf("%w: delete of no snapshot", graph.ErrNotFound)
		}
		if _, err := p.find(estate, id); err != nil {
			return err
		}
		if newest, _ := p.newest(); newest.ID == id {
			return fmt.Errorf("%w: snapshot %q is the newest of estate %q", graph.ErrConflict, id, name(estate))
		}
		p.bury(id)
		if err := s.writeJSON(dir, pointerFile, p); err != nil {
			return err
		}
		s.step("remove")
		return wrap("delete snapshot "+id, os.Remove(filepath.Join(dir, file(id))))
	})
}

// estate returns the folder of an estate.
func (s *Store) estate(ctx context.Context, estate string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if !estateName.MatchString(name(estate)) {
		return "", fmt.Errorf("%w: %q", ErrEstateName, estate)
	}
	return filepath.Join(s.dir, name(estate)), nil
}

func name(estate string) string {
	if estate == "" {
		return graph.DefaultEstate
	}
	return estate
}

// locked makes the folder, takes its lock, sweeps what a dead writer left and
// calls f.
func (s *Store) locked(ctx context.Context, dir string, f func() error) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unavailable("make estate", err)
	}
	unlock, err := lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if err := sweep(dir); err != nil {
		return err
	}
	return f()
}

// sweep removes what no pointer names: unfinished files, snapshots whose
// pointer was never swapped, deleted ones whose file was not yet removed.
func sweep(dir string) error {
	p, err := readPointer(dir)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, e := range p.Snapshots {
		keep[file(e.ID)] = !e.Gone
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unavailable("sweep", err)
	}
	for _, e := range entries {
		unfinished := strings.HasSuffix(e.Name(), tmpSuffix)
		if unfinished || strings.HasSuffix(e.Name(), fileSuffix) && !keep[e.Name()] {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return unavailable("sweep", err)
			}
		}
	}
	return nil
}

func unavailable(what string, err error) error {
	return fmt.Errorf("%w: %s: %w", graph.ErrUnavailable, what, err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return unavailable(what, err)
}

var _ snapshot.Store = (*Store)(nil)
