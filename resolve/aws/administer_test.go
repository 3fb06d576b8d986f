package aws

import (
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
)

const allowAll = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`

// compareEvery is compare without leaving any action out.
func (a *administrator) compareEvery() snapshot.Ruling {
	c, lists := a.comparison()
	for _, text := range first {
		c.each(a.probesOf(parseAction(text), lists))
	}
	for id := range reference.ActionID(reference.NumActions()) {
		if c.each(a.probesOf(actionOf(id), lists)); c.ruling.Verdict == graph.Denied {
			return snapshot.Ruling{}
		}
	}
	return c.ruling
}

// TestComparedActionsAreEnough: actions that are left out would change no
// verdict, whatever ceilings there are and whatever else the principal has.
func TestComparedActionsAreEnough(t *testing.T) {
	all, err := statedPolicy([]byte(allowAll), LayerIdentity)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(51, 5))
	seen := map[graph.Verdict]int{}
	for range 40 {
		k := draftSketch(r)
		e := k.build(t)
		for _, node := range e.callers() {
			p := *e.principal(node)
			if p.kind > kindRoot || p.gone || p.uncollected || p.account.node == snapshot.None || !chance(r, 30) {
				continue
			}
			p.identity = append(p.identity[:len(p.identity):len(p.identity)], all)
			p.keepDenies()
			a := &administrator{estate: e, p: &p, hold: holdOf(e.s.Kind(node))}
			got, want := a.compare(), a.compareEvery()
			if got.Verdict != want.Verdict || got.Formula != want.Formula {
				t.Fatalf("%s\n%s: got %v %s, want %v %s", k, p.ref, got.Verdict, got.Formula, want.Verdict, want.Formula)
			}
			seen[got.Verdict]++
		}
	}
	t.Logf("%v", seen)
	if seen[graph.Allowed] < 5 || seen[graph.Conditional]+seen[graph.Unknown] < 5 {
		t.Errorf("verdicts %v: the draws say too little", seen)
	}
}

// TestCeilingsThatAskWho: an action is not left out where a ceiling forbids it to
// some callers of the account.
func TestCeilingsThatAskWho(t *testing.T) {
	everything := sentence{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
	for key, value := range map[string]string{
		"aws:PrincipalArn": "*:user/alice", "aws:userid": "AIDA1", "aws:PrincipalType": "User", "aws:PrincipalTag/team": "red",
		"aws:RequestedRegion": "", "aws:SourceIp": "",
	} {
		fence := sentence{Effect: "Deny", Action: []string{"glacier:DeleteVault"}, Resource: []string{"*"}, Condition: map[string]map[string][]string{"StringLike": {key: {value}}}}
		for _, own := range [][]sentence{{everything}, {everything, {Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: []string{data + "/*"}}}} {
			k := &sketch{sheets: []sheet{
				{to: "root", layer: LayerSCP, name: "full", sentences: []sentence{everything}}, {to: "unit", layer: LayerSCP, name: "full", sentences: []sentence{everything}},
				{to: "account:" + home, layer: LayerSCP, name: "full", sentences: []sentence{everything}}, {to: "root", layer: LayerSCP, name: "fence", sentences: []sentence{fence}},
				{to: alice, layer: LayerIdentity, name: "all", sentences: own},
			}}
			e := k.build(t)
			node, _ := e.s.Find(alice)
			got := (&administrator{estate: e, p: e.principal(node)}).compare().Verdict
			if asks := value != ""; asks == (got == graph.Allowed) {
				t.Errorf("a ceiling that tests %s: %v", key, got)
			}
		}
	}
}
