package answer

import (
	"errors"
	"strings"
	"sync"

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
	list, more := v.searched(text, w.from, w.first)
	c := &GraphEntityConnection{Edges: make([]GraphEntityEdge, 0, len(list)), PageInfo: w.around(len(list), more)}
	for i, node := range list {
		c.Edges = append(c.Edges, GraphEntityEdge{w.at(w.from + i), v.entity(node)})
	}
	c.count = sync.OnceValue(func() Count {
		found := v.Snapshot.Search(text, v.limits.Rows, snapshot.None)
		return Count{len(v.seen(found)), len(found) < v.limits.Rows}
	})
	return c, nil
}

// searched returns what holds a text, from one place on, at most so many, and
// whether there is more. It searches no further than that takes.
func (v *View) searched(text string, from, most int) (list []snapshot.Index, more bool) {
	after, left := snapshot.None, v.limits.Rows
	for len(list) <= from+most && left > 0 {
		found := v.Snapshot.Search(text, min(from+most+1-len(list), left), after)
		if len(found) == 0 {
			break
		}
		list, after, left = append(list, v.seen(found)...), found[len(found)-1], left-len(found)
	}
	return list[min(from, len(list)):min(from+most, len(list))], len(list) > from+most
}
