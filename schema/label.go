package schema

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/schema/answer"
	"github.com/clewgraph/clew/schema/exec"
)

// SetLabel is the resolver for the setLabel field.
func (r *mutationAPI) SetLabel(ctx context.Context, refs []graph.Ref, label string) ([]answer.GraphEntity, error) {
	l := graph.Label{Label: label, By: cmp.Or(callerOf(ctx).Name, "local"), At: r.now().UTC()}
	return r.relabel(ctx, refs, label, func(ref graph.Ref) error {
		l.Ref = ref
		return r.Store.SetLabel(ctx, r.Estate, l)
	})
}

// RemoveLabel is the resolver for the removeLabel field.
func (r *mutationAPI) RemoveLabel(ctx context.Context, refs []graph.Ref, label string) ([]answer.GraphEntity, error) {
	return r.relabel(ctx, refs, label, func(ref graph.Ref) error {
		return r.Store.RemoveLabel(ctx, r.Estate, ref, label)
	})
}

// relabel changes the labels of what references name, and answers it as it is
// then. Whoever sees a part of the estate changes that part alone.
func (r *API) relabel(ctx context.Context, refs []graph.Ref, label string, change func(graph.Ref) error) ([]answer.GraphEntity, error) {
	if err := labels(label); err != nil {
		return nil, err
	}
	found, err := r.allOf(ctx, refs)
	if err != nil {
		return nil, err
	}
	whole := make([]graph.Ref, len(found))
	for i, e := range found {
		whole[i] = e.Ref()
		if err := change(whole[i]); err != nil {
			return nil, fmt.Errorf("label %s: %w", whole[i], err)
		}
	}
	o, err := operationOf(ctx)
	if err != nil {
		return nil, err
	}
	o.forget(func() ([]graph.Label, error) { return r.Store.Labels(ctx, r.Estate) })
	note(ctx, len(whole), nil)
	return r.allOf(ctx, whole)
}

// allOf finds the one thing that each reference names.
func (r *API) allOf(ctx context.Context, refs []graph.Ref) ([]answer.GraphEntity, error) {
	v, err := r.view(ctx, nil, nil)
	if err != nil {
		return nil, err
	}
	if most := r.Limits.orDefault().PageSize; len(refs) > most {
		return nil, &answer.Error{Code: answer.Limit, Message: fmt.Sprintf("refs: %d are more than %d", len(refs), most)}
	}
	out := make([]answer.GraphEntity, len(refs))
	for i, ref := range refs {
		if out[i], err = v.Entity(ref); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// longestLabel is how many bytes a label has at most.
const longestLabel = 64

// labels says whether a text can be a label: a word, as people filter by it.
func labels(text string) error {
	if text == "" || len(text) > longestLabel || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return &answer.Error{Code: answer.BadInput, Message: fmt.Sprintf("label: want a word of 1 to %d bytes", longestLabel)}
	}
	return nil
}

// Mutation returns exec.MutationResolver implementation.
func (r *API) Mutation() exec.MutationResolver { return &mutationAPI{r} }

type mutationAPI struct{ *API }
