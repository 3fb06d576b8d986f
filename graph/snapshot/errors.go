package snapshot

import (
	"errors"
	"fmt"

	"github.com/clewgraph/clew/graph"
)

// Errors of this package, wrapped with what they are about.
var (
	// ErrCorrupt: the bytes are no whole snapshot file.
	ErrCorrupt = errors.New("snapshot is corrupt")
	// ErrVersion: the file has a format that this program does not read.
	ErrVersion = errors.New("snapshot has another format version")
	// ErrConflict: two documents say different things of one thing.
	ErrConflict = errors.New("facts conflict")
	// ErrInvalid: a fact or conclusion that no snapshot can hold.
	ErrInvalid = errors.New("invalid record")
	// ErrStale: a conclusion that was to stay speaks of what is gone.
	ErrStale = errors.New("conclusion does not stay")
)

// A ConflictError names two descriptions of one thing that differ. It wraps
// ErrConflict.
type ConflictError struct {
	What  string    // "node", "edge" or "attachment"
	Ref   graph.Ref // the thing; of an edge its start, of an attachment what it is attached to
	Also  graph.Ref // the end of an edge, the policy of an attachment
	Field string    // the first field that differs
	// Files are the documents that hold the two descriptions; empty where a
	// live API was the origin.
	Files [2]string
}

// Error says what differs and where both descriptions stand.
func (e *ConflictError) Error() string {
	thing := fmt.Sprintf("%s %q", e.What, e.Ref)
	if e.Also != "" {
		thing = fmt.Sprintf("%s %q to %q", e.What, e.Ref, e.Also)
	}
	return fmt.Sprintf("%v: %s: %q and %q give different %s", ErrConflict, thing, e.Files[0], e.Files[1], e.Field)
}

// Unwrap returns ErrConflict.
func (e *ConflictError) Unwrap() error { return ErrConflict }

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

func stale(format string, args ...any) error {
	return fmt.Errorf("%w: %s, which is gone", ErrStale, fmt.Sprintf(format, args...))
}
