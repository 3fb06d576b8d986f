package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve/aws"
	"github.com/clewgraph/clew/resolve/policy"
	"github.com/clewgraph/clew/testdata"
)

// unpack writes the files of an archive below prefix into a folder.
func unpack(t testing.TB, archive *txtar.Archive, prefix, dir string) {
	t.Helper()
	for _, f := range archive.Files {
		rest, ok := strings.CutPrefix(f.Name, prefix)
		if !ok {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(rest))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// resolved ingests documents into a fresh store and opens the snapshot.
func resolved(t testing.TB, paths ...string) *snapshot.Snapshot {
	t.Helper()
	store, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	_, _, err = collect(context.Background(), store, "", []ingest.Source{ingestaws.Files(paths)}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := store.Open(context.Background(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// An expectation file speaks in short references.
type shorthand map[string]string

func readShorthand(text string) shorthand {
	names := shorthand{}
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) == 2 {
			names[f[0]] = f[1]
		}
	}
	return names
}

func (s shorthand) ref(word string) string {
	account, rest, ok := strings.Cut(word, ":")
	if id, known := s[account]; ok && known {
		return "arn:aws:iam::" + id + ":" + rest
	}
	return word
}

func fileOf(t testing.TB, archive *txtar.Archive, name string) string {
	t.Helper()
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	t.Fatalf("archive has no %s", name)
	return ""
}

func acme(t testing.TB) (*txtar.Archive, *snapshot.Snapshot, shorthand) {
	t.Helper()
	archive, err := testdata.Estate("acme")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	unpack(t, archive, "documents/", dir)
	return archive, resolved(t, dir), readShorthand(fileOf(t, archive, "expect/accounts"))
}

// lines yields the assertions of an expectation file, comments cut off.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "  #")
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	return list
}

func TestAcmeVerdicts(t *testing.T) {
	archive, s, short := acme(t)
	estate := aws.NewEstate(s)
	for _, file := range []string{"expect/verdicts", "expect/joined"} {
		for _, line := range lines(fileOf(t, archive, file)) {
			f := strings.Fields(line)
			d, err := estate.Decide(policy.Question{Principal: graph.Ref(short.ref(f[0])), Action: f[1], Resource: short.ref(f[2])})
			if err != nil {
				t.Errorf("%s: %v", line, err)
				continue
			}
			if d.Verdict.String() != f[3] || !layerFits(string(d.Deciding), f[4], &d) {
				t.Errorf("%s\ngot %s %s: %s", line, d.Verdict, d.Deciding, d.Text)
			}
		}
	}
}

// layerFits compares a deciding layer with what an expectation says: a+b where
// both are needed, a|b where either would do, none where nothing grants.
func layerFits(got, want string, d *policy.Decision) bool {
	switch want {
	case "-":
		return true
	case "none":
		return d.Statement == nil
	}
	for _, w := range strings.FieldsFunc(want, func(c rune) bool { return c == '+' || c == '|' }) {
		if w == got || w == "aws:resource" && got == "aws:trust" {
			return true
		}
	}
	return false
}

func TestAcmeAdministrators(t *testing.T) {
	archive, s, short := acme(t)
	want := map[string]string{}
	for _, line := range lines(fileOf(t, archive, "expect/administrators")) {
		f := strings.Fields(line)
		want[short[f[0]]+" "+short.ref(f[1])] = f[2]
	}
	compareAdministrators(t, s, want)
}

// compareAdministrators asserts the complete set of administrators.
func compareAdministrators(t *testing.T, s *snapshot.Snapshot, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for a := range s.Administrations() {
		if a.From.Hold == graph.WithOwnPolicy {
			continue // that somebody would administer whom a technique takes over
		}
		key := strings.TrimPrefix(string(s.Ref(a.Scope)), "account:") + " " + string(s.Ref(a.From.Node))
		got[key] = a.Ruling.Verdict.String()
		if want[key] == "" {
			t.Errorf("administers, and must not: %s %s through %v: %s", key, got[key], a.Through, a.Ruling.Formula)
		}
	}
	for key, verdict := range want {
		if got[key] != verdict {
			t.Errorf("administrator %s: got %q, want %s", key, got[key], verdict)
		}
	}
}

const largeDump = "../../../shared/data/aws/accounts/authorization-details-large.json"

// largeAccount resolves the account dump of the shared data.
func largeAccount(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	if _, err := os.Stat(largeDump); err != nil {
		t.Skipf("needs the real account dump: %v", err)
	}
	return resolved(t, largeDump)
}

func expectations(t testing.TB, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../testdata/estates", name))
	if err != nil {
		t.Fatal(err)
	}
	return lines(string(text))
}

func TestLargeAccountAdministrators(t *testing.T) {
	s := largeAccount(t)
	want := map[string]string{}
	for _, line := range expectations(t, "cloudsplaining-large.expect") {
		f := strings.Fields(line)
		if f[0] == "administrator" || f[0] == "self-grant" {
			want[strings.Split(f[1], ":")[4]+" "+f[1]] = f[2]
		}
	}
	compareAdministrators(t, s, want)
}

func TestLargeAccountRoleAssumption(t *testing.T) {
	s := largeAccount(t)
	want := map[string]string{}
	for _, line := range expectations(t, "cloudsplaining-large.expect") {
		if f := strings.Fields(line); f[0] == "assume" {
			want[f[1]+" "+f[2]] = f[3]
		}
	}
	got := map[string]string{}
	for i := range snapshot.PivotIndex(s.NumPivots()) {
		p := s.Pivot(i)
		if p.Relation != graph.CanAssume || s.Kind(p.From.Node) == graph.KindServicePrincipal ||
			p.From.Hold == graph.WithOwnPolicy { // what administrators may assume is no line of the file
			continue
		}
		key := string(s.Ref(p.From.Node)) + " " + string(s.Ref(p.To.Node))
		got[key] = p.Ruling.Verdict.String()
		if want[key] == "" {
			t.Errorf("may assume, and must not: %s %s %s", key, got[key], p.Ruling.Formula)
		}
	}
	for key, verdict := range want {
		if got[key] != verdict {
			t.Errorf("assume %s: got %q, want %s", key, got[key], verdict)
		}
	}
}
