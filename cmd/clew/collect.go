package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/resolve"
)

// A finish turns what a builder holds into a snapshot worth publishing; read are
// the scopes of which something was collected.
type finish func(ctx context.Context, before *snapshot.Snapshot, next *snapshot.Builder, read []graph.Ref, progress func(string)) (concluded, error)

// concluded says how conclusions were drawn.
type concluded struct {
	// Accounts are those about which they were drawn anew; those about others were
	// carried over. Nil where all of them were drawn anew, or none.
	Accounts []string
	InFull   string // why all of them were; empty where they were not
}

// gathered says what a collection brought, besides its summary.
type gathered struct {
	concluded
	Listings int // held whole
}

// collect runs sources into the next snapshot of an estate: what they hold
// whole replaces what the last snapshot knew of it, the rest is carried
// forward, and what it leads to is resolved. Nothing is published unless all of
// it succeeds.
func collect(ctx context.Context, store snapshot.Store, estate string, from []ingest.Source, progress func(string)) (ingest.Summary, graph.SnapshotInfo, error) {
	summary, _, info, err := gather(ctx, store, estate, from, conclude, progress)
	return summary, info, err
}

// gather is collect with a choice of what is done with the facts.
func gather(ctx context.Context, store snapshot.Store, estate string, from []ingest.Source, last finish, progress func(string)) (ingest.Summary, gathered, graph.SnapshotInfo, error) {
	holdMemory()
	var summary ingest.Summary
	var how gathered
	info, err := store.Update(ctx, estate, func(before *snapshot.Snapshot, next *snapshot.Builder) error {
		var err error
		if summary, err = ingest.Run(ctx, from, next, progress); err != nil {
			return err
		}
		held := next.HeldWhole()
		how.Listings = held.Len()
		if err := carry(before, next, held.Has); err != nil {
			return err
		}
		how.concluded, err = last(ctx, before, next, summary.Scopes, progress)
		return err
	})
	return summary, how, info, err
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
		_, err := conclude(ctx, nil, next, nil, progress)
		return err
	})
}

// conclude resolves what a builder holds: where little of it is new, what stays
// of the last conclusions is carried over.
func conclude(ctx context.Context, before *snapshot.Snapshot, next *snapshot.Builder, read []graph.Ref, progress func(string)) (how concluded, err error) {
	conclusions, accounts, err := concludeAgain(ctx, before, next, read, progress)
	how.Accounts = accounts
	if errors.Is(err, resolve.ErrInFull) {
		how = concluded{InFull: strings.TrimPrefix(err.Error(), resolve.ErrInFull.Error()+": ")}
		progress(err.Error())
		conclusions, err = concludeAll(ctx, next, progress)
	}
	if err != nil {
		return how, err
	}
	conclusions.SetMaker(maker())
	progress("what was concluded is put together")
	return how, next.Conclude(conclusions)
}

// concludeAll concludes everything anew.
func concludeAll(ctx context.Context, next *snapshot.Builder, progress func(string)) (*snapshot.Conclusions, error) {
	facts, err := next.Unpack() // all of them are read
	if err != nil {
		return nil, err
	}
	return resolve.Run(ctx, facts, evaluators, progress)
}

// concludeAgain concludes what changed since the last snapshot.
func concludeAgain(ctx context.Context, before *snapshot.Snapshot, next *snapshot.Builder, read []graph.Ref, progress func(string)) (*snapshot.Conclusions, []string, error) {
	if before == nil {
		return nil, nil, fmt.Errorf("%w: there are no conclusions yet", resolve.ErrInFull)
	}
	return resolve.Again(ctx, before, next, read, evaluators, maker(), progress)
}

// maker tells this program from any other, which may conclude otherwise: the
// hash of its file. It is empty where that cannot be read.
var maker = sync.OnceValue(func() []byte {
	path, err := os.Executable()
	if err != nil {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return nil
	}
	return sum.Sum(nil)
})

// leave resolves nothing.
func leave(context.Context, *snapshot.Snapshot, *snapshot.Builder, []graph.Ref, func(string)) (concluded, error) {
	return concluded{}, nil
}
