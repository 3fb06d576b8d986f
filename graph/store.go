package graph

import (
	"errors"
	"time"
)

// DefaultEstate is the estate that is meant where none is named.
const DefaultEstate = "default"

// Errors that every store returns, wrapped with what was asked for.
var (
	// ErrNotFound: no such snapshot, label or estate.
	ErrNotFound = errors.New("not found")
	// ErrSnapshotGone: the snapshot existed and was deleted.
	ErrSnapshotGone = errors.New("snapshot gone")
	// ErrUnavailable: the store could not be reached or read.
	ErrUnavailable = errors.New("store unavailable")
	// ErrConflict: another writer published first; read again and retry.
	ErrConflict = errors.New("conflict")
)

// SnapshotInfo describes one published snapshot.
type SnapshotInfo struct {
	ID          string    // unique in its estate; sorts in the order of publishing
	TakenAt     time.Time // when it was published
	ContentHash string    // of facts and conclusions, without times of collection
	Accounts    int
	Nodes       int
	Edges       int
	Complete    bool // no gap
}

// A Label is a mark that a person puts on a node. Labels live apart from
// snapshots: they outlast them.
type Label struct {
	Ref   Ref
	Label string // e.g. CrownJewel
	By    string
	At    time.Time
}

// CrownJewel is the label of what must not be reached.
const CrownJewel = "crown-jewel"
