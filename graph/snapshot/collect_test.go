package snapshot_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// What was collected can be read by later passes, as it was given.
func TestCollectedComesBack(t *testing.T) {
	b := build(t, small("a", "b")...)
	in := conclude(t, b)
	c := in.conclusions()
	equal(t, "pivots", slices.Collect(c.Pivots()), in.Pivots)
	equal(t, "their number", c.NumPivots(), 2)
	equal(t, "administrations", slices.Collect(c.Administrations()), in.Administrations)
	equal(t, "classes", c.NumClasses(), 2)
	var members [][]snapshot.Foothold
	var rows []snapshot.PartRow
	for held, parts := range c.Classes() {
		members = append(members, held)
		for _, p := range parts {
			rows = slices.AppendSeq(rows, c.PartRows(p))
		}
	}
	equal(t, "members", members, in.Classes)
	equal(t, "rows", len(rows), 1)
	to := in.Access[0].To[0]
	equal(t, "runs", slices.Collect(rows[0].Runs()), []snapshot.Run{{First: to, Last: to}})
	equal(t, "actions", rows[0].Actions, []string{"s3:DeleteObject", "s3:GetObject"})
	equal(t, "ruling", rows[0].Ruling, in.Access[0].Ruling)
	if err := b.Conclude(c); err != nil {
		t.Fatal(err)
	}
	equal(t, "nothing is left", c.NumPivots()+c.NumClasses(), 0)
}

func TestEqualPartsAreOne(t *testing.T) {
	row := func(action string, to ...snapshot.Index) snapshot.AccessRow {
		return snapshot.AccessRow{To: to, Actions: []string{action}, Ruling: snapshot.Ruling{Verdict: graph.Allowed}}
	}
	c := new(snapshot.Conclusions)
	one := c.AddPart(snapshot.AccessPart{Rows: []snapshot.AccessRow{row("a:A", 1, 2), row("a:B", 3)}})
	for name, rows := range map[string][]snapshot.AccessRow{
		"another order": {row("a:B", 3), row("a:A", 2, 1)},
		"split":         {row("a:A", 2), row("a:B", 3), row("a:A", 1), row("a:A")},
	} {
		equal(t, name, c.AddPart(snapshot.AccessPart{Rows: rows}), one)
	}
	for name, part := range map[string]snapshot.AccessPart{
		"abroad":     {Abroad: true, Rows: []snapshot.AccessRow{row("a:A", 1, 2), row("a:B", 3)}},
		"fewer rows": {Rows: []snapshot.AccessRow{row("a:A", 1, 2)}},
		"other node": {Rows: []snapshot.AccessRow{row("a:A", 1, 2), row("a:B", 4)}},
	} {
		if c.AddPart(part) == one {
			t.Errorf("%s: the same part", name)
		}
	}
	nothing := c.AddPart(snapshot.AccessPart{Rows: []snapshot.AccessRow{row("a:A")}})
	equal(t, "rows of no nodes", c.AddPart(snapshot.AccessPart{Abroad: true}), nothing)
}

// Many goroutines collect what one does, to the same bytes, while others read.
func TestManyCollect(t *testing.T) {
	b := build(t, small("a", "b")...)
	n := frozen(t, b).NumNodes()
	collect := func(c *snapshot.Conclusions, from, step int) {
		for i := from; i < 4000; i += step {
			node := snapshot.Index(i % n)
			c.AddPivot(snapshot.Pivot{From: snapshot.Foothold{Node: node}, To: snapshot.Foothold{Node: snapshot.Index(i / n % n)},
				Relation: graph.CanAssume, Action: fmt.Sprint("a:", i%7), Ruling: snapshot.Ruling{Verdict: graph.Allowed}})
			part := c.AddPart(snapshot.AccessPart{Rows: []snapshot.AccessRow{{To: []snapshot.Index{node}, Actions: []string{fmt.Sprint("b:", i)}}}})
			if i < n {
				c.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{{Node: node}}, Parts: []snapshot.PartIndex{part}})
			}
		}
	}
	file := func(c *snapshot.Conclusions) []byte {
		if err := b.Conclude(c); err != nil {
			t.Fatal(err)
		}
		return written(t, b)
	}
	one, many := new(snapshot.Conclusions), new(snapshot.Conclusions)
	collect(one, 0, 1)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			collect(many, i, 4)
			for range many.Pivots() {
			}
			for range many.Classes() {
			}
		})
	}
	group.Wait()
	equal(t, "bytes", slices.Equal(file(one), file(many)), true)
}

// A part from abroad says nothing of what is at home, whatever else it says.
func TestAbroad(t *testing.T) {
	b, facts := town(t, 30)
	var all, home []snapshot.Index
	for i := range snapshot.Index(facts.NumNodes()) {
		if all = append(all, i); i%7 > 3 {
			home = append(home, i)
		}
	}
	for name, c := range map[string]struct {
		abroad     bool
		home, want []snapshot.Index
	}{
		"from abroad":       {true, home, slices.DeleteFunc(slices.Clone(all), func(i snapshot.Index) bool { return i%7 > 3 })},
		"not from abroad":   {false, home, all},
		"no home":           {true, nil, all},
		"nothing is abroad": {true, all, nil},
	} {
		in := new(snapshot.Conclusions)
		part := in.AddPart(snapshot.AccessPart{Abroad: c.abroad, Rows: []snapshot.AccessRow{{To: all, Actions: []string{"a:A"}, Ruling: snapshot.Ruling{Verdict: graph.Allowed}}}})
		in.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{{Node: 0}}, Parts: []snapshot.PartIndex{part}, Home: c.home})
		if err := b.Conclude(in); err != nil {
			t.Fatal(err)
		}
		s := opened(t, b)
		var of, to []snapshot.Index
		for a := range s.AccessOf(0) {
			of = append(of, a.To)
		}
		for i := range snapshot.Index(s.NumNodes()) {
			for range s.AccessTo(i) {
				to = append(to, i)
			}
			equal(t, name+": surest", s.SurestAccess(0, i) == graph.Allowed, slices.Contains(c.want, i))
		}
		equal(t, name, of, c.want)
		equal(t, name+", by node", to, c.want)
	}
}
