package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/resolve"
)

// A finish turns what a builder holds into a snapshot worth publishing.
type finish func(ctx context.Context, next *snapshot.Builder, progress func(string)) error

// collect runs sources into the next snapshot of an estate: what they hold
// whole replaces what the last snapshot knew of it, the rest is carried
// forward, and everything is resolved. Nothing is published unless all of it
// succeeds.
func collect(ctx context.Context, store snapshot.Store, estate string, from []ingest.Source, progress func(string)) (ingest.Summary, graph.SnapshotInfo, error) {
	return gather(ctx, store, estate, from, conclude, progress)
}

// gather is collect with a choice of what is done with the facts.
func gather(ctx context.Context, store snapshot.Store, estate string, from []ingest.Source, last finish, progress func(string)) (ingest.Summary, graph.SnapshotInfo, error) {
	holdMemory()
	var summary ingest.Summary
	info, err := store.Update(ctx, estate, func(before *snapshot.Snapshot, next *snapshot.Builder) error {
		var err error
		if summary, err = ingest.Run(ctx, from, next, progress); err != nil {
			return err
		}
		if err := carry(before, next, among(summary.Listings)); err != nil {
			return err
		}
		return last(ctx, next, progress)
	})
	return summary, info, err
}

// among tells whether a sorted list of listings holds one.
func among(list []graph.Listing) func(graph.Listing) bool {
	return func(l graph.Listing) bool {
		_, found := slices.BinarySearchFunc(list, l, ingest.CompareListings)
		return found
	}
}

// carry takes over what the last snapshot, if there is one, knows of listings
// that were not replaced.
func carry(before *snapshot.Snapshot, next *snapshot.Builder, replaced func(graph.Listing) bool) error {
	if before == nil {
		return nil
	}
	if err := next.CarryForward(before, replaced); err != nil {
		return fmt.Errorf("carry forward: %w", err)
	}
	return nil
}

// again resolves the newest facts once more: a newer program may conclude more.
func again(ctx context.Context, store snapshot.Store, estate string, progress func(string)) (graph.SnapshotInfo, error) {
	holdMemory()
	return store.Update(ctx, estate, func(before *snapshot.Snapshot, next *snapshot.Builder) error {
		if before == nil {
			return fmt.Errorf("resolve: %w: the estate has no snapshot", graph.ErrNotFound)
		}
		if err := next.TakeFacts(before); err != nil {
			return fmt.Errorf("resolve: %w", err)
		}
		return conclude(ctx, next, progress)
	})
}

// conclude resolves what a builder holds.
func conclude(ctx context.Context, next *snapshot.Builder, progress func(string)) error {
	facts, err := next.Unpack() // all of them are read
	if err != nil {
		return err
	}
	conclusions, err := resolve.Run(ctx, facts, evaluators, progress)
	if err != nil {
		return err
	}
	progress("what was concluded is put together")
	return next.Conclude(conclusions)
}

// leave resolves nothing.
func leave(context.Context, *snapshot.Builder, func(string)) error { return nil }
