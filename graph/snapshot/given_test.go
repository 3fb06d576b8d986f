package snapshot_test

import (
	"github.com/clewgraph/clew/graph/snapshot"
)

// given are conclusions as tests write them down: each class has one part of
// its own.
type given struct {
	Pivots          []snapshot.Pivot
	Administrations []snapshot.Administration
	Classes         [][]snapshot.Foothold
	Access          []givenRow
}

// A givenRow is a row of one class.
type givenRow struct {
	Class uint32
	snapshot.AccessRow
}

// conclusions collects what was given.
func (g given) conclusions() *snapshot.Conclusions {
	c := new(snapshot.Conclusions)
	for _, p := range g.Pivots {
		c.AddPivot(p)
	}
	for _, a := range g.Administrations {
		c.AddAdministration(a)
	}
	parts := make([]snapshot.AccessPart, len(g.Classes))
	for _, row := range g.Access {
		parts[row.Class].Rows = append(parts[row.Class].Rows, row.AccessRow)
	}
	for i, members := range g.Classes {
		c.AddClass(snapshot.AccessClass{Members: members, Parts: []snapshot.PartIndex{c.AddPart(parts[i])}})
	}
	return c
}
