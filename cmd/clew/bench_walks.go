package main

import (
	"context"
	"fmt"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
)

func graphIndex(_ context.Context, b *bench, _ *benchEstate) (measure, error) {
	g := b.graph
	m, err := timed(func() error { g.walker = walk.NewIndex(g.s); return nil })
	largest := len(g.walker.Members(g.walker.Largest()))
	m.Text = fmt.Sprintf("%d components, the largest of %d, in %s", g.walker.NumComponents(), largest, seconds(m.Wall))
	m.Counts["components"], m.Counts["largest"] = int64(g.walker.NumComponents()), int64(largest)
	m.Counts["pivots"] = int64(g.s.NumPivots())
	return m, err
}

// onGraph asks many questions about two footholds; half of them stay close by.
// It counts edges looked at, and what else the answers add up to.
func (b *bench) onGraph(row uint64, found string, ask func(from, to snapshot.FootholdIndex) (looked, count int)) (measure, error) {
	r, n := b.draws(row), b.graph.size.footholds
	edges, sum := 0, 0
	m, err := repeated(10*b.plan.asks, func(int) error {
		from, to := r.IntN(n), r.IntN(n)
		if r.IntN(2) == 0 {
			to = min(from/graphFamily*graphFamily+r.IntN(graphFamily), n-1)
		}
		looked, count := ask(snapshot.FootholdIndex(from), snapshot.FootholdIndex(to))
		edges += looked
		sum += count
		return nil
	})
	m.Counts["edges"], m.Counts[found] = int64(edges), int64(sum)
	return m, err
}

// shortest asks for shortest paths with options.
func (b *bench) shortest(ctx context.Context, row uint64, options func(from, to snapshot.FootholdIndex) walk.Options) (measure, error) {
	return b.onGraph(row, "hops", func(from, to snapshot.FootholdIndex) (int, int) {
		a := b.graph.walker.Shortest(ctx, []snapshot.FootholdIndex{from}, []snapshot.FootholdIndex{to}, options(from, to))
		hops := 0
		for _, p := range a.Paths {
			hops += len(p.Steps)
		}
		return a.Looked, hops
	})
}

func graphShortest(ctx context.Context, b *bench, _ *benchEstate) (measure, error) {
	return b.shortest(ctx, 11, func(_, _ snapshot.FootholdIndex) walk.Options { return walk.Options{} })
}

// graphExcluded asks without the first pivot that leads away from the start.
func graphExcluded(ctx context.Context, b *bench, _ *benchEstate) (measure, error) {
	return b.plain().shortest(ctx, 11, func(from, _ snapshot.FootholdIndex) walk.Options {
		out := b.graph.s.PivotsOut(from)
		if len(out) == 0 {
			return walk.Options{}
		}
		return walk.Options{Exclude: map[snapshot.PivotIndex]bool{out[0]: true}}
	})
}

func graphTechniques(ctx context.Context, b *bench, _ *benchEstate) (measure, error) {
	return b.plain().shortest(ctx, 11, func(_, _ snapshot.FootholdIndex) walk.Options {
		return walk.Options{Techniques: func(id string) bool { return id == "t0" }}
	})
}

// graphStated decides each pivot again, as stated context does; deciding itself
// is a row of its own.
func graphStated(ctx context.Context, b *bench, _ *benchEstate) (measure, error) {
	return b.plain().shortest(ctx, 11, func(_, _ snapshot.FootholdIndex) walk.Options {
		return walk.Options{Decide: func(p snapshot.PivotIndex) graph.Verdict {
			if p%16 == 0 {
				return graph.Denied
			}
			return b.graph.s.PivotVerdict(p)
		}}
	})
}

// plain asks a tenth of the questions: what the index does not hold is searched.
func (b *bench) plain() *bench {
	few := *b
	few.plan.asks = max(1, b.plan.asks/10)
	return &few
}

func graphReaches(_ context.Context, b *bench, _ *benchEstate) (measure, error) {
	m, err := b.onGraph(12, "reached", func(from, to snapshot.FootholdIndex) (int, int) {
		if b.graph.walker.Reaches(from, to) {
			return 0, 1
		}
		return 0, 0
	})
	delete(m.Counts, "edges") // it tells none
	return m, err
}

func graphReach(_ context.Context, b *bench, _ *benchEstate) (measure, error) {
	return b.onGraph(13, "footholds", func(from, _ snapshot.FootholdIndex) (int, int) {
		set := b.graph.walker.Reach([]snapshot.FootholdIndex{from})
		return set.Looked, set.Count
	})
}

func graphReverse(_ context.Context, b *bench, _ *benchEstate) (measure, error) {
	return b.onGraph(14, "footholds", func(_, to snapshot.FootholdIndex) (int, int) {
		set := b.graph.walker.ReverseReach([]snapshot.FootholdIndex{to})
		return set.Looked, set.Count
	})
}

func graphOpen(_ context.Context, b *bench, _ *benchEstate) (measure, error) {
	return repeated(20, func(int) error {
		s, err := snapshot.Open(b.graph.path)
		if err != nil {
			return err
		}
		return s.Close()
	})
}

func graphVerify(_ context.Context, b *bench, _ *benchEstate) (measure, error) {
	m, err := timed(b.graph.s.Verify)
	st := b.graph.s.Stats()
	m.Text = fmt.Sprintf("%s in %s", size(st.Bytes), seconds(m.Wall))
	m.Counts["bytes"] = st.FactBytes + st.ConclusionBytes
	return m, err
}
