package snapshot_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A scene is a world, what is concluded about it, and what the world becomes.
type scene struct {
	was, is world
	said    claims
}

// street is a world of things in the order of their numbers.
func street(numbers ...int) (w world) {
	w.nodes = append(w.nodes, graph.Node{Provider: graph.AWS, Ref: "account:1", Kind: graph.KindAccount})
	for _, n := range numbers {
		ref := graph.Ref("thing" + string(rune('a'+n)))
		w.nodes = append(w.nodes, graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindResource, Type: "s3:bucket", Name: string(rune('a' + n)), Scope: "account:1"})
	}
	return w
}

func (w world) with(policies ...graph.Attachment) world {
	w.policies = policies
	return w
}

func policy(to graph.Ref, layer graph.LayerID, text string) graph.Attachment {
	return graph.Attachment{To: to, Layer: layer, Policy: graph.Ref("p" + text), Document: []byte(text)}
}

func allowed(in ...graph.Attachment) claimedRuling {
	r := claimedRuling{Ruling: snapshot.Ruling{Verdict: graph.Allowed}}
	for _, a := range in {
		r.evidence = append(r.evidence, claimedEvidence{in: a})
	}
	return r
}

// may is a class of one thing that may do something to others.
func may(who graph.Ref, rows ...claimedRow) claims {
	return claims{parts: []claimedPart{{rows: rows}}, classes: []claimedClass{{members: []claimedFoothold{{ref: who}}, parts: []int{0}}}}
}

// carry carries everything over, and returns the error of that, or what comes
// of it when nothing is added.
func (s scene) carry(t *testing.T) (*snapshot.Snapshot, error) {
	t.Helper()
	b, facts := s.was.builder(t)
	concluded(t, b, facts, s.said)
	last := opened(t, b)
	next, now := s.is.builder(t)
	c := new(snapshot.Conclusions)
	keep := snapshot.Keep{From: func(snapshot.Index) bool { return true }, Canonical: isIdentity}
	if err := c.Carry(last, now, movesOf(last, now), keep); err != nil {
		return nil, err
	}
	if err := next.Conclude(c); err != nil {
		t.Fatal(err)
	}
	out := opened(t, next)
	equal(t, "as given anew", bytes.Equal(written(t, next), concluded(t, next, now, s.said)), true)
	return out, nil
}

func runsOf(t *testing.T, s *snapshot.Snapshot) (out [][]snapshot.Run) {
	t.Helper()
	for class := range uint32(s.NumClasses()) {
		for row := range s.RowsOf(class) {
			out = append(out, slices.Collect(row.To.Runs()))
		}
	}
	return out
}

// Runs are told of nodes, not of numbers: what comes into one is not in the set,
// and what is left on both sides of what went is one run.
func TestSetsKeepTheirNodes(t *testing.T) {
	row := claimedRow{to: []graph.Ref{"thinga", "thingc", "thingg", "thingi"}, actions: []string{"s3:GetObject"}, ruling: allowed()}
	for name, c := range map[string]struct {
		was, is world
		runs    []snapshot.Run
	}{
		"one comes before":       {street(2, 6, 8), street(1, 2, 6, 8), []snapshot.Run{{First: 2, Last: 4}}},
		"one comes into a run":   {street(0, 2, 6, 8), street(0, 2, 4, 6, 8), []snapshot.Run{{First: 1, Last: 2}, {First: 4, Last: 5}}},
		"one goes from a run":    {street(0, 2, 6, 8), street(0, 6, 8), []snapshot.Run{{First: 1, Last: 3}}},
		"one between goes":       {street(0, 2, 4, 6, 8), street(0, 2, 6, 8), []snapshot.Run{{First: 1, Last: 4}}},
		"one stands for another": {street(0, 2, 4, 6), street(0, 2, 5, 6), []snapshot.Run{{First: 1, Last: 2}, {First: 4, Last: 4}}},
	} {
		s, err := scene{c.was, c.is, may("account:1", row)}.carry(t)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, name, runsOf(t, s), [][]snapshot.Run{c.runs})
	}
}

// The evidence of rows goes over to the first policy that says the same, in
// whatever order rows come to stand; that of a pivot stays with its own.
func TestEvidenceGoesToTheFirstThatSpeaksAlike(t *testing.T) {
	one, two := policy("thinge", identity, "{1}"), policy("thingf", identity, "{2}")
	said := may("thinge", claimedRow{to: []graph.Ref{"thinge"}, actions: []string{"a:A"}, ruling: allowed(one)},
		claimedRow{to: []graph.Ref{"thingf"}, actions: []string{"a:A"}, ruling: allowed(two)})
	said.pivots = []claimedPivot{{from: claimedFoothold{ref: "thingf"}, to: claimedFoothold{ref: "thinge"}, relation: graph.CanAssume, ruling: allowed(two)}}
	s, err := scene{street(4, 5).with(one, two), street(0, 4, 5).with(policy("thinga", identity, "{2}"), one, two), said}.carry(t)
	if err != nil {
		t.Fatal(err)
	}
	var evidence []graph.Ref
	for row := range s.RowsOf(0) {
		evidence = append(evidence, s.Ref(s.AttachmentTo(row.Ruling.Evidence[0].Attachment)))
	}
	equal(t, "of rows", evidence, []graph.Ref{"thinga", "thinge"})
	equal(t, "of the pivot", s.Ref(s.AttachmentTo(s.Pivot(0).Ruling.Evidence[0].Attachment)), "thingf")
}

// A class of which nothing from abroad is left has no home either.
func TestHomeGoesWithWhatIsAbroad(t *testing.T) {
	said := may("thinga", claimedRow{to: []graph.Ref{"thingb"}, actions: []string{"a:A"}, ruling: allowed()})
	said.parts[0].abroad, said.classes[0].home = true, []graph.Ref{"thinga", "thingc"}
	s, err := scene{street(0, 1, 2), street(0, 2), said}.carry(t)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "sets", s.NumTargetSets(), 0)
	equal(t, "classes", s.NumClasses(), 1)
}

// What stays must not speak of what is gone: that is told, and the resolver
// concludes it anew.
func TestStale(t *testing.T) {
	own, other := policy("thingb", identity, "{1}"), policy("thingc", "l:resource", "{2}")
	from, to := claimedFoothold{ref: "thinga"}, claimedFoothold{ref: "thingb"}
	was := street(0, 1, 2).with(own, other)
	row := claimedRow{to: []graph.Ref{"thingc"}, actions: []string{"a:A"}}
	told := func(r claimedRow, ruling claimedRuling) claims {
		r.ruling = ruling
		return may("thinga", r)
	}
	pivot := func(ruling claimedRuling) claims {
		return claims{pivots: []claimedPivot{{from: from, to: to, relation: graph.CanAssume, ruling: ruling}}}
	}
	for name, c := range map[string]struct {
		is    world
		said  claims
		stale bool
	}{
		"a pivot to what is gone":             {street(0, 2).with(other), pivot(allowed()), true},
		"the evidence of a pivot":             {street(0, 1, 2).with(own), pivot(allowed(other)), true},
		"another document":                    {street(0, 1, 2).with(own, policy("thingc", "l:resource", "{3}")), pivot(allowed(other)), true},
		"an administered scope":               {street(0, 2).with(other), claims{admins: []claimedAdmin{{from: from, scope: "thingb", ruling: allowed()}}}, true},
		"the evidence of a row":               {street(0, 1, 2).with(own), told(row, allowed(other)), true},
		"the last that spoke for a row":       {street(0, 1, 2).with(other), told(row, allowed(own)), true},
		"a row of nothing needs no evidence":  {street(0, 1).with(own), told(row, allowed(other)), false},
		"others go on to speak as they spoke": {was, told(row, allowed(own, other)), false},
	} {
		_, err := scene{was, c.is, c.said}.carry(t)
		equal(t, name, errors.Is(err, snapshot.ErrStale), c.stale)
		if err != nil && !c.stale {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Moves that are not about the two snapshots are refused, and leave what was
// collected as it was.
func TestMovesThatFitNothing(t *testing.T) {
	b, facts := street(0, 1).builder(t)
	if err := b.Conclude(new(snapshot.Conclusions)); err != nil {
		t.Fatal(err)
	}
	keep := snapshot.Keep{From: func(snapshot.Index) bool { return true }}
	for name, m := range map[string]*snapshot.Moves{
		"too few": {Nodes: []snapshot.Index{0}}, "beyond": {Nodes: []snapshot.Index{0, 1, 9}}, "to one place": {Nodes: []snapshot.Index{0, 1, 1}},
	} {
		c := new(snapshot.Conclusions)
		if err := c.Carry(facts, facts, m, keep); !errors.Is(err, snapshot.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Carry(facts, facts, movesOf(facts, facts), keep); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
		if err := c.Carry(facts, facts, movesOf(facts, facts), keep); !errors.Is(err, snapshot.ErrInvalid) {
			t.Errorf("twice: %v", err)
		}
	}
}
