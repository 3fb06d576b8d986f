package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// drawCoverage is an account with a role and a bucket, of which this and that came.
func drawCoverage(t *testing.T, r *rand.Rand) *snapshot.Snapshot {
	t.Helper()
	b := snapshot.NewBuilder()
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	o := origin("list-things", "things.json")
	for _, n := range []graph.Node{node(account, graph.KindAccount, "organizations:account", "prod", o), node(deploy, graph.KindRole, "iam:role", "deploy", o), node(bucket, graph.KindResource, "s3:bucket", "logs", o)} {
		if n.Ref == account {
			n.Scope = ""
		}
		do(b.Node(n))
	}
	if r.IntN(2) == 0 {
		do(b.Attach(graph.Attachment{To: bucket, Layer: "aws:resource", Policy: "p", Name: "p", Document: []byte(`{}`), Origin: o}))
	}
	for i := range r.IntN(6) {
		c := graph.Coverage{Listing: listing(fmt.Sprint("operation-", i)), Status: []graph.Status{graph.NotAsked, graph.Collected, graph.NoneExists, graph.Failed}[r.IntN(4)], Origin: o}
		if c.Status == graph.Failed {
			c.Reason, c.Detail = graph.ReasonAccessDenied, fmt.Sprint("refused ", i)
		}
		c.Of = []graph.Ref{"", deploy, bucket}[r.IntN(3)]
		for _, layer := range []graph.LayerID{"aws:resource", "aws:trust"} {
			if r.IntN(2) == 0 {
				c.Affects = append(c.Affects, layer)
			}
		}
		do(b.Cover(c))
	}
	s, err := b.Facts()
	do(err)
	return s
}

// TestCoverageIsLookedUp: what is asked about one node or layer is what all of
// the coverage says.
func TestCoverageIsLookedUp(t *testing.T) {
	r, failed, asked, listings := rand.New(rand.NewPCG(3, 5)), 0, 0, 0
	for range 400 {
		s := drawCoverage(t, r)
		for i := range snapshot.Index(s.NumNodes()) {
			if got, want := s.HasAttachments(i), len(s.Attachments(i)) > 0; got != want {
				t.Fatalf("%s has attachments: %t, want %t", s.Ref(i), got, want)
			}
			for _, layer := range []graph.LayerID{"aws:resource", "aws:trust"} {
				about := slices.DeleteFunc(s.CoverageOf(i), func(c graph.Coverage) bool { return !slices.Contains(c.Affects, layer) })
				at := slices.IndexFunc(about, func(c graph.Coverage) bool { return c.Status == graph.Failed })
				got, ok := s.FailureOf(i, layer)
				if ok != (at >= 0) || ok && !reflect.DeepEqual(got, about[at]) {
					t.Fatalf("%s, %s: %+v failed (%t), want one of %+v", s.Ref(i), layer, got, ok, about)
				}
				want := slices.ContainsFunc(about, func(c graph.Coverage) bool { return c.Status != graph.NotAsked })
				if got := s.Asked(i, layer); got != want {
					t.Fatalf("%s, %s was asked for: %t, want %t", s.Ref(i), layer, got, want)
				}
				if ok {
					failed++
				}
				if want {
					asked++
				}
			}
		}
		var want []graph.Listing
		for _, c := range s.Coverage() {
			if c.Status == graph.Collected || c.Status == graph.NoneExists {
				want = append(want, c.Listing)
			}
		}
		if got := slices.Collect(s.Listed()); !slices.Equal(got, want) {
			t.Fatalf("listed is %v, want %v", got, want)
		}
		listings += len(want)
	}
	if failed < 100 || asked < 200 || listings < 200 {
		t.Errorf("%d failures, %d layers asked for, %d listings: the draws say too little", failed, asked, listings)
	}
}
