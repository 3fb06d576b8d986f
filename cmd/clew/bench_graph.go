package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

// A graphSize is that of a graph of footholds and pivots.
type graphSize struct{ footholds, pivots int }

func (g graphSize) String() string {
	return fmt.Sprintf("%s/%s", thousands(g.footholds), thousands(g.pivots))
}

// thousands writes a round number in short: 50k, 1m.
func thousands(n int) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return fmt.Sprintf("%dm", n/1_000_000)
	case n >= 1_000 && n%1_000 == 0:
		return fmt.Sprintf("%dk", n/1_000)
	}
	return fmt.Sprint(n)
}

// A benchGraph is principals and the pivots between them. One pivot of ten is by
// one of two techniques.
type benchGraph struct {
	size   graphSize
	shape  graphShape
	path   string
	s      *snapshot.Snapshot
	walker *walk.Index
}

const (
	graphAccount = 100
	graphFamily  = 10 * graphAccount
)

// A graphShape draws where a pivot leads.
type graphShape struct {
	name string
	to   func(g graphSize, r *rand.Rand, from int) int
}

// graphShapes are the graphs that are measured: in accounts of a hundred and
// families of ten accounts, where most pivots lead on inside of the account,
// some inside of the family, few back, few to one of three hubs; and one where
// nearly everybody can become everybody.
var graphShapes = []graphShape{{"families", graphSize.inFamilies}, {"woven", graphSize.woven}}

func (g graphSize) woven(r *rand.Rand, from int) int {
	switch r.IntN(20) {
	case 0:
		return r.IntN(g.footholds)
	case 1:
		return r.IntN(g.footholds/graphFamily+1) * graphFamily % g.footholds
	}
	return min(from/graphAccount*graphAccount+r.IntN(graphAccount), g.footholds-1)
}

func (g graphSize) inFamilies(r *rand.Rand, from int) int {
	family, account := from/graphFamily*graphFamily, from/graphAccount*graphAccount
	switch k := r.IntN(1000); {
	case k < 7:
		return max(family, from-r.IntN(10))
	case k < 9:
		return g.footholds - 1 - r.IntN(3)
	case k < 100:
		return min(from+r.IntN(family+graphFamily-from), g.footholds-1)
	}
	return min(from+r.IntN(account+graphAccount-from), g.footholds-1)
}

func (g *benchGraph) name() string { return g.size.String() + " " + g.shape.name }

// newGraph makes a graph and writes it as a snapshot.
func (b *bench) newGraph(shape graphShape) (*benchGraph, error) {
	g := &benchGraph{size: b.plan.graph, shape: shape, path: b.below(shape.name + ".snapshot")}
	b.progress("making a graph of " + g.name())
	next := snapshot.NewBuilder()
	for i := range g.size.footholds {
		if err := next.Node(graph.Node{Provider: graph.AWS, Ref: graph.Ref(fmt.Sprintf("user/%07d", i)), Kind: graph.KindUser}); err != nil {
			return nil, err
		}
	}
	if _, err := next.Facts(); err != nil {
		return nil, err
	}
	if err := next.Conclude(g.conclusions(b.draws(10))); err != nil {
		return nil, err
	}
	f, err := os.Create(g.path)
	if err != nil {
		return nil, err
	}
	_, err = next.WriteTo(f)
	if err = firstOf(err, f.Close()); err != nil {
		return nil, err
	}
	g.s, err = snapshot.Open(g.path)
	return g, err
}

func (g *benchGraph) conclusions(r *rand.Rand) *snapshot.Conclusions {
	out := new(snapshot.Conclusions)
	held := func(i int) snapshot.Foothold { return snapshot.Foothold{Node: snapshot.Index(i)} }
	for range g.size.pivots {
		from := r.IntN(g.size.footholds)
		verdict := graph.Verdict(1 + r.IntN(3))
		p := snapshot.Pivot{From: held(from), To: held(g.shape.to(g.size, r, from)), Relation: graph.CanAssume, Action: "sts:AssumeRole",
			Ruling: snapshot.Ruling{Verdict: verdict, Bounds: graph.Bounds{Least: verdict, Most: verdict}}}
		if r.IntN(10) == 0 {
			p.Relation, p.Action, p.Technique = graph.CanEscalate, "", fmt.Sprint("t", r.IntN(2))
		}
		out.AddPivot(p)
	}
	return out
}

// graphRows measures what is asked of pivots alone.
func (b *bench) graphRows(ctx context.Context) (err error) {
	for _, shape := range graphShapes {
		if b.graph, err = b.newGraph(shape); err != nil {
			return fmt.Errorf("bench: make a graph: %w", err)
		}
		if err := firstOf(b.rows(ctx, ofGraph, b.graph.name(), nil), b.graph.s.Close()); err != nil {
			return err
		}
	}
	return nil
}
