package resolve

import "github.com/clewgraph/clew/graph/snapshot"

// Sharing says how much the policies of an estate have in common, and what
// keeps its principals apart: an evaluator works out once what many share.
type Sharing struct {
	Described          []snapshot.Index // users and roles that documents describe, in dense order
	Statements         int              // of all policies, once for each attachment
	DistinctStatements int              // that differ in more than their names
	ActionSets         int              // distinct sets of actions that statements speak of
	Apart              []Apart
}

// An Apart is one thing that keeps principals apart, and whom.
type Apart struct {
	Reason string // stable, e.g. "OWN_POLICIES"
	// Doc completes "N principals …", in words of the provider's documents.
	Doc string
	// Of are the principals that it concerns, in dense order.
	Of []snapshot.Index
}
