package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/schema"
)

// A block is a fenced block of the README.
type block struct{ language, text string }

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

func readmeBlocks(t *testing.T) []block {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		list = append(list, block{m[1], m[2]})
	}
	return list
}

// TestReadmeCypherNeo4j asks the questions of the README in Cypher of a real
// server, and compares the rows with those of the GraphQL query under each.
func TestReadmeCypherNeo4j(t *testing.T) {
	uri, estate := acmeInNeo4j(t)
	session := cypherSession(t, uri)
	client := clientOf(t, uri, estate)
	blocks := readmeBlocks(t)
	asked := 0
	for i, b := range blocks {
		if b.language != "cypher" {
			continue
		}
		asked++
		cypher := strings.ReplaceAll(b.text, "'default'", "'"+estate+"'")
		got := cypherRows(t, session, cypher)
		if i+1 == len(blocks) || blocks[i+1].language != "graphql" {
			t.Fatalf("no GraphQL follows %s", b.text)
		}
		want := graphqlRows(t, client, blocks[i+1].text)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s%q\nGraphQL has\n%q", b.text, got, want)
		}
	}
	if asked < 10 {
		t.Errorf("the README has %d questions in Cypher", asked)
	}
}

// TestReadmeAnswers asks the other queries of the README of the sample
// organization; the rows stand under each.
func TestReadmeAnswers(t *testing.T) {
	dir, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	client := clientOf(t, dir, "")
	blocks := readmeBlocks(t)
	asked := 0
	for i, b := range blocks {
		if b.language != "graphql" || blocks[i-1].language == "cypher" {
			continue
		}
		asked++
		if i+1 == len(blocks) || blocks[i+1].language != "json" {
			t.Fatalf("no answer follows %s", b.text)
		}
		want := strings.Split(strings.TrimSuffix(blocks[i+1].text, "\n"), "\n")
		slices.Sort(want)
		if got := graphqlRows(t, client, b.text); !slices.Equal(got, want) {
			t.Errorf("%sanswers\n%s\nwant\n%s", b.text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if asked < 10 {
		t.Errorf("the README has %d questions with answers", asked)
	}
}

func cypherSession(t *testing.T, uri string) driver.SessionWithContext {
	t.Helper()
	user, password, _ := strings.Cut(os.Getenv(testAuth), "/")
	auth := driver.BasicAuth(user, password, "")
	if user == "" {
		auth = driver.NoAuth()
	}
	d, err := driver.NewDriverWithContext(uri, auth)
	if err != nil {
		t.Fatal(err)
	}
	session := d.NewSession(t.Context(), driver.SessionConfig{AccessMode: driver.AccessModeRead})
	t.Cleanup(func() { d.Close(t.Context()) })
	return session
}

func cypherRows(t *testing.T, session driver.SessionWithContext, cypher string) []string {
	t.Helper()
	result, err := session.Run(t.Context(), "CYPHER 5 "+cypher, nil)
	if err != nil {
		t.Fatalf("%s%v", cypher, err)
	}
	records, err := result.Collect(t.Context())
	if err != nil {
		t.Fatalf("%s%v", cypher, err)
	}
	var rows []string
	for _, r := range records {
		rows = append(rows, inJSON(r.Values))
	}
	slices.Sort(rows)
	return rows
}

// graphqlRows makes rows of an answer by the jq expression in the query's
// comment.
func graphqlRows(t *testing.T, c storeClient, query string) []string {
	t.Helper()
	comment, _, _ := strings.Cut(query, "\n")
	expression, ok := strings.CutPrefix(comment, "# ")
	if !ok {
		t.Fatalf("no jq expression above %s", query)
	}
	data, faults := schema.Execute(t.Context(), c.api, query, "", nil)
	if len(faults) > 0 {
		t.Fatalf("%s: %v", query, faults)
	}
	code, err := compileJQ(expression)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for results := code.Run(value); ; {
		result, ok := results.Next()
		if !ok {
			break
		}
		if err, failed := result.(error); failed {
			t.Fatalf("%s: %v", expression, err)
		}
		rows = append(rows, inJSON(result))
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
