package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/clewgraph/clew"

// An arrow is what the packages of a room may import of this module, and why
// no more. A name that ends in /... holds everything below it, itself included.
type arrow struct {
	room string
	may  []string
	why  string
}

// The first arrow whose room holds a package is the one for it.
var arrows = []arrow{
	{"graph", nil, "graph is the vocabulary that all share: what it imports, all import"},
	{"graph/snapshot", []string{"graph"}, "a snapshot is facts and conclusions in the words of graph, and asks nobody"},
	{"graph/walk", []string{"graph", "graph/snapshot"}, "walks see snapshots alone, so that they answer the same over every store"},
	{"graph/graphtest", []string{"graph", "graph/snapshot"}, "the suite of all stores knows none of them"},
	{"graph/...", []string{"graph", "graph/snapshot"}, "a store keeps snapshots; stores do not know each other, nor who fills or asks them"},
	{"ingest", []string{"graph"}, "ingest writes facts and knows neither snapshots nor what will be concluded"},
	{"ingest/aws/...", []string{"graph", "ingest", "ingest/aws/..."}, "a provider's reader writes facts; it knows no other provider and concludes nothing"},
	{"resolve", []string{"graph", "graph/snapshot", "resolve/policy"}, "resolve is the list of passes; providers are handed to it"},
	{"resolve/policy", []string{"graph"}, "the algebra is the same for every provider and knows none"},
	{"resolve/aws/reference/...", []string{"resolve/aws/reference/..."}, "reference tables are data and know nobody"},
	{"resolve/aws/...", []string{"graph", "graph/snapshot", "resolve", "resolve/policy", "resolve/compile", "resolve/escalate", "resolve/aws/..."},
		"how a provider decides knows facts, never how they were read, and no other provider"},
	{"resolve/...", []string{"graph", "graph/snapshot", "graph/walk", "resolve", "resolve/policy", "resolve/compile"}, "what providers share knows no provider"},
	{"schema/...", []string{"graph", "graph/snapshot", "graph/walk", "resolve", "resolve/...", "schema/..."},
		"the schema asks snapshots and evaluators; which stores and providers there are is decided in cmd"},
	{"testdata", nil, "estates are text"},
	{"cmd/...", []string{"cmd/...", "graph/...", "ingest/...", "resolve/...", "schema/...", "testdata"}, "cmd wires everything and is imported by nobody"},
}

// Some modules of others belong to one room each.
var rooms = []struct {
	imports string
	rooms   []string
	why     string
}{
	{"github.com/99designs/gqlgen", []string{"schema/..."}, "what speaks GraphQL can be exchanged in one place"},
	{"github.com/vektah/gqlparser", []string{"schema/..."}, "what speaks GraphQL can be exchanged in one place"},
	{"github.com/prometheus", []string{"schema/..."}, "metrics are of the server"},
	{"github.com/neo4j", []string{"graph/neo4j/..."}, "Cypher stands in one place"},
	{"github.com/aws", []string{"ingest/aws/..."}, "an SDK is for reading; deciding works offline"},
	{"github.com/spf13", []string{"cmd/..."}, "flags are of the command line"},
	{"github.com/itchyny", []string{"cmd/..."}, "jq is of the command line"},
	{"github.com/coreos", []string{"schema/..."}, "who may ask is of the server"},
	{"gonum.org", nil, "it reads back in tests what is exported"},
	{"net/http", []string{"schema/...", "cmd/...", "ingest/aws/...", "resolve/aws/reference/internal/generate"}, "nothing else calls or serves"},
	{"database/sql", nil, "no database is needed"},
}

// holds says whether a pattern of arrows holds a package.
func holds(pattern, pkg string) bool {
	below, all := strings.CutSuffix(pattern, "/...")
	return pkg == below || all && strings.HasPrefix(pkg, below+"/")
}

func anyHolds(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return holds(p, pkg) })
}

// TestArrows holds the arrows over everything that is built; tests may reach
// further.
func TestArrows(t *testing.T) {
	seen := 0
	for pkg, imports := range imports(t, "../..") {
		at := slices.IndexFunc(arrows, func(a arrow) bool { return holds(a.room, pkg) })
		if at < 0 {
			t.Errorf("package %s stands in no room: give it an arrow", pkg)
			continue
		}
		for _, imported := range imports {
			seen++
			if fault := forbidden(arrows[at], pkg, imported); fault != "" {
				t.Errorf("%s imports %s: %s", pkg, imported, fault)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d imports were looked at", seen)
	}
}

// forbidden says why a package may not import something, "" if it may.
func forbidden(a arrow, pkg, imported string) string {
	if own, ok := strings.CutPrefix(imported, module+"/"); ok {
		if own == pkg || anyHolds(a.may, own) && !besides(a, own) {
			return ""
		}
		return a.why
	}
	if pkg == "graph" && strings.Contains(imported, ".") {
		return "graph imports the standard library alone"
	}
	for _, r := range rooms {
		if (imported == r.imports || strings.HasPrefix(imported, r.imports+"/")) && !anyHolds(r.rooms, pkg) {
			return r.why
		}
	}
	return ""
}

// besides keeps the schema from naming providers, whose evaluators it is handed.
func besides(a arrow, own string) bool {
	return strings.HasPrefix(a.room, "schema") && anyHolds([]string{"resolve/aws/...", "resolve/azure/...", "resolve/gcp/..."}, own)
}

// imports lists what the packages below a folder import, tests left out.
func imports(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && file != root && strings.HasPrefix(d.Name(), ".") {
			return cmpErr(err, fs.SkipDir)
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(files, file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		pkg := path.Clean(filepath.ToSlash(rel))
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[pkg] = append(found[pkg], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// The arrows must be able to fail.
func TestArrowsForbid(t *testing.T) {
	for _, tc := range []struct{ pkg, imported string }{
		{"graph", module + "/graph/snapshot"},
		{"graph", "github.com/spf13/cobra"},
		{"graph/embedded", module + "/graph/neo4j"},
		{"ingest/aws", module + "/resolve"},
		{"ingest/aws", module + "/graph/snapshot"},
		{"ingest/aws", module + "/ingest/azure"},
		{"resolve/aws", module + "/ingest/aws"},
		{"resolve/aws", "github.com/aws/aws-sdk-go-v2/service/iam"},
		{"resolve/policy", module + "/resolve/aws"},
		{"schema", module + "/resolve/aws"},
		{"schema/answer", module + "/graph/embedded"},
		{"schema", module + "/cmd/clew"},
		{"graph/walk", "net/http"},
		{"schema", "github.com/itchyny/gojq"},
		{"cmd/clew", "gonum.org/v1/gonum/graph/formats/dot"},
		{"cmd/clew", "github.com/99designs/gqlgen/graphql"},
	} {
		at := slices.IndexFunc(arrows, func(a arrow) bool { return holds(a.room, tc.pkg) })
		if at < 0 || forbidden(arrows[at], tc.pkg, tc.imported) == "" {
			t.Errorf("%s may import %s", tc.pkg, tc.imported)
		}
	}
}

// A replace directive breaks `go install …@version`.
func TestNoReplace(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "replace") {
			t.Errorf("go.mod: %s", line)
		}
	}
}
