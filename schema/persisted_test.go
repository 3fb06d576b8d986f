package schema_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clewgraph/clew/schema"
)

const known = `{ entity(ref: "internet") { ref } }`

func digestOf(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}

func byHash(hash string) string {
	return `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}`
}

func withQuery(query string) string { return `"query":"` + strings.ReplaceAll(query, `"`, `\"`) + `"` }

// A client sends a query with its hash once, and then the hash.
func TestAutomaticPersistedQueries(t *testing.T) {
	h := schema.NewHandler(acme(t), schema.HandlerOptions{})
	post := func(fields ...string) string {
		return body(t, call(t, h, "POST", "/graphql", "{"+strings.Join(fields, ",")+"}"))
	}
	if got := post(byHash(digestOf(known))); !strings.Contains(got, "PersistedQueryNotFound") || !strings.Contains(got, `"NOT_FOUND"`) {
		t.Errorf("an unknown hash: %s", got)
	}
	if got := post(byHash(digestOf("another")), withQuery(known)); !strings.Contains(got, "BAD_INPUT") {
		t.Errorf("a wrong hash: %s", got)
	}
	if got := post(byHash(digestOf(known))); !strings.Contains(got, "PersistedQueryNotFound") {
		t.Errorf("a refused query was kept: %s", got)
	}
	for _, fields := range [][]string{{byHash(digestOf(known)), withQuery(known)}, {byHash(digestOf(known))}, {byHash(strings.ToUpper(digestOf(known)))}} {
		if got := post(fields...); got != `{"data":{"entity":{"ref":"internet"}}}`+"\n" {
			t.Errorf("%v: %s", fields, got)
		}
	}
	get := call(t, h, "GET", "/graphql?extensions="+url.QueryEscape("{"+byHash(digestOf(known))[len(`"extensions":{`):]), "")
	if got := body(t, get); !strings.Contains(got, "internet") {
		t.Errorf("by GET: %s", got)
	}
	// What is refused is not kept.
	hostile := "{" + strings.Repeat(" __typename", 3000) + " }"
	post(byHash(digestOf(hostile)), withQuery(hostile))
	if got := post(byHash(digestOf(hostile))); !strings.Contains(got, "PersistedQueryNotFound") {
		t.Errorf("a hostile query was kept: %s", got)
	}
}

func TestPersistedOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "queries.json")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"` + digestOf(known) + `":"` + strings.ReplaceAll(known, `"`, `\"`) + `"}`)
	list, err := schema.ReadPersisted(file)
	if err != nil {
		t.Fatal(err)
	}
	h := schema.NewHandler(acme(t), schema.HandlerOptions{PersistedOnly: list})
	for want, fields := range map[string][]string{
		"a query FORBIDDEN": {withQuery("{ __typename }")}, "FORBIDDEN": {byHash(digestOf("{ __typename }"))},
		"OK": {byHash(digestOf(known))}, "OK OK": {withQuery(known)},
	} {
		r := call(t, h, "POST", "/graphql", "{"+strings.Join(fields, ",")+"}")
		if got := codeIn(t, r); !strings.HasSuffix(want, got) {
			t.Errorf("%v: %s", fields, got)
		}
	}
	for _, text := range []string{`[]`, `{"abc":"{ __typename }"}`, `{"` + digestOf(known) + `":"{ __typename }"}`, `{`} {
		write(text)
		if _, err := schema.ReadPersisted(file); !errors.Is(err, schema.ErrPersisted) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := schema.ReadPersisted(file + ".none"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
