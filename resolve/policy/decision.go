package policy

import (
	"time"

	"github.com/clewgraph/clew/graph"
)

// A Value is a context key with the values that a request carries for it.
type Value struct {
	Key    string
	Values []string
	Absent bool // the request is stated not to carry the key
	// Here: it is said of the resource of the question, and of nothing else that
	// the request touches.
	Here bool
}

// A Question asks whether one principal may do one action to one resource.
type Question struct {
	Principal graph.Ref
	Hold      graph.Hold
	Action    string
	Resource  string
	// Also names further resources of the same request, for actions that
	// touch several.
	Also []string
	// Given: the resource's own policy is taken to grant the principal and to
	// deny nothing, as it would if the principal had written it.
	Given bool
	// Context is what the asker states of the request; it resolves open keys.
	Context []Value
	// SessionPolicies are documents passed when the session was made.
	SessionPolicies [][]byte
	// EndpointPolicy, if set, is the policy of the VPC endpoint that the
	// request passes.
	EndpointPolicy []byte
	// At fixes the time of the request; zero leaves it open.
	At time.Time
	// Brief leaves out Flips and Breaks, which take several decisions more.
	Brief bool
	// Strict makes layers that nobody collected gaps instead of assumptions.
	Strict bool
	// AssumeNone lists layers whose gaps are taken to hold no policy.
	AssumeNone []graph.LayerID
}

// An Assumption is something that an answer takes for granted.
type Assumption struct {
	Code    string // stable, e.g. "SCP_NOT_COLLECTED"
	Message string
	Widens  bool // the true answer may be narrower than this one
}

// A LayerWord is what one layer said.
type LayerWord struct {
	Layer    *Layer
	Effect   graph.Effect
	Reason   string
	Evidence []graph.Evidence
}

// A Decision answers a Question.
type Decision struct {
	Verdict graph.Verdict
	Bounds  graph.Bounds
	// Formula is what must hold for the request to be allowed, reduced.
	Formula *Formula
	// Deciding is the layer that the verdict comes from.
	Deciding graph.LayerID
	// Statement is the statement that decided, nil where the want of one did.
	Statement *graph.Evidence
	Layers    []LayerWord
	// Include and Exclude narrow the answer to parts of the resource, where
	// the action acts on what the resource holds.
	Include, Exclude []string
	Assumptions      []Assumption
	Gaps             []*Gap
	// Flips is the smallest set of statements whose removal changes the
	// verdict; empty where no removal does.
	Flips []graph.Evidence
	// Breaks are the statements any one of which, removed by itself, changes
	// the verdict; empty where several have to go together.
	Breaks []graph.Evidence
	Text   string
}
