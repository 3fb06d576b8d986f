package neo4j

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// envImport, if set, is the version of the server that a test loads files into
// and starts, with the scripts of testdata/neo4j.
const envImport = "CLEW_TEST_NEO4J_IMPORT"

// imported loads files with the real tool into a server that it starts.
func imported(t *testing.T, files string) (uri string) {
	t.Helper()
	version := os.Getenv(envImport)
	if version == "" {
		t.Skip(envImport + " is not set; with a version of Neo4j, the test loads files with neo4j-admin and starts a server on them")
	}
	scripts, err := filepath.Abs("../../testdata/neo4j")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run := func(script string, args ...string) string {
		cmd := exec.Command(filepath.Join(scripts, script), args...)
		cmd.Env = append(os.Environ(), "NEO4J_PASSWORD=", "NEO4J_PORT=")
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v\n%s\n%s", script, err, stdout.String(), stderr.String())
		}
		return stdout.String()
	}
	start := time.Now()
	run("import.sh", dir, files, version)
	t.Logf("imported in %v", time.Since(start))
	t.Cleanup(func() { run("stop.sh", dir) })
	for line := range strings.Lines(run("start.sh", dir, version)) {
		if uri, ok := strings.CutPrefix(strings.TrimSpace(line), envURI+"="); ok {
			return uri
		}
	}
	t.Fatal("start.sh named no address")
	return ""
}

// everything lists all that is in a server, nonce and dates of publishing aside.
func everything(t *testing.T, s *Store) []string {
	t.Helper()
	nodes := query(t, s, `MATCH (n) WITH n, COLLECT { UNWIND labels(n) AS x WITH x ORDER BY x RETURN x } AS l UNWIND keys(n) AS k
		WITH n, l, k WHERE NOT k IN ['nonce', 'takenAt', 'asked', 'beat', 'fileHash']
		RETURN l, coalesce(n.uid, n.name), k, n[k]`, nil)
	return append(nodes, query(t, s, `MATCH (a)-[n]->(b) UNWIND keys(n) AS k RETURN type(n), a.uid, b.uid, k, n[k]`, nil)...)
}

// both has all that is strange beside the estate of the demo.
func both(t *testing.T) func(*snapshot.Snapshot, *snapshot.Builder) error {
	acme := acme(t)
	return func(last *snapshot.Snapshot, next *snapshot.Builder) error {
		return errors.Join(strange(last, next), acme(last, next))
	}
}

// The files, loaded by neo4j-admin, make the database that a store writes.
func TestImportFiles(t *testing.T) {
	s := fresh(t, nil)
	defer s.Close()
	label := graph.Label{Ref: "arn:aws:s3:::acme-ledger", Label: graph.CrownJewel, By: `"ann"`, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if err := s.SetLabel(t.Context(), "", label); err != nil {
		t.Fatal(err)
	}
	info := publish(t, s, "", both(t))
	snap, _, err := s.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	files := t.TempDir()
	if err := ImportFiles(t.Context(), files, snap, Import{TakenAt: info.TakenAt, Labels: []graph.Label{label}}); err != nil {
		t.Fatal(err)
	}
	loaded, err := Open(t.Context(), imported(t, files), Options{Cache: t.TempDir(), Conclude: resolved})
	if err != nil {
		t.Fatal(err)
	}
	defer loaded.Close()
	if got, want := everything(t, loaded), everything(t, s); !slices.Equal(got, want) {
		t.Errorf("%d facts, want %d; first difference %s", len(got), len(want), difference(got, want))
	}
	if !bytes.Equal(compiled(t, loaded, "", ""), compiled(t, s, "", "")) {
		t.Error("another file was compiled from what was imported")
	}
	if again := publish(t, loaded, "", oneMore); !strings.HasPrefix(again.ID, "000000000002-") {
		t.Errorf("after the import: %+v", again)
	}
}
