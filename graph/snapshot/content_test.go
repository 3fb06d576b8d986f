package snapshot_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

func hashOf(t testing.TB, facts ...fact) string {
	t.Helper()
	return frozen(t, build(t, facts...)).ContentHash()
}

func TestContentHashStaysTheSame(t *testing.T) {
	want := hashOf(t, small("iam.json", "s3.json")...)
	shuffled := small("iam.json", "s3.json")
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		equal(t, "in another order", hashOf(t, shuffled...), want)
	}
	equal(t, "twice", hashOf(t, append(small("iam.json", "s3.json"), small("iam.json", "s3.json")...)...), want)
	equal(t, "twice, byte for byte", written(t, build(t, append(small("a", "b"), small("a", "b")...)...)), written(t, build(t, small("a", "b")...)))
	equal(t, "split over other files", hashOf(t, append(small("1", "2"), small("3", "4")...)...), want)
	equal(t, "at another time by another collector", hashOf(t, retold(small("iam.json", "s3.json"))...), want)
	b := build(t, small("iam.json", "s3.json")...)
	equal(t, "from a file", opened(t, b).ContentHash(), want)
}

// A retelling passes facts on with another time and collector.
type retelling struct{ graph.Sink }

func (r retelling) Node(n graph.Node) error {
	o := *n.Origin
	o.At, o.Collector = time.Time{}, "another"
	n.Origin = &o
	return r.Sink.Node(n)
}

func retold(facts []fact) []fact {
	for i, put := range facts {
		facts[i] = func(s graph.Sink) error { return put(retelling{s}) }
	}
	return facts
}

func TestContentHashChanges(t *testing.T) {
	base := hashOf(t, small("a", "b")...)
	o := origin("get-account-authorization-details", "a")
	for name, more := range map[string]fact{
		"a node":                 putNode(node(alice+"2", graph.KindUser, "iam:user", "alice2", o)),
		"an edge":                putEdge(graph.Edge{From: alice, To: deploy, Relation: graph.RunsAs, Origin: o}),
		"a document":             putPolicy(graph.Attachment{To: staff, Layer: "aws:identity", Policy: "p", Document: []byte("{}"), Origin: o}),
		"coverage":               putCover(graph.Coverage{Listing: listing("list-buckets"), Status: graph.NoneExists}),
		"a listing that says so": putEdge(graph.Edge{From: alice, To: staff, Relation: graph.MemberOf, Origin: origin("list-groups-for-user", "a")}),
	} {
		if hashOf(t, append(small("a", "b"), more)...) == base {
			t.Errorf("%s more changes nothing", name)
		}
	}
	b := build(t, small("a", "b")...)
	conclude(t, b)
	if opened(t, b).ContentHash() == base {
		t.Error("conclusions change nothing")
	}
}

func TestOrderOfConclusionsIsFree(t *testing.T) {
	one, two := build(t, small("a", "b")...), build(t, small("a", "b")...)
	in := conclude(t, one)
	in.Pivots[0], in.Pivots[1] = in.Pivots[1], in.Pivots[0]
	in.Pivots = append(in.Pivots, in.Pivots[0])
	in.Classes[0], in.Classes[1] = in.Classes[1], in.Classes[0]
	in.Access[0].Class = 0
	in.Access[0].Actions = []string{"s3:DeleteObject", "s3:GetObject", "s3:GetObject"}
	frozen(t, two)
	if err := two.Conclude(in.conclusions()); err != nil {
		t.Fatal(err)
	}
	equal(t, "hash", opened(t, two).ContentHash(), opened(t, one).ContentHash())
	equal(t, "bytes", written(t, two), written(t, one))
}

func TestConflictsNameBothFiles(t *testing.T) {
	one, two := origin("get-account-authorization-details", "one.json"), origin("get-account-authorization-details", "two.json")
	user := node(alice, graph.KindUser, "iam:user", "alice", one)
	other := user
	other.Name, other.Origin = "mallory", two
	edge := graph.Edge{From: alice, To: staff, Relation: graph.MemberOf, Origin: one}
	policy := graph.Attachment{To: alice, Layer: "aws:identity", Policy: "p", Document: []byte("{}"), Origin: one}
	otherEdge, otherPolicy := edge, policy
	otherEdge.Attrs, otherEdge.Origin = []graph.Attr{{Key: "k", Value: "v"}}, two
	otherPolicy.Document, otherPolicy.Origin = []byte("[]"), two
	for _, c := range []struct {
		a, b  fact
		what  string
		field string
	}{
		{putNode(user), putNode(other), "node", "names"},
		{putEdge(edge), putEdge(otherEdge), "edge", "attributes"},
		{putPolicy(policy), putPolicy(otherPolicy), "attachment", "documents"},
	} {
		_, err := build(t, c.a, c.b).Facts()
		var conflict *snapshot.ConflictError
		if !errors.As(err, &conflict) || !errors.Is(err, snapshot.ErrConflict) {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		files := map[string]bool{conflict.Files[0]: true, conflict.Files[1]: true}
		equal(t, c.what+" files", files, map[string]bool{"one.json": true, "two.json": true})
		equal(t, "what, ref and field", []any{conflict.What, conflict.Ref, conflict.Field}, []any{c.what, alice, c.field})
	}
}

func TestMoreIsSaidByADescription(t *testing.T) {
	o := origin("get-account-authorization-details", "a")
	bare := node(deploy, graph.KindRole, "iam:role", "", o)
	bare.Mentioned = true
	named := bare
	named.Name = "deploy"
	full := node(deploy, graph.KindRole, "iam:role", "Deploy", o)
	policy := graph.Attachment{To: deploy, Layer: "aws:identity", Policy: "p", Name: "p", Origin: o}
	with := policy
	with.Document = []byte("{}")
	s := frozen(t, build(t, putNode(bare), putNode(full), putNode(named), putPolicy(with), putPolicy(policy)))
	equal(t, "nodes", s.NumNodes(), 1)
	equal(t, "described", s.Name(0), "Deploy")
	equal(t, "attachments", s.NumAttachments(), 1)
	equal(t, "document", string(s.Attachment(0).Document), "{}")
	s = frozen(t, build(t, putNode(bare), putNode(named)))
	equal(t, "fuller mention", s.Name(0), "deploy")
}

func TestFactsThatNoSnapshotHolds(t *testing.T) {
	b := snapshot.NewBuilder()
	for name, err := range map[string]error{
		"no ref":        b.Node(graph.Node{Provider: graph.AWS, Kind: graph.KindUser}),
		"no provider":   b.Node(graph.Node{Ref: alice, Kind: graph.KindUser}),
		"no kind":       b.Node(graph.Node{Provider: graph.AWS, Ref: alice, Kind: "Robot"}),
		"half an edge":  b.Edge(graph.Edge{From: alice, Relation: graph.MemberOf}),
		"a conclusion":  b.Edge(graph.Edge{From: alice, To: deploy, Relation: graph.CanAssume}),
		"no layer":      b.Attach(graph.Attachment{To: alice}),
		"no such state": b.Cover(graph.Coverage{Status: 9}),
	} {
		if !errors.Is(err, snapshot.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	frozen(t, b)
	if err := b.Cover(graph.Coverage{}); !errors.Is(err, snapshot.ErrInvalid) {
		t.Errorf("after Facts: %v", err)
	}
}

// A collection that replaces one listing by the same must give what was there;
// one that replaces it by nothing must leave what other listings said.
func TestCarryForward(t *testing.T) {
	all := append(small("iam.json", "s3.json"),
		putNode(node(alice, graph.KindUser, "iam:user", "alice", origin("x", "x"))))[:13]
	last := opened(t, build(t, all...))
	isS3 := func(l graph.Listing) bool { return l.Operation == "get-bucket-policy" }
	next := snapshot.NewBuilder()
	if err := next.CarryForward(last, isS3); err != nil {
		t.Fatal(err)
	}
	gone := frozen(t, next)
	equal(t, "bucket is gone", has(gone.Find(bucket)), false)
	equal(t, "nodes", gone.NumNodes(), last.NumNodes()-1)
	equal(t, "coverage", len(gone.Coverage()), 1)
	equal(t, "age", gone.Node(find(t, gone, alice)).Origin.At, time.Unix(1700000000, 5).UTC())

	again := snapshot.NewBuilder()
	again.CarryForward(last, isS3)
	b := origin("get-bucket-policy", "s3.json")
	again.Node(node(bucket, graph.KindResource, "s3:bucket", "logs", b))
	again.Cover(graph.Coverage{Listing: b.Listing, Status: graph.Failed, Reason: graph.ReasonAccessDenied,
		Detail: "s3.json could not be read", Affects: []graph.LayerID{"aws:resource"}, Of: bucket, Origin: b})
	equal(t, "replaced by the same", frozen(t, again).ContentHash(), last.ContentHash())
	equal(t, "with the same bytes", written(t, again), written(t, build(t, all...)))
}

// What two listings say stays while one of them stays, and a mention that a
// description had covered comes back when the description goes.
func TestCarryForwardKeepsWhatElseWasSaid(t *testing.T) {
	a, b := origin("a", "a"), origin("b", "b")
	mention := node(vendor, graph.KindAccount, "", "", a)
	mention.Mentioned = true
	last := frozen(t, build(t,
		putNode(node(staff, graph.KindGroup, "iam:group", "staff", a)), putNode(node(staff, graph.KindGroup, "iam:group", "staff", b)),
		putNode(mention), putNode(node(vendor, graph.KindAccount, "", "Vendor", b)),
		putPolicy(graph.Attachment{To: staff, Layer: "l", Policy: "p", Origin: a}),
		putPolicy(graph.Attachment{To: staff, Layer: "l", Policy: "p", Document: []byte("{}"), Origin: b})))
	next := snapshot.NewBuilder()
	if err := next.CarryForward(last, func(l graph.Listing) bool { return l.Operation == "b" }); err != nil {
		t.Fatal(err)
	}
	s := frozen(t, next)
	equal(t, "group", has(s.Find(staff)), true)
	equal(t, "vendor is mentioned again", s.Mentioned(find(t, s, vendor)), true)
	equal(t, "attachment without document", s.Attachment(0).Document == nil && s.NumAttachments() == 1, true)
}

func TestCarryForwardKeepsTheOtherListing(t *testing.T) {
	for _, replaced := range []string{"a", "b"} {
		group := func(o *graph.Origin) fact { return putNode(node(staff, graph.KindGroup, "iam:group", "staff", o)) }
		last := frozen(t, build(t, group(origin("a", "a")), group(origin("b", "b"))))
		next := snapshot.NewBuilder()
		if err := next.CarryForward(last, func(l graph.Listing) bool { return l.Operation == replaced }); err != nil {
			t.Fatal(err)
		}
		s := frozen(t, next)
		equal(t, "kept without "+replaced, has(s.Find(staff)), true)
		equal(t, "origin", s.Node(0).Origin.Listing.Operation != replaced, true)
	}
}

// Relations into one node come in one after the other, whatever the order of
// their starts.
func TestRelationsIn(t *testing.T) {
	o := origin("a", "a")
	s := frozen(t, build(t,
		putNode(node(alice, graph.KindUser, "iam:user", "alice", o)), putNode(node(deploy, graph.KindRole, "iam:role", "deploy", o)),
		putNode(node(staff, graph.KindGroup, "iam:group", "staff", o)),
		putEdge(graph.Edge{From: alice, To: staff, Relation: graph.MemberOf, Origin: o}),
		putEdge(graph.Edge{From: alice, To: staff, Relation: graph.Contains, Origin: o}),
		putEdge(graph.Edge{From: deploy, To: staff, Relation: graph.Contains, Origin: o}),
		putEdge(graph.Edge{From: deploy, To: staff, Relation: graph.MemberOf, Origin: o}),
		putEdge(graph.Edge{From: "nobody", To: staff, Relation: graph.MemberOf, Origin: o})))
	both := []snapshot.Index{find(t, s, deploy), find(t, s, alice)}
	equal(t, "members", s.In(find(t, s, staff), graph.MemberOf), both)
	equal(t, "contained in", s.In(find(t, s, staff), graph.Contains), both)
	equal(t, "whole records", len(slices.Collect(s.EdgesIn(find(t, s, staff)))), 5)
}

func TestUndescribedScopeDangles(t *testing.T) {
	s := frozen(t, build(t,
		putNode(node(alice, graph.KindUser, "iam:user", "alice", nil)),
		putPolicy(graph.Attachment{To: deploy, Layer: "l", Policy: "p"})))
	equal(t, "scope", s.ScopeOf(find(t, s, alice)), snapshot.None)
	equal(t, "scope's ref", s.Node(0).Scope, account)
	equal(t, "dangling", s.Dangling(), []graph.Edge{
		{From: account, To: alice, Relation: graph.Contains, Origin: &graph.Origin{}},
		{From: "p", To: deploy, Origin: &graph.Origin{}},
	})
}
