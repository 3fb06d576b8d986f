package answer

import "github.com/clewgraph/clew/graph/walk"

// PageInfo says where a page lies.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// A Count is a number that is exact, or a lower bound.
type Count struct {
	Value int
	Exact bool
}

// The connections of the schema and their edges.
type (
	// GraphEntityConnection is a page of things.
	GraphEntityConnection struct {
		Edges      []GraphEntityEdge
		PageInfo   PageInfo
		TotalCount Count
	}
	// GraphEntityEdge is one of them.
	GraphEntityEdge struct {
		Cursor string
		Node   GraphEntity
	}
	// CredentialConnection is a page of credentials.
	CredentialConnection struct {
		Edges      []CredentialEdge
		PageInfo   PageInfo
		TotalCount Count
	}
	// CredentialEdge is one of them.
	CredentialEdge struct {
		Cursor string
		Node   *Credential
	}
	// SnapshotConnection is a page of snapshots.
	SnapshotConnection struct {
		Edges      []SnapshotEdge
		PageInfo   PageInfo
		TotalCount Count
	}
	// SnapshotEdge is one of them.
	SnapshotEdge struct {
		Cursor string
		Node   Snapshot
	}
	// EffectiveAccessConnection is a page of effective access.
	EffectiveAccessConnection struct {
		Edges      []EffectiveAccessEdge
		PageInfo   PageInfo
		TotalCount Count
		CutBy      *walk.Budget
		Coverage   *Coverage
	}
	// EffectiveAccessEdge is one row of it.
	EffectiveAccessEdge struct {
		Cursor string
		Node   *EffectiveAccess
	}
	// AccessPathConnection is a page of paths.
	AccessPathConnection struct {
		Edges        []AccessPathEdge
		PageInfo     PageInfo
		TotalCount   Count
		CutBy        *walk.Budget
		NoPathReason *Explanation
		Coverage     *Coverage
	}
	// AccessPathEdge is one of them.
	AccessPathEdge struct {
		Cursor string
		Node   *AccessPath
	}
	// PathStepConnection is a page of steps.
	PathStepConnection struct {
		Edges      []PathStepEdge
		PageInfo   PageInfo
		TotalCount Count
		Coverage   *Coverage
	}
	// PathStepEdge is one of them.
	PathStepEdge struct {
		Cursor string
		Node   *PathStep
	}
	// ReachedConnection is a page of principals that can be held.
	ReachedConnection struct {
		Edges      []ReachedEdge
		PageInfo   PageInfo
		TotalCount Count
	}
	// ReachedEdge is one of them.
	ReachedEdge struct {
		Cursor string
		Node   *Reached
	}
)

// cutBy is null where nothing cut.
func cutBy(b walk.Budget) *walk.Budget {
	if b == "" {
		return nil
	}
	return &b
}
