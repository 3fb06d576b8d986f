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
		Edges    []GraphEntityEdge
		PageInfo PageInfo
		count    func() Count
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
		Edges    []EffectiveAccessEdge
		PageInfo PageInfo
		Coverage *Coverage
		ended    walk.Budget // what cut the rows before the page was full
		whole    func() *total
	}
	// EffectiveAccessEdge is one row of it.
	EffectiveAccessEdge struct {
		Cursor string
		Node   *EffectiveAccess
	}
	// AccessPathConnection is a page of paths.
	AccessPathConnection struct {
		Edges      []AccessPathEdge
		PageInfo   PageInfo
		TotalCount Count
		CutBy      *walk.Budget
		Coverage   *Coverage
		why        func() (*Explanation, error)
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

// TotalCount counts the things of all pages. It searches on to the end.
func (c *GraphEntityConnection) TotalCount() Count { return c.count() }

// TotalCount counts the rows of all pages, and those that a bound of rows keeps
// out of them where that is known. It is worked out only where it is asked for.
func (c *EffectiveAccessConnection) TotalCount() Count { return c.whole().Count }

// CutBy says which bound keeps something out, of this page or of a later one.
func (c *EffectiveAccessConnection) CutBy() *walk.Budget { return cutBy(c.whole().cut) }

// Ended is the bound that cut the rows before the page was full, nil where none
// did. Unlike CutBy it takes nothing to know.
func (c *EffectiveAccessConnection) Ended() *walk.Budget { return cutBy(c.ended) }

// NoPathReason says why nothing was found, nil where something was, or the
// search was cut.
func (c *AccessPathConnection) NoPathReason() (*Explanation, error) { return c.why() }

// cutBy is null where nothing cut.
func cutBy(b walk.Budget) *walk.Budget {
	if b == "" {
		return nil
	}
	return &b
}
