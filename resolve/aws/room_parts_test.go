package aws

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// thingsByType are the things of an account that one variable could stand for.
func thingsByType(e *Estate) map[string]*escalate.Things {
	lists := map[string]*escalate.Things{}
	for _, x := range roomThings {
		if node, ok := e.s.Find(graph.Ref(homely(x.arn))); ok && e.ownerOf(node) != away {
			if lists[x.typ] == nil {
				lists[x.typ] = &escalate.Things{}
			}
			lists[x.typ].Nodes = append(lists[x.typ].Nodes, node)
		}
	}
	return lists
}

// TestPartsAgree: answers about the things of a part are equally sure, and what
// is not tried at all is denied.
func TestPartsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 9))
	c := &partsCheck{t: t}
	for range 150 {
		e := roomEstate(t, r)
		room := e.Room(bothKinds()).(*room)
		for typ, list := range thingsByType(e) {
			for _, f := range roomFootholds(e) {
				c.check(e, room.Asker(f).(*asker), f, typ, list)
			}
		}
	}
	if c.together < 20000 || c.untried < 5000 || c.inside < 300 || c.unreached < 1000 {
		t.Errorf("%d things stood together, %d of them asked about a part, %d questions were not tried, %d things were not reached: the draws say too little",
			c.together, c.inside, c.untried, c.unreached)
	}
}

type partsCheck struct {
	t *testing.T

	together, untried, inside, unreached int
}

func (c *partsCheck) check(e *Estate, a *asker, f snapshot.Foothold, typ string, list *escalate.Things) {
	for k := range roomKinds {
		kind := &a.list[k]
		c.one(e, a, f, escalate.Asking{Kind: kind}, list)
		if typ == "s3:bucket" && kind.Action == "s3:GetObject" {
			c.one(e, a, f, escalate.Asking{Kind: kind, Part: "object"}, list)
		}
	}
}

func (c *partsCheck) one(e *Estate, a *asker, f snapshot.Foothold, asking escalate.Asking, list *escalate.Things) {
	var verdicts []graph.Verdict
	for _, node := range list.Nodes {
		verdicts = append(verdicts, c.ask(e, a, f, asking, node))
	}
	parts, ok := a.Parts([]escalate.Asking{asking}, list)
	for _, part := range parts {
		c.equal(f, asking, verdicts, part)
	}
	if !ok {
		return
	}
	for i, v := range verdicts {
		if slices.ContainsFunc(parts, func(part []int) bool { return slices.Contains(part, i) }) {
			continue
		}
		c.unreached++
		if v != graph.Denied {
			c.t.Fatalf("%v %s %q: %v of %d, and it is in no part", f, asking.Kind.Action, asking.Part, verdicts, i)
		}
	}
}

// ask decides one question alone.
func (c *partsCheck) ask(e *Estate, a *asker, f snapshot.Foothold, asking escalate.Asking, node snapshot.Index) graph.Verdict {
	k, on := asking.Kind, string(e.s.Ref(node))
	if asking.Part != "" {
		on += "/" + asking.Part
	}
	ruling, err := e.Rule(policy.Question{Principal: e.s.Ref(f.Node), Hold: f.Hold, Action: k.Action, Resource: on, Context: k.Context, Given: k.Given})
	if err != nil {
		c.t.Fatal(err)
	}
	if tried, _ := a.Tried(); !tried.Has(k.Number) {
		c.untried++
		if ruling.Verdict != graph.Denied {
			c.t.Fatalf("%v %s on %s is %v, and would not be tried", f, k.Action, on, ruling.Verdict)
		}
	}
	return ruling.Verdict
}

func (c *partsCheck) equal(f snapshot.Foothold, asking escalate.Asking, verdicts []graph.Verdict, part []int) {
	for _, i := range part[1:] {
		c.together++
		if asking.Part != "" {
			c.inside++
		}
		if verdicts[i] != verdicts[part[0]] {
			c.t.Fatalf("%v %s %q: %v of one, %v of another of a part", f, asking.Kind.Action, asking.Part, verdicts[part[0]], verdicts[i])
		}
	}
}
