package snapshot_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// crew are two users of a group and two roles whose policies have much in
// common, and a bucket.
func crew(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	b := snapshot.NewBuilder()
	put := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for ref, kind := range map[graph.Ref]graph.Kind{
		"ann": graph.KindUser, "ben": graph.KindUser, "staff": graph.KindGroup, "one": graph.KindRole, "two": graph.KindRole, "bucket": graph.KindResource, "pail": graph.KindResource,
	} {
		put(b.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: kind, Name: string(ref)}))
	}
	for _, user := range []graph.Ref{"ann", "ben"} {
		put(b.Edge(graph.Edge{From: user, To: "staff", Relation: graph.MemberOf}))
	}
	attach := func(to graph.Ref, layer graph.LayerID, policy graph.Ref, document string) {
		put(b.Attach(graph.Attachment{To: to, Layer: layer, Policy: policy, Name: string(policy), Document: []byte(document)}))
	}
	attach("ann", "identity", "a", "reads")
	attach("ben", "identity", "b", "reads")
	attach("ben", "boundary", "bounds", "reads")
	attach("one", "identity", "c", "reads")
	attach("staff", "identity", "d", "writes")
	attach("two", "identity", "e", "writes")
	attach("bucket", "resource", "f", "lends")
	attach("two", "resource", "g", "lends")
	attach("pail", "resource", "h", "lends itself")
	attach("pail", "other", "i", "something else")
	for _, to := range []graph.Ref{"ben", "one"} {
		put(b.Attach(graph.Attachment{To: to, Layer: "identity", Policy: "managed"}))
	}
	return frozen(t, b)
}

// attachedTo is the attachment of a policy to a node.
func attachedTo(t testing.TB, s *snapshot.Snapshot, to, policy graph.Ref) snapshot.AttachmentIndex {
	t.Helper()
	for _, a := range s.Attachments(find(t, s, to)) {
		if s.Attachment(a).Policy == policy {
			return a
		}
	}
	t.Fatalf("no policy %q at %q", policy, to)
	return 0
}

// Evidence that principals share is told of the one whom one asks about, of its
// group, or of the node; what nobody there has stays as it is.
func TestEvidenceForAFoothold(t *testing.T) {
	s := crew(t)
	at := func(to, policy graph.Ref) snapshot.EvidenceRef {
		return snapshot.EvidenceRef{Attachment: attachedTo(t, s, to, policy), Statement: 3, Effect: graph.EffectAllow}
	}
	for name, c := range map[string]struct {
		who, to    graph.Ref
		refs, want []snapshot.EvidenceRef
	}{
		"its own":                     {"ann", "bucket", []snapshot.EvidenceRef{at("ann", "a")}, []snapshot.EvidenceRef{at("ann", "a")}},
		"another's":                   {"ben", "bucket", []snapshot.EvidenceRef{at("ann", "a")}, []snapshot.EvidenceRef{at("ben", "b")}},
		"not of another layer":        {"ben", "bucket", []snapshot.EvidenceRef{at("one", "c")}, []snapshot.EvidenceRef{at("ben", "b")}},
		"a group's":                   {"ann", "bucket", []snapshot.EvidenceRef{at("staff", "d")}, []snapshot.EvidenceRef{at("staff", "d")}},
		"another's, that a group has": {"ben", "bucket", []snapshot.EvidenceRef{at("two", "e")}, []snapshot.EvidenceRef{at("staff", "d")}},
		"the node's":                  {"ann", "bucket", []snapshot.EvidenceRef{at("bucket", "f")}, []snapshot.EvidenceRef{at("bucket", "f")}},
		"another node's":              {"ann", "bucket", []snapshot.EvidenceRef{at("two", "g")}, []snapshot.EvidenceRef{at("bucket", "f")}},
		"its counterpart's":           {"ann", "bucket", []snapshot.EvidenceRef{at("pail", "h")}, []snapshot.EvidenceRef{at("bucket", "f")}},
		"without a counterpart":       {"ann", "bucket", []snapshot.EvidenceRef{at("pail", "i")}, []snapshot.EvidenceRef{at("pail", "i")}},
		"the principal's first":       {"one", "ann", []snapshot.EvidenceRef{at("ann", "a")}, []snapshot.EvidenceRef{at("one", "c")}},
		"by policy where no document": {"ben", "bucket", []snapshot.EvidenceRef{at("one", "managed")}, []snapshot.EvidenceRef{at("ben", "managed")}},
		"of nobody there":             {"one", "bucket", []snapshot.EvidenceRef{at("staff", "d")}, []snapshot.EvidenceRef{at("staff", "d")}},
		"the same twice":              {"ben", "bucket", []snapshot.EvidenceRef{at("one", "c"), at("ann", "a")}, []snapshot.EvidenceRef{at("ben", "b")}},
		"none":                        {"ann", "bucket", nil, nil},
	} {
		given := slices.Clone(c.refs)
		got := s.EvidenceFor(snapshot.Foothold{Node: find(t, s, c.who)}, find(t, s, c.to), c.refs)
		equal(t, name, got, c.want)
		equal(t, name+": what was given", c.refs, given)
	}
	unknown := []snapshot.EvidenceRef{{Attachment: 99}}
	equal(t, "no attachment", s.EvidenceFor(snapshot.Foothold{Node: snapshot.None}, snapshot.None, unknown), unknown)
}

// What speaks alike has one canonical attachment, the least, and EvidenceFor
// leads from it to everybody's own.
func TestCanonical(t *testing.T) {
	s := crew(t)
	least := map[string]snapshot.AttachmentIndex{}
	alike := 0
	for a := range snapshot.AttachmentIndex(s.NumAttachments()) {
		at := s.Attachment(a)
		said := fmt.Sprintf("%s %q", at.Layer, at.Document)
		if at.Document == nil {
			said = fmt.Sprintf("%s %s", at.Layer, at.Policy)
		}
		if _, ok := least[said]; !ok {
			least[said] = a
		} else {
			alike++
		}
		equal(t, said, s.Canonical(a), least[said])
		shared := []snapshot.EvidenceRef{{Attachment: s.Canonical(a)}}
		equal(t, said+", back", s.EvidenceFor(snapshot.Foothold{Node: s.AttachmentTo(a)}, snapshot.None, shared), []snapshot.EvidenceRef{{Attachment: a}})
	}
	if alike == 0 {
		t.Error("no two attachments speak alike")
	}
	equal(t, "no attachment", s.Canonical(99), 99)
}
