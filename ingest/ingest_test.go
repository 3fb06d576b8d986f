package ingest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
)

// A heap is a sink that counts calls.
type heap struct{ nodes, edges, attachments, covers int }

func (h *heap) Node(graph.Node) error         { h.nodes++; return nil }
func (h *heap) Edge(graph.Edge) error         { h.edges++; return nil }
func (h *heap) Attach(graph.Attachment) error { h.attachments++; return nil }
func (h *heap) Cover(graph.Coverage) error    { h.covers++; return nil }

func TestRunNeedsASource(t *testing.T) {
	if _, err := Run(context.Background(), nil, &heap{}, nil); !errors.Is(err, ErrNoSource) {
		t.Errorf("error %v", err)
	}
}

func TestRunStopsAtTheFirstError(t *testing.T) {
	broken := errors.New("no answer")
	ran := 0
	source := func(name string, err error) Source {
		return Source{Name: name, Run: func(_ context.Context, _ graph.Sink, progress func(string)) error {
			progress("said without harm")
			ran++
			return err
		}}
	}
	_, err := Run(context.Background(), []Source{source("one", nil), source("two", broken), source("three", nil)}, &heap{}, nil)
	if !errors.Is(err, broken) || err.Error() != "collect two: no answer" || ran != 2 {
		t.Errorf("error %v after %d sources", err, ran)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ended, []Source{source("one", nil)}, &heap{}, nil); !errors.Is(err, context.Canceled) || ran != 2 {
		t.Errorf("error %v after %d sources", err, ran)
	}
}

func TestSummary(t *testing.T) {
	list := func(op string) graph.Listing { return graph.Listing{Scope: "account:1", Service: "iam", Operation: op} }
	covers := []graph.Coverage{
		{Listing: list("whole"), Status: graph.Collected},
		{Listing: list("whole"), Status: graph.Failed, Of: "one part", Detail: "a part"},
		{Listing: list("none"), Status: graph.NoneExists},
		{Listing: list("cut"), Status: graph.Collected},
		{Listing: list("cut"), Status: graph.Failed, Detail: "cut"},
		{Listing: list("early"), Status: graph.Failed, Detail: "early"},
		{Listing: list("early"), Status: graph.Collected},
		{Listing: list("one subject"), Status: graph.Failed, Of: "it", Detail: "refused"},
		{Listing: graph.Listing{Scope: "account:4", Service: "iam", Operation: "none"}, Status: graph.NoneExists},
		{Listing: graph.Listing{Scope: "account:3", Service: "iam", Operation: "unasked"}, Status: graph.NotAsked},
	}
	s := Source{Name: "s", Run: func(_ context.Context, sink graph.Sink, _ func(string)) error {
		sink.(Meter).Read(7)
		sink.(Meter).Read(5)
		return errors.Join(
			sink.Node(graph.Node{Kind: graph.KindUser}), sink.Node(graph.Node{Kind: graph.KindUser}),
			sink.Node(graph.Node{Kind: graph.KindUser, Mentioned: true}),
			sink.Edge(graph.Edge{Relation: graph.MemberOf}), sink.Attach(graph.Attachment{Layer: "l"}), coverAll(sink, covers))
	}}
	h := &heap{}
	sum, err := Run(context.Background(), []Source{s}, h, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if *h != (heap{nodes: 3, edges: 1, attachments: 1, covers: len(covers)}) {
		t.Errorf("passed on %+v", *h)
	}
	if sum.Documents != 2 || sum.Bytes != 12 || sum.Nodes[graph.KindUser] != 2 || sum.Mentioned != 1 ||
		sum.Edges[graph.MemberOf] != 1 || sum.Attachments["l"] != 1 {
		t.Errorf("summary %+v", sum)
	}
	if want := []graph.Ref{"account:1", "account:4"}; !slices.Equal(sum.Scopes, want) {
		t.Errorf("scopes %v, want %v", sum.Scopes, want)
	}
	var gaps []string
	for _, g := range sum.Gaps {
		gaps = append(gaps, g.Detail)
	}
	if want := []string{"a part", "cut", "early", "refused"}; !reflect.DeepEqual(gaps, want) {
		t.Errorf("gaps %v, want %v", gaps, want)
	}
}

func coverAll(sink graph.Sink, covers []graph.Coverage) error {
	for _, c := range covers {
		if err := sink.Cover(c); err != nil {
			return err
		}
	}
	return nil
}
