package neo4j

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A cache is a folder of compiled snapshots:
//
//	DIR/<estate>-<nonce>/<id>.snapshot
//
// The nonce is the server's: another server, or the same one filled anew, may
// give the same id to another snapshot.
type cache struct {
	dir       string
	temporary bool
	locks     sync.Map // by path: *sync.Mutex of who makes or replaces the file
}

const (
	fileSuffix = ".snapshot"
	tmpPattern = "*.tmp"
	// abandoned is the age at which no process writes a temporary file any more.
	abandoned = 24 * time.Hour
)

func openCache(dir string) (*cache, error) {
	if dir == "" {
		made, err := os.MkdirTemp("", "clew-neo4j-")
		return &cache{dir: made, temporary: true}, unavailable("make the cache", err)
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(abs, 0o700)
	}
	return &cache{dir: abs}, unavailable("open the cache", err)
}

func (c *cache) close() error {
	if !c.temporary {
		return nil
	}
	return unavailable("remove the cache", os.RemoveAll(c.dir))
}

func (c *cache) folder(l list) string { return filepath.Join(c.dir, l.estate+"-"+plain(l.nonce)) }

func (c *cache) path(l list, id string) string {
	return filepath.Join(c.folder(l), plain(id)+fileSuffix)
}

// plain keeps of a word from the server what no folder can be left with.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if alphanumeric(r) || r == '-' {
			return r
		}
		return -1
	}, word)
}

// lock keeps others of this process from the file at path.
func (c *cache) lock(path string) (unlock func()) {
	m, _ := c.locks.LoadOrStore(path, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	return m.(*sync.Mutex).Unlock
}

// write makes a temporary file of what from writes, beside the files of l.
func (c *cache) write(l list, from io.WriterTo, also io.Writer) (path string, err error) {
	dir := c.folder(l)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", unavailable("make the cache", err)
	}
	sweep(dir)
	f, err := os.CreateTemp(dir, tmpPattern)
	if err != nil {
		return "", unavailable("write to the cache", err)
	}
	_, err = from.WriteTo(io.MultiWriter(f, also))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", unavailable("write to the cache", errors.Join(err, os.Remove(f.Name())))
	}
	return f.Name(), nil
}

// sweep removes what processes that died left half written.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, tmpPattern))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(path) // in the way of nobody
		}
	}
}

// install gives a temporary file its name.
func (c *cache) install(tmp, path string) error {
	return unavailable("keep in the cache", os.Rename(tmp, path))
}

// open maps a file of the cache; nil where there is none, or none that is
// whole.
func (c *cache) open(path string) (*snapshot.Snapshot, error) {
	s, err := snapshot.Open(path)
	switch {
	case err == nil:
		return s, nil
	case errors.Is(err, os.ErrNotExist), errors.Is(err, snapshot.ErrCorrupt), errors.Is(err, snapshot.ErrVersion):
		return nil, nil
	}
	return nil, fmt.Errorf("%w: %w", graph.ErrUnavailable, err)
}

// remove takes a file out; who has it mapped keeps it.
func (c *cache) remove(path string) { _ = os.Remove(path) }
