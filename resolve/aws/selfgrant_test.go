package aws

import (
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// administrators are the users and roles of an estate that can be compared, each
// as it is and with a policy of its choice. Some are allowed everything.
func administrators(t *testing.T, r *rand.Rand, e *Estate) (list []*administrator) {
	all, err := statedPolicy([]byte(allowAll), LayerIdentity)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range e.callers() {
		p := *e.principal(node)
		if p.kind > kindRole || p.gone || p.uncollected || p.account.node == snapshot.None {
			continue
		}
		if chance(r, 50) {
			p.identity = append(p.identity[:len(p.identity):len(p.identity)], all)
			p.keepDenies()
		}
		for _, hold := range []graph.Hold{holdOf(e.s.Kind(node)), graph.WithOwnPolicy} {
			list = append(list, &administrator{estate: e, p: &p, hold: hold})
		}
	}
	return list
}

// TestFirstWayIsEnough: whether a gift may lead to everything is told by the
// first way that may, as by the surest.
func TestFirstWayIsEnough(t *testing.T) {
	r := rand.New(rand.NewPCG(52, 5))
	seen := map[bool]int{}
	for range 6 {
		k := draftSketch(r)
		e := k.build(t)
		for _, a := range administrators(t, r, e) {
			for _, g := range a.gifts() {
				ruling, _ := a.after(g, maxGifts)
				got := a.could(g, maxGifts)
				if got != (ruling.Verdict != graph.Denied) {
					t.Fatalf("%s\n%s: %s: got %v, want that of %v", k, a.p.ref, g.action, got, ruling.Verdict)
				}
				seen[got]++
			}
		}
	}
	if seen[true] < 10 || seen[false] < 10 {
		t.Errorf("%v: the draws say too little", seen)
	}
}

// TestComparisonsAreShared: principals that the same documents bound come to the
// same, whatever ceilings ask of who they are.
func TestComparisonsAreShared(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 5))
	shared := 0
	for range 15 {
		k := draftSketch(r)
		e := k.build(t)
		for _, a := range administrators(t, r, e) {
			before := len(e.comparisons.known)
			got, want := a.compared(), a.compare()
			if got.Verdict != want.Verdict || got.Formula != want.Formula {
				t.Fatalf("%s\n%s: got %v %s, want %v %s", k, a.p.ref, got.Verdict, got.Formula, want.Verdict, want.Formula)
			}
			if len(e.comparisons.known) == before {
				shared++
			}
		}
	}
	if shared < 10 {
		t.Errorf("%d comparisons were shared: the draws say too little", shared)
	}
}

// TestResourceCeilingsThatAskWho: a role that a resource control policy forbids
// something does not administer its account, though another role that is bound by
// the same documents does.
func TestResourceCeilingsThatAskWho(t *testing.T) {
	everything := sentence{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
	fence := sentence{Effect: "Deny", Principal: "*", Action: []string{"s3:*"}, Resource: []string{"*"},
		Condition: map[string]map[string][]string{"StringEquals": {"aws:PrincipalTag/team": {"red"}}}}
	k := &sketch{sheets: []sheet{
		{to: "account:" + home, layer: LayerRCP, name: "fence", sentences: []sentence{fence}},
		{to: alice, layer: LayerIdentity, name: "all", sentences: []sentence{everything}},
		{to: amy, layer: LayerIdentity, name: "all", sentences: []sentence{everything}},
	}}
	e := k.build(t)
	for ref, want := range map[graph.Ref]graph.Verdict{amy: graph.Allowed, alice: graph.Denied} {
		node, _ := e.s.Find(ref)
		a := &administrator{estate: e, p: e.principal(node), hold: graph.WithOwnPolicy}
		if got := a.compared().Verdict; got != want {
			t.Errorf("%s: got %v, want %v", ref, got, want)
		}
	}
}
