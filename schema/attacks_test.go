package schema_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// attacks make requests of each kind. None is meant to be answered cheaply by
// luck: each draws how far it goes.
var attacks = map[string]func(*rand.Rand) *http.Request{
	"deep": func(r *rand.Rand) *http.Request {
		n := 1 + r.IntN(60)
		return question(`{ entity(ref: "`+oneOf(r, somethings...)+`") { `+strings.Repeat("scope { ", n)+"ref"+strings.Repeat(" }", n)+" } }", nil)
	},
	"braces": func(r *rand.Rand) *http.Request {
		return question(times(r, 200_000, oneOf(r, "{", "{a", "[", "(", "{a(b:[", "...", "\"", "#\n", `"""`)), nil)
	},
	"wide": func(r *rand.Rand) *http.Request {
		var b strings.Builder
		for i := range 1 + r.IntN(500) {
			fmt.Fprintf(&b, `a%d: entity(ref: %q) { %s } `, i, oneOf(r, somethings...), oneOf(r, fieldNames[:8]...))
		}
		return question("{ "+b.String()+" }", nil)
	},
	"searches at once": func(r *rand.Rand) *http.Request {
		var b strings.Builder
		for i := range 1 + r.IntN(110) {
			of := oneOf(r, somethings...)
			fmt.Fprintf(&b, oneOf(r,
				`a%d: blastRadius(of: {ref: %q}) { principalsReached { value } byLevel { level count { value } } items(first: 3) { edges { node { actions } } } } `,
				`a%d: whatCanAccess(principal: {ref: %q}, first: 5) { edges { node { formula } } } `,
				`a%d: accessPaths(from: {ref: %q}, to: {label: "crown-jewel"}, algorithm: K_SHORTEST, first: 20) { edges { node { hops } } } `,
			), i, of)
		}
		return question("{ "+b.String()+" }", nil)
	},
	"repeated": func(r *rand.Rand) *http.Request {
		return question("{ "+times(r, 3000, oneOf(r, fieldNames...)+" ")+" }", nil)
	},
	"repeats in repeats": func(r *rand.Rand) *http.Request {
		inner := "{ name }"
		for range r.IntN(11) {
			inner = strings.Repeat("queryType "+inner+" ", 1+r.IntN(3))
			inner = "{ " + inner + "}"
			if len(inner) > 200_000 {
				break
			}
		}
		return question("{ __schema "+inner+" }", nil)
	},
	"fragments that double": func(r *rand.Rand) *http.Request {
		n := 1 + r.IntN(60)
		b := &strings.Builder{}
		b.WriteString("{ ...f0 }")
		for i := range n {
			fmt.Fprintf(b, " fragment f%d on Query { a%d: __typename %s }", i, r.IntN(3), times(r, 3, fmt.Sprintf("...f%d ", i+1)))
		}
		fmt.Fprintf(b, " fragment f%d on Query { __typename %s }", n, oneOf(r, "", "...f0", "...f7", "nonsense"))
		return question(b.String(), nil)
	},
	"pages": func(r *rand.Rand) *http.Request {
		first := oneOf(r, "500", "500", "500", "500", "500", "7", "7", "501", "-1", "0", "2147483647", "2147483648", "99999999999999999999", "-9223372036854775808", "1e9", "1.5", `"9"`, "null", "true", "[1]", "{}")
		return question(fmt.Sprintf(oneOf(r,
			`{ search(text: "a", first: %s) { edges { node { ref } } totalCount { value } } }`,
			`{ whoCanAccess(resource: {ref: "arn:aws:s3:::acme-orders"}, first: %s) { edges { node { formula via { steps { evidence { pointer } } } } } } }`,
			`{ snapshots(first: %s) { edges { node { id } } } }`,
			`{ coverage { gaps(first: %[1]s) { operation } scopes(first: %[1]s) { layers { status } } } }`,
			`{ blastRadius(of: {ref: "gwen.platform"}) { crownJewels(first: %[1]s) { steps { breakers { text } explanation { text flips { pointer } } } } byScope(first: %[1]s) { count { value } } } }`,
			`{ whoCanUse(technique: "iam-012", first: %s) { edges { node { breakers { text } technique { needs { explanation { text } } } } } } }`,
		), first), nil)
	},
	"pages in pages": func(r *rand.Rand) *http.Request {
		inner := "ref"
		for range 1 + r.IntN(3) {
			inner = fmt.Sprintf(oneOf(r,
				`... on Principal { effectiveAccess(first: %d) { edges { node { target { %s } } } } }`,
				`... on Principal { blastRadius { items(first: %d) { edges { node { target { %s } } } } } }`,
				`... on Resource { whoCanAccess(first: %d) { edges { node { principal { %s } } } } }`,
				`... on Principal { groups { members { credentials(first: %d) { edges { node { of { %s } } } } } } }`,
			), 1+r.IntN(oneOf(r, 3, 30, 500)), inner)
		}
		return question(fmt.Sprintf(`{ search(text: %q, first: %d) { edges { node { ref %s } } } }`, oneOf(r, "a", "arn", "platform", ":"), 1+r.IntN(oneOf(r, 5, 500)), inner), nil)
	},
	"cursors": func(r *rand.Rand) *http.Request {
		after := oneOf(r, noise(r, 40), base64.RawURLEncoding.EncodeToString([]byte(noise(r, 200))),
			base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "1 %s %d %s", noise(r, 9), r.Int64(), noise(r, 20))),
			base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "1 snapshots %d ", r.Int64())), strings.Repeat("A", 1+r.IntN(500_000)))
		return question(oneOf(r,
			`query($a: String) { search(text: "a", after: $a) { edges { node { ref } } } }`,
			`query($a: String) { snapshots(after: $a) { edges { node { id } } } }`,
			`query($a: String) { blastRadius(of: {ref: "tomas.release"}) { items(after: $a) { edges { node { hops } } } } }`,
			`query($a: String) { entity(ref: "account:333344445555") { ... on Scope { administrators(after: $a) { edges { node { hops } } } } } }`,
			`query($a: ID) { coverage(at: $a) { complete } }`, `query($a: ID!) { node(id: $a) { id } }`,
		), object{"a": after})
	},
	"broken unicode": func(r *rand.Rand) *http.Request {
		return posted([]byte(`{"query":"query($t: String!) { search(text: $t) { edges { node { ref } } } entity(ref: \"` +
			oneOf(r, `\ud800`, `\udc00\ud800`, `\u0000`, "\xc3\x28", "\xf8\xa1\xa1\xa1\xa1", `\u202e`) + `\") { ref } }","variables":{"t":"` + oneOf(r, `\ud83d`, `a\u0000b`, "\xff\xfe", "é") + `"}}`))
	},
	"noise": func(r *rand.Rand) *http.Request {
		return posted([]byte(oneOf(r, "", "{", `{"query":`, `{"query":"`) + noise(r, 2000)))
	},
	"noise in a query": func(r *rand.Rand) *http.Request {
		return question(oneOf(r, "", "{ ", "query ", `{ entity(ref: "`)+noise(r, 300)+oneOf(r, "", " }", `") { ref } }`), nil)
	},
	"references": func(r *rand.Rand) *http.Request {
		var refs []string
		for range 1 + r.IntN(600) {
			refs = append(refs, oneOf(r, noise(r, 30), "arn:"+times(r, 300, ":"), "arn:aws:iam::"+noise(r, 5)+":user/x", strings.Repeat("0", r.IntN(40)), "credential:"+noise(r, 4), "ASIA"+times(r, 30, "7"), oneOf(r, somethings...)))
		}
		return question(`query($r: [CloudRef!]!) { entities(refs: $r) { ref labels } }`, object{"r": refs})
	},
	"batches": func(r *rand.Rand) *http.Request {
		return posted([]byte("[" + times(r, 5000, `{"query":"{ __typename }"},`) + "{}]"))
	},
	"large bodies": func(r *rand.Rand) *http.Request {
		return posted([]byte(`{"query":"{ __typename }","variables":{"x":` + strings.Repeat("[", r.IntN(1<<20)) + oneOf(r, "", "1") + strings.Repeat("]", r.IntN(1<<20)) + "}}"))
	},
	"deep variables": func(r *rand.Rand) *http.Request {
		n := 1 + r.IntN(12_000)
		deep := strings.Repeat(`{"Statement":[`, n) + strings.Repeat("]}", n)
		return posted([]byte(`{"query":"query($p: JSON) { explain(question: {principal: \"tomas.release\", action: \"s3:GetObject\", resource: \"arn:aws:s3:::acme-ledger/x\", sessionPolicy: $p}) { verdict formula } }","variables":{"p":` + deep + `}}`))
	},
	"many variables": func(r *rand.Rand) *http.Request {
		n := 1 + r.IntN(1500)
		var declared, used strings.Builder
		for i := range n {
			fmt.Fprintf(&declared, "$v%d: %s ", i, oneOf(r, "Int", "String!", "[[[Int]]]", "EntitySelector", "Nonsense"))
			fmt.Fprintf(&used, "$v%d ", i)
		}
		return question("query("+declared.String()+") { entities(refs: ["+used.String()+"]) { ref } }", object{"v0": oneOf[any](r, 1, "x", nil, []any{[]any{object{}}}, object{"ref": object{}})})
	},
	"the schema of the schema": func(r *rand.Rand) *http.Request {
		n := 1 + r.IntN(7)
		step := oneOf(r, "fields { type { ", "ofType { ", "possibleTypes { interfaces { ", "fields { args { type { ")
		return question(oneOf(r, "{ __schema { types { ", `{ __type(name: "Query") { `)+strings.Repeat(step, n)+"name"+strings.Repeat(" }", n*strings.Count(step, "{")+2+r.IntN(2)), nil)
	},
	"directives": func(r *rand.Rand) *http.Request {
		return question("{ __typename "+times(r, 800, oneOf(r, "@skip(if: false) ", "@include(if: true) ", "@nonsense ", "@defer ", "@deprecated "))+"}", nil)
	},
	"operations": func(r *rand.Rand) *http.Request {
		return question(oneOf(r, "mutation { __typename }", "subscription { __typename }", "query A { __typename } query B { __typename }",
			times(r, 400, "query A { __typename } "), "fragment A on Query { __typename }", "{ ... @defer { __typename } }", "schema { query: Query }", "type A { b: C }"), nil)
	},
	"policies": func(r *rand.Rand) *http.Request {
		return question(`query($q: AccessQuestion!) { explain(question: $q) { verdict formula text flips { pointer } breaks { pointer } conditions { expression values } layers { reason evidence { pointer } } } }`,
			object{"q": object{"principal": oneOf(r, tomas, "gwen.platform", ledgerSession, ledgerSession, ledgerSession), "action": oneOf(r, "s3:PutObject", "s3:GetObject", "unheard:Of", "unheard:Of", noise(r, 9)), "resource": oneOf(r, "*", "*", "arn:aws:s3:::acme-ledger/x", "arn:aws:s3:::acme-ledger/x", "arn:aws:s3:::acme-orders/x", noise(r, 9)),
				"sessionPolicy": hostilePolicy(r), "endpointPolicy": oneOf(r, nil, hostilePolicy(r)), "context": hostileContext(r)}})
	},
	"many questions": func(r *rand.Rand) *http.Request {
		var list []object
		policy := hostilePolicy(r)
		for range 1 + r.IntN(510) {
			q := object{"principal": oneOf(r, append(somethings, ledgerSession)...), "action": oneOf(r, "s3:PutObject", "iam:PassRole", "s3:*", ""), "resource": oneOf(r, "arn:aws:s3:::acme-ledger/x", "*", tomas)}
			if r.IntN(4) == 0 && len(list) < 40 {
				q["sessionPolicy"] = policy
			}
			list = append(list, q)
		}
		return question(`query($q: [AccessQuestion!]!) { explainMany(questions: $q) { error { code } explanation { verdict formula flips { pointer } breaks { pointer } } } }`, object{"q": list})
	},
	"options": func(r *rand.Rand) *http.Request {
		return question(pathQuery, object{"from": oneOf(r, somethings...), "to": oneOf(r, somethings...), "options": object{
			"maxHops": oneOf[any](r, nil, nil, nil, -1, 0, 2147483647), "actions": []string{"s3:" + times(r, 3000, "*?"), oneOf(r, "s3:*", noise(r, 20), "*")}, "timeoutMs": oneOf(r, 0, 1, 5000, 5000, 5000, -1, 2147483647),
			"excludeEdges": oneOf(r, nil, []string{}, []string{noise(r, 20)}, []string{strings.Repeat("f", r.IntN(2000))}), "context": hostileContext(r), "techniqueIds": oneOf(r, nil, []string{noise(r, 3)}), "assumeNone": oneOf(r, nil, []string{"aws:scp"}, []string{noise(r, 5)}),
		}})
	},
	"representations": func(r *rand.Rand) *http.Request {
		var list []any
		for range 1 + r.IntN(1100) {
			list = append(list, oneOf[any](r, object{"__typename": "Principal", "ref": oneOf(r, somethings...)}, object{"__typename": "Principal", "ref": tomas}, object{"__typename": "Principal", "ref": tomas}))
		}
		if r.IntN(3) == 0 {
			list = append(list, oneOf[any](r, nil, 1, "x", []any{}, object{}, object{"__typename": 7}, object{"__typename": "Query", "id": "x"}, object{"__typename": "Principal", "id": []any{1}}))
		}
		return question(`query($r: [_Any!]!) { _entities(representations: $r) { ... on Principal { ref `+oneOf(r, "", "groups { members { ref } } ", "effectiveAccess(first: 1) { totalCount { value } } ", "blastRadius { principalsReached { value } }")+`} } }`, object{"r": list})
	},
	"by address": func(r *rand.Rand) *http.Request {
		q := url.Values{"query": {oneOf(r, "{ __typename }", noise(r, 500), "")}, "variables": {oneOf(r, "", "{}", "[]", noise(r, 50), `{"a":`+strings.Repeat("[", r.IntN(20_000)))},
			"extensions": {oneOf(r, "", `{"persistedQuery":{"sha256Hash":"`+noise(r, 5)+`"}}`, `{"persistedQuery":7}`, `{"persistedQuery":{"version":1,"sha256Hash":"00"}}`)}}
		out := httptest.NewRequest(oneOf(r, "GET", "GET", "PUT", "DELETE", "PATCH"), "/graphql?"+q.Encode(), nil)
		out.Host = "localhost"
		return out
	},
	"headers": func(r *rand.Rand) *http.Request {
		out := question("{ __typename }", nil)
		out.Host = oneOf(r, "", "localhost", "evil.example", "127.0.0.1.evil.example", "[::1", "localhost:99999", "0.0.0.0", noise(r, 4))
		out.Header.Set("Content-Type", oneOf(r, "application/json; charset=utf-16", "application/json;;;", "text/html", "multipart/form-data; boundary=x", "application/graphql", noise(r, 4)))
		return out
	},
}

// ledgerSession is a session of a role that may write to the ledger: what the
// policy of the session says decides.
const ledgerSession = "arn:aws:sts::555566667777:assumed-role/ledger-writer/me"

// hostilePolicy is a policy document: mostly one that is right and hard to
// decide, now and then one that is wrong.
func hostilePolicy(r *rand.Rand) any {
	var statements []any
	for range 1 + r.IntN(80) {
		statements = append(statements, hostileStatement(r))
	}
	if r.IntN(4) > 0 {
		return object{"Version": "2012-10-17", "Statement": statements}
	}
	return oneOf[any](r, object{"Statement": object{"Effect": oneOf(r, "allow", ""), "Action": noise(r, 5), "Resource": 7}}, object{"Statement": noise(r, 4)}, statements, noise(r, 20), nil, 7)
}

// hostileStatement hangs on keys that others hang on, too, so that what must
// hold is a long formula.
func hostileStatement(r *rand.Rand) object {
	s := object{
		"Effect":                            oneOf(r, "Allow", "Allow", "Deny"),
		oneOf(r, "Action", "NotAction"):     oneOf[any](r, "*", "s3:*", []string{"s3:Put*", "s3:" + times(r, 400, "*a")}, "iam:*"),
		oneOf(r, "Resource", "NotResource"): oneOf[any](r, "*", "arn:aws:s3:::"+times(r, 400, "*?"), "arn:aws:s3:::acme-ledger/${aws:username}", "arn:aws:s3:::"+times(r, 100, "${aws:username}")),
	}
	conditions := object{}
	for range r.IntN(4) {
		key := fmt.Sprintf("aws:RequestTag/k%d", r.IntN(40))
		conditions[oneOf(r, "StringEquals", "StringNotEquals", "ForAllValues:StringLike", "ForAnyValue:StringNotLike", "StringLikeIfExists")] =
			object{key: oneOf[any](r, "true", []string{"a*", times(r, 200, "*?"), fmt.Sprint(r.IntN(9))}, "${aws:PrincipalTag/"+key[15:]+"}")}
	}
	if r.IntN(5) == 0 {
		conditions[oneOf(r, "IpAddress", "NumericLessThan", "DateGreaterThan", "Bool", "ArnLike")] = object{"aws:SourceIp": oneOf[any](r, "10.0.0.0/8", noise(r, 3), "2020-01-01T00:00:00Z", 9e99, true)}
	}
	if len(conditions) > 0 {
		s["Condition"] = conditions
	}
	return s
}

func hostileContext(r *rand.Rand) []object {
	var out []object
	for range r.IntN(30) {
		values := []string{}
		for range r.IntN(50) {
			values = append(values, noise(r, 10))
		}
		out = append(out, object{"key": oneOf(r, "aws:SourceIp", "aws:MultiFactorAuthPresent", "aws:PrincipalTag/x", fmt.Sprintf("aws:RequestTag/k%d", r.IntN(40)), "aws:RequestTag/"+noise(r, 2)), "values": values})
	}
	return out
}
