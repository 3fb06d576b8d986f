package schema

import (
	"context"
	"fmt"
	"sync"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/schema/answer"
)

// An operation is one GraphQL operation while it runs: the snapshots that it
// holds open, and what is told of it afterwards. Whatever it asks, it reads
// each snapshot, the labels and the list of snapshots once: all of its fields
// see the same.
type operation struct {
	mu       sync.Mutex
	views    map[string]*answer.View // by the id that was asked for
	labels   func() ([]graph.Label, error)
	list     func() ([]graph.SnapshotInfo, error)
	releases []func()
	rows     int
	cost     int
	cut      walk.Budget
	meter    meter
}

type operationKey struct{}

// begin makes a context in which resolvers may open snapshots. end must be
// called when the whole response is written.
func (r *API) begin(ctx context.Context) (context.Context, *operation) {
	o := &operation{}
	o.forget(func() ([]graph.Label, error) { return r.Store.Labels(ctx, r.Estate) })
	o.list = sync.OnceValues(func() ([]graph.SnapshotInfo, error) { return r.Store.List(ctx, r.Estate) })
	return context.WithValue(ctx, operationKey{}, o), o
}

// forget makes what is asked from now on see labels as they are now.
func (o *operation) forget(labels func() ([]graph.Label, error)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.views, o.labels = map[string]*answer.View{}, sync.OnceValues(labels)
}

func (o *operation) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, release := range o.releases {
		release()
	}
	o.releases = nil
}

// operationOf returns the operation that a resolver runs in.
func operationOf(ctx context.Context) (*operation, error) {
	o, ok := ctx.Value(operationKey{}).(*operation)
	if !ok {
		return nil, fmt.Errorf("a resolver runs outside of an operation")
	}
	return o, nil
}

// note records what an answer held, for log and metrics.
func note(ctx context.Context, rows int, cut *walk.Budget) {
	o, err := operationOf(ctx)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rows += rows
	if cut != nil {
		o.cut = *cut
	}
}

// view opens the snapshot that a question asks for: at, or the one that its
// cursor or those in it belong to, or the newest.
func (r *API) view(ctx context.Context, at, after *string) (*answer.View, error) {
	o, err := operationOf(ctx)
	if err != nil {
		return nil, err
	}
	id, err := asked(ctx, at, after)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if v := o.views[id]; v != nil {
		return v, nil
	}
	v, release, err := r.open(ctx, o, id)
	if err != nil {
		return nil, err
	}
	o.releases = append(o.releases, release)
	o.views[id], o.views[v.Info.ID] = v, v
	return v, nil
}

func (r *API) open(ctx context.Context, o *operation, id string) (*answer.View, func(), error) {
	opened, release, err := r.acquire(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	labels, err := o.labels()
	if err != nil {
		release()
		return nil, nil, err
	}
	v := answer.NewView(opened, labels, r.Limits.Limits)
	if c := callerOf(ctx); c.Accounts != nil {
		v = v.Within(c.Accounts)
	}
	return v, release, nil
}

func asked(ctx context.Context, at, after *string) (string, error) {
	if at != nil && *at != "" {
		return *at, nil
	}
	if after != nil && *after != "" {
		return answer.CursorSnapshot(*after)
	}
	return snapshotWithin(ctx)
}
