package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/clewgraph/clew/graph"
)

const (
	pointerFile = "CURRENT"
	fileSuffix  = ".snapshot"
	tmpSuffix   = ".tmp"
)

// A pointer is the content of CURRENT.
type pointer struct {
	Next      uint64  // the number of the next snapshot; never used twice
	Snapshots []entry // in the order of publishing
}

// An entry is one snapshot that is or was there.
type entry struct {
	ID          string
	TakenAt     time.Time
	ContentHash string
	FileHash    string // tells the file from any other
	Accounts    int
	Nodes       int
	Edges       int
	Complete    bool
	Gone        bool `json:",omitempty"` // deleted: its file is no more
}

func (e entry) info() graph.SnapshotInfo {
	return graph.SnapshotInfo{
		ID: e.ID, TakenAt: e.TakenAt, ContentHash: e.ContentHash,
		Accounts: e.Accounts, Nodes: e.Nodes, Edges: e.Edges, Complete: e.Complete,
	}
}

func file(id string) string { return id + fileSuffix }

// readPointer reads CURRENT; where there is none, nothing was published yet.
func readPointer(dir string) (pointer, error) {
	p := pointer{Next: 1}
	err := readJSON(dir, pointerFile, &p)
	return p, err
}

// newest returns the last snapshot, false where there is none.
func (p pointer) newest() (entry, bool) {
	if len(p.Snapshots) == 0 {
		return entry{}, false
	}
	return p.Snapshots[len(p.Snapshots)-1], true // the newest cannot be deleted
}

// find returns a snapshot, the newest where id is empty.
func (p pointer) find(estate, id string) (graph.SnapshotInfo, error) {
	if id == "" {
		e, ok := p.newest()
		if !ok {
			return graph.SnapshotInfo{}, fmt.Errorf("%w: estate %q has no snapshot", graph.ErrNotFound, name(estate))
		}
		return e.info(), nil
	}
	i := p.index(id)
	if i < 0 {
		return graph.SnapshotInfo{}, fmt.Errorf("%w: snapshot %q of estate %q", graph.ErrNotFound, id, name(estate))
	}
	if p.Snapshots[i].Gone {
		return graph.SnapshotInfo{}, fmt.Errorf("%w: %q of estate %q was deleted", graph.ErrSnapshotGone, id, name(estate))
	}
	return p.Snapshots[i].info(), nil
}

func (p pointer) index(id string) int {
	return slices.IndexFunc(p.Snapshots, func(e entry) bool { return e.ID == id })
}

func (p pointer) bury(id string) { p.Snapshots[p.index(id)].Gone = true }

// readJSON reads a file of the estate; one that is not there leaves into as it is.
func readJSON(dir, name string, into any) error {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unavailable("read", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return unavailable("read "+filepath.Join(dir, name), err)
	}
	return nil
}

// writeJSON replaces a file of the estate in one step.
func (s *Store) writeJSON(dir, name string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return unavailable("write "+name, err)
	}
	tmp := filepath.Join(dir, name+tmpSuffix)
	err = s.writeSynced(tmp, func(f *os.File) error {
		_, err := f.Write(append(data, '\n'))
		return err
	})
	if err != nil {
		return unavailable("write "+name, err)
	}
	return wrap("write "+name, s.swap(tmp, filepath.Join(dir, name)))
}

// writeSynced writes a file and brings it to the disk.
func (s *Store) writeSynced(path string, write func(*os.File) error) error {
	s.step("create " + filepath.Base(path))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		s.step("sync " + filepath.Base(path))
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// swap gives a synced file its name, and brings the name to the disk.
func (s *Store) swap(tmp, path string) error {
	s.step("rename " + filepath.Base(tmp))
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	s.step("sync folder after " + filepath.Base(path))
	return syncDir(filepath.Dir(path))
}
