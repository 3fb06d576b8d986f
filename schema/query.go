package schema

import (
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/schema/answer"
	"github.com/clewgraph/clew/schema/exec"
)

// Node is the resolver for the node field.
func (r *queryAPI) Node(ctx context.Context, id string, at *string) (answer.Node, error) {
	nodes, err := r.Nodes(ctx, []string{id}, at)
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// Nodes is the resolver for the nodes field.
func (r *queryAPI) Nodes(ctx context.Context, ids []string, at *string) ([]answer.Node, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	nodes, err := v.Nodes(ids)
	if err != nil {
		return nil, err
	}
	note(ctx, len(nodes), nil)
	return nodes, r.snapshotNodes(ctx, ids, nodes)
}

// Entity is the resolver for the entity field.
func (r *queryAPI) Entity(ctx context.Context, ref graph.Ref, at *string) (answer.GraphEntity, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	note(ctx, 1, nil)
	return v.Entity(ref)
}

// Entities is the resolver for the entities field.
func (r *queryAPI) Entities(ctx context.Context, refs []graph.Ref, at *string) ([]answer.GraphEntity, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	note(ctx, len(refs), nil)
	return v.Entities(refs)
}

// Search is the resolver for the search field.
func (r *queryAPI) Search(ctx context.Context, text string, at *string, first int, after *string) (*answer.GraphEntityConnection, error) {
	v, err := r.view(ctx, at, after)
	if err != nil {
		return nil, err
	}
	c, err := v.Search(text, first, after)
	if err == nil {
		note(ctx, len(c.Edges), nil)
	}
	return c, err
}

// AccessPaths is the resolver for the accessPaths field.
func (r *queryAPI) AccessPaths(ctx context.Context, from answer.EntitySelector, to answer.EntitySelector, options *answer.TraversalOptions, algorithm answer.PathAlgorithm, at *string, first int, after *string) (*answer.AccessPathConnection, error) {
	v, err := r.view(ctx, at, after)
	if err != nil {
		return nil, err
	}
	c, err := v.AccessPaths(ctx, from, to, options, algorithm, first, after)
	if err == nil {
		note(ctx, len(c.Edges), c.CutBy)
	}
	return c, err
}

// BlastRadius is the resolver for the blastRadius field.
func (r *queryAPI) BlastRadius(ctx context.Context, of answer.EntitySelector, options *answer.TraversalOptions, at *string) (*answer.BlastRadius, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	note(ctx, 1, nil)
	return v.BlastRadius(ctx, of, options)
}

// WhoCanAccess is the resolver for the whoCanAccess field.
func (r *queryAPI) WhoCanAccess(ctx context.Context, resource answer.EntitySelector, filter *answer.AccessFilter, transitive bool, at *string, first int, after *string) (*answer.EffectiveAccessConnection, error) {
	v, err := r.view(ctx, at, after)
	if err != nil {
		return nil, err
	}
	c, err := v.WhoCanAccess(ctx, resource, filter, transitive, first, after)
	if err == nil {
		note(ctx, len(c.Edges), c.Ended())
	}
	return c, err
}

// WhatCanAccess is the resolver for the whatCanAccess field.
func (r *queryAPI) WhatCanAccess(ctx context.Context, principal answer.EntitySelector, filter *answer.AccessFilter, transitive bool, at *string, first int, after *string) (*answer.EffectiveAccessConnection, error) {
	v, err := r.view(ctx, at, after)
	if err != nil {
		return nil, err
	}
	c, err := v.WhatCanAccess(ctx, principal, filter, transitive, first, after)
	if err == nil {
		note(ctx, len(c.Edges), c.Ended())
	}
	return c, err
}

// Explain is the resolver for the explain field.
func (r *queryAPI) Explain(ctx context.Context, question answer.AccessQuestion, at *string) (*answer.Explanation, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	note(ctx, 1, nil)
	return v.Explain(question)
}

// ExplainMany is the resolver for the explainMany field.
func (r *queryAPI) ExplainMany(ctx context.Context, questions []*answer.AccessQuestion, at *string) ([]*answer.ExplainItem, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	note(ctx, len(questions), nil)
	return v.ExplainMany(ctx, questions)
}

// Techniques is the resolver for the techniques field.
func (r *queryAPI) Techniques(ctx context.Context) ([]*answer.Technique, error) {
	list := answer.Techniques()
	note(ctx, len(list), nil)
	return list, nil
}

// WhoCanUse is the resolver for the whoCanUse field.
func (r *queryAPI) WhoCanUse(ctx context.Context, technique string, at *string, first int, after *string) (*answer.PathStepConnection, error) {
	v, err := r.view(ctx, at, after)
	if err != nil {
		return nil, err
	}
	c, err := v.WhoCanUse(technique, first, after)
	if err == nil {
		note(ctx, len(c.Edges), nil)
	}
	return c, err
}

// Snapshots is the resolver for the snapshots field.
func (r *queryAPI) Snapshots(ctx context.Context, first int, after *string) (*answer.SnapshotConnection, error) {
	list, err := allSnapshots(ctx)
	if err != nil {
		return nil, err
	}
	c, err := answer.Snapshots(list, callerOf(ctx).Accounts != nil, r.Limits.Limits, first, after)
	if err == nil {
		note(ctx, len(c.Edges), nil)
	}
	return c, err
}

// Coverage is the resolver for the coverage field.
func (r *queryAPI) Coverage(ctx context.Context, scopes []graph.Ref, at *string) (*answer.Coverage, error) {
	v, err := r.view(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	c, err := v.Coverage(scopes)
	if err == nil {
		note(ctx, c.GapCount(), nil)
	}
	return c, err
}

// Query returns exec.QueryResolver implementation.
func (r *API) Query() exec.QueryResolver { return &queryAPI{r} }

type queryAPI struct{ *API }
