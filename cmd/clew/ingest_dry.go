package main

import (
	"context"
	"encoding/json"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

// runDry reads documents as ingest does and lets their facts go.
func (a *app) runDry(ctx context.Context, source ingest.Source) error {
	summary, err := ingest.Run(ctx, []ingest.Source{source}, nowhere{}, a.progress)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(broughtBy(summary))
	if err != nil {
		return err
	}
	return a.show(answer{
		raw: raw,
		text: func(s *screen) {
			printSummary(s, summary, len(summary.Gaps)) // no snapshot will list the rest
			s.line("nothing was published")
		},
		cells: func() *table { return gapTable(summary.Gaps) },
	})
}

// nowhere is a sink that lets facts go.
type nowhere struct{}

// Node and the others take a fact.
func (nowhere) Node(graph.Node) error         { return nil }
func (nowhere) Edge(graph.Edge) error         { return nil }
func (nowhere) Attach(graph.Attachment) error { return nil }
func (nowhere) Cover(graph.Coverage) error    { return nil }
