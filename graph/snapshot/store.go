package snapshot

import (
	"context"

	"github.com/clewgraph/clew/graph"
)

// A Store keeps the snapshots and labels of estates. It stands here and not
// in package graph because its calls speak of snapshots.
//
// Every call names an estate; "" means graph.DefaultEstate. Every error wraps
// one of graph's sentinels where one fits.
type Store interface {
	// Update publishes the next snapshot of an estate, all or nothing. It
	// calls make with the newest snapshot (nil if there is none) and an empty
	// Builder; what the Builder holds when make returns nil becomes the newest
	// snapshot in one step. If make fails, or the process dies at any point,
	// the newest snapshot stays what it was. last is open until the facts of
	// the Builder are frozen, and what comes of either must not be used once
	// Update has returned: it may share the memory of last. One Update runs at a
	// time for an estate; a second waits or returns graph.ErrConflict.
	Update(ctx context.Context, estate string, make func(last *Snapshot, next *Builder) error) (graph.SnapshotInfo, error)

	// Open returns a snapshot, the newest where id is empty. The caller closes
	// it; until then it answers, whatever is published or deleted meanwhile.
	Open(ctx context.Context, estate, id string) (*Snapshot, graph.SnapshotInfo, error)

	// List returns the snapshots of an estate, newest first.
	List(ctx context.Context, estate string) ([]graph.SnapshotInfo, error)

	// Delete removes a snapshot; Open of it returns graph.ErrSnapshotGone from
	// then on. The newest cannot be deleted: graph.ErrConflict.
	Delete(ctx context.Context, estate, id string) error

	// Labels returns the labels of an estate, sorted by Ref and Label.
	Labels(ctx context.Context, estate string) ([]graph.Label, error)
	// SetLabel puts a label on a node, or renews it.
	SetLabel(ctx context.Context, estate string, label graph.Label) error
	// RemoveLabel takes a label off; no error if it was not there.
	RemoveLabel(ctx context.Context, estate string, ref graph.Ref, label string) error

	Close() error
}
