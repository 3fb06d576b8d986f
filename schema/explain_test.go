package schema_test

import (
	"strings"
	"testing"
)

const explainQuery = `query($q: AccessQuestion!) { explain(question: $q) { verdict bounds { least most } decidingLayer { id name mode doc }
  decidingStatement { layer { id } effect policy { ref name attachedTo inline version } statement pointer documentSha256 file filePointer collectedAt collector }
  layers { layer { id } effect reason evidence { statementIndex } } formula conditions { expression key values satisfiableBy }
  assumptions { code message widens } gaps { of layer { id } reason detail } flips { pointer } include exclude text } }`

func TestExplain(t *testing.T) {
	api := acme(t)
	for _, c := range []struct {
		q                    object
		verdict, layer, says string
	}{
		{object{"principal": tomas, "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-ledger/x"}, "DENIED", "aws:identity", ""},
		{object{"principal": "arn:aws:iam::555566667777:role/archive-writer", "action": "s3:PutObject", "resource": "acme-ledger-archive"}, "DENIED", "aws:scp", "service control policy"},
		{object{"principal": "internet", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-website/index.html"}, "ALLOWED", "aws:resource", ""},
		{object{"principal": "AKIAU3HHASRZUEXAMPLE", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-customer-exports/a"}, "ALLOWED", "aws:identity", ""},
		{object{"principal": "stella.admin", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-staging-data/a"}, "UNKNOWN", "aws:scp", ""},
		{object{"principal": "stella.admin", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-staging-data/a", "assumeNone": []string{"aws:scp"}}, "ALLOWED", "", ""},
	} {
		x := at(t, ask(t, api, explainQuery, object{"q": c.q}), "explain")
		if text(t, x, "verdict") != c.verdict || c.layer != "" && text(t, x, "decidingLayer", "id") != c.layer || !strings.Contains(text(t, x, "text"), c.says) {
			t.Errorf("%v: %v", c.q, x)
		}
		if len(at(t, x, "layers").([]any)) < 5 {
			t.Errorf("%v: layers are missing", c.q)
		}
		if c.verdict == "UNKNOWN" && (len(at(t, x, "gaps").([]any)) == 0 || text(t, x, "bounds", "least") != "DENIED") {
			t.Errorf("%v: %v", c.q, x)
		}
	}
}

func TestExplainContext(t *testing.T) {
	api := acme(t)
	q := object{"principal": "arn:aws:iam::222233334444:user/sam.security", "action": "sts:AssumeRole", "resource": "arn:aws:iam::111122223333:role/BreakGlassAdmin"}
	open := at(t, ask(t, api, explainQuery, object{"q": q}), "explain")
	if text(t, open, "verdict") != "CONDITIONAL" || !strings.Contains(text(t, open, "formula"), "MultiFactorAuthPresent") {
		t.Errorf("%v", open)
	}
	for _, values := range [][]string{{"true"}, {"false"}, {}} {
		q["context"] = []object{{"key": "aws:MultiFactorAuthPresent", "values": values}}
		want := "DENIED"
		if len(values) > 0 && values[0] == "true" {
			want = "ALLOWED"
		}
		if got := text(t, ask(t, api, explainQuery, object{"q": q}), "explain", "verdict"); got != want {
			t.Errorf("with %v: %s", values, got)
		}
	}
	// A session policy only takes away, whether it comes as JSON or as text.
	delete(q, "context")
	deny := object{"Version": "2012-10-17", "Statement": []object{{"Effect": "Deny", "Action": "*", "Resource": "*"}}}
	for _, p := range []any{deny, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`} {
		q["sessionPolicy"] = p
		x := at(t, ask(t, api, explainQuery, object{"q": q}), "explain")
		if text(t, x, "verdict") != "DENIED" || text(t, x, "decidingLayer", "id") != "aws:session" {
			t.Errorf("%v", x)
		}
	}
}

func TestExplainErrors(t *testing.T) {
	api := acme(t)
	good := object{"principal": tomas, "action": "s3:GetObject", "resource": "*"}
	for _, c := range []struct {
		change object
		code   string
	}{
		{object{"principal": "nobody"}, "NOT_FOUND"},
		{object{"principal": "arn:aws:iam::333344445555:user/nobody"}, "NOT_FOUND"},
		{object{"action": "s3:*"}, "BAD_INPUT"},
		{object{"action": "gibberish"}, "BAD_INPUT"},
		{object{"resource": "nothing"}, "NOT_FOUND"},
		{object{"time": "yesterday"}, "BAD_INPUT"},
		{object{"sessionPolicy": "{"}, "BAD_INPUT"},
		{object{"sessionPolicy": 7}, "BAD_INPUT"},
	} {
		q := object{}
		for k, v := range good {
			q[k] = v
		}
		for k, v := range c.change {
			q[k] = v
		}
		if got, message := code(t, api, explainQuery, object{"q": q}); got != c.code {
			t.Errorf("%v: %s: %s", c.change, got, message)
		}
	}
}

func TestExplainMany(t *testing.T) {
	api := acme(t)
	const query = `query($q: [AccessQuestion!]!) { explainMany(questions: $q) { explanation { verdict } error { code message } } }`
	one := object{"principal": "internet", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-website/a"}
	bad := object{"principal": "nobody", "action": "s3:GetObject", "resource": "*"}
	items := at(t, ask(t, api, query, object{"q": []object{one, bad, one}}), "explainMany")
	if text(t, items, 0, "explanation", "verdict") != "ALLOWED" || text(t, items, 1, "error", "code") != "NOT_FOUND" ||
		at(t, items, 1, "explanation") != nil || text(t, items, 2, "explanation", "verdict") != "ALLOWED" {
		t.Errorf("%v", items)
	}
	many := make([]object, 501)
	for i := range many {
		many[i] = one
	}
	if got, _ := code(t, api, query, object{"q": many}); got != "LIMIT" {
		t.Errorf("501 questions: %s", got)
	}
}

func TestCoverage(t *testing.T) {
	api := acme(t)
	const query = `query($s: [CloudRef!]) { coverage(scopes: $s) { complete gapCount snapshot { id }
		gaps { scope { ref } scopeRef of operation region reason detail since affects }
		scopes { scope { ref } layers { layer { id } status listings } } } }`
	staging := at(t, ask(t, api, query, object{"s": []string{"account:444455556666"}}), "coverage")
	if text(t, staging, "complete") != "false" || text(t, staging, "gaps", 0, "reason") != "ACCESS_DENIED" {
		t.Errorf("%v", staging)
	}
	status := map[string]string{}
	for _, l := range at(t, staging, "scopes", 0, "layers").([]any) {
		status[text(t, l, "layer", "id")] = text(t, l, "status")
	}
	if status["aws:scp"] != "FAILED" || status["aws:identity"] != "COLLECTED" {
		t.Errorf("%v", status)
	}
	vendor := at(t, ask(t, api, query, object{"s": []string{"account:999988887777"}}), "coverage", "scopes", 0, "layers")
	for _, l := range vendor.([]any) {
		if text(t, l, "status") != "NOT_ASKED" {
			t.Errorf("the vendor's account: %v", l)
		}
	}
	all := at(t, ask(t, api, query, nil), "coverage")
	if text(t, all, "gapCount") == "0" || len(at(t, all, "scopes").([]any)) < 9 {
		t.Errorf("%v", all)
	}
}
