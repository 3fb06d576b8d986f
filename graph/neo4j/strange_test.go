package neo4j

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// strange holds every sort of fact, and text that no string of Neo4j holds.
func strange(_ *snapshot.Snapshot, b *snapshot.Builder) error {
	o := func(file string, at time.Time) *graph.Origin {
		return &graph.Origin{Listing: graph.Listing{Scope: "acc", Region: "eu", Service: "iam", Operation: "op", Subject: "s"},
			File: file, Collector: "hand", At: at}
	}
	early, late := time.Date(1999, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	long := graph.Ref("arn:" + strings.Repeat("é", 9000))
	binary := "\xff\x00\xfe name"
	return errors.Join(
		b.Node(graph.Node{Provider: graph.AWS, Ref: "acc", Kind: graph.KindAccount, Type: "iam:account", Origin: o("a\xffb.json", early)}),
		b.Node(graph.Node{Provider: graph.AWS, Ref: long, Kind: graph.KindUser, Type: "iam:user", Name: binary, Scope: "acc", NativeID: "AIDA",
			Tags:  []graph.Tag{{Key: `k=\`, Value: "v=w"}, {Key: "", Value: ""}, {Key: "k", Value: "1"}, {Key: "k", Value: "2"}},
			Attrs: []graph.Attr{{Key: "a\xff", Value: "base64:AA=="}}, Origin: o("b.json", late)}),
		b.Node(graph.Node{Provider: graph.AWS, Ref: long, Kind: graph.KindUser, Mentioned: true, Origin: o("c.json", late)}),
		b.Node(graph.Node{Provider: graph.AWS, Ref: long, Kind: graph.KindUser, Mentioned: true, Origin: o("c.json", early)}),
		b.Node(graph.Node{Provider: "other", Ref: "base64:no base64", Kind: graph.KindResource, Type: "access:class", Name: "</script>`'\"$(x)"}),
		b.Node(graph.Node{Provider: "other", Ref: "thing", Kind: graph.KindResource, Type: "s3:bucket", Scope: "nowhere"}),
		b.Edge(graph.Edge{From: long, To: "group that nobody describes", Relation: graph.MemberOf, Attrs: []graph.Attr{{Key: "x", Value: "y"}}, Origin: o("b.json", late)}),
		b.Edge(graph.Edge{From: "acc", To: "thing", Relation: graph.Contains, Origin: o("b.json", late)}),
		b.Edge(graph.Edge{From: "acc", To: "thing", Relation: graph.Contains, Origin: o("c.json", early)}),
		b.Attach(graph.Attachment{To: long, Layer: "aws:identity", Policy: "p", Name: "p", Version: "v1", Document: []byte(`{"a":1}`), Pointer: "/x/0", Origin: o("b.json", late)}),
		b.Attach(graph.Attachment{To: long, Layer: "aws:identity", Policy: "p", Pointer: "/y", Origin: o("c.json", late)}),
		b.Attach(graph.Attachment{To: "thing", Layer: "aws:resource", Policy: "q", Inline: true, Document: []byte{}}),
		b.Attach(graph.Attachment{To: "thing", Layer: "aws:resource", Policy: "r", Document: []byte("\xff\xfe")}),
		b.Attach(graph.Attachment{To: "not there", Layer: "aws:resource", Policy: "s"}),
		b.Cover(graph.Coverage{Listing: o("", early).Listing, Status: graph.Failed, Reason: graph.ReasonThrottled, Detail: "twice\nand again",
			Affects: []graph.LayerID{"aws:scp", "aws:rcp"}, Of: "of", Origin: o("b.json", late)}),
		b.Cover(graph.Coverage{Listing: o("", early).Listing, Status: graph.NoneExists, Origin: o("c.json", late)}),
		b.Cover(graph.Coverage{Status: graph.NotAsked}),
	)
}

func TestRebuildStrange(t *testing.T) {
	first := fresh(t, nil)
	defer first.Close()
	publish(t, first, "s", strange)
	publish(t, first, "s-2", oneMore) // its rows must not get in the way
	want := compiled(t, first, "s", "")
	second := opened(t, nil)
	defer second.Close()
	if got := compiled(t, second, "s", ""); !bytes.Equal(got, want) {
		t.Errorf("rebuilt %d bytes that are not the %d published", len(got), len(want))
	}
	// A type that looks like a label of ours makes no label, and dangling ends
	// are no nodes of a class.
	for match, want := range map[string]int{
		"(n:AccessClass)":                      0,
		"(n:Resource:S3Bucket {ref: 'thing'})": 1,
		"(n:Dangling)":                         3,
		"(n:Principal)":                        1,
		"(n:Superseded)":                       2,
		"(:Policy)-[n:ATTACHED_TO]->()":        4,
		"(:Scope)-[n:CONTAINS]->(:Resource {ref: 'thing'})": 1,
	} {
		if got := counted(t, second, "MATCH "+match+" WHERE n.uid STARTS WITH 's/' RETURN count(n)", nil); got != want {
			t.Errorf("%s: %d, want %d", match, got, want)
		}
	}
}

// written counts the rows that a snapshot began or ended, by label or type.
func written(t *testing.T, s *Store, number int) []string {
	t.Helper()
	with := parameters{"n": number}
	nodes := query(t, s, "MATCH (n:Versioned) WHERE n.from = $n OR n.to = $n RETURN [l IN labels(n) WHERE l <> 'Versioned'][0], n.to IS NOT NULL, count(*)", with)
	return append(nodes, query(t, s, "MATCH ()-[n]->() WHERE n.from = $n OR n.to = $n RETURN type(n), n.to IS NOT NULL, count(*)", with)...)
}

// Only what differs is written: a later collection from other files changes
// where facts were read, and nothing else.
func TestDifferencesOnly(t *testing.T) {
	s := fresh(t, nil)
	defer s.Close()
	collected := func(day, users int, name string) func(*snapshot.Snapshot, *snapshot.Builder) error {
		return func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
			o := &graph.Origin{Listing: graph.Listing{Scope: "acc", Service: "iam", Operation: "list"},
				File: fmt.Sprintf("2026-01-%02d/iam.json", day), At: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)}
			err := b.Node(graph.Node{Provider: graph.AWS, Ref: "acc", Kind: graph.KindAccount, Type: "iam:account", Origin: o})
			for i := range users {
				u := graph.Ref(fmt.Sprint("user", i))
				err = errors.Join(err, b.Node(graph.Node{Provider: graph.AWS, Ref: u, Kind: graph.KindUser, Name: string(u), Scope: "acc", Origin: o}),
					b.Attach(graph.Attachment{To: u, Layer: "l", Policy: "p", Name: name, Document: []byte("{}"), Origin: o}))
			}
			return err
		}
	}
	publish(t, s, "", collected(1, 50, "n"))
	for i, step := range []struct {
		next func(*snapshot.Snapshot, *snapshot.Builder) error
		want []string
	}{
		{collected(2, 50, "n"), []string{"Origin false 1", "Origin true 1"}},
		{collected(2, 51, "n"), []string{"Principal false 1", "ATTACHED_TO false 1", "CONTAINS false 1"}},
		{collected(2, 50, "n"), []string{"Principal true 1", "ATTACHED_TO true 1", "CONTAINS true 1"}},
		{collected(2, 50, "m"), []string{"Policy false 1", "Policy true 1", "ATTACHED_TO false 50", "ATTACHED_TO true 50"}},
	} {
		publish(t, s, "", step.next)
		if got := written(t, s, i+2); !slices.Equal(got, step.want) {
			t.Errorf("snapshot %d wrote %v, want %v", i+2, got, step.want)
		}
	}
}

func TestPruned(t *testing.T) {
	s := fresh(t, nil)
	defer s.Close()
	var ids []string
	for range 4 {
		ids = append(ids, publish(t, s, "", oneMore).ID)
	}
	if n := counted(t, s, "MATCH (n:Versioned) WHERE n.to <= 3 RETURN count(n)", nil); n != 0 {
		t.Errorf("%d nodes are left that no kept snapshot has", n)
	}
	empty := opened(t, func(o *Options) { o.Conclude = everybody })
	defer empty.Close()
	for i, id := range ids {
		snap, _, err := empty.Open(t.Context(), "", id)
		if i < 2 && !errors.Is(err, graph.ErrSnapshotGone) {
			t.Errorf("snapshot %d on an empty disk: %v", i+1, err)
		}
		if i >= 2 {
			check(t, snap, i+1, err)
		}
		kept, _, err := s.Open(t.Context(), "", id)
		check(t, kept, i+1, err)
	}
	if err := s.Delete(t.Context(), "", ids[2]); err != nil {
		t.Fatal(err)
	}
	if n := counted(t, s, "MATCH (n:Versioned) WHERE n.to IS NOT NULL RETURN count(n)", nil); n != 0 {
		t.Errorf("%d nodes are left that only the deleted snapshot had", n)
	}
}

// Somebody who changes facts in the server is found out, not believed.
func TestTampered(t *testing.T) {
	s := fresh(t, nil)
	defer s.Close()
	publish(t, s, "", oneMore)
	for _, cypher := range []string{
		"MATCH (n:Principal {ref: 'user0'}) SET n.name = 'eve'",
		"MATCH (n:Principal {ref: 'user0'}) SET n.tags = [1]",
		"MATCH (n:Principal {ref: 'user0'}) SET n.origins = ['none']",
		"MATCH (n:Principal {ref: 'user0'}) DETACH DELETE n",
	} {
		query(t, s, cypher, nil)
		empty := opened(t, func(o *Options) { o.Conclude = everybody })
		if _, _, err := empty.Open(t.Context(), "", ""); !errors.Is(err, graph.ErrUnavailable) {
			t.Errorf("after %s: %v", cypher, err)
		}
		empty.Close()
	}
}

func check(t *testing.T, snap *snapshot.Snapshot, nodes int, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if err := snap.Verify(); err != nil {
		t.Fatal(err)
	}
	if snap.NumNodes() != nodes || snap.NumPivots() != nodes {
		t.Fatalf("%d nodes and %d pivots, want %d", snap.NumNodes(), snap.NumPivots(), nodes)
	}
	for i := range nodes {
		if _, ok := snap.Find(ref(i)); !ok {
			t.Fatalf("user %d is lost", i)
		}
	}
}
