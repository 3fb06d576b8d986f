package snapshot_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

const (
	account = graph.Ref("arn:aws:iam::111122223333:root")
	alice   = graph.Ref("arn:aws:iam::111122223333:user/alice")
	deploy  = graph.Ref("arn:aws:iam::111122223333:role/deploy")
	staff   = graph.Ref("arn:aws:iam::111122223333:group/staff")
	bucket  = graph.Ref("arn:aws:s3:::logs")
	vendor  = graph.Ref("arn:aws:iam::999999999999:root")
)

func listing(operation string) graph.Listing {
	return graph.Listing{Scope: account, Service: "iam", Operation: operation}
}

func origin(operation, file string) *graph.Origin {
	return &graph.Origin{Listing: listing(operation), File: file, Collector: "test", At: time.Unix(1700000000, 5).UTC()}
}

func node(ref graph.Ref, kind graph.Kind, typ, name string, o *graph.Origin) graph.Node {
	return graph.Node{Provider: graph.AWS, Ref: ref, Kind: kind, Type: typ, Name: name, Scope: account, Origin: o}
}

// A fact is one call of a Sink.
type fact func(graph.Sink) error

func putNode(n graph.Node) fact         { return func(s graph.Sink) error { return s.Node(n) } }
func putEdge(e graph.Edge) fact         { return func(s graph.Sink) error { return s.Edge(e) } }
func putPolicy(a graph.Attachment) fact { return func(s graph.Sink) error { return s.Attach(a) } }
func putCover(c graph.Coverage) fact    { return func(s graph.Sink) error { return s.Cover(c) } }

// small is an account with one of everything, read from the files named.
func small(iam, s3 string) []fact {
	o, b := origin("get-account-authorization-details", iam), origin("get-bucket-policy", s3)
	root := node(account, graph.KindAccount, "organizations:account", "prod", o)
	root.Scope = ""
	user := node(alice, graph.KindUser, "iam:user", "alice", o)
	user.NativeID = "AIDAEXAMPLE"
	user.Tags = []graph.Tag{{Key: "team", Value: "Blue"}, {Key: "cost", Value: "7"}}
	user.Attrs = []graph.Attr{{Key: "path", Value: "/"}}
	mention := node(vendor, graph.KindAccount, "organizations:account", "", o)
	mention.Scope, mention.Mentioned = "", true
	return []fact{
		putNode(root), putNode(user), putNode(mention),
		putNode(node(deploy, graph.KindRole, "iam:role", "deploy", o)),
		putNode(node(staff, graph.KindGroup, "iam:group", "staff", o)),
		putNode(node(bucket, graph.KindResource, "s3:bucket", "logs", b)),
		putEdge(graph.Edge{From: alice, To: staff, Relation: graph.MemberOf, Origin: o}),
		putEdge(graph.Edge{From: alice, To: "arn:aws:iam::111122223333:group/lost", Relation: graph.MemberOf, Origin: o}),
		putPolicy(graph.Attachment{To: alice, Layer: "aws:identity", Policy: alice + "#inline", Name: "inline", Inline: true,
			Document: []byte(`{"Statement":[]}`), Pointer: "/UserDetailList/0", Origin: o}),
		putPolicy(graph.Attachment{To: deploy, Layer: "aws:trust", Policy: deploy + "#trust", Document: []byte(`{"Statement":[]}`), Origin: o}),
		putPolicy(graph.Attachment{To: deploy, Layer: "aws:identity", Policy: "arn:aws:iam::aws:policy/Gone", Name: "Gone", Origin: o}),
		putCover(graph.Coverage{Listing: listing("get-account-authorization-details"), Status: graph.Collected, Origin: o}),
		putCover(graph.Coverage{Listing: listing("get-bucket-policy"), Status: graph.Failed, Reason: graph.ReasonAccessDenied,
			Detail: s3 + " could not be read", Affects: []graph.LayerID{"aws:resource"}, Of: bucket, Origin: b}),
	}
}

func build(t testing.TB, facts ...fact) *snapshot.Builder {
	t.Helper()
	b := snapshot.NewBuilder()
	for _, put := range facts {
		if err := put(b); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func frozen(t testing.TB, b *snapshot.Builder) *snapshot.Snapshot {
	t.Helper()
	s, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(t testing.TB, s *snapshot.Snapshot, ref graph.Ref) snapshot.Index {
	t.Helper()
	i, ok := s.Find(ref)
	if !ok {
		t.Fatalf("no node %q", ref)
	}
	return i
}

func ruling(s *snapshot.Snapshot, to snapshot.Index) snapshot.Ruling {
	return snapshot.Ruling{
		Verdict: graph.Conditional, Bounds: graph.Bounds{Least: graph.Conditional, Most: graph.Conditional}, Formula: "mfa",
		Evidence: []snapshot.EvidenceRef{{Attachment: s.Attachments(to)[0], Statement: 2, Effect: graph.EffectAllow}},
	}
}

// conclude says that alice can assume deploy, which administers the account
// and reads the bucket.
func conclude(t testing.TB, b *snapshot.Builder) given {
	t.Helper()
	s := frozen(t, b)
	user, role := find(t, s, alice), find(t, s, deploy)
	held := snapshot.Foothold{Node: role, Hold: graph.AsSession}
	c := given{
		Pivots: []snapshot.Pivot{
			{From: snapshot.Foothold{Node: user}, To: held, Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: ruling(s, role)},
			{From: snapshot.Foothold{Node: user}, To: held, Relation: graph.CanEscalate, Technique: "pass-role-lambda", Ruling: snapshot.Ruling{Verdict: graph.Allowed}},
		},
		Administrations: []snapshot.Administration{{From: held, Scope: find(t, s, account), Through: []string{"iam:Z", "iam:A"}, Ruling: ruling(s, role)}},
		Classes:         [][]snapshot.Foothold{{{Node: user}}, {held}},
		Access: []givenRow{{1, snapshot.AccessRow{To: []snapshot.Index{find(t, s, bucket)}, Actions: []string{"s3:GetObject", "s3:DeleteObject"},
			Include: []string{"logs/*"}, Ruling: ruling(s, role)}}},
	}
	if err := b.Conclude(c.conclusions()); err != nil {
		t.Fatal(err)
	}
	return c
}

func written(t testing.TB, b *snapshot.Builder) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := b.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("wrote %d of %d bytes: %v", n, out.Len(), err)
	}
	return out.Bytes()
}

// opened writes b to a file and opens it.
func opened(t testing.TB, b *snapshot.Builder) *snapshot.Snapshot {
	t.Helper()
	path := filepath.Join(t.TempDir(), "estate")
	if err := os.WriteFile(path, written(t, b), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Verify(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFactsComeBack(t *testing.T) {
	b := build(t, small("iam.json", "s3.json")...)
	for name, s := range map[string]*snapshot.Snapshot{"in memory": frozen(t, b), "from a file": opened(t, b)} {
		t.Run(name, func(t *testing.T) { checkFacts(t, s) })
	}
}

func checkFacts(t *testing.T, s *snapshot.Snapshot) {
	user := find(t, s, alice)
	n := s.Node(user)
	want := graph.Node{
		Provider: graph.AWS, Ref: alice, Kind: graph.KindUser, Type: "iam:user", Name: "alice", Scope: account, NativeID: "AIDAEXAMPLE",
		Tags:   []graph.Tag{{Key: "cost", Value: "7"}, {Key: "team", Value: "Blue"}},
		Attrs:  []graph.Attr{{Key: "path", Value: "/"}},
		Origin: origin("get-account-authorization-details", "iam.json"),
	}
	equal(t, "node", n, want)
	equal(t, "columns", []any{s.Provider(user), s.Ref(user), s.Kind(user), s.Type(user), s.Name(user), s.ScopeOf(user)},
		[]any{graph.AWS, alice, graph.KindUser, "iam:user", "alice", find(t, s, account)})
	equal(t, "groups", s.Out(user, graph.MemberOf), []snapshot.Index{find(t, s, staff)})
	equal(t, "members", s.In(find(t, s, staff), graph.MemberOf), []snapshot.Index{user})
	equal(t, "not a workload", len(s.Out(user, graph.RunsAs)), 0)
	equal(t, "edges with the loose one", len(slices.Collect(s.EdgesOut(user))), 2)
	equal(t, "in the account", len(slices.Collect(s.Members(find(t, s, account)))), 4)
	equal(t, "accounts", len(slices.Collect(s.OfKind(graph.KindAccount))), 2)
	equal(t, "mentioned", s.Mentioned(find(t, s, vendor)), true)
	dangling := s.Dangling()
	equal(t, "dangling", len(dangling), 1)
	equal(t, "dangling end", dangling[0].To, graph.Ref("arn:aws:iam::111122223333:group/lost"))
	checkAttachments(t, s)
	checkFinding(t, s)
	equal(t, "coverage", len(s.Coverage()), 2)
	gap := s.CoverageOf(find(t, s, bucket))
	equal(t, "gap", gap, []graph.Coverage{{Listing: listing("get-bucket-policy"), Status: graph.Failed, Reason: graph.ReasonAccessDenied,
		Detail: "s3.json could not be read", Affects: []graph.LayerID{"aws:resource"}, Of: bucket, Origin: origin("get-bucket-policy", "s3.json")}})
	equal(t, "failures", s.Failures(), gap)
	equal(t, "account's coverage", len(s.CoverageOf(find(t, s, account))), 1)
}

func checkAttachments(t *testing.T, s *snapshot.Snapshot) {
	equal(t, "attachments", s.NumAttachments(), 3)
	at := s.Attachments(find(t, s, alice))
	equal(t, "alice's attachments", len(at), 1)
	equal(t, "inline policy", s.Attachment(at[0]), graph.Attachment{
		To: alice, Layer: "aws:identity", Policy: alice + "#inline", Name: "inline", Inline: true,
		Document: []byte(`{"Statement":[]}`), Pointer: "/UserDetailList/0",
		Origin: origin("get-account-authorization-details", "iam.json"),
	})
	equal(t, "hash", s.AttachmentDocument(at[0]), sha256.Sum256([]byte(`{"Statement":[]}`)))
	lost := s.Attachments(find(t, s, deploy))[0]
	equal(t, "missing document", s.Attachment(lost).Document, []byte(nil))
	equal(t, "hash of none", s.AttachmentDocument(lost), [32]byte{})
}

func checkFinding(t *testing.T, s *snapshot.Snapshot) {
	user := find(t, s, alice)
	if i, ok := s.FindID(graph.IDOf(graph.AWS, alice)); !ok || i != user {
		t.Errorf("by id: %v %v", i, ok)
	}
	if i, ok := s.FindNative("AIDAEXAMPLE"); !ok || i != user {
		t.Errorf("by native id: %v %v", i, ok)
	}
	for _, miss := range []bool{has(s.FindNative("")), has(s.FindNative("alice")), has(s.Find("")), has(s.Find(bucket + "x")), has(s.FindID(graph.ID{1}))} {
		equal(t, "found what is not there", miss, false)
	}
	equal(t, "by name", s.FindName("alice"), []snapshot.Index{user})
	equal(t, "by part of a name", len(s.FindName("alic")), 0)
	equal(t, "by type", s.OfType(s.Type(user)), slices.DeleteFunc(slices.Collect(s.OfKind(graph.KindUser)), func(i snapshot.Index) bool { return s.Type(i) != s.Type(user) }))
	equal(t, "by no type", len(s.OfType("iam:nothing")), 0)
	for _, text := range []string{"ALICE", "user/ali", "aidaex", "bLUe"} {
		equal(t, "search "+text, s.Search(text, 10, snapshot.None), []snapshot.Index{user})
	}
	equal(t, "tag keys are not searched", len(s.Search("team", 10, snapshot.None)), 0)
	all := s.Search("", 100, snapshot.None)
	equal(t, "search all", len(all), s.NumNodes())
	equal(t, "second page", s.Search("", 2, all[1]), all[2:4])
}

func has[T any](_ T, ok bool) bool { return ok }

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func TestConclusionsComeBack(t *testing.T) {
	b := build(t, small("iam.json", "s3.json")...)
	in := conclude(t, b)
	s := opened(t, b)
	memory, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "hashes of file and memory", s.ContentHash(), memory.ContentHash())
	for name, s := range map[string]*snapshot.Snapshot{"in memory": memory, "from a file": s} {
		t.Run(name, func(t *testing.T) {
			checkFacts(t, s)
			checkConclusions(t, s, in)
		})
	}
}

func checkConclusions(t *testing.T, s *snapshot.Snapshot, in given) {
	equal(t, "footholds", s.NumFootholds(), 2)
	user, ok := s.FindFoothold(in.Pivots[0].From)
	role, ok2 := s.FindFoothold(in.Pivots[0].To)
	equal(t, "both found", ok && ok2, true)
	equal(t, "role as code is no foothold", has(s.FindFoothold(snapshot.Foothold{Node: in.Pivots[0].To.Node, Hold: graph.AsCode})), false)
	equal(t, "of node", s.FootholdsOf(in.Pivots[0].To.Node), []snapshot.FootholdIndex{role})
	equal(t, "out", s.PivotsOut(user), []snapshot.PivotIndex{0, 1})
	equal(t, "in", s.PivotsIn(role), []snapshot.PivotIndex{0, 1})
	equal(t, "no way back", len(s.PivotsOut(role))+len(s.PivotsIn(user)), 0)
	equal(t, "pivots", []snapshot.Pivot{s.Pivot(0), s.Pivot(1)}, in.Pivots)
	equal(t, "verdict", s.PivotVerdict(0), graph.Conditional)
	equal(t, "technique", s.PivotTechnique(1), "pass-role-lambda")
	equal(t, "by it", slices.Collect(s.PivotsBy("pass-role-lambda")), []snapshot.PivotIndex{1})
	equal(t, "by none", slices.Collect(s.PivotsBy("")), []snapshot.PivotIndex{0})
	equal(t, "by another", len(slices.Collect(s.PivotsBy("another"))), 0)
	equal(t, "administrations", s.AdministrationsOf(role), in.Administrations)
	equal(t, "administrators", s.AdministratorsOf(in.Administrations[0].Scope), in.Administrations)
	equal(t, "user administers", len(s.AdministrationsOf(user)), 0)
	class, ok := s.ClassOf(role)
	equal(t, "has a class", ok, true)
	equal(t, "members", s.ClassMembers(class), []snapshot.FootholdIndex{role})
	row := in.Access[0]
	want := snapshot.Access{Class: class, To: row.To[0], Actions: []string{"s3:DeleteObject", "s3:GetObject"}, Include: row.Include, Ruling: row.Ruling}
	equal(t, "access of class", slices.Collect(s.AccessOf(class)), []snapshot.Access{want})
	equal(t, "access to bucket", slices.Collect(s.AccessTo(want.To)), []snapshot.Access{want})
	if other, ok := s.ClassOf(user); !ok || len(slices.Collect(s.AccessOf(other))) != 0 {
		t.Error("the user's class reaches something")
	}
}

func TestConclusionsThatNoSnapshotHolds(t *testing.T) {
	b := build(t, small("a", "b")...)
	if err := b.Conclude(new(snapshot.Conclusions)); !errors.Is(err, snapshot.ErrInvalid) {
		t.Errorf("before Facts: %v", err)
	}
	n := snapshot.Index(frozen(t, b).NumNodes())
	foot := snapshot.Foothold{Node: 0}
	for name, c := range map[string]given{
		"node out of range":     {Pivots: []snapshot.Pivot{{From: snapshot.Foothold{Node: n}, To: foot, Relation: graph.CanAssume}}},
		"relation of no list":   {Pivots: []snapshot.Pivot{{From: foot, To: foot, Relation: "CAN_FLY"}}},
		"unknown hold":          {Classes: [][]snapshot.Foothold{{{Node: 0, Hold: 99}}}},
		"unknown verdict":       {Administrations: []snapshot.Administration{{From: foot, Ruling: snapshot.Ruling{Verdict: 7}}}},
		"two classes":           {Classes: [][]snapshot.Foothold{{foot}, {foot}}},
		"access of empty class": {Classes: [][]snapshot.Foothold{{}}, Access: []givenRow{{0, snapshot.AccessRow{To: []snapshot.Index{0}}}}},
		"access to no node":     {Classes: [][]snapshot.Foothold{{foot}}, Access: []givenRow{{0, snapshot.AccessRow{To: []snapshot.Index{n}}}}},
		"access to none of two": {Classes: [][]snapshot.Foothold{{foot}}, Access: []givenRow{{0, snapshot.AccessRow{To: []snapshot.Index{n, 0}}}}},
		"evidence of nothing":   {Administrations: []snapshot.Administration{{From: foot, Ruling: snapshot.Ruling{Evidence: []snapshot.EvidenceRef{{Attachment: 99}}}}}},
	} {
		if err := b.Conclude(c.conclusions()); !errors.Is(err, snapshot.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every way to hold a principal comes back, in order, from a file that is
// verified.
func TestEveryHoldComesBack(t *testing.T) {
	b := build(t, small("a", "b")...)
	user := find(t, frozen(t, b), alice)
	var class, want []snapshot.Foothold
	for h := range graph.LastHold + 1 {
		want = append(want, snapshot.Foothold{Node: user, Hold: h})
		class = append([]snapshot.Foothold{{Node: user, Hold: h}}, class...)
	}
	if err := b.Conclude(given{Classes: [][]snapshot.Foothold{class}}.conclusions()); err != nil {
		t.Fatal(err)
	}
	s := opened(t, b)
	var got []snapshot.Foothold
	for _, f := range s.ClassMembers(0) {
		got = append(got, s.Foothold(f))
	}
	equal(t, "holds", got, want)
}
