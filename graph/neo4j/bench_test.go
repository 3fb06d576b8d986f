package neo4j

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// generated makes an estate of n roles in n/100 accounts, each with a policy
// of its own and one that all share, and some conclusions.
func generated(n, day int) func(*snapshot.Snapshot, *snapshot.Builder) error {
	return func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		o := &graph.Origin{Listing: graph.Listing{Service: "iam", Operation: "get-account-authorization-details"},
			File: fmt.Sprintf("2026-01-%02d/iam.json", day), Collector: "generated", At: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)}
		shared := []byte(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
		for i := range n {
			account := graph.Ref(fmt.Sprintf("account:%012d", i/100))
			if i%100 == 0 {
				if err := b.Node(graph.Node{Provider: graph.AWS, Ref: account, Kind: graph.KindAccount, Type: "organizations:account", Origin: o}); err != nil {
					return err
				}
			}
			if err := role(b, i, day, account, o, shared); err != nil {
				return err
			}
		}
		return generatedConclusions(context.Background(), b)
	}
}

func generatedRole(i int) graph.Ref {
	return graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:role/r%d", i/100, i))
}

func role(b *snapshot.Builder, i, day int, account graph.Ref, o *graph.Origin, shared []byte) error {
	ref := generatedRole(i)
	name := fmt.Sprint("r", i)
	if i%1000 == 0 {
		name = fmt.Sprint(name, "-", day) // one in a thousand is another each day
	}
	err := b.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindRole, Type: "iam:role", Name: name, Scope: account, NativeID: fmt.Sprint("AROA", i), Origin: o})
	if err != nil {
		return err
	}
	if err := b.Attach(graph.Attachment{To: ref, Layer: "aws:identity", Policy: "arn:aws:iam::aws:policy/AdministratorAccess", Document: shared, Origin: o}); err != nil {
		return err
	}
	return b.Attach(graph.Attachment{To: ref, Layer: "aws:trust", Policy: ref + "#trust", Inline: true,
		Document: fmt.Appendf(nil, `{"Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, generatedRole(max(0, i-1))), Origin: o})
}

// generatedConclusions let each role be assumed by the one before.
func generatedConclusions(_ context.Context, b *snapshot.Builder) error {
	facts, err := b.Facts()
	if err != nil {
		return err
	}
	c := new(snapshot.Conclusions)
	for i := 1; ; i++ {
		from, _ := facts.Find(generatedRole(i - 1))
		to, ok := facts.Find(generatedRole(i))
		if !ok {
			return b.Conclude(c)
		}
		c.AddPivot(snapshot.Pivot{
			From: snapshot.Foothold{Node: from, Hold: graph.AsSession}, To: snapshot.Foothold{Node: to, Hold: graph.AsSession},
			Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: snapshot.Ruling{Verdict: graph.Allowed},
		})
	}
}

// TestLoad writes a large estate, a later one that differs a little, and opens
// it on an empty disk. CLEW_TEST_NEO4J_LOAD is the number of roles; 3,000 where
// it is unset.
func TestLoad(t *testing.T) {
	s := fresh(t, nil)
	defer s.Close()
	n := 3000
	if text := os.Getenv("CLEW_TEST_NEO4J_LOAD"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	for day := 1; day <= 2; day++ {
		start := time.Now()
		publish(t, s, "", generated(n, day))
		took := time.Since(start)
		nodes := counted(t, s, "MATCH (x:Versioned {from: $d}) RETURN count(x)", parameters{"d": day})
		relations := counted(t, s, "MATCH ()-[x]->() WHERE x.from = $d RETURN count(x)", parameters{"d": day})
		t.Logf("day %d: %d nodes and %d relations in %v: %.0f a second", day, nodes, relations, took.Round(time.Millisecond), float64(nodes+relations)/took.Seconds())
	}
	empty := opened(t, func(o *Options) { o.Conclude = generatedConclusions })
	defer empty.Close()
	start := time.Now()
	got := compiled(t, empty, "", "")
	took := time.Since(start)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("rebuilt %d bytes in %v; %d MB from the system", len(got), took.Round(time.Millisecond), memory.Sys>>20)
	if !bytes.Equal(got, compiled(t, s, "", "")) {
		t.Error("the rebuilt file differs from the published one")
	}
}
