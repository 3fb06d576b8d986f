package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
)

// agreeWithDecide draws questions and holds what the snapshot says against a
// decision of each: half of what rows allow, half of what other principals may
// do. A difference is an error.
func agreeWithDecide(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	c := &comparison{estate: e, evaluator: evaluators[0].Open(e.snap), r: b.draws(1)}
	m, err := timed(func() error {
		for i := 0; c.asked < b.plan.sample && i < 4*b.plan.sample; i++ {
			if err := firstOf(ctx.Err(), c.one(i%2 == 0)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	m.Counts = map[string]int64{"asked": int64(c.asked), "granted": int64(c.granted)}
	m.Text = fmt.Sprintf("%d asked, %d of them granted, %d differ", c.asked, c.granted, len(c.differ))
	if len(c.differ) > 0 {
		return m, fmt.Errorf("%d of %d answers differ from a decision:\n  %s", len(c.differ), c.asked, strings.Join(c.differ[:min(5, len(c.differ))], "\n  "))
	}
	return m, nil
}

// A comparison of rows with decisions.
type comparison struct {
	estate         *benchEstate
	evaluator      resolve.Evaluator
	r              *rand.Rand
	asked, granted int
	differ         []string
}

// one asks one question: of what a row of the principal speaks of, or of what
// one of another principal does.
func (c *comparison) one(own bool) error {
	who := c.estate.classes[c.r.IntN(len(c.estate.classes))]
	rows := slices.Collect(c.estate.snap.RowsOf(who.class))
	if !own {
		other := c.estate.classes[c.r.IntN(len(c.estate.classes))]
		rows = slices.Collect(c.estate.snap.RowsOf(other.class))
	}
	if len(rows) == 0 {
		return nil
	}
	row := rows[c.r.IntN(len(rows))]
	if len(row.Actions) == 0 || row.To.Len() == 0 {
		return nil
	}
	to, action := nodeAt(row.To, c.r.IntN(row.To.Len())), row.Actions[c.r.IntN(len(row.Actions))]
	return c.compare(who, action, to)
}

// nodeAt is the node at a place of a set.
func nodeAt(set snapshot.Targets, at int) snapshot.Index {
	for run := range set.Runs() {
		if at < run.Len() {
			return run.First + snapshot.Index(at)
		}
		at -= run.Len()
	}
	return snapshot.None
}

func (c *comparison) compare(who benchClass, action string, to snapshot.Index) error {
	s := c.estate.snap
	f := s.Foothold(who.foothold)
	q := policy.Question{Principal: s.Ref(f.Node), Hold: f.Hold, Action: action, Resource: string(s.Ref(to)), Brief: true}
	decided, err := c.evaluator.Decide(q)
	if err != nil {
		return fmt.Errorf("decide %s on %s for %s: %w", action, q.Resource, q.Principal, err)
	}
	ruling, err := c.evaluator.Rule(q)
	if err != nil {
		return err
	}
	want := "nothing"
	if decided.Verdict != graph.Denied {
		want = saidOf(snapshot.Ruling{Verdict: decided.Verdict, Bounds: decided.Bounds, Formula: ruling.Formula}, decided.Include, decided.Exclude)
		c.granted++
	}
	c.asked++
	if got := c.told(who.class, action, to); got != want {
		c.differ = append(c.differ, fmt.Sprintf("%s to %s by %s: the snapshot says %s, a decision %s", action, q.Resource, q.Principal, got, want))
	}
	return nil
}

// told is what the rows of a class say of an action to a node.
func (c *comparison) told(class uint32, action string, to snapshot.Index) string {
	var list []string
	for row := range c.estate.snap.RowsOf(class) {
		if _, found := slices.BinarySearch(row.Actions, action); found && row.To.Has(to) {
			list = append(list, saidOf(row.Ruling, row.Include, row.Exclude))
		}
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, " and ")
}

// saidOf is a ruling as text, evidence aside. Parts have no order.
func saidOf(r snapshot.Ruling, include, exclude []string) string {
	include, exclude = slices.Sorted(slices.Values(include)), slices.Sorted(slices.Values(exclude))
	return fmt.Sprintf("%s (%s to %s) if %q of %q but %q", r.Verdict, r.Bounds.Least, r.Bounds.Most, r.Formula, include, exclude)
}
