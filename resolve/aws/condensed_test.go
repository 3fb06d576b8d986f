package aws

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// rowsOn are the rows that a caller has on a holding, as text, and how many
// things they were worked out on.
func rowsOn(e *Estate, f snapshot.Foothold, h *holding, whole bool) (rows []string, things int) {
	c := &caster{whole: whole}
	c.caller(e, f)
	c.rows(h, func(row snapshot.AccessRow) {
		for _, to := range row.To {
			rows = append(rows, fmt.Sprintf("%d %v %q %q %+v", to, row.Actions, row.Include, row.Exclude, row.Ruling))
		}
	})
	slices.Sort(rows)
	return rows, len(c.h.things)
}

// TestCondensed: on an axis on which one thing stands for all that are alike,
// everybody may do what everybody may do on the whole one.
func TestCondensed(t *testing.T) {
	r := rand.New(rand.NewPCG(70, 3))
	condensed, several, compared := 0, 0, 0
	for range 60 {
		k := draftSketch(r)
		e := k.buildTwins(t, 24)
		e.lending()
		for _, h := range e.common.holdings {
			for _, node := range e.callers() {
				p := e.principal(node)
				if p.kind > kindExternal || !h.open(p, holdOf(e.s.Kind(node))) {
					continue
				}
				want, all := rowsOn(e, e.foothold(node), h, true)
				got, few := rowsOn(e, e.foothold(node), h, false)
				if !slices.Equal(got, want) {
					t.Fatalf("%s\n%s on %s and %d more: got %q, want %q", k, p.ref, h.refs[0], len(h.refs)-1, got, want)
				}
				compared += len(want)
				if few < all {
					condensed++
				}
				if few < all && few > 1 {
					several++
				}
			}
		}
	}
	t.Logf("%d rows compared; %d condensed axes, %d of them with several things", compared, condensed, several)
	if compared < 1000 || condensed < 200 || several < 50 {
		t.Error("the draws say too little")
	}
}

// TestCondensedByName: a policy that names one of many things that are alike
// reaches that one, and what others may do to all stays what it is.
func TestCondensedByName(t *testing.T) {
	public := sentence{Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: []string{data + "/*"}, Principal: "*"}
	reads := func(to graph.Ref, resource string) sheet {
		return sheet{to: to, layer: LayerIdentity, name: "reads", sentences: []sentence{{Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: []string{resource}}}}
	}
	k := &sketch{sheets: []sheet{
		{to: data, layer: LayerResource, name: "public", sentences: []sentence{public}}, reads(bob, data+"-005/x*"), reads(bea, "*"),
	}}
	e := k.buildTwins(t, 40)
	taken := takeClasses(e, footholdsOf(e))
	named, other := mustFind(t, e, data+"-005"), mustFind(t, e, data+"-006")
	for _, class := range taken.classes {
		rows := taken.access(class)
		for _, member := range class.Members {
			ref := e.s.Ref(member.Node)
			if ref != bob && ref != bea {
				continue
			}
			if n := len(rowOf(rows, named, "s3:GetObject")); n != 1 {
				t.Errorf("%s: %d rows to the bucket that is named", ref, n)
			}
			if n := len(rowOf(rows, other, "s3:GetObject")); (n == 1) != (ref == bea) {
				t.Errorf("%s: %d rows to another bucket", ref, n)
			}
		}
	}
}

// TestCondensedByTag: things that only their tags tell apart are not one where
// a policy asks for tags, be it their own or the caller's.
func TestCondensedByTag(t *testing.T) {
	const wanted = `"Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}`
	for name, conditions := range map[string][2]string{"of the things": {wanted, ""}, "of the caller": {"", wanted}} {
		e := taggedQueues(t, conditions[0], conditions[1])
		taken := takeClasses(e, []snapshot.Foothold{e.foothold(mustFind(t, e, bob))})
		rows := taken.access(taken.classes[0])
		for i := range manyQueues {
			node := mustFind(t, e, queueNumber(i))
			if n := len(rowOf(rows, node, "sqs:SendMessage")); (n == 1) != (i%3 == 0) {
				t.Errorf("tests %s: %d rows to queue %d", name, n, i)
			}
		}
	}
}

const manyQueues = 30

func queueNumber(i int) graph.Ref {
	return graph.Ref(fmt.Sprintf("arn:aws:sqs:eu-west-1:%s:queue-%02d", home, i))
}

// taggedQueues are queues of an account, every third one of team red, lent to
// everyone, and a user of another account who may send to any, under conditions.
func taggedQueues(t *testing.T, onQueue, onUser string) *Estate {
	t.Helper()
	b := snapshot.NewBuilder()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	statement := func(rest, condition string) []byte {
		if condition != "" {
			rest += "," + condition
		}
		return []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:SendMessage",` + rest + `}}`)
	}
	for _, id := range []string{home, away} {
		must(b.Node(graph.Node{Provider: graph.AWS, Ref: AccountRef(id), Kind: graph.KindAccount, Type: "organizations:account"}))
	}
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: bob, Kind: graph.KindUser, Type: "iam:user", Scope: AccountRef(away)}))
	must(b.Attach(graph.Attachment{To: bob, Layer: LayerIdentity, Policy: "p", Document: statement(`"Resource":"*"`, onUser)}))
	for i := range manyQueues {
		ref, team := queueNumber(i), "blue"
		if i%3 == 0 {
			team = "red"
		}
		must(b.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindResource, Type: "sqs:queue", Scope: AccountRef(home), Tags: []graph.Tag{{Key: "team", Value: team}}}))
		must(b.Attach(graph.Attachment{To: ref, Layer: LayerResource, Policy: ref + "#policy", Document: statement(`"Principal":"*","Resource":"*"`, onQueue)}))
	}
	facts, err := b.Facts()
	must(err)
	return NewEstate(facts)
}
