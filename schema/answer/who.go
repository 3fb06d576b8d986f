package answer

import (
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// WhoCanAccess answers who can do what to something.
func (v *View) WhoCanAccess(ctx context.Context, resource EntitySelector, f *AccessFilter, transitive bool, first int, after *string) (*EffectiveAccessConnection, error) {
	s, within, err := v.filtered(f, transitive)
	if err != nil {
		return nil, err
	}
	w, err := v.window(first, after, "whoCanAccess", resource.text(), f.text(), transitive)
	if err != nil {
		return nil, err
	}
	targets, err := v.targets(resource, true)
	if err != nil {
		return nil, err
	}
	ends, err := s.acts(s.deadline(ctx), targets)
	if err != nil {
		return nil, err
	}
	return s.inward(ends, within).list().connection(v, w), nil
}

// WhoCanAccess answers for one resource.
func (r *Resource) WhoCanAccess(ctx context.Context, filter *AccessFilter, transitive bool, first int, after *string) (*EffectiveAccessConnection, error) {
	id := r.ID()
	return r.v.WhoCanAccess(ctx, EntitySelector{ID: &id}, filter, transitive, first, after)
}

// Administrators answers who administers a scope without another step.
func (s *Scope) Administrators(ctx context.Context, first int, after *string) (*EffectiveAccessConnection, error) {
	id := s.ID()
	return s.v.WhoCanAccess(ctx, EntitySelector{ID: &id}, nil, false, first, after)
}

// acts makes a principal, too, something that is acted on: who can access it
// asks for that, and not for who can hold it.
func (s *search) acts(ctx context.Context, targets []target) (*endings, error) {
	e := &endings{s: s, byFoothold: map[snapshot.FootholdIndex][]*ending{}}
	for _, t := range targets {
		var err error
		switch {
		case t.part != "":
			err = e.parts(ctx, t)
		case s.v.Snapshot.Kind(t.node).Class() == graph.ClassScope:
			e.administrators(t.node)
		default:
			err = e.accesses(ctx, t.node)
		}
		if err != nil {
			return nil, err
		}
	}
	e.sort()
	return e, nil
}
