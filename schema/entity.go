package schema

import (
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/schema/answer"
	"github.com/clewgraph/clew/schema/exec"
)

// FindManyPrincipalByIDs is the resolver for the findManyPrincipalByIDs field.
func (r *entityAPI) FindManyPrincipalByIDs(ctx context.Context, reps []*exec.PrincipalByIDsInput) ([]*answer.Principal, error) {
	return represented[answer.Principal](ctx, r.API, len(reps), func(v *answer.View, i int) any { return v.Node(reps[i].ID) })
}

// FindManyPrincipalByRefs is the resolver for the findManyPrincipalByRefs field.
func (r *entityAPI) FindManyPrincipalByRefs(ctx context.Context, reps []*exec.PrincipalByRefsInput) ([]*answer.Principal, error) {
	return represented[answer.Principal](ctx, r.API, len(reps), func(v *answer.View, i int) any { return byRef(v, reps[i].Ref) })
}

// FindManyResourceByIDs is the resolver for the findManyResourceByIDs field.
func (r *entityAPI) FindManyResourceByIDs(ctx context.Context, reps []*exec.ResourceByIDsInput) ([]*answer.Resource, error) {
	return represented[answer.Resource](ctx, r.API, len(reps), func(v *answer.View, i int) any { return v.Node(reps[i].ID) })
}

// FindManyResourceByRefs is the resolver for the findManyResourceByRefs field.
func (r *entityAPI) FindManyResourceByRefs(ctx context.Context, reps []*exec.ResourceByRefsInput) ([]*answer.Resource, error) {
	return represented[answer.Resource](ctx, r.API, len(reps), func(v *answer.View, i int) any { return byRef(v, reps[i].Ref) })
}

// FindManyScopeByIDs is the resolver for the findManyScopeByIDs field.
func (r *entityAPI) FindManyScopeByIDs(ctx context.Context, reps []*exec.ScopeByIDsInput) ([]*answer.Scope, error) {
	return represented[answer.Scope](ctx, r.API, len(reps), func(v *answer.View, i int) any { return v.Node(reps[i].ID) })
}

// FindManyScopeByRefs is the resolver for the findManyScopeByRefs field.
func (r *entityAPI) FindManyScopeByRefs(ctx context.Context, reps []*exec.ScopeByRefsInput) ([]*answer.Scope, error) {
	return represented[answer.Scope](ctx, r.API, len(reps), func(v *answer.View, i int) any { return byRef(v, reps[i].Ref) })
}

// represented answers representations of one type in order, nil where a key
// names nothing, or something of another type.
func represented[T any](ctx context.Context, r *API, n int, find func(v *answer.View, i int) any) ([]*T, error) {
	v, err := r.view(ctx, nil, nil)
	if err != nil {
		return nil, err
	}
	out := make([]*T, n)
	for i := range out {
		out[i], _ = find(v, i).(*T)
	}
	note(ctx, n, nil)
	return out, nil
}

// byRef is the one thing of a reference, nil where it names none or several.
func byRef(v *answer.View, ref graph.Ref) any {
	e, err := v.Entity(ref)
	if err != nil {
		return nil
	}
	return e
}

// Entity returns exec.EntityResolver implementation.
func (r *API) Entity() exec.EntityResolver { return &entityAPI{r} }

type entityAPI struct{ *API }
