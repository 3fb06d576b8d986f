package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/schema"
)

// benchAction is the action that rows ask of buckets.
const benchAction = "s3:GetObject"

// draws returns a source of numbers that is the same for a seed and a row.
func (b *bench) draws(row uint64) *rand.Rand { return rand.New(rand.NewPCG(b.plan.seed, row)) }

// everyPair says of many principals and buckets, each with each, whether the
// principal may do the action to the bucket: a bit each.
func everyPair(_ context.Context, b *bench, e *benchEstate) (measure, error) {
	classes, buckets := e.classes[:min(1000, len(e.classes))], e.buckets[:min(1000, len(e.buckets))]
	yes := 0
	var may [][]uint64
	m, err := timed(func() error {
		reader := e.snap.AccessReader()
		byClass := map[uint32][]uint64{}
		for _, c := range classes {
			bits, known := byClass[c.class]
			if !known {
				bits = bucketsOf(reader, c.class, buckets)
				byClass[c.class] = bits
			}
			may = append(may, bits)
		}
		return nil
	})
	for _, bits := range may {
		for k := range buckets {
			yes += int(bits[k/64] >> (k % 64) & 1)
		}
	}
	m.Text = fmt.Sprintf("%d pairs in %s, %d of them yes", len(classes)*len(buckets), seconds(m.Wall), yes)
	m.Counts["pairs"], m.Counts["yes"] = int64(len(classes)*len(buckets)), int64(yes)
	return m, err
}

// bucketsOf marks the buckets to which a class may do the action. Buckets are
// sorted.
func bucketsOf(reader *snapshot.AccessReader, class uint32, buckets []snapshot.Index) []uint64 {
	bits := make([]uint64, (len(buckets)+63)/64)
	for row := range reader.RowsOf(class) {
		if _, found := slices.BinarySearch(row.Actions, benchAction); !found {
			continue
		}
		for run := range row.To.Runs() {
			at, _ := slices.BinarySearch(buckets, run.First)
			for ; at < len(buckets) && buckets[at] <= run.Last; at++ {
				bits[at/64] |= 1 << (at % 64)
			}
		}
	}
	return bits
}

// whoCanSet finds everybody who can come to do the action to a bucket.
func whoCanSet(_ context.Context, b *bench, e *benchEstate) (measure, error) {
	r, looked, count := b.draws(2), 0, 0
	m, err := repeated(b.plan.asks, func(int) error {
		var holders []snapshot.FootholdIndex
		for access := range e.snap.AccessTo(e.buckets[r.IntN(len(e.buckets))]) {
			if _, found := slices.BinarySearch(access.Actions, benchAction); found {
				holders = append(holders, e.snap.ClassMembers(access.Class)...)
			}
		}
		set := e.walker.ReverseReach(holders)
		looked += set.Looked
		count += set.Count
		return nil
	})
	m.Counts["edges"], m.Counts["footholds"] = int64(looked), int64(count)
	return m, err
}

// What is asked through GraphQL. The commands ask for more: every statement,
// and what breaks each step.
const (
	benchWhoCan = `query Q($resource: EntitySelector!, $filter: AccessFilter) {
  whoCanAccess(resource: $resource, filter: $filter, transitive: true, first: 20) {
    edges { node { principal { ref name } target { ref } verdict hops } } pageInfo { hasNextPage } } }`
	benchPath = `query Q($from: EntitySelector!, $to: EntitySelector!, $options: TraversalOptions) {
  accessPaths(from: $from, to: $to, options: $options, algorithm: SHORTEST, first: 1) {
    edges { node { verdict steps { from { ref name } to { ref name } relation verdict } } } } }`
)

// graphQL asks one question of an estate in this process.
func (e *benchEstate) graphQL(ctx context.Context, api *schema.API, text string, vars map[string]any) (json.RawMessage, error) {
	vars, err := asJSONValues(vars)
	if err != nil {
		return nil, err
	}
	data, faults := schema.Execute(ctx, api, text, "Q", vars)
	if len(faults) > 0 {
		return nil, errors.New(faults[0].Message)
	}
	return data, nil
}

func (e *benchEstate) api() *schema.API {
	return &schema.API{Store: e.store, Providers: evaluators, Limits: schema.Limits{Complexity: math.MaxInt32, Operation: time.Hour}}
}

// askedOften asks a question many times, once before the clock runs: the first
// one opens the snapshot and makes its index.
func (e *benchEstate) askedOften(ctx context.Context, n int, text string, vars func() map[string]any) (measure, error) {
	api := e.api()
	if _, err := e.graphQL(ctx, api, text, vars()); err != nil {
		return measure{}, err
	}
	size := 0
	m, err := repeated(n, func(int) error {
		data, err := e.graphQL(ctx, api, text, vars())
		size += len(data)
		return err
	})
	if err == nil {
		m.Counts["answer bytes"] = int64(size)
	}
	return m, err
}

func (e *benchEstate) bucket(r *rand.Rand) string {
	return string(e.snap.Ref(e.buckets[r.IntN(len(e.buckets))]))
}

func (e *benchEstate) principal(r *rand.Rand) string {
	return string(e.snap.Ref(e.snap.Foothold(e.classes[r.IntN(len(e.classes))].foothold).Node))
}

func whoCanPage(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	r := b.draws(3)
	return e.askedOften(ctx, b.plan.asks/4, benchWhoCan, func() map[string]any {
		return map[string]any{"resource": selector(e.bucket(r)), "filter": map[string]any{"actions": []string{benchAction}}}
	})
}

// decidedAgain is how many paths are asked for with stated context, which decides
// every step that is looked at again.
const decidedAgain = 5

// pathAsked asks for the shortest path from a principal to a bucket.
func pathAsked(more map[string]any) func(context.Context, *bench, *benchEstate) (measure, error) {
	return func(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
		r, n := b.draws(4), b.plan.asks/4
		if more["context"] != nil {
			n = min(n, decidedAgain)
		}
		return e.askedOften(ctx, n, benchPath, func() map[string]any {
			options := map[string]any{"actions": []string{benchAction}, "timeoutMs": 600_000}
			for key, value := range more {
				options[key] = value
			}
			return map[string]any{"from": selector(e.principal(r)), "to": selector(e.bucket(r)), "options": options}
		})
	}
}

var (
	statedContext    = map[string]any{"context": []map[string]any{{"key": "aws:MultiFactorAuthPresent", "values": []string{"true"}}, {"key": "aws:SourceIp", "values": []string{"192.0.2.7"}}}}
	listedTechniques = map[string]any{"techniqueIds": []string{"iam-012", "lambda-001"}}
)
