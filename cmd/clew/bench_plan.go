package main

import (
	"os"
	"slices"
)

// A benchPlan is what one run measures.
type benchPlan struct {
	seed    uint64
	sizes   []benchSize
	graph   graphSize
	defeats benchSize
	sample  int    // questions that are decided again
	asks    int    // questions of each sort
	quick   bool   // leaves out what takes long and counts nothing
	self    string // the name by which this program is started
}

// A benchSize is an estate's: its name and numbers.
type benchSize struct {
	name                            string
	principals, resources, accounts int
}

var benchSizes = map[string]benchSize{
	"1k":   {"1k", 1_000, 10_000, 10},
	"10k":  {"10k", 10_000, 100_000, 100},
	"100k": {"100k", 100_000, 1_000_000, 1_000},
	"1m":   {"1m", 1_000_000, 10_000_000, 10_000},
}

// plan reads the flags.
func (f benchFlags) plan() (benchPlan, error) {
	p := benchPlan{seed: f.seed, quick: f.quick, self: os.Args[0], graph: graphSize{1_000_000, 5_000_000}, defeats: benchSizes["1k"], sample: 2_000, asks: 400}
	if f.quick {
		p.graph, p.defeats, p.asks = graphSize{50_000, 250_000}, benchSize{"200", 200, 2_000, 2}, 100
		p.sizes = []benchSize{benchSizes["1k"]}
		return p, nil
	}
	for _, name := range f.sizes {
		size, ok := benchSizes[name]
		if !ok {
			return p, usagef("--sizes %q: want some of 1k, 10k, 100k, 1m", name)
		}
		p.sizes = append(p.sizes, size)
	}
	slices.SortFunc(p.sizes, func(a, b benchSize) int { return a.principals - b.principals })
	p.sizes = slices.Compact(p.sizes)
	return p, nil
}
