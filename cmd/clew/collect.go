package main

import (
	"context"
	"fmt"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/resolve"
)

// collect runs sources into the next snapshot of an estate: what they hold
// whole replaces what the last snapshot knew of it, the rest is carried
// forward, and everything is resolved. Nothing is published unless all of it
// succeeds.
func collect(ctx context.Context, store snapshot.Store, estate string, from []ingest.Source, progress func(string)) (ingest.Summary, graph.SnapshotInfo, error) {
	var summary ingest.Summary
	info, err := store.Update(ctx, estate, func(last *snapshot.Snapshot, next *snapshot.Builder) error {
		var err error
		if summary, err = ingest.Run(ctx, from, next, progress); err != nil {
			return err
		}
		held := make(map[graph.Listing]bool, len(summary.Listings))
		for _, l := range summary.Listings {
			held[l] = true
		}
		if last != nil {
			if err := next.CarryForward(last, func(l graph.Listing) bool { return held[l] }); err != nil {
				return fmt.Errorf("carry forward: %w", err)
			}
		}
		return conclude(ctx, next, progress)
	})
	return summary, info, err
}

// conclude resolves what a builder holds.
func conclude(ctx context.Context, next *snapshot.Builder, progress func(string)) error {
	facts, err := next.Facts()
	if err != nil {
		return err
	}
	conclusions, err := resolve.Run(ctx, facts, evaluators, progress)
	if err != nil {
		return err
	}
	return next.Conclude(conclusions)
}
