package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/clewgraph/clew/testdata"
)

// The server that tests speak to, and USER/PASSWORD for it.
const (
	testURI  = "CLEW_TEST_NEO4J_URI"
	testAuth = "CLEW_TEST_NEO4J_AUTH"
)

// neo4jServer skips where no test server runs. Commands of the test then reach
// it with an estate of their own and an empty cache.
func neo4jServer(t *testing.T) (uri, estate string) {
	t.Helper()
	uri = os.Getenv(testURI)
	if uri == "" {
		t.Skip(testURI + " is not set; testdata/neo4j/start.sh DIR starts a server and prints it")
	}
	t.Setenv(envCache, t.TempDir())
	t.Setenv(envAuthFile, "")
	if auth := os.Getenv(testAuth); auth != "" {
		file := filepath.Join(t.TempDir(), "auth")
		if err := os.WriteFile(file, []byte(auth+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv(envAuthFile, file)
	}
	return uri, fmt.Sprintf("test-%d", time.Now().UnixNano())
}

// acmeInNeo4j ingests the sample organization into the test server with the
// commands that a user types.
func acmeInNeo4j(t *testing.T) (uri, estate string) {
	t.Helper()
	uri, estate = neo4jServer(t)
	archive, err := testdata.Estate(demoEstate)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	documents := filepath.Join(filepath.Dir(dir), "documents") // the very files, as answers name them
	mustRun(t, "ingest", "aws", documents, "--store", uri, "--estate", estate)
	for _, line := range lines(fileOf(t, archive, "labels")) {
		ref, label, _ := strings.Cut(line, " ")
		mustRun(t, "label", "set", ref, "--label", label, "--store", uri, "--estate", estate)
	}
	t.Setenv(envCache, t.TempDir()) // what follows is built again from the server
	return uri, estate
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, out, notes := runClew(t, args...)
	if code != exitAnswered {
		t.Fatalf("clew %q: exit code %d: %s", args, code, notes)
	}
	return out
}

// operationVariables asks every operation of operations.graphql something that
// the sample organization has an answer to.
var operationVariables = map[string][]map[string]any{
	"Path": {
		{"from": selector("tomas.release"), "to": selector("acme-ledger"), "algorithm": "SHORTEST", "first": 1},
		{"from": selector("sam.security"), "to": selector(crownJewels), "algorithm": "K_SHORTEST", "first": 20},
		{"from": selector("priya.reports"), "to": selector("acme-ledger-archive"), "algorithm": "SHORTEST", "first": 1,
			"options": map[string]any{"actions": []string{"s3:PutObject"}}},
	},
	"BlastRadius": {
		{"of": selector("credential:AKIAU3HHASRZUEXAMPLE"), "first": 100},
		{"of": selector("internet"), "first": 100},
		{"of": selector("karl.identity"), "first": 100},
	},
	"WhoCan": {
		{"resource": selector("acme-ledger"), "filter": map[string]any{"actions": []string{"s3:PutObject"}}, "transitive": true, "first": 100},
		{"resource": selector(crownJewels), "transitive": false, "first": 500},
	},
	"WhatCan": {
		{"principal": selector("tomas.release"), "transitive": true, "first": 500},
		{"principal": selector("stella.admin"), "transitive": true, "first": 100},
	},
	"Explain": {
		{"question": map[string]any{"principal": "bruno.builder", "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-orders/1.json"}},
		{"question": map[string]any{"principal": "stella.admin", "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-staging-data/1"}},
	},
	"Techniques":     {{}},
	"TechniquesWho":  {{"technique": "iam-007", "first": 100}},
	"Search":         {{"text": "ledger", "first": 100}, {"text": "arn:aws:", "first": 500}},
	"Snapshots":      {{"first": 10}},
	"Coverage":       {{"first": 100}},
	"Entity":         {{"ref": "release-manager"}, {"ref": "account:555566667777"}},
	"Scopes":         {{"first": 100}},
	"Administrators": {{"ref": "account:333344445555", "first": 100}},
	"Reaching":       {{"resource": selector(crownJewels), "first": 500}},
	"Credentials":    {{"text": "AKIA", "first": 100}},
	"Loss":           {{"of": selector("tomas.release")}},
}

// TestNeo4jAnswersTheSame asks every operation of the embedded store and of a
// Neo4j server that was filled from the same documents, whose snapshot is built
// again on an empty disk.
func TestNeo4jAnswersTheSame(t *testing.T) {
	uri, estate := acmeInNeo4j(t)
	dir, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	folder, server := clientOf(t, dir, ""), clientOf(t, uri, estate)
	for _, operation := range operationNames(t) {
		asked := operationVariables[operation]
		if len(asked) == 0 {
			t.Errorf("%s: nothing asks it", operation)
		}
		for _, vars := range asked {
			want, got := folder.answer(t, operation, vars), server.answer(t, operation, vars)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%s %v:%s", operation, vars, difference(inJSON(want), inJSON(got)))
			}
			if len(inJSON(want)) < 50 {
				t.Errorf("%s %v answers %s: too little to compare", operation, vars, inJSON(want))
			}
		}
	}
}

// TestNeo4jCommands compares what people read.
func TestNeo4jCommands(t *testing.T) {
	uri, estate := acmeInNeo4j(t)
	dir, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"path", "tomas.release", "acme-ledger", "--action", "s3:PutObject"},
		{"path", "nolan.newcomer", "crown-jewels"},
		{"blast-radius", "credential:AKIAU3HHASRZUEXAMPLE", "-o", "dot"},
		{"who-can", "s3:PutObject", "acme-ledger", "-o", "csv"},
		{"what-can", "ci-legacy"},
		{"explain", "bruno.builder", "s3:PutObject", "arn:aws:s3:::acme-orders/1.json"},
	} {
		code, want, _ := runClew(t, append(args, "--store", dir)...)
		again, got, notes := runClew(t, append(args, "--store", uri, "--estate", estate)...)
		if code != again || want != got {
			t.Errorf("%q: exit code %d, want %d: %s\n%s\nwant\n%s", args, again, code, notes, got, want)
		}
	}
}

// A storeClient asks one store, and knows what of its answers is its own: the
// name and time of its snapshot.
type storeClient struct {
	*client
	snapshot string
}

func clientOf(t *testing.T, dir, estate string) storeClient {
	t.Helper()
	a := newApp(strings.NewReader(""), &strings.Builder{}, &strings.Builder{})
	a.dir, a.estate = dir, estate
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	ask, err := a.ask(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	list, err := a.opened.List(context.Background(), estate)
	if err != nil {
		t.Fatal(err)
	}
	return storeClient{ask, list[0].ID}
}

func (c storeClient) answer(t *testing.T, operation string, vars map[string]any) any {
	t.Helper()
	raw, err := c.query(context.Background(), operation, vars)
	if err != nil {
		t.Fatalf("%s %v: %v", operation, vars, err)
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	return c.common(value)
}

// common takes out what two stores may say differently.
func (c storeClient) common(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			switch key {
			case "takenAt", "endCursor":
				delete(v, key)
			default:
				v[key] = c.common(inner)
			}
		}
	case []any:
		for i, inner := range v {
			v[i] = c.common(inner)
		}
	case string:
		return strings.ReplaceAll(v, c.snapshot, "SNAPSHOT")
	}
	return value
}

func inJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// difference shows where two texts part.
func difference(want, got string) string {
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	from := max(0, at-200)
	return fmt.Sprintf("\nembedded …%.500s\nneo4j    …%.500s", want[from:], got[from:])
}

// operationNames lists the operations of operations.graphql.
func operationNames(t *testing.T) []string {
	t.Helper()
	document, err := parser.ParseQuery(&ast.Source{Input: operations})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, operation := range document.Operations {
		names = append(names, operation.Name)
	}
	if !slices.Contains(names, "Path") {
		t.Fatalf("operations.graphql has %v", names)
	}
	return names
}
