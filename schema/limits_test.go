package schema_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clewgraph/clew/schema"
)

// Queries that are made to cost are refused, and soon.
func TestHostileQueries(t *testing.T) {
	api := acme(t)
	bomb := "{ ...f00 }"
	for i := range 30 {
		next := string(rune('a' + i%26))
		bomb += " fragment f" + itoa(i) + " on Query { " + next + ": __typename ...f" + itoa(i+1) + " ...f" + itoa(i+1) + " }"
	}
	bomb += " fragment f30 on Query { __typename }"
	deep := strings.Repeat("scope { ", 40) + "id" + strings.Repeat(" }", 40)
	introspection := "{ __schema { types " + strings.Repeat("{ fields { type ", 6) + "{ name }" + strings.Repeat(" } }", 6) + " } }"
	for name, c := range map[string]struct{ query, code string }{
		"22 KB of one field":       {"{ " + strings.Repeat("__typename ", 2_000) + strings.Repeat("a", 10) + " }", "LIMIT"},
		"60 KB of one field":       {"{ " + strings.Repeat("__typename ", 6_000) + "}", "LIMIT"},
		"nested repeats":           {"{ __schema " + repeats(9) + " }", "LIMIT"},
		"just within":              {"{ " + strings.Repeat("__typename ", 299) + "x }", "BAD_INPUT"},
		"aliases":                  {"{ " + aliases(400, `a%: blastRadius(of: {ref: "x"}) { cutBy }`) + " }", "LIMIT"},
		"costly aliases":           {"{ " + aliases(150, `a%: blastRadius(of: {ref: "x"}) { cutBy }`) + " }", "LIMIT"},
		"depth":                    {`{ entity(ref: "internet") { ` + deep + " } }", "LIMIT"},
		"fragments that spread":    {bomb, "LIMIT"},
		"fragments in a ring":      {"{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "BAD_INPUT"},
		"the schema in the schema": {introspection, "LIMIT"},
		"through fragments":        {"{ __schema { types { ...t } } } fragment t on __Type { fields { type { fields { type { fields { name } } } } } }", "LIMIT"},
		"pages in pages": {`{ blastRadius(of: {ref: "x"}) { principals(first: 500) { edges { node { principal { ... on Principal {
			effectiveAccess(first: 500) { edges { node { via { steps { evidence { statement } } } } } } } } } } } } }`, "LIMIT"},
		"a page too large": {`{ search(text: "a", first: 501) { pageInfo { hasNextPage } } }`, "LIMIT"},
		"a negative page":  {`{ search(text: "a", first: -1) { pageInfo { hasNextPage } } }`, "BAD_INPUT"},
		"defer":            {`{ ... @defer { __typename } }`, "BAD_INPUT"},
		"a subscription":   {`subscription { __typename }`, "BAD_INPUT"},
		"no GraphQL":       {`SELECT 1`, "BAD_INPUT"},
		"an unknown field": {`{ secrets }`, "BAD_INPUT"},
		"nothing":          {``, "BAD_INPUT"},
		"two operations":   {`query a { __typename } query b { __typename }`, "BAD_INPUT"},
	} {
		start := time.Now()
		got, message := code(t, api, c.query, nil)
		if got != c.code {
			t.Errorf("%s: %s: %s", name, got, message)
		}
		if len(message) > 500 {
			t.Errorf("%s: a message of %d bytes", name, len(message))
		}
		took := time.Since(start)
		t.Logf("%s: refused in %v", name, took)
		if took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// repeats nests a selection that holds itself twice.
func repeats(depth int) string {
	if depth == 0 {
		return "{ name }"
	}
	inner := repeats(depth - 1)
	return "{ queryType " + inner + " queryType " + inner + " }"
}

func itoa(i int) string { return string(rune('0'+i/10)) + string(rune('0'+i%10)) }

func aliases(n int, field string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(field, "%", itoa(i/100)+itoa(i%100)) + " ")
	}
	return b.String()
}

// The explorer asks the schema about itself on its first call.
func TestExplorersIntrospection(t *testing.T) {
	const typeRef = `fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
		ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`
	out := ask(t, acme(t), `query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
		types { ...FullType } directives { name description locations args { ...InputValue } } } }
		fragment FullType on __Type { kind name description specifiedByURL
			fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
			inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
			possibleTypes { ...TypeRef } }
		fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue } `+typeRef, nil)
	if n := len(at(t, out, "__schema", "types").([]any)); n < 50 {
		t.Errorf("%d types", n)
	}
}

// Bounds of rows and time are told, and an answer that a bound cut is not
// taken for the whole.
func TestCuts(t *testing.T) {
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	api := newAPI(t, store)
	api.Limits.Rows = 5
	c := at(t, ask(t, api, whatQuery, object{"ref": "arn:aws:iam::111122223333:user/olivia.owner"}), "whatCanAccess")
	if at(t, c, "cutBy") != "ROWS" || text(t, c, "totalCount", "exact") != "false" || len(at(t, c, "edges").([]any)) != 5 {
		t.Errorf("%v", at(t, c, "totalCount"))
	}
	late := newAPI(t, store)
	late.Limits.Limits.Time = time.Nanosecond
	answer := at(t, ask(t, late, pathQuery, object{"from": tomas, "to": data + "role/ledger-writer"}), "accessPaths")
	if at(t, answer, "cutBy") != "TIME" || at(t, answer, "noPathReason") != nil {
		t.Errorf("%v", answer)
	}
	over := newAPI(t, store)
	over.Limits = schema.Limits{Operation: time.Nanosecond}
	if got, message := code(t, over, `{ coverage { complete } }`, nil); got != "TIMEOUT" {
		t.Errorf("%s: %s", got, message)
	}
}

// FuzzExecute: no query, whatever it is, panics or ends as a fault of ours.
func FuzzExecute(f *testing.F) {
	for _, seed := range []string{
		`{ entity(ref: "internet") { id ref name } }`, `{ search(text: "a") { edges { node { ref } } } }`, pathQuery, whoQuery,
		`{ node(id: "00") { id } }`, `{ accessPaths(from: {ref: "internet"}, to: {label: "crown-jewel"}) { edges { node { hops } } } }`,
		`{ ...a } fragment a on Query { ...a }`, "{", "",
	} {
		f.Add(seed, "internet", "arn:aws:s3:::acme-website/a", "bm8")
	}
	api := acme(f)
	f.Fuzz(func(t *testing.T, query, from, to, after string) {
		_, errs := schema.Execute(t.Context(), api, query, "", object{"from": from, "to": to, "ref": from, "after": after})
		for _, e := range errs {
			if c := schema.ErrorCode(e); c == "INTERNAL" || c == "" {
				t.Errorf("%q: %v", query, e)
			}
		}
	})
}

// FuzzReferences: no reference, selector or cursor breaks a question.
func FuzzReferences(f *testing.F) {
	f.Add("internet", "arn:aws:s3:::acme-website/a", "bm8", "s3:*")
	f.Add("AKIAU3HHASRZTEXAMPLE", "crown-jewels", "MSBhIDEgYg", "")
	f.Add("ASIA2222222222222222", "account:1", "", "?")
	api := acme(f)
	f.Fuzz(func(t *testing.T, from, to, after, action string) {
		_, errs := schema.Execute(t.Context(), api, pathQuery, "", object{
			"from": from, "to": to, "after": after, "options": object{"actions": []string{action}, "excludeEdges": []string{after}},
		})
		for _, e := range errs {
			if c := schema.ErrorCode(e); c == "INTERNAL" || c == "" {
				t.Errorf("%q => %q: %v", from, to, e)
			}
		}
	})
}
