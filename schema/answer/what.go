package answer

import (
	"context"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// WhatCanAccess answers what something can do to what.
func (v *View) WhatCanAccess(ctx context.Context, principal EntitySelector, f *AccessFilter, transitive bool, first int, after *string) (*EffectiveAccessConnection, error) {
	s, within, err := v.filtered(f, transitive)
	if err != nil {
		return nil, err
	}
	w, err := v.window(first, after, "whatCanAccess", principal.text(), f.text(), transitive)
	if err != nil {
		return nil, err
	}
	origins, err := v.targets(principal, false)
	if err != nil {
		return nil, err
	}
	s.deadline(ctx)
	return s.outward(nodesOf(origins), within, everything).list().connection(v, w), nil
}

// EffectiveAccess returns what a principal may do itself.
func (p *Principal) EffectiveAccess(ctx context.Context, filter *AccessFilter, first int, after *string) (*EffectiveAccessConnection, error) {
	id := p.ID()
	return p.v.WhatCanAccess(ctx, EntitySelector{ID: &id}, filter, false, first, after)
}

// isHeld reports whether a node counts as a principal that is held.
func (v *View) isHeld(node snapshot.Index) bool {
	kind := v.Snapshot.Kind(node)
	return kind.Class() == graph.ClassPrincipal && kind != graph.KindGroup
}
