package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
)

// nasty are names that break what does not escape.
var nasty = []string{
	"=HYPERLINK(\"http://evil\")", "\x1b[31mred", "a\u202eb", "\"]; evil -> x [label=\"", "<script>]]>&amp;", "back\\slash\\", "line\nbreak",
	"@SUM(1)", "-1", "\x00", "end\"]|", "%%{init: {}}%%",
}

// nastyStore holds users with nasty names, one of them a member of a group
// that no document describes.
func nastyStore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	store, err := embedded.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Update(t.Context(), "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		for i, name := range nasty {
			ref := graph.Ref(fmt.Sprintf("arn:aws:iam::111122223333:user/%d", i))
			n := graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindUser, Type: "iam:user", Name: name, Tags: []graph.Tag{{Key: name, Value: name}}, Scope: "account:111122223333"}
			if err := next.Node(n); err != nil {
				return err
			}
			if err := next.Edge(graph.Edge{From: ref, To: graph.Ref("gone " + name), Relation: graph.MemberOf}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// exported runs clew export for each of two stores.
func exported(t *testing.T, format string, check func(t *testing.T, whole exportedJSON, text []byte)) {
	t.Helper()
	acme, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"acme": acme, "nasty": nastyStore(t)} {
		t.Run(name, func(t *testing.T) {
			var whole exportedJSON
			if err := json.Unmarshal([]byte(mustRun(t, "export", "--format", "json", "--store", dir)), &whole); err != nil {
				t.Fatal(err)
			}
			if len(whole.Nodes) < len(nasty) || len(whole.Links) < len(nasty) {
				t.Fatalf("%d nodes, %d links", len(whole.Nodes), len(whole.Links))
			}
			check(t, whole, []byte(mustRun(t, "export", "--format", format, "--store", dir)))
		})
	}
}

type exportedJSON struct {
	Snapshot struct{ ContentHash string }
	Nodes    []nodeRecord
	Links    []linkRecord
	Policies []struct {
		To, Policy string
		Document   json.RawMessage
	}
}

// TestExportHoldsAll compares JSON with what the snapshot holds.
func TestExportHoldsAll(t *testing.T) {
	dir, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	store, err := embedded.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	snap, _, err := store.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	var whole exportedJSON
	if err := json.Unmarshal([]byte(mustRun(t, "export", "--format", "json", "--store", dir)), &whole); err != nil {
		t.Fatal(err)
	}
	links := map[graph.Relation]int{}
	for _, l := range whole.Links {
		links[l.Relation]++
	}
	rows, members, edges := 0, 0, 0
	for e := range snap.Edges() {
		if e.Relation == graph.MemberOf {
			edges++
		}
	}
	for c := range uint32(snap.NumClasses()) {
		members += len(snap.ClassMembers(c))
		for range snap.AccessOf(c) {
			rows++
		}
	}
	for what, pair := range map[string][2]int{
		"things":        {len(whole.Nodes), snap.NumNodes() + snap.NumClasses()},
		"policies":      {len(whole.Policies), snap.NumAttachments()},
		"rows":          {links[graph.CanAccess], rows},
		"class members": {links[inClass], members},
		"members":       {links[graph.MemberOf], edges},
	} {
		if pair[0] != pair[1] || pair[0] == 0 {
			t.Errorf("%s: %d in the export, want %d", what, pair[0], pair[1])
		}
	}
	want := linkRecord{
		Record: "link", From: "arn:aws:iam::333344445555:user/tomas.release", To: "arn:aws:iam::333344445555:role/release-manager",
		Relation: graph.CanAssume, Held: "its own credential", Gained: "a session", Action: "sts:AssumeRole", Verdict: "ALLOWED",
	}
	if !slices.ContainsFunc(whole.Links, func(l linkRecord) bool { return fmt.Sprint(l) == fmt.Sprint(want) }) {
		t.Errorf("no link %v", want)
	}
	if whole.Snapshot.ContentHash != snap.ContentHash() {
		t.Errorf("content hash %s", whole.Snapshot.ContentHash)
	}
	ledger := slices.IndexFunc(whole.Nodes, func(n nodeRecord) bool { return n.Ref == "arn:aws:s3:::acme-ledger" })
	if ledger < 0 || !slices.Contains(whole.Nodes[ledger].Labels, graph.CrownJewel) {
		t.Errorf("the ledger is no crown jewel")
	}
}

func TestExportJSONL(t *testing.T) {
	exported(t, "jsonl", func(t *testing.T, whole exportedJSON, text []byte) {
		count := map[string]int{}
		for line := range bytes.Lines(text) {
			var r struct{ Record string }
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if bytes.ContainsFunc(bytes.TrimRight(line, "\n"), unicode.IsControl) {
				t.Errorf("%q steers a terminal", line)
			}
			count[r.Record]++
		}
		if count["node"]+count["loose"]+count["class"] != len(whole.Nodes) || count["link"] != len(whole.Links) || count["policy"] != len(whole.Policies) {
			t.Errorf("%v; json has %d things, %d links, %d policies", count, len(whole.Nodes), len(whole.Links), len(whole.Policies))
		}
	})
}

func TestExportGraphML(t *testing.T) {
	type data struct {
		Key  string `xml:"key,attr"`
		Text string `xml:",chardata"`
	}
	exported(t, "graphml", func(t *testing.T, whole exportedJSON, text []byte) {
		var doc struct {
			Keys []struct {
				ID string `xml:"id,attr"`
			} `xml:"key"`
			Nodes []struct {
				ID   string `xml:"id,attr"`
				Data []data `xml:"data"`
			} `xml:"graph>node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
				Data   []data `xml:"data"`
			} `xml:"graph>edge"`
		}
		if err := xml.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Nodes) != len(whole.Nodes) || len(doc.Edges) != len(whole.Links) {
			t.Fatalf("%d nodes, %d edges; json has %d, %d", len(doc.Nodes), len(doc.Edges), len(whole.Nodes), len(whole.Links))
		}
		keys := map[string]bool{}
		for _, k := range doc.Keys {
			keys[k.ID] = true
		}
		refs := map[string]string{}
		for i, n := range doc.Nodes {
			for _, d := range n.Data {
				if !keys[d.Key] {
					t.Fatalf("key %s is not declared", d.Key)
				}
				if d.Key == "n_ref" {
					refs[n.ID] = d.Text
				}
				if d.Key == "n_name" && d.Text != xmlSafe(whole.Nodes[i].Name) {
					t.Errorf("name %q, want %q", d.Text, whole.Nodes[i].Name)
				}
			}
		}
		for i, e := range doc.Edges {
			if l := whole.Links[i]; refs[e.Source] != xmlSafe(l.From) || refs[e.Target] != xmlSafe(l.To) {
				t.Fatalf("edge %d leads from %q to %q, want %v", i, refs[e.Source], refs[e.Target], l)
			}
		}
	})
}

func TestExportDOT(t *testing.T) {
	exported(t, "dot", func(t *testing.T, whole exportedJSON, text []byte) {
		file, err := dot.ParseBytes(text)
		if err != nil {
			t.Fatal(err)
		}
		nodes, edges := 0, 0
		for _, s := range file.Graphs[0].Stmts {
			switch s := s.(type) {
			case *ast.NodeStmt:
				label := attribute(s.Attrs, "label")
				if want := dotQuote(titled(whole.Nodes[nodes])); label != want {
					t.Errorf("label %s, want %s", label, want)
				}
				nodes++
			case *ast.EdgeStmt:
				edges++
			}
		}
		if len(file.Graphs) != 1 || nodes != len(whole.Nodes) || edges != len(whole.Links) {
			t.Errorf("%d nodes, %d edges; json has %d, %d", nodes, edges, len(whole.Nodes), len(whole.Links))
		}
	})
}

func attribute(list []*ast.Attr, key string) string {
	for _, a := range list {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// What may stand in a line of a flowchart, if nothing in it is syntax.
var mermaidLine = regexp.MustCompile(`^  ([nxc][0-9]+)(\["[-a-zA-Z0-9 .,:/()#;]*"\]| (-->|-\.->)\|"[-a-zA-Z0-9 .,:/()#;]*"\| ([nxc][0-9]+))$`)

func TestExportMermaid(t *testing.T) {
	entity := regexp.MustCompile(`#[0-9]+;`)
	exported(t, "mermaid", func(t *testing.T, whole exportedJSON, text []byte) {
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if lines[0] != "flowchart LR" || len(lines) != 1+len(whole.Nodes)+len(whole.Links) {
			t.Fatalf("%q and %d lines", lines[0], len(lines))
		}
		for i, line := range lines[1:] {
			parts := mermaidLine.FindStringSubmatch(line)
			if parts == nil || strings.ContainsAny(entity.ReplaceAllString(parts[2], ""), "#;") {
				t.Fatalf("%q", line)
			}
			if edge := parts[4] != ""; edge != (i >= len(whole.Nodes)) {
				t.Fatalf("line %d: %q", i, line)
			}
		}
	})
}

// TestExportOpenGraph holds what BloodHound demands of a generic graph.
func TestExportOpenGraph(t *testing.T) {
	kind := regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	exported(t, "opengraph", func(t *testing.T, whole exportedJSON, text []byte) {
		type end struct {
			MatchBy string `json:"match_by"`
			Value   string
		}
		var doc struct {
			Metadata map[string]string
			Graph    struct {
				Nodes []struct {
					ID         string
					Kinds      []string
					Properties map[string]any
				}
				Edges []struct {
					Kind       string
					Start, End end
					Properties map[string]any
				}
			}
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Graph.Nodes) != len(whole.Nodes) || len(doc.Graph.Edges) != len(whole.Links) {
			t.Fatalf("%d nodes, %d edges", len(doc.Graph.Nodes), len(doc.Graph.Edges))
		}
		refs := map[string]string{}
		for i, n := range doc.Graph.Nodes {
			if len(n.Kinds) == 0 || len(n.Kinds) > 3 || !kind.MatchString(n.Kinds[0]) || refs[n.ID] != "" || n.ID != strings.ToUpper(n.ID) {
				t.Errorf("node %v", n)
			}
			if n.Properties["name"] == "" || n.Properties["objectid"] != nil {
				t.Errorf("node %v", n)
			}
			plainProperties(t, n.Properties)
			refs[n.ID] = whole.Nodes[i].Ref
		}
		for i, e := range doc.Graph.Edges {
			l := whole.Links[i]
			if !kind.MatchString(e.Kind) || e.Start.MatchBy != "id" || refs[e.Start.Value] != l.From || refs[e.End.Value] != l.To {
				t.Errorf("edge %v, want %v", e, l)
			}
			plainProperties(t, e.Properties)
		}
	})
}

// plainProperties refuses objects, and names in upper case.
func plainProperties(t *testing.T, properties map[string]any) {
	t.Helper()
	for key, value := range properties {
		if key != strings.ToLower(key) {
			t.Errorf("property %s", key)
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, v := range list {
			switch v.(type) {
			case string, bool, float64:
			default:
				t.Errorf("property %s holds %T", key, v)
			}
		}
	}
}

func TestExportCSV(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	mustRun(t, "export", "--format", "csv", "-O", dir, "--store", nastyStore(t))
	for file, rows := range map[string]int{"nodes.csv": 1 + 2*len(nasty) + 1, "links.csv": 1 + 2*len(nasty)} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		list, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != rows {
			t.Errorf("%s: %d rows, want %d", file, len(list), rows)
		}
		for _, row := range list {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") || strings.ContainsFunc(cell, unicode.IsControl) {
					t.Errorf("%s: cell %q", file, cell)
				}
			}
		}
	}
	if code, _, notes := runClew(t, "export", "--format", "csv", "-O", dir, "--store", nastyStore(t)); code != exitFailed || !strings.Contains(notes, "is not empty") {
		t.Errorf("a second time: exit code %d: %s", code, notes)
	}
}

// TestExportNeo4j reads what the import of graph/neo4j takes; that package's
// tests load it for real.
func TestExportNeo4j(t *testing.T) {
	acme, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "import")
	mustRun(t, "export", "--format", "neo4j-import", "-O", dir, "--store", acme)
	args, err := os.ReadFile(filepath.Join(dir, "import.args"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%v: %v", files, err)
	}
	for _, file := range files {
		if !strings.Contains(string(args), filepath.Base(file)) {
			t.Errorf("import.args does not name %s", file)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll(); err != nil || len(rows) < 2 {
			t.Errorf("%s: %d rows: %v", file, len(rows), err)
		}
	}
}

func TestExportUsage(t *testing.T) {
	for _, args := range [][]string{{"--format", "csv"}, {"--format", "neo4j-import"}, {"--format", "yaml"}} {
		if code, _, notes := runClew(t, append([]string{"export"}, args...)...); code != exitUsage {
			t.Errorf("%q: exit code %d: %s", args, code, notes)
		}
	}
	if code, _, notes := runClew(t, "export", "--store", t.TempDir()); code != exitFailed || !strings.Contains(notes, "holds no snapshot") {
		t.Errorf("exit code %d: %s", code, notes)
	}
}

// TestExportMemory writes an estate of some size while it looks at the heap.
func TestExportMemory(t *testing.T) {
	dir := t.TempDir()
	store, err := embedded.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	const size = 60_000
	_, err = store.Update(t.Context(), "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		for i := range size {
			ref := graph.Ref("arn:aws:iam::111122223333:user/" + strconv.Itoa(i))
			if err := next.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindUser, Type: "iam:user", Name: string(ref)}); err != nil {
				return err
			}
			if err := next.Edge(graph.Edge{From: ref, To: "arn:aws:iam::111122223333:user/0", Relation: graph.MemberOf}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	snap, info, err := store.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for _, format := range []string{"json", "jsonl", "graphml", "dot", "mermaid", "opengraph"} {
		w := &heapWatcher{}
		w.look()
		base := w.most
		err := exportStream(w, format, func(r recordWriter) error { return records(t.Context(), snap, nil, r.put) }, info)
		if err != nil {
			t.Fatal(err)
		}
		if w.written < size*80 || w.most-base > 4<<20 {
			t.Errorf("%s: %d bytes written, the heap grew by %d", format, w.written, w.most-base)
		}
	}
}

// A heapWatcher looks at what is alive now and then.
type heapWatcher struct {
	written, next int
	most          uint64
}

func (w *heapWatcher) Write(p []byte) (int, error) {
	w.written += len(p)
	if w.written >= w.next {
		w.look()
		w.next = w.written + 2<<20
	}
	return len(p), nil
}

func (w *heapWatcher) look() {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	w.most = max(w.most, m.HeapAlloc)
}

var _ io.Writer = (*heapWatcher)(nil)
