package main

import "encoding/json"

// The objects of operations.graphql, as far as tables need them.

type thing struct {
	Typename string `json:"__typename"`
	Ref      string
	Name     string
	Type     string
	Kind     string
	Scope    *thing
	ID       string
	NativeID string `json:"nativeId"`
	Labels   []string
	Mentioned,
	Active bool
}

type count struct {
	Value int
	Exact bool
}

type layer struct{ ID, Name, Mode, Doc string }

type evidence struct {
	Layer  layer
	Effect string
	Policy struct {
		Ref, Name, Version, AttachedTo string
		Inline                         bool
	}
	StatementSid   string
	StatementIndex int
	Pointer        string
	Statement      json.RawMessage
	DocumentSha256 string
	File           string
	FilePointer    string
}

type breaker struct {
	Text       string
	Statements []evidence
}

type condition struct {
	Expression, Key, SatisfiableBy string
	Values                         []string
}

type targets struct{ Include, Exclude []string }

type step struct {
	ID         string
	Index      int
	From, To   thing
	Held       string
	HeldAfter  string
	Relation   string
	Technique  *techniqueUse
	Action     string
	Actions    []string
	Targets    targets
	Verdict    string
	Formula    string
	Conditions []condition
	Evidence   []evidence
	Breakers   []breaker

	LogSignature []logEvents
}

type way struct {
	Verdict  string
	Hops     int
	From, To thing
	Steps    []step
}

type gap struct {
	ScopeRef, Of, Operation, Region, Reason, Detail, Since string
	Affects                                                []string
}

type coverage struct {
	Complete bool
	GapCount int
	Snapshot struct{ ID, TakenAt string }
	Gaps     []gap
	Scopes   []struct {
		Scope  thing
		Layers []struct {
			Layer    layer
			Status   string
			Listings int
		}
	}
}

type bounds struct{ Least, Most string }

type explanation struct {
	Verdict           string
	Bounds            bounds
	DecidingLayer     *layer
	DecidingStatement *evidence
	Layers            []struct {
		Layer    layer
		Effect   string
		Reason   string
		Evidence []evidence
	}
	Formula          string
	Conditions       []condition
	Assumptions      []struct{ Code, Message string }
	Gaps             []decisionGap
	Flips            []evidence
	Include, Exclude []string
	Text             string
}

type decisionGap struct {
	Of     string
	Layer  layer
	Reason string
	Detail string
}

type right struct {
	Principal, Target thing
	Relation          string
	Targets           targets
	Actions, Levels   []string
	Verdict           string
	Bounds            bounds
	Formula           string
	Hops              int
	Via               way
	Evidence          []evidence
}

// A page of any connection.
type page[T any] struct {
	Edges    []struct{ Node T }
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
	TotalCount count
	CutBy      string
	// Of paths alone.
	NoPathReason *explanation
	Coverage     coverage
}

func (p page[T]) nodes() []T {
	list := make([]T, len(p.Edges))
	for i, e := range p.Edges {
		list[i] = e.Node
	}
	return list
}

type reached struct {
	Principal thing
	Verdict   string
	Hops      int
	Via       way
}

type blast struct {
	Origin            thing
	PrincipalsReached count
	ResourcesReached  count
	ScopesReached     count
	ByLevel           []struct {
		Level string
		Count count
	}
	ByScope []struct {
		Scope *thing
		Count count
	}
	CrownJewels []way
	Principals  page[reached]
	Scopes      page[right]
	Items       page[right]
	CutBy       string
	Coverage    coverage
}

type snapshotRow struct {
	ID, TakenAt, ContentHash string
	Accounts, Nodes, Edges   int
	Complete                 bool
}
