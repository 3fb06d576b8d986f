package schema_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/schema"
)

const whoQuery = `query($ref: CloudRef!, $filter: AccessFilter, $transitive: Boolean! = true, $first: Int! = 500, $after: String) {
  whoCanAccess(resource: {ref: $ref}, filter: $filter, transitive: $transitive, first: $first, after: $after) {
    edges { node { principal { ref } target { ref } relation actions levels verdict bounds { least most } formula hops
      targets { include exclude } via { verdict hops steps { to { ref } } } explanation { verdict } evidence { pointer } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount { value exact } cutBy coverage { gapCount }
  }
}`

const whatQuery = `query($ref: CloudRef!, $filter: AccessFilter, $transitive: Boolean! = true, $first: Int! = 500, $after: String) {
  whatCanAccess(principal: {ref: $ref}, filter: $filter, transitive: $transitive, first: $first, after: $after) {
    edges { node { principal { ref } target { ref } relation actions verdict hops via { hops verdict steps { to { ref } verdict } } } }
    pageInfo { hasNextPage endCursor } totalCount { value exact } cutBy
  }
}`

func TestWhoCanWrite(t *testing.T) {
	api := acme(t)
	filter := object{"actions": []string{"s3:PutObject"}}
	all := at(t, ask(t, api, whoQuery, object{"ref": "arn:aws:s3:::acme-ledger", "filter": filter}), "whoCanAccess")
	hops := map[string]string{}
	for _, edge := range at(t, all, "edges").([]any) {
		if !slices.Contains(each(t, []any{edge}, "node", "actions"), "[s3:PutObject]") {
			t.Errorf("other actions: %v", edge)
		}
		if text(t, edge, "node", "explanation", "verdict") == "DENIED" {
			t.Errorf("its own explanation denies %v", edge)
		}
		hops[text(t, edge, "node", "principal", "ref")] = text(t, edge, "node", "hops")
	}
	for who, want := range map[string]string{
		tomas: "3", data + "role/ledger-writer": "0", data + "role/OrganizationAccountAccessRole": "0",
		"arn:aws:iam::111122223333:user/olivia.owner": "1",
	} {
		if hops[who] != want {
			t.Errorf("%s: %q hops, want %s", who, hops[who], want)
		}
	}
	for _, who := range []string{prod + "user/priya.reports", "internet", prod + "user/ci-legacy"} {
		if h, ok := hops[who]; ok {
			t.Errorf("%s in %s hops", who, h)
		}
	}
	direct := ask(t, api, whoQuery, object{"ref": "arn:aws:s3:::acme-ledger", "filter": filter, "transitive": false})
	for _, edge := range at(t, direct, "whoCanAccess", "edges").([]any) {
		if who := text(t, edge, "node", "principal", "ref"); text(t, edge, "node", "hops") != "0" || hops[who] != "0" {
			t.Errorf("%s is no direct access", who)
		}
	}
}

// Both directions must tell the same: whoever can is found by what it can.
func TestWhoAndWhatAgree(t *testing.T) {
	api := acme(t)
	const bucket = "arn:aws:s3:::acme-customer-exports"
	who := all(t, api, whoQuery, object{"ref": bucket, "filter": object{"actions": []string{"s3:*"}}}, "whoCanAccess")
	if len(who) < 10 {
		t.Fatalf("only %d rows", len(who))
	}
	filter := object{"actions": []string{"s3:*"}}
	can := map[string][]any{}
	for _, edge := range who {
		row := at(t, edge, "node")
		ref := text(t, row, "principal", "ref")
		if can[ref] == nil {
			can[ref] = all(t, api, whatQuery, object{"ref": ref, "filter": filter}, "whatCanAccess")
		}
		what := can[ref]
		found := slices.ContainsFunc(what, func(other any) bool {
			o := at(t, other, "node")
			return text(t, o, "target", "ref") == bucket && text(t, o, "actions") == text(t, row, "actions") &&
				text(t, o, "verdict") == text(t, row, "verdict") && text(t, o, "hops") == text(t, row, "hops")
		})
		if !found {
			t.Errorf("%v is not among what %s can", row.(object)["actions"], text(t, row, "principal", "ref"))
		}
	}
}

func TestAdministratorsOfAScope(t *testing.T) {
	rows := at(t, ask(t, acme(t), `{ entity(ref: "account:333344445555") { ... on Scope {
		kind administrators { edges { node { principal { ref } relation verdict actions explanation { verdict } } } } } } }`, nil), "entity")
	if text(t, rows, "kind") != "ACCOUNT" {
		t.Error(rows)
	}
	got := each(t, at(t, rows, "administrators", "edges"), "node", "principal", "ref")
	slices.Sort(got)
	want := []string{prod + "role/OrganizationAccountAccessRole", prod + "user/gwen.platform", prod + "user/karl.identity"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestFilters(t *testing.T) {
	api := acme(t)
	count := func(filter object) int {
		return len(at(t, ask(t, api, whoQuery, object{"ref": "arn:aws:s3:::acme-orders", "filter": filter}), "whoCanAccess", "edges").([]any))
	}
	all := count(nil)
	for name, filter := range map[string]object{
		"levels":   {"levels": []string{"PERMISSIONS"}},
		"actions":  {"actions": []string{"s3:Get*"}},
		"accounts": {"accounts": []string{"account:111122223333"}},
		"maxHops":  {"maxHops": 0},
	} {
		if n := count(filter); n == 0 || n >= all {
			t.Errorf("%s: %d rows of %d", name, n, all)
		}
	}
	if n := count(object{"verdicts": []string{}}); n != 0 {
		t.Errorf("no verdict was asked for: %d rows", n)
	}
	if got, _ := code(t, api, whoQuery, object{"ref": "arn:aws:s3:::acme-orders", "filter": object{"accounts": []string{tomas}}}); got != "BAD_INPUT" {
		t.Errorf("a user as scope: %s", got)
	}
}

func TestBlastRadius(t *testing.T) {
	b := at(t, ask(t, acme(t), `{ blastRadius(of: {ref: "AKIAU3HHASRZUEXAMPLE"}) {
		origin { ref } principalsReached { value exact } resourcesReached { value exact } scopesReached { value }
		crownJewels { hops verdict to { ref } steps { relation to { ref } breakers { text } } }
		byLevel { level count { value } } byScope { scope { name } count { value } }
		principals { edges { node { principal { ref } hops verdict via { hops } } } totalCount { value } }
		items(first: 500) { edges { node { target { ref } verdict hops } } totalCount { value } }
		cutBy coverage { complete } } }`, nil), "blastRadius")
	if text(t, b, "origin", "ref") != "credential:AKIAU3HHASRZUEXAMPLE" || at(t, b, "cutBy") != nil {
		t.Errorf("%v", b)
	}
	if who := each(t, at(t, b, "principals", "edges"), "node", "principal", "ref"); !slices.Equal(who, []string{prod + "user/ci-legacy"}) {
		t.Errorf("holds %v", who)
	}
	jewels := each(t, at(t, b, "crownJewels"), "to", "ref")
	want := []string{
		"arn:aws:s3:::acme-customer-exports",
		"arn:aws:secretsmanager:eu-west-1:333344445555:secret:payments/database-HhgHfe",
		"arn:aws:secretsmanager:eu-west-1:333344445555:secret:payments/stripe-FbaHeg",
	}
	slices.Sort(jewels)
	if !slices.Equal(jewels, want) {
		t.Errorf("crown jewels %v", jewels)
	}
	first := at(t, b, "crownJewels", 0, "steps", 0)
	if text(t, first, "relation") != "CREDENTIAL_OF" || !strings.Contains(text(t, first, "breakers", 0, "text"), "deactivate credential AKIAU3HHASRZUEXAMPLE") {
		t.Errorf("first step %v", first)
	}
	targets := map[string]bool{}
	order := []string{}
	place := map[string]string{"ALLOWED": "1", "CONDITIONAL": "2", "UNKNOWN": "3"}
	for _, edge := range at(t, b, "items", "edges").([]any) {
		targets[text(t, edge, "node", "target", "ref")] = true
		order = append(order, place[text(t, edge, "node", "verdict")]+text(t, edge, "node", "hops"))
	}
	if text(t, b, "resourcesReached", "value") != text(t, len(targets)) || !slices.IsSorted(order) {
		t.Errorf("%d targets in %v", len(targets), at(t, b, "resourcesReached"))
	}
}

// Taking everything away that the origin's own steps need leaves nothing.
func TestBlastRadiusOfNothing(t *testing.T) {
	b := at(t, ask(t, acme(t), `{ blastRadius(of: {ref: "AKIAU3HHASRZVEXAMPLE"}) { principalsReached { value exact } resourcesReached { value } } }`, nil), "blastRadius")
	if text(t, b, "principalsReached", "value") != "0" || text(t, b, "resourcesReached", "value") != "0" {
		t.Errorf("an inactive key reaches %v", b)
	}
}

// all reads every page of a connection, 500 rows each.
func all(t testing.TB, api *schema.API, query string, vars object, path ...any) []any {
	t.Helper()
	vars = maps.Clone(vars)
	vars["first"] = 500
	var out []any
	for {
		page := at(t, ask(t, api, query, vars), path...)
		out = append(out, at(t, page, "edges").([]any)...)
		if at(t, page, "pageInfo", "hasNextPage") != true {
			return out
		}
		vars["after"] = at(t, page, "pageInfo", "endCursor")
	}
}

// Pages of every connection hold every row once, in the order of the whole.
func TestPages(t *testing.T) {
	api := acme(t)
	for name, c := range map[string]struct {
		query string
		vars  object
		path  []any
	}{
		"who":    {whoQuery, object{"ref": "arn:aws:s3:::acme-orders"}, []any{"whoCanAccess"}},
		"what":   {whatQuery, object{"ref": "arn:aws:iam::111122223333:user/olivia.owner"}, []any{"whatCanAccess"}},
		"search": {searchQuery, object{"text": "arn:"}, []any{"search"}},
		"items": {`query($first: Int! = 500, $after: String) { blastRadius(of: {ref: "` + tomas + `"}) { items(first: $first, after: $after) {
			edges { node { target { ref } actions } } pageInfo { hasNextPage endCursor } totalCount { value } } } }`, object{}, []any{"blastRadius", "items"}},
	} {
		whole := at(t, ask(t, api, c.query, c.vars), c.path...)
		want := each(t, all(t, api, c.query, c.vars, c.path...), "node")
		var got []string
		c.vars["first"] = max(7, len(want)/12)
		for range len(want) {
			answer := at(t, ask(t, api, c.query, c.vars), c.path...)
			got = append(got, each(t, at(t, answer, "edges"), "node")...)
			if at(t, answer, "pageInfo", "hasNextPage") != true {
				break
			}
			c.vars["after"] = at(t, answer, "pageInfo", "endCursor")
		}
		if len(want) < 15 || !slices.Equal(got, want) || text(t, whole, "totalCount", "value") != text(t, len(want)) {
			t.Errorf("%s: %d in pages, %d whole, counted %s", name, len(got), len(want), text(t, whole, "totalCount", "value"))
		}
	}
}
