// Package resolve concludes: from what ingesters observed to what identities
// can do.
//
// A Provider is one cloud: its policy layers, the ordered passes that turn
// facts into conclusions, and the Evaluator that answers single questions of a
// finished snapshot. Providers are values in a visible list (cmd/clew); nothing
// registers itself.
//
// Run reads facts and returns conclusions; it never changes facts, calls no
// network, and two runs over the same facts conclude the same.
package resolve

import (
	"context"
	"fmt"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// A Provider is how one cloud decides.
type Provider struct {
	Name   graph.Provider
	Layers []*policy.Layer
	// Open returns the evaluator of a snapshot's facts. It is cheap:
	// documents are parsed when a question needs them.
	Open func(*snapshot.Snapshot) Evaluator
	// Passes run in order. Each reads the facts and what the passes before it
	// concluded.
	Passes []Pass
	// Redraw says what of the last snapshot stays where few facts changed; read are
	// the scopes of which something was collected anew. Errors wrap ErrInFull where
	// all is to be resolved anew.
	Redraw func(before, now *snapshot.Snapshot, moves *snapshot.Moves, read []graph.Ref) (*Redraw, error)
	// Sharing says what a snapshot's policies have in common and what keeps
	// its principals apart. It reads every policy.
	Sharing func(*snapshot.Snapshot) Sharing
}

// A Pass draws one sort of conclusion.
type Pass struct {
	Name string
	Doc  string
	Run  func(ctx context.Context, w *Work) error
}

// Work is what passes share.
type Work struct {
	Facts     *snapshot.Snapshot
	Evaluator Evaluator
	Out       *snapshot.Conclusions
}

// An Evaluator answers questions of one snapshot. It is safe for concurrent
// use.
type Evaluator interface {
	// Decide answers one question with every reason.
	Decide(policy.Question) (policy.Decision, error)

	// Rule answers one question without reasons. It is what passes ask.
	Rule(policy.Question) (snapshot.Ruling, error)

	// WhoCan calls found for every foothold that the question's action on its
	// resource is not denied to, in dense order, until found returns false or
	// ctx is done. The question's Principal is ignored.
	WhoCan(ctx context.Context, q policy.Question, found func(snapshot.Foothold, snapshot.Ruling) bool) error

	// WhatCan calls found for everything that the question's principal is not
	// denied, resource by resource in dense order. The question's Action and
	// Resource narrow it where they are set; an Action may hold wildcards.
	WhatCan(ctx context.Context, q policy.Question, found func(snapshot.Access) bool) error

	// Question returns the request that a pivot of the snapshot was decided
	// by; ok is false for pivots that were observed.
	Question(snapshot.Pivot) (q policy.Question, ok bool)

	// Use returns how a technique is used at a CanEscalate pivot, with every
	// need as it is decided; ok is false for other pivots.
	Use(snapshot.Pivot) (u Use, ok bool)

	// Log returns what the provider's log shows if the step is taken; none
	// where it shows nothing.
	Log(snapshot.Pivot) []Event

	// Document returns the text of the policy that an evidence points into,
	// also where it is of the provider's own catalogue; nil if there is none.
	Document(graph.Evidence) []byte

	// Levels returns what an action does: some of LIST, READ, WRITE, TAGGING,
	// PERMISSIONS; none for an action that the reference table does not know.
	Levels(action string) []string
}

// A Use is a technique at one pivot.
type Use struct {
	ID, Title, Category, Reference string
	Needs                          []UsedNeed
	// Missing are the documents that an UNKNOWN use hangs on.
	Missing []string
	Log     []Event
}

// A UsedNeed is one access question of a technique, and what it came to.
type UsedNeed struct {
	Question policy.Question
	Ruling   snapshot.Ruling
}

// An Event is what a provider's log shows of a step: where, under which name,
// and which fields hold which values.
type Event struct {
	Source, Name string
	Match        map[string]string // JSON path in the event → value
}

// Run resolves facts: every pass of every provider, in order. progress is
// told the name of each pass as it starts.
func Run(ctx context.Context, facts *snapshot.Snapshot, providers []Provider, progress func(string)) (*snapshot.Conclusions, error) {
	out := new(snapshot.Conclusions)
	for _, p := range providers {
		w := &Work{Facts: facts, Evaluator: p.Open(facts), Out: out}
		if err := p.run(ctx, w, progress); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// run runs the provider's passes, in order.
func (p *Provider) run(ctx context.Context, w *Work, progress func(string)) error {
	for _, pass := range p.Passes {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("resolve %s: %w", p.Name, err)
		}
		progress(string(p.Name) + ": " + pass.Name)
		if err := pass.Run(ctx, w); err != nil {
			return fmt.Errorf("resolve %s: %s: %w", p.Name, pass.Name, err)
		}
	}
	return nil
}
