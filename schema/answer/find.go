package answer

import (
	"errors"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Entities answers references in order, nil where one names nothing or
// several things.
func (v *View) Entities(refs []graph.Ref) ([]GraphEntity, error) {
	if len(refs) > v.limits.PageSize {
		return nil, fault(Limit, "refs: %d are more than %d", len(refs), v.limits.PageSize)
	}
	out := make([]GraphEntity, len(refs))
	for i, ref := range refs {
		e, err := v.Entity(ref)
		var known *Error
		switch {
		case err == nil:
			out[i] = e
		case errors.As(err, &known) && (known.Code == NotFound || known.Code == Ambiguous):
		default:
			return nil, err
		}
	}
	return out, nil
}

// Nodes answers ids in order, nil where there is none.
func (v *View) Nodes(ids []string) ([]Node, error) {
	if len(ids) > v.limits.PageSize {
		return nil, fault(Limit, "ids: %d are more than %d", len(ids), v.limits.PageSize)
	}
	out := make([]Node, len(ids))
	for i, id := range ids {
		out[i] = v.Node(id)
	}
	return out, nil
}

// Search answers everything that holds a text.
func (v *View) Search(text string, first int, after *string) (*GraphEntityConnection, error) {
	w, err := v.window(first, after, "search", text)
	if err != nil {
		return nil, err
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil, fault(BadInput, "text: nothing to search for")
	}
	found := v.Snapshot.Search(text, v.limits.Rows, snapshot.None)
	list := v.seen(found)
	return &GraphEntityConnection{
		Edges: page(w, list, func(cursor string, i snapshot.Index) GraphEntityEdge {
			return GraphEntityEdge{cursor, v.entity(i)}
		}),
		PageInfo: w.info(len(list), false), TotalCount: Count{len(list), len(found) < v.limits.Rows},
	}, nil
}
