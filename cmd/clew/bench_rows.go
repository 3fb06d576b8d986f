package main

import "context"

// A benchScale is what a row is measured once of.
type benchScale uint8

const (
	ofProgram benchScale = iota
	ofEstate             // each size
	ofGraph              // of footholds and pivots alone
)

// A benchRow is one row of the table: what is measured, what is wanted of it,
// and how.
type benchRow struct {
	name  string
	of    benchScale
	goals map[string]string // by what it is measured over; "" is any other
	run   func(context.Context, *bench, *benchEstate) (measure, error)
}

func (r benchRow) goalOf(over string) string {
	if goal, ok := r.goals[over]; ok {
		return goal
	}
	return r.goals[""]
}

func always(goal string) map[string]string { return map[string]string{"": goal} }

// Rows that others look for.
const (
	lookRow    = "documents read, their facts let go"
	readRow    = "documents read into facts"
	resolveRow = "resolve"
)

// benchRows is the table. Rows of one scale are measured in this order, and
// stand on those before them: there is no answer before there is a snapshot.
var benchRows = []benchRow{
	{"all managed policies of the catalogue compiled to sets", ofProgram, always("≤ 40 ms"), compileCatalogue},
	{"an estate defeats sharing by tags: resolve", ofProgram, nil, resolveDefeat("tags")},
	{"an estate defeats sharing by policies: resolve", ofProgram, nil, resolveDefeat("policies")},
	{"an estate defeats sharing by NotResource: resolve", ofProgram, nil, resolveDefeat("notresource")},

	{lookRow, ofEstate, always("≥ 150 MB/s on both cores, memory flat"), readDocuments},
	{readRow, ofEstate, nil, ingestDocuments},
	{resolveRow, ofEstate, map[string]string{"10k": "≤ 1 s", "1m": "≤ 60 s wall, ≤ 8 GiB, snapshot ≤ 2.5 GB"}, resolveFacts},
	{"resolve, two threads against one", ofEstate, always("≥ 1.8×"), resolveAlone},
	{"sampled answers that a decision gives too", ofEstate, always("all"), agreeWithDecide},
	{"techniques of an estate in which each is planted", ofEstate, map[string]string{"": "exactly what was planted", "1m": "≤ 20 s, exactly what was planted"}, techniquesPlanted},
	{"every pair of 1,000 principals and 1,000 buckets, one action", ofEstate, always("≤ 20 ms"), everyPair},
	{"who can do an action to a bucket, with chains: first page", ofEstate, always("≤ 5 ms"), whoCanPage},
	{"who can do an action to a bucket, with chains: all, as a set", ofEstate, always("≤ 50 ms"), whoCanSet},
	{"shortest path through GraphQL", ofEstate, always("≤ 5 ms"), pathAsked(nil)},
	{"shortest path through GraphQL, with stated context", ofEstate, nil, pathAsked(statedContext)},
	{"shortest path through GraphQL, with techniques listed", ofEstate, nil, pathAsked(listedTechniques)},
	{"one account of all collected again, and visible", ofEstate, always("≤ 1 s of 10,000 accounts"), collectAgain},

	{"all components and what leads from one to another", ofGraph, always("≤ 1.5 s"), graphIndex},
	{"shortest path", ofGraph, always("p50 ≤ 100 µs, p99 ≤ 1 ms"), graphShortest},
	{"reachable or not", ofGraph, always("p50 ≤ 1 µs, p99 ≤ 50 µs"), graphReaches},
	{"blast radius as a set, with its count", ofGraph, always("p99 ≤ 5 ms"), graphReach},
	{"who can reach, as a set", ofGraph, always("p99 ≤ 50 ms"), graphReverse},
	{"shortest path with an edge excluded", ofGraph, nil, graphExcluded},
	{"shortest path with techniques listed", ofGraph, nil, graphTechniques},
	{"shortest path with stated context", ofGraph, nil, graphStated},
	{"a snapshot opened", ofGraph, always("≤ 5 ms"), graphOpen},
	{"a snapshot verified, every byte", ofGraph, always("≤ 100 ms"), graphVerify},
}
