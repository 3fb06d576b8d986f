package aws

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// FuzzParseDocument: what parses prints, and what is printed parses to the
// same document.
func FuzzParseDocument(f *testing.F) {
	for _, text := range []string{
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		`{"Statement":[{"Sid":"a","Effect":"Deny","NotAction":["iam:*","sts:?"],"NotResource":"arn:aws:s3:::${aws:username}/*",
			"Condition":{"ForAllValues:StringNotLikeIfExists":{"aws:TagKeys":["a","b*"]},"Null":{"aws:SourceIp":true}}}]}`,
		`{"Id":"x","Statement":[{"Effect":"Allow","Principal":{"AWS":["*","111122223333"],"Service":"s3.amazonaws.com"},"Action":"s3:Get*","Resource":"*",
			"Condition":{"NumericLessThan":{"s3:max-keys":10},"Bool":{"aws:SecureTransport":false}}}]}`,
		`{"Statement":[{"Effect":"Allow","NotPrincipal":"*","Action":"a:b"}]}`,
		`{"Statement":[]}`, `{}`, `[]`, `{"Statement":null}`, `{"Version":"2012-10-17","Statement":[{}]} x`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := ParseDocument(text)
		if err != nil {
			return
		}
		printed, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("does not print: %v", err)
		}
		second, err := ParseDocument(printed)
		if err != nil {
			t.Fatalf("%s\nprints as %s\nwhich does not parse: %v", text, printed, err)
		}
		again, err := json.Marshal(second)
		if err != nil || !reflect.DeepEqual(again, printed) {
			t.Fatalf("%s\nprints as %s\nand then as %s (%v)", text, printed, again, err)
		}
		if len(first.Statements) != len(second.Statements) {
			t.Fatalf("%d statements print as %d", len(first.Statements), len(second.Statements))
		}
	})
}

// smallEstate is one account with a user, a bucket and whatever identity
// policy is given.
func smallEstate(t testing.TB, document string) *Estate {
	t.Helper()
	b := snapshot.NewBuilder()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	const account = "111122223333"
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: graph.Internet, Kind: graph.KindAnonymous, Type: "anonymous", Name: "internet"}))
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: AccountRef(account), Kind: graph.KindAccount, Type: "organizations:account", Name: account}))
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: "arn:aws:iam::111122223333:user/alice", Kind: graph.KindUser, Type: "iam:user",
		Name: "alice", NativeID: "AIDAALICE", Scope: AccountRef(account), Tags: []graph.Tag{{Key: "team", Value: "red"}}}))
	must(b.Node(graph.Node{Provider: graph.AWS, Ref: "arn:aws:s3:::data", Kind: graph.KindResource, Type: "s3:bucket", Name: "data", Scope: AccountRef(account)}))
	must(b.Attach(graph.Attachment{To: "arn:aws:iam::111122223333:user/alice", Layer: LayerIdentity, Policy: "p", Name: "p", Document: []byte(document)}))
	s, err := b.Facts()
	must(err)
	return NewEstate(s)
}

// FuzzCondition asks with any operator, key and values, unstated and stated.
func FuzzCondition(f *testing.F) {
	for _, c := range [][4]string{
		{"StringEquals", "aws:SourceVpce", "vpce-1", "vpce-1"}, {"ForAllValues:StringLike", "aws:TagKeys", "a*", ""},
		{"NotIpAddress", "aws:SourceIp", "10.0.0.0/8", "10.1.2.3"}, {"DateLessThanIfExists", "aws:CurrentTime", "2026-01-01T00:00:00Z", "1782864000"},
		{"NumericGreaterThanEquals", "s3:max-keys", "10", "ten"}, {"ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*", "x"},
		{"Null", "aws:SourceIp", "true", ""}, {"Bool", "aws:SecureTransport", "false", "true"}, {"StringEquals", "aws:PrincipalTag/team", "${aws:ResourceTag/team, 'x'}", "y"},
		{"BinaryEquals", "key", "QmFzZQ==", "QmFzZQ=="}, {"StringNotEqualsIgnoreCase", "", "", ""}, {"StringLike", "s3:prefix", "${*}?*${aws:username}", "*"},
	} {
		f.Add(c[0], c[1], c[2], c[3], true)
	}
	f.Fuzz(func(t *testing.T, operator, key, want, carried string, stated bool) {
		document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{
			"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": map[string]any{operator: map[string]any{key: []string{want, "x"}}},
		}})
		if err != nil {
			return
		}
		e := smallEstate(t, string(document))
		q := policy.Question{Principal: "arn:aws:iam::111122223333:user/alice", Action: "s3:ListBucket", Resource: "arn:aws:s3:::data"}
		open, err := e.Decide(q)
		if err != nil {
			t.Fatal(err)
		}
		if !stated {
			return
		}
		r, err := e.newRequest(q)
		if err != nil {
			t.Fatal(err)
		}
		if r.key(key).known {
			return // what is known is not for the asker to choose
		}
		q.Context = []policy.Value{{Key: key, Values: strings.Split(carried, "|")}}
		closed, err := e.Decide(q)
		if err != nil {
			t.Fatal(err)
		}
		if open.Verdict != graph.Conditional && closed.Verdict != open.Verdict && strings.Trim(carried, "|") != "" && fits(r.key(key).open, carried) {
			t.Fatalf("%s: %s, and with %s=%q %s", document, open.Verdict, key, carried, closed.Verdict)
		}
	})
}

// fits reports whether a stated value is one that the key can have.
func fits(k *policy.Key, carried string) bool {
	if k.Type != policy.TypeString || !utf8.ValidString(carried) || k.Like != "" || len(k.Within) > 0 || len(k.Except) > 0 {
		return false
	}
	return k.Multi || !strings.Contains(carried, "|")
}

// slowResource is the rule of resource patterns, read literally: a wildcard
// stays inside its segment, but an asterisk that ends one goes on past colons.
func slowResource(pattern, arn string) bool {
	if pattern == "" {
		return arn == ""
	}
	rest := pattern[1:]
	switch c := pattern[0]; c {
	case '*':
		for i := 0; ; i++ {
			if slowResource(rest, arn[i:]) {
				return true
			}
			if i == len(arn) || arn[i] == ':' && !(rest == "" || rest[0] == ':') {
				return false
			}
		}
	case '?':
		_, size := utf8.DecodeRuneInString(arn)
		return arn != "" && arn[0] != ':' && slowResource(rest, arn[size:])
	default:
		return arn != "" && arn[0] == c && slowResource(rest, arn[1:])
	}
}

// FuzzPattern compares the matcher of resources with the slow one.
func FuzzPattern(f *testing.F) {
	for _, p := range [][2]string{
		{"arn:aws:s3:::data/*", "arn:aws:s3:::data/a:b"}, {"arn:aws:s3:::d*a/*.txt", "arn:aws:s3:::data/x/y.txt"}, {"*", "anything"},
		{"arn:aws:*:*:1:x", "arn:aws:sqs:eu:1:x"}, {"arn:*:x", "arn:a:b:c:x"}, {"a?b*c*:d*", "aéb:c:d"}, {"**a*:*", "a:a:"}, {"", ""}, {"*:a*b:*", "x:y:azb:q"},
	} {
		f.Add(p[0], p[1])
	}
	f.Fuzz(func(t *testing.T, pattern, arn string) {
		if len(pattern) > 24 || len(arn) > 40 || strings.Count(pattern, "*") > 6 || !utf8.ValidString(pattern) || !utf8.ValidString(arn) {
			return
		}
		p := compileResource(pattern, true)
		if p.parts != nil {
			return
		}
		if got, want := p.matches(arn), slowResource(pattern, arn); got != want {
			t.Fatalf("%q against %q: got %v, want %v", pattern, arn, got, want)
		}
	})
}

// FuzzARN: what parses joins back to what it was.
func FuzzARN(f *testing.F) {
	for _, s := range []string{"arn:aws:s3:::b", "arn:aws:iam::111122223333:role/a/b", "arn:::::", "arn", "arn:aws:sns:eu:1:t:s", "x:y:z:a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := ParseARN(s)
		if ok && a.String() != s {
			t.Fatalf("%q joins back to %q", s, a.String())
		}
		if ok != (strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5 && a.Partition != "" && a.Service != "" && a.Resource != "") {
			t.Fatalf("%q: %v", s, ok)
		}
	})
}

// FuzzVariables: a text with variables asks without a panic, and its parts
// hold all of it.
func FuzzVariables(f *testing.F) {
	for _, s := range []string{
		"home/${aws:username}/*", "${*}${?}${$}", "${aws:PrincipalTag/team, 'none'}", "${", "${}", "${aws:username", "$${a}", "${a,}", "${a,'}", "${${aws:username}}",
		"${aws:SourceVpce}-${aws:SourceVpce}", "${aws:SourceVpce}${aws:RequestedRegion}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 64 {
			return
		}
		parts := splitVariables(s)
		plain := 0
		for _, p := range parts {
			if p.variable == nil && !p.escaped {
				plain += len(p.text)
			}
		}
		if !strings.Contains(s, "${") && plain != len(s) {
			t.Fatalf("%q is cut to %d bytes", s, plain)
		}
		resource, err := json.Marshal("arn:aws:s3:::data/" + s)
		if err != nil {
			t.Fatal(err)
		}
		e := smallEstate(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":`+string(resource)+
			`,"Condition":{"StringLike":{"s3:prefix":`+string(resource)+`}}}}`)
		for _, asked := range []string{"arn:aws:s3:::data", "arn:aws:s3:::data/alice", "arn:aws:s3:::data/home/alice/x"} {
			_, err := e.Decide(policy.Question{Principal: "arn:aws:iam::111122223333:user/alice", Action: "s3:GetObject", Resource: asked})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
