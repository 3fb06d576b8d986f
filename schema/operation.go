package schema

import (
	"context"
	"fmt"
	"sync"

	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/schema/answer"
)

// An operation is one GraphQL operation while it runs: the snapshots that it
// holds open, and what is told of it afterwards.
type operation struct {
	mu       sync.Mutex
	releases []func()
	rows     int
	cut      walk.Budget
}

type operationKey struct{}

// begin makes a context in which resolvers may open snapshots. end must be
// called when the whole response is written.
func begin(ctx context.Context) (context.Context, *operation) {
	o := &operation{}
	return context.WithValue(ctx, operationKey{}, o), o
}

func (o *operation) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, release := range o.releases {
		release()
	}
	o.releases = nil
}

// note records what an answer held, for log and metrics.
func note(ctx context.Context, rows int, cut *walk.Budget) {
	o, ok := ctx.Value(operationKey{}).(*operation)
	if !ok {
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
// cursor belongs to, or the newest.
func (r *API) view(ctx context.Context, at, after *string) (*answer.View, error) {
	o, ok := ctx.Value(operationKey{}).(*operation)
	if !ok {
		return nil, fmt.Errorf("a resolver runs outside of an operation")
	}
	id, err := asked(at, after)
	if err != nil {
		return nil, err
	}
	opened, release, err := r.acquire(ctx, id)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	o.releases = append(o.releases, release)
	o.mu.Unlock()
	labels, err := r.Store.Labels(ctx, r.Estate)
	if err != nil {
		return nil, err
	}
	return answer.NewView(opened, labels, r.Limits.Limits), nil
}

func asked(at, after *string) (string, error) {
	if at != nil && *at != "" {
		return *at, nil
	}
	if after != nil && *after != "" {
		return answer.CursorSnapshot(*after)
	}
	return "", nil
}
