package schema_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const entitiesQuery = `query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Principal { id ref } ... on Resource { id ref } ... on Scope { id ref name } } }`

// A router asks for things by key: a thousand at once, each in its place.
func TestRepresentations(t *testing.T) {
	api := acme(t)
	known := []struct{ typename, ref string }{{"Principal", tomas}, {"Resource", "arn:aws:s3:::acme-ledger"}, {"Scope", "account:333344445555"}, {"Resource", tomas}, {"Principal", "nothing"}}
	var byRef, byID []object
	for i := range 1000 {
		one := known[i%len(known)]
		byRef = append(byRef, object{"__typename": one.typename, "ref": one.ref})
	}
	got := at(t, ask(t, api, entitiesQuery, object{"r": byRef}), "_entities").([]any)
	for i, e := range got {
		one := known[i%len(known)]
		if i%len(known) >= 3 {
			if e != nil {
				t.Fatalf("%d: %v", i, e)
			}
			continue
		}
		if text(t, e, "ref") != one.ref || text(t, e, "__typename") != one.typename {
			t.Fatalf("%d: %v", i, e)
		}
		byID = append(byID, object{"__typename": one.typename, "id": at(t, e, "id")})
	}
	for i, e := range at(t, ask(t, api, entitiesQuery, object{"r": byID}), "_entities").([]any) {
		if text(t, e, "ref") != known[i%3].ref {
			t.Fatalf("%d: %v", i, e)
		}
	}
	for want, list := range map[string][]object{
		"LIMIT":             append(byRef, byRef[0]),
		"BAD_INPUT":         {{"__typename": "Principal"}},
		"BAD_INPUT no type": {{"ref": tomas}}, "BAD_INPUT another": {{"__typename": "Snapshot", "id": "x"}},
		"BAD_INPUT mixed": {{"__typename": "Principal", "ref": tomas}, {"__typename": "Principal", "id": "x"}},
	} {
		if code, message := code(t, api, entitiesQuery, object{"r": list}); !strings.HasPrefix(want, code) {
			t.Errorf("%s: %s: %s", want, code, message)
		}
	}
	// What is asked of each costs as often.
	costly := `query($r: [_Any!]!) { _entities(representations: $r) { ... on Principal { blastRadius { principalsReached { value } } } } }`
	if got, _ := code(t, api, costly, object{"r": byRef}); got != "LIMIT" {
		t.Errorf("a thousand searches: %s", got)
	}
}

// The contract composes with another subgraph that extends its types.
func TestComposes(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil && os.Getenv("CI") == "" {
		t.Skip("npm is not installed: composition is not tried")
	}
	if testing.Short() {
		t.Skip("-short: composition fetches a package")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	run := func(name string, args ...string) (string, error) {
		c := exec.CommandContext(ctx, name, args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		return string(out), err
	}
	write("package.json", `{"private":true}`)
	if out, err := run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "@apollo/composition@"+composition, "graphql@"+graphqlJS); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("npm: %v\n%s", err, out)
		}
		t.Skipf("the composition library cannot be fetched here: %v\n%s", err, out)
	}
	sdl := text(t, ask(t, acme(t), `{ _service { sdl } }`, nil), "_service", "sdl")
	write("clew.graphqls", sdl)
	write("compose.js", composeScript)
	out, err := run("node", "compose.js")
	if err != nil || !strings.Contains(out, "composed") {
		t.Errorf("%v\n%s", err, out)
	}
	// The check can fail.
	write("clew.graphqls", strings.ReplaceAll(sdl, `@key(fields: "ref")`, `@key(fields: "nothing")`))
	if out, err := run("node", "compose.js"); err == nil {
		t.Errorf("a key that is no field composes:\n%s", out)
	}
}

// Pinned, so that the test means the same every day.
const (
	composition = "2.14.4"
	graphqlJS   = "16.15.0"
)

const composeScript = `
const { composeServices } = require("@apollo/composition");
const { parse } = require("graphql");
const { readFileSync } = require("fs");
const inventory = ` + "`" + `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  scalar CloudRef
  type Query { owners: [String!]! }
  type Principal @key(fields: "id") { id: ID! owner: String }
  type Resource @key(fields: "ref") { ref: CloudRef! costPerMonth: Float }
  type Scope @key(fields: "ref") { ref: CloudRef! budget: Float }
` + "`" + `;
const result = composeServices([
  { name: "clew", url: "http://localhost:1/graphql", typeDefs: parse(readFileSync("clew.graphqls", "utf8")) },
  { name: "inventory", url: "http://localhost:2/graphql", typeDefs: parse(inventory) },
]);
if (result.errors) { console.error(result.errors.map((e) => e.message).join("\n")); process.exit(1); }
console.log("composed", result.supergraphSdl.length);
`
