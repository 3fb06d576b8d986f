package escalate

import (
	"slices"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Limits is the type of variables that stand for what limits the actor and may
// be taken off: documents that deny, groups that have some, its boundary.
const Limits = "limit"

// A LimitKind is how a limit is there, which says how it is taken off.
type LimitKind string

// The kinds of limits.
const (
	Managed    LimitKind = "managed"    // a managed policy with a deny
	Inline     LimitKind = "inline"     // an inline policy with a deny
	Membership LimitKind = "membership" // of a group with a deny
	Boundary   LimitKind = "boundary"
)

// A Limit is something that keeps a principal from what it would be allowed
// without.
type Limit struct {
	Kind   LimitKind
	Policy graph.Ref      // the policy, or the group
	Holder snapshot.Index // whom or what it is attached to: the principal, or a group
	// Then is how the principal is held without it.
	Then graph.Hold
}

// limits are what a variable that stands for limits can be.
func (b *binding) limits() (list []candidate) {
	for _, l := range b.m.ev.Limits(b.from) {
		list = append(list, candidate{thing: thing{node: snapshot.None, made: &made{ref: l.Policy, limit: &l}}})
	}
	return list
}

// limits: a limit of some kind is on a thing.
func (t thing) limits(on snapshot.Index, kind string) bool {
	limit := t.as().limit
	return limit != nil && limit.Holder == on && string(limit.Kind) == kind
}

// isMember reports whether a principal is a member of a group, as it is held.
func (b *binding) isMember(of int, principal, group snapshot.Index) bool {
	return slices.Contains(b.m.s.Out(principal, graph.MemberOf), group) && (of != actorVar || b.m.ev.Speaks(b.from, group))
}
