package schema_test

import (
	"slices"
	"strings"
	"testing"
)

const pathQuery = `query($from: CloudRef!, $to: CloudRef!, $options: TraversalOptions, $algorithm: PathAlgorithm! = SHORTEST, $first: Int! = 5, $after: String) {
  accessPaths(from: {ref: $from}, to: {ref: $to}, options: $options, algorithm: $algorithm, first: $first, after: $after) {
    edges { cursor node { verdict hops from { ref } to { ref }
      breakers { text statements { statementIndex statementSid policy { name } } }
      steps { id index held from { ref } to { ref } relation verdict action actions formula heldAfter technique { id }
        conditions { expression key satisfiableBy }
        evidence { layer { id } policy { ref name } pointer statement documentSha256 file }
        breakers { text } explanation { verdict text layers { layer { id } effect reason } } } } }
    pageInfo { hasNextPage endCursor } totalCount { value exact } cutBy
    noPathReason { verdict text decidingLayer { id } }
    coverage { complete gapCount }
  }
}`

func TestThread(t *testing.T) {
	api := acme(t)
	answer := at(t, ask(t, api, pathQuery, object{
		"from": tomas, "to": "arn:aws:s3:::acme-ledger", "options": object{"actions": []string{"s3:PutObject"}},
	}), "accessPaths")
	path := at(t, answer, "edges", 0, "node")
	if text(t, path, "verdict") != "ALLOWED" || text(t, path, "hops") != "4" {
		t.Errorf("path: %v", path)
	}
	want := []string{prod + "role/release-manager", data + "role/data-publisher", data + "role/ledger-writer", "arn:aws:s3:::acme-ledger"}
	if got := each(t, at(t, path, "steps"), "to", "ref"); !slices.Equal(got, want) {
		t.Errorf("steps %v, want %v", got, want)
	}
	last := at(t, path, "steps", 3)
	if text(t, last, "relation") != "CAN_ACCESS" || text(t, last, "action") != "s3:PutObject" || text(t, last, "actions") != "[s3:PutObject]" {
		t.Errorf("last step: %v", last)
	}
	for _, step := range at(t, path, "steps").([]any) {
		if len(at(t, step, "breakers").([]any)) == 0 || len(at(t, step, "evidence").([]any)) == 0 {
			t.Errorf("step without breaker or evidence: %v", step)
		}
		if sha := text(t, step, "evidence", 0, "documentSha256"); len(sha) != 64 {
			t.Errorf("sha256 %q", sha)
		}
		if s := at(t, step, "evidence", 0, "statement"); s.(object)["Effect"] != "Allow" {
			t.Errorf("statement %v", s)
		}
	}
}

// A policy that the provider keeps cannot be edited, only detached; code that
// runs as a role rests on no statement.
func TestBreakers(t *testing.T) {
	api := acme(t)
	for _, c := range []struct{ from, to, want string }{
		{tomas, data + "role/ledger-writer", "remove statement 0 of the role trust policy on " + data + "role/data-publisher"},
		{"karl.identity", "account:333344445555", "detach the identity policy IAMFullAccess from " + prod + "group/IdentityAdmins"},
		{"arn:aws:lambda:eu-west-1:333344445555:function:order-processor", prod + "role/order-processor",
			"let arn:aws:lambda:eu-west-1:333344445555:function:order-processor run as something else than " + prod + "role/order-processor"},
		{"credential:AKIAU3HHASRZUEXAMPLE", prod + "user/ci-legacy", "deactivate credential AKIAU3HHASRZUEXAMPLE of " + prod + "user/ci-legacy"},
	} {
		path := at(t, ask(t, api, pathQuery, object{"from": c.from, "to": c.to}), "accessPaths", "edges", 0, "node")
		if got := each(t, at(t, path, "breakers"), "text"); !slices.Contains(got, c.want) {
			t.Errorf("%s => %s: %q", c.from, c.to, got)
		}
	}
}

// Steps that are excluded are not taken, whichever end of the path they have.
func TestExcludedEdges(t *testing.T) {
	api := acme(t)
	vars := object{"from": tomas, "to": "arn:aws:s3:::acme-ledger", "options": object{"actions": []string{"s3:PutObject"}, "techniques": false}}
	steps := at(t, ask(t, api, pathQuery, vars), "accessPaths", "edges", 0, "node", "steps").([]any)
	for _, step := range steps {
		vars["options"] = object{"actions": []string{"s3:PutObject"}, "techniques": false, "excludeEdges": []string{text(t, step, "id")}}
		answer := at(t, ask(t, api, pathQuery, vars), "accessPaths")
		if n := len(at(t, answer, "edges").([]any)); n != 0 {
			t.Errorf("without %s there still is a path", text(t, step, "id"))
		}
		if at(t, answer, "noPathReason") == nil {
			t.Error("no reason")
		}
	}
}

func TestNoPath(t *testing.T) {
	api := acme(t)
	for _, c := range []struct {
		from, to, action string
		want             []string
	}{
		{tomas, "arn:aws:s3:::acme-ledger", "s3:DeleteObject", []string{"nobody in this snapshot may do s3:DeleteObject"}},
		{tomas, "arn:aws:s3:::acme-ledger-archive", "s3:GetObject", []string{"other principals can be held", "may do s3:GetObject"}},
		{"internet", "arn:aws:s3:::acme-press-kit", "s3:GetObject", []string{"Searched to the end", "itself it may not"}},
		{tomas, "account:555566667777", "", []string{"administer", "account:555566667777"}},
		{prod + "user/priya.reports", prod + "role/release-manager", "", []string{"Searched to the end", "hold"}},
		{"credential:AKIAU3HHASRZVEXAMPLE", "arn:aws:s3:::acme-orders", "", []string{"nothing can be done"}},
	} {
		options := object{}
		if c.action != "" {
			options["actions"] = []string{c.action}
		}
		answer := at(t, ask(t, api, pathQuery, object{"from": c.from, "to": c.to, "options": options}), "accessPaths")
		if n := len(at(t, answer, "edges").([]any)); n != 0 {
			t.Errorf("%s => %s: %d paths", c.from, c.to, n)
			continue
		}
		reason := text(t, answer, "noPathReason", "text")
		for _, w := range c.want {
			if !strings.Contains(reason, w) {
				t.Errorf("%s => %s: %q lacks %q", c.from, c.to, reason, w)
			}
		}
		if text(t, answer, "noPathReason", "verdict") != "DENIED" || text(t, answer, "totalCount", "exact") != "true" {
			t.Errorf("%s => %s: %v", c.from, c.to, answer)
		}
		// The sample has an account whose ceilings could not be read.
		if !strings.Contains(reason, "did not come") {
			t.Errorf("%q names no gap", reason)
		}
	}
}

// A cut search must not say that there is nothing.
func TestCutIsNoReason(t *testing.T) {
	answer := at(t, ask(t, acme(t), pathQuery, object{
		"from": tomas, "to": "arn:aws:s3:::acme-ledger", "options": object{"actions": []string{"s3:PutObject"}, "maxHops": 2},
	}), "accessPaths")
	if at(t, answer, "cutBy") != "HOPS" || at(t, answer, "noPathReason") != nil || len(at(t, answer, "edges").([]any)) != 0 {
		t.Errorf("%v", answer)
	}
}

func TestConditionalPath(t *testing.T) {
	api := acme(t)
	vars := object{"from": "arn:aws:iam::222233334444:user/sam.security", "to": "account:111122223333"}
	path := at(t, ask(t, api, pathQuery, vars), "accessPaths", "edges", 0, "node")
	if text(t, path, "verdict") != "CONDITIONAL" || text(t, path, "steps", 1, "relation") != "ADMINISTERS" {
		t.Fatalf("%v", path)
	}
	condition := at(t, path, "steps", 0, "conditions", 0)
	if text(t, condition, "key") != "aws:MultiFactorAuthPresent" || text(t, condition, "satisfiableBy") != "CALLER_HOLDS" {
		t.Errorf("condition %v", condition)
	}
	// Stated context settles it, both ways.
	for value, want := range map[string]int{"true": 1, "false": 0} {
		vars["options"] = object{"context": []object{{"key": "aws:MultiFactorAuthPresent", "values": []string{value}}}}
		answer := at(t, ask(t, api, pathQuery, vars), "accessPaths")
		edges := at(t, answer, "edges").([]any)
		if len(edges) != want || want == 1 && text(t, edges[0], "node", "verdict") != "ALLOWED" {
			t.Errorf("with MFA %s: %v", value, edges)
		}
	}
	// And who wants sure paths only does not get it.
	vars["options"] = object{"verdicts": []string{"ALLOWED"}}
	if n := len(at(t, ask(t, api, pathQuery, vars), "accessPaths", "edges").([]any)); n != 0 {
		t.Errorf("%d sure paths", n)
	}
}

func TestUnknownIsNotHidden(t *testing.T) {
	answer := at(t, ask(t, acme(t), pathQuery, object{
		"from": "arn:aws:iam::444455556666:user/stella.admin", "to": "account:444455556666",
	}), "accessPaths")
	if text(t, answer, "edges", 0, "node", "verdict") != "UNKNOWN" || text(t, answer, "coverage", "complete") != "false" {
		t.Errorf("%v", answer)
	}
}

func TestPathPages(t *testing.T) {
	api := acme(t)
	vars := object{
		"from": "arn:aws:iam::111122223333:user/olivia.owner", "to": "arn:aws:s3:::acme-ledger",
		"algorithm": "K_SHORTEST", "first": 50, "options": object{"maxHops": 3, "techniques": false},
	}
	whole := each(t, at(t, ask(t, api, pathQuery, vars), "accessPaths", "edges"), "node", "steps")
	if len(whole) < 3 {
		t.Fatalf("%d paths are too few to page", len(whole))
	}
	var paged []string
	vars["first"] = 1
	for len(paged) <= len(whole) {
		answer := at(t, ask(t, api, pathQuery, vars), "accessPaths")
		paged = append(paged, each(t, at(t, answer, "edges"), "node", "steps")...)
		if at(t, answer, "pageInfo", "hasNextPage") != true {
			break
		}
		vars["after"] = at(t, answer, "pageInfo", "endCursor")
	}
	if !slices.Equal(paged, whole) {
		t.Errorf("%d paths in pages, %d whole", len(paged), len(whole))
	}
}

// A part of a bucket that no document lists can be asked for by an action.
func TestObject(t *testing.T) {
	api := acme(t)
	vars := object{
		"from": tomas, "to": "arn:aws:s3:::acme-ledger/2026/01.csv", "options": object{"actions": []string{"s3:PutObject"}},
	}
	if got := text(t, ask(t, api, pathQuery, vars), "accessPaths", "edges", 0, "node", "hops"); got != "4" {
		t.Errorf("%s hops", got)
	}
	vars["options"] = nil
	if got, message := code(t, api, pathQuery, vars); got != "BAD_INPUT" || !strings.Contains(message, "name the actions") {
		t.Errorf("%s: %s", got, message)
	}
}
