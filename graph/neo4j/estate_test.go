package neo4j

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve"
	resolveaws "github.com/clewgraph/clew/resolve/aws"
	"github.com/clewgraph/clew/testdata"
)

// query returns what Cypher answers, one line a record, sorted.
func query(t testing.TB, s *Store, cypher string, with parameters) []string {
	t.Helper()
	var out []string
	err := s.read(context.Background(), "query", statement{cypher, with, 0}, func(r *driver.Record) error {
		words := make([]string, len(r.Values))
		for i, v := range r.Values {
			words[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(words, " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// counted returns the one number that Cypher answers.
func counted(t testing.TB, s *Store, cypher string, with parameters) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(strings.Join(query(t, s, cypher, with), " "), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// resolved draws the resolver's conclusions.
func resolved(ctx context.Context, b *snapshot.Builder) error {
	facts, err := b.Facts()
	if err != nil {
		return err
	}
	c, err := resolve.Run(ctx, facts, []resolve.Provider{resolveaws.Provider()}, func(string) {})
	if err != nil {
		return err
	}
	return b.Conclude(c)
}

// documents unpacks the documents of a bundled estate.
func documents(t testing.TB, estate string) string {
	t.Helper()
	archive, err := testdata.Estate(estate)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		rest, ok := strings.CutPrefix(f.Name, "documents/")
		if !ok {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(rest))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, f.Data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// acme collects and resolves the estate of the demo.
func acme(t testing.TB) func(*snapshot.Snapshot, *snapshot.Builder) error {
	dir := documents(t, "acme")
	return func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		if _, err := ingest.Run(context.Background(), []ingest.Source{ingestaws.Files([]string{dir})}, next, func(string) {}); err != nil {
			return err
		}
		return resolved(context.Background(), next)
	}
}

func publish(t testing.TB, s *Store, estate string, make func(*snapshot.Snapshot, *snapshot.Builder) error) graph.SnapshotInfo {
	t.Helper()
	info, err := s.Update(context.Background(), estate, make)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// compiled returns the one file of an estate's snapshot in a store's cache,
// which is made if it is not there.
func compiled(t testing.TB, s *Store, estate, id string) []byte {
	t.Helper()
	snap, info, err := s.Open(context.Background(), estate, id)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if err := snap.Verify(); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(s.cache.dir, "*", info.ID+fileSuffix))
	if err != nil || len(found) != 1 {
		t.Fatalf("files of %s: %v, %v", info.ID, found, err)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A server with an empty disk and the address alone has the very file that was
// published.
func TestRebuildAcme(t *testing.T) {
	first := fresh(t, nil)
	defer first.Close()
	start := time.Now()
	info := publish(t, first, "", acme(t))
	t.Logf("published %d nodes, %d relations in %v", info.Nodes, info.Edges, time.Since(start))
	want := compiled(t, first, "", info.ID)
	second := opened(t, func(o *Options) { o.Conclude = resolved })
	defer second.Close()
	start = time.Now()
	got := compiled(t, second, "", "")
	t.Logf("rebuilt %d bytes in %v", len(got), time.Since(start))
	if !bytes.Equal(got, want) {
		t.Fatalf("rebuilt %d bytes that are not the %d published", len(got), len(want))
	}
	third := opened(t, nil)
	defer third.Close()
	if _, _, err := third.Open(t.Context(), "", ""); !errors.Is(err, graph.ErrUnavailable) || !strings.Contains(err.Error(), "nothing here concludes") {
		t.Errorf("without a resolver: %v", err)
	}
}

// What people read in the server is what the snapshot says.
func TestOutputAcme(t *testing.T) {
	s := fresh(t, nil)
	defer s.Close()
	publish(t, s, "", acme(t))
	snap, _, err := s.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for _, c := range []struct {
		name, cypher string
		want         []string
	}{
		{"roles", "MATCH (n:Principal:Role) WHERE n.to IS NULL RETURN n.ref", refsOf(snap, graph.KindRole)},
		{"users", "MATCH (n:Principal:User) WHERE n.to IS NULL RETURN n.ref", refsOf(snap, graph.KindUser)},
		{"accounts", "MATCH (n:Scope:Account) WHERE n.to IS NULL RETURN n.ref", refsOf(snap, graph.KindAccount)},
		{"credentials", "MATCH (n:Credential) WHERE n.to IS NULL RETURN n.ref", refsOf(snap, graph.KindCredential)},
		{"buckets", "MATCH (n:Resource:S3Bucket) WHERE n.to IS NULL RETURN n.ref", refsOfType(snap, "s3:bucket")},
		{"pivots", "MATCH (p)-[r]->(q) WHERE r.toHold IS NOT NULL RETURN type(r), p.ref, r.fromHold, q.ref, r.toHold, r.verdict, coalesce(r.formula, ''), coalesce(r.technique, '')", pivotsOf(snap)},
		{"administrators", "MATCH (p)-[r:ADMINISTERS]->(q) WHERE r.hold IS NOT NULL RETURN p.ref, r.hold, q.ref, r.verdict", adminsOf(snap)},
		{"factorised access", "MATCH (p)-[m:IN_CLASS]->(:AccessClass)-[r:CAN_ACCESS]->(q) RETURN p.ref, m.hold, q.ref, r.actions, r.verdict", accessOf(snap)},
		{"direct access", "MATCH (p)-[r:CAN_ACCESS]->(q) WHERE NOT p:AccessClass RETURN p.ref, r.hold, q.ref, r.actions, r.verdict", accessOf(snap)},
		{"attachments", "MATCH (p:Policy)-[r:ATTACHED_TO]->(q) RETURN p.ref, r.layer, q.ref", attachmentsOf(snap)},
	} {
		if got := query(t, s, c.cypher, nil); len(c.want) == 0 || !slices.Equal(got, c.want) {
			t.Errorf("%s: %d, want %d; first difference %s", c.name, len(got), len(c.want), difference(got, c.want))
		}
	}
}

func difference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("%q, want %q", got[i], want[i])
		}
	}
	return "at the end"
}

func sorted(lines []string) []string { slices.Sort(lines); return lines }

func refsOf(s *snapshot.Snapshot, k graph.Kind) (out []string) {
	for i := range s.OfKind(k) {
		out = append(out, string(s.Ref(i)))
	}
	return sorted(out)
}

func refsOfType(s *snapshot.Snapshot, typ string) (out []string) {
	for i := range snapshot.Index(s.NumNodes()) {
		if s.Type(i) == typ {
			out = append(out, string(s.Ref(i)))
		}
	}
	return sorted(out)
}

func pivotsOf(s *snapshot.Snapshot) (out []string) {
	for i := range snapshot.PivotIndex(s.NumPivots()) {
		p := s.Pivot(i)
		out = append(out, fmt.Sprint(p.Relation, " ", s.Ref(p.From.Node), " ", p.From.Hold, " ", s.Ref(p.To.Node), " ", p.To.Hold, " ", p.Ruling.Verdict, " ", p.Ruling.Formula, " ", p.Technique))
	}
	return sorted(out)
}

func adminsOf(s *snapshot.Snapshot) (out []string) {
	for a := range s.Administrations() {
		out = append(out, fmt.Sprint(s.Ref(a.From.Node), " ", a.From.Hold, " ", s.Ref(a.Scope), " ", a.Ruling.Verdict))
	}
	return sorted(out)
}

func accessOf(s *snapshot.Snapshot) (out []string) {
	for class := range uint32(s.NumClasses()) {
		for a := range s.AccessOf(class) {
			for _, m := range s.ClassMembers(class) {
				f := s.Foothold(m)
				out = append(out, fmt.Sprint(s.Ref(f.Node), " ", f.Hold, " ", s.Ref(a.To), " ", a.Actions, " ", a.Ruling.Verdict))
			}
		}
	}
	return sorted(out)
}

func attachmentsOf(s *snapshot.Snapshot) (out []string) {
	for i := range snapshot.AttachmentIndex(s.NumAttachments()) {
		a := s.Attachment(i)
		out = append(out, fmt.Sprint(a.Policy, " ", a.Layer, " ", a.To))
	}
	return sorted(out)
}

// In an estate that is not small, only crown jewels are reached in one hop,
// from the moment that they are called so.
func TestCrownJewels(t *testing.T) {
	s := fresh(t, func(o *Options) { o.DirectPairs, o.AccessPairs = -1, -1 })
	defer s.Close()
	publish(t, s, "", acme(t))
	snap, _, err := s.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	const direct = `MATCH (e:Estate) MATCH (p)-[r:CAN_ACCESS]->(q)
		WHERE r.hold IS NOT NULL AND r.from <= e.current AND (r.to IS NULL OR r.to > e.current) RETURN p.ref, r.hold, q.ref, r.actions, r.verdict`
	const factorised = `MATCH (e:Estate) MATCH (p)-[m:IN_CLASS]->(:AccessClass)-[r:CAN_ACCESS]->(q)
		WHERE r.from <= e.current AND (r.to IS NULL OR r.to > e.current) RETURN p.ref, m.hold, q.ref, r.actions, r.verdict`
	both := func(want []string, when string) {
		t.Helper()
		for _, cypher := range []string{direct, factorised} {
			if got := query(t, s, cypher, nil); !slices.Equal(got, want) {
				t.Errorf("%s: %d pairs, want %d", when, len(got), len(want))
			}
		}
	}
	both(nil, "without jewels")
	jewel := graph.Ref(refsOfType(snap, "s3:bucket")[0])
	var want []string
	for _, line := range accessOf(snap) {
		if strings.Contains(line, " "+string(jewel)+" ") {
			want = append(want, line)
		}
	}
	if err := s.SetLabel(t.Context(), "", graph.Label{Ref: jewel, Label: graph.CrownJewel}); err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		t.Errorf("nobody gets to %s", jewel)
	}
	both(want, "with one jewel")
	if err := s.RemoveLabel(t.Context(), "", jewel, graph.CrownJewel); err != nil {
		t.Fatal(err)
	}
	both(nil, "after the label was taken off")
}
