package schema_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/schema"
)

// nested are the lists of things inside of answers. Each pages by two.
var nested = map[string]struct {
	query string
	path  []any
}{
	"administrators": {`query($after: String, $at: ID) { entity(ref: "account:111111111111", at: $at) { ... on Scope { administrators(first: 2, after: $after) { ...Page } } } }
		fragment Page on EffectiveAccessConnection { edges { node { principal { ref } } } pageInfo { hasNextPage endCursor } }`, []any{"entity", "administrators"}},
	"effective access": {`query($after: String, $at: ID) { entity(ref: "first", at: $at) { ... on Principal { effectiveAccess(first: 2, after: $after) {
		edges { node { target { ref } actions } } pageInfo { hasNextPage endCursor } } } } }`, []any{"entity", "effectiveAccess"}},
	"items": {`query($after: String, $at: ID) { blastRadius(of: {ref: "first"}, at: $at) { items(first: 2, after: $after) {
		edges { node { target { ref } actions } } pageInfo { hasNextPage endCursor } } } }`, []any{"blastRadius", "items"}},
	"who can": {`query($after: String, $at: ID) { node: entity(ref: "arn:aws:s3:::things", at: $at) { ... on Resource { whoCanAccess(first: 2, after: $after) {
		edges { node { principal { ref } actions } } pageInfo { hasNextPage endCursor } } } } }`, []any{"node", "whoCanAccess"}},
	"search": {`query($after: String, $at: ID) { search(text: "user/", first: 2, at: $at, after: $after) {
		edges { node { ref } } pageInfo { hasNextPage endCursor } } }`, []any{"search"}},
}

// pages reads a list to its end and calls between after each page.
func pages(t *testing.T, api *schema.API, name string, vars object, between func()) (out []string) {
	t.Helper()
	c := nested[name]
	for range 50 {
		page := at(t, ask(t, api, c.query, vars), c.path...)
		out = append(out, each(t, at(t, page, "edges"), "node")...)
		if at(t, page, "pageInfo", "hasNextPage") != true {
			return out
		}
		vars["after"] = at(t, page, "pageInfo", "endCursor")
		between()
	}
	t.Fatalf("%s has no end", name)
	return nil
}

// Lists inside of answers, too, go on in the snapshot in which they began.
func TestNestedPagesKeepTheirSnapshot(t *testing.T) {
	for name, c := range nested {
		store := emptyStore(t)
		api := newAPI(t, store)
		admins(t, store, 5)
		whole := pages(t, api, name, object{}, func() {})
		more := 6
		got := pages(t, api, name, object{}, func() { admins(t, store, more); more++ })
		if len(whole) < 5 || strings.Join(got, "\n") != strings.Join(whole, "\n") {
			t.Errorf("%s: %d rows while snapshots land, %d before:\n%s\n\n%s", name, len(got), len(whole), strings.Join(got, "\n"), strings.Join(whole, "\n"))
		}
		// Of a deleted snapshot nothing is left to go on in.
		vars := object{}
		vars["after"] = at(t, ask(t, api, c.query, vars), append(c.path, "pageInfo", "endCursor")...)
		ids := snapshots(t, api)
		admins(t, store, more)
		if other, _ := code(t, api, c.query, object{"after": vars["after"], "at": ids[len(ids)-1]}); other != "BAD_INPUT" {
			t.Errorf("%s: in another snapshot: %s", name, other)
		}
		if err := store.Delete(t.Context(), "", ids[0]); err != nil {
			t.Fatal(err)
		}
		if gone, _ := code(t, api, c.query, vars); gone != "SNAPSHOT_GONE" {
			t.Errorf("%s: of a deleted snapshot: %s", name, gone)
		}
	}
}

func TestCursorsOfSeveralSnapshots(t *testing.T) {
	store := emptyStore(t)
	api := newAPI(t, store)
	const both = `query($a: String, $b: String) { blastRadius(of: {ref: "first"}) {
		items(first: 1, after: $a) { pageInfo { endCursor } } principals(first: 1, after: $b) { pageInfo { endCursor } } } }`
	admins(t, store, 5)
	old := at(t, ask(t, api, both, nil), "blastRadius")
	admins(t, store, 6)
	a, b := at(t, ask(t, api, both, nil), "blastRadius", "items", "pageInfo", "endCursor"), at(t, old, "principals", "pageInfo", "endCursor")
	if got, message := code(t, api, both, object{"a": a, "b": b}); got != "BAD_INPUT" || !strings.Contains(message, "different snapshots") {
		t.Errorf("%s: %s", got, message)
	}
	ask(t, api, both, object{"a": at(t, old, "items", "pageInfo", "endCursor"), "b": b})
	if got, _ := code(t, api, both, object{"a": "garbage"}); got != "BAD_INPUT" {
		t.Errorf("garbage: %s", got)
	}
}

// admins publishes an account with so many buckets, and so many users who may
// do everything, one of them called first.
func admins(t *testing.T, store snapshot.Store, n int) {
	t.Helper()
	const account = "111111111111"
	everything := object{"PolicyName": "all", "PolicyDocument": object{"Version": "2012-10-17",
		"Statement": []object{{"Effect": "Allow", "Action": "*", "Resource": "*"}}}}
	var users, buckets []object
	for i := range n {
		name := fmt.Sprintf("user%02d", i)
		if i == 0 {
			name = "first"
		}
		users = append(users, object{
			"Path": "/", "UserName": name, "UserId": fmt.Sprintf("AIDA2222222222222%03d", 222+i), "Arn": "arn:aws:iam::" + account + ":user/" + name,
			"CreateDate": "2024-01-01T00:00:00Z", "UserPolicyList": []object{everything},
		})
		buckets = append(buckets, object{"Name": fmt.Sprintf("things%02d", i), "CreationDate": "2024-01-01T00:00:00Z"})
	}
	buckets = append(buckets, object{"Name": "things", "CreationDate": "2024-01-01T00:00:00Z"})
	dir := t.TempDir()
	for path, document := range map[string]object{
		"iam/get-account-authorization-details": {"UserDetailList": users, "GroupDetailList": []object{}, "RoleDetailList": []object{}, "Policies": []object{}},
		"s3api/list-buckets":                    {"Buckets": buckets},
	} {
		file := filepath.Join(dir, account, "global", filepath.FromSlash(path)+".json")
		raw, err := json.Marshal(document)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(file), 0o755)
		}
		if err == nil {
			err = os.WriteFile(file, raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := publish(store, ingestaws.Files([]string{dir})); err != nil {
		t.Fatal(err)
	}
}
