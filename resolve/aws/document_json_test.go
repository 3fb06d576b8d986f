package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

// plainSeeds are texts that are plain, and those that are nearly.
var plainSeeds = []string{
	`{}`, ` { } `, `{"a":"b"}`, "{ \"a\" :\t[ \"b\" , {\"c\" : 1} ],\r\n\"d\":true}", `{"a":[],"b":{},"c":false,"a":0}`,
	`[]`, `[{"a":[[]]},"b",12]`, `{"a":"\u0062"}`, `{"é":"b"}`, `{"a":null}`, `{"a":1.5}`, `{"a":-1}`, `{"a":01}`, `{"a":1e3}`, `{"a":truex}`,
	`{"a":"b",}`, `{"a" "b"}`, `{"a":}`, `{:1}`, `{"a":"b"}}`, `{"a":"b"} x`, `{"a":[1,]}`, `[1,]`, `[1 2]`, `[`, `{`, `{"a"`, `{"a":`, ``, ` `, `"a"`, `{"a":"b` + "\x01" + `"}`,
}

// TestPlainObjects: what is taken apart here is what encoding/json reads.
func TestPlainObjects(t *testing.T) {
	taken := 0
	for _, text := range plainSeeds {
		if holdPlain(t, []byte(text)) {
			taken++
		}
	}
	if want := 7; taken != want {
		t.Errorf("%d texts are taken as plain, want %d", taken, want)
	}
	deep := bytes.Repeat([]byte(`{"a":`), maxPlainDepth+2)
	if _, ok := plainFields(append(append(deep, '1'), bytes.Repeat([]byte("}"), maxPlainDepth+2)...), nil); ok {
		t.Error("nesting has no bound")
	}
}

func FuzzPlainObjects(f *testing.F) {
	for _, text := range plainSeeds {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { holdPlain(t, text) })
}

// holdPlain holds what is read of a text against encoding/json.
func holdPlain(t *testing.T, text []byte) bool {
	if fields, ok := plainFields(text, nil); ok {
		var want map[string]json.RawMessage
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%q is taken, and is wrong: %v", text, err)
		}
		got := map[string]json.RawMessage{}
		for _, f := range fields {
			got[f.name] = f.value
		}
		if !reflect.DeepEqual(got, want) || repeats(fields) != (len(fields) != len(want)) {
			t.Fatalf("%q has %q, want %q", text, fields, want)
		}
		return true
	}
	list, ok := plainElements(text)
	if ok {
		var want []json.RawMessage
		if err := json.Unmarshal(text, &want); err != nil || !reflect.DeepEqual(list, want) {
			t.Fatalf("%q has %q, want %q (%v)", text, list, want, err)
		}
	}
	return ok
}

// escaped writes what stands in strings as escapes, which means the same and is
// not plain.
func escaped(text []byte) []byte {
	var out []byte
	inside := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inside = !inside
			out = append(out, c)
		case !inside || c >= 0x80 || c < 0x20:
			out = append(out, c)
		case c == '\\' && i+1 < len(text):
			out = append(out, c, text[i+1])
			i++
		default:
			out = fmt.Appendf(out, `\u%04x`, c)
		}
	}
	return out
}

// holdEscaped: a document reads the same however its strings are written.
func holdEscaped(t *testing.T, text []byte) {
	got, err := ParseDocument(text)
	want, wantErr := ParseDocument(escaped(text))
	if (err == nil) != (wantErr == nil) || !reflect.DeepEqual(got, want) {
		t.Fatalf("%s\nis read as %+v (%v),\nand with its strings escaped as %+v (%v)", text, got, err, want, wantErr)
	}
}

// TestPlainDocuments: a policy that is read the short way says what it says to
// encoding/json.
func TestPlainDocuments(t *testing.T) {
	n := 0
	for _, text := range reference.ManagedPolicies() {
		if n++; n%5 == 0 {
			holdEscaped(t, text)
		}
	}
	for _, text := range documentSeeds {
		holdEscaped(t, []byte(text))
	}
}

// documentSeeds are documents that are right, and wrong in one way each.
var documentSeeds = []string{
	`{"Version":"2012-10-17","Id":"x","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
	`{"Statement":[],"Statement":{"Effect":"Allow","Action":"*","Resource":"a"}}`,
	`{"Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}`,
	`{"Statement":{"Effect":"Allow","Action":["a:b"],"NotAction":"c:d","Resource":"*"}}`,
	`{"Statement":{"Effect":"Allow","Action":["a:b"],"NotAction":null,"Resource":"*"}}`,
	`{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}`, `{"Statement":{"Effect":"Allow","Action":"a:b","Resource":{}}}`,
	`{"Statement":{"Action":"a:b","Resource":"*"}}`, `{"Statement":{"Effect":"Yes","Action":"a:b"}}`, `{"Statement":[{"Effect":"Allow","Action":"a:b"},7]}`,
	`{"Statement":[{"Effect":"Allow","Action":"a:b","Principal":{"AWS":["111122223333","*"],"Service":"s3.amazonaws.com","AWS":"444455556666"}}]}`,
	`{"Statement":[{"Effect":"Allow","Action":"a:b","Principal":"somebody"}]}`, `{"Statement":[{"Effect":"Allow","Action":"a:b","Principal":{"Nobody":"x"}}]}`,
	`{"Statement":[{"Effect":"Allow","Action":"a:b","Principal":null}]}`, `{"Statement":[{"Effect":"Allow","Action":"a:b","Principal":["*"]}]}`,
	`{"Statement":[{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":[10,"11",1.5]},"Bool":{"aws:SecureTransport":false},"StringLike":{"aws:username":[]}}}]}`,
	`{"Statement":[{"Effect":"Deny","Action":"a:b","Condition":{"StringLike":{"aws:username":{}}}}]}`, `{"Statement":[{"Effect":"Deny","Action":"a:b","Condition":{"Bool":{"a":null}}}]}`,
	`{"Version":"2013","Statement":[]}`, `{"Version":7,"Statement":[]}`, `{"Id":[],"Statement":[]}`, `{"Statement":"x"}`, `{"Statement":[null]}`, `{}`, `null`, `{"Statement":[]} {}`,
}

// FuzzPlainDocuments is TestPlainDocuments for any text.
func FuzzPlainDocuments(f *testing.F) {
	for _, text := range documentSeeds {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if json.Valid(text) {
			holdEscaped(t, text)
		}
	})
}

func BenchmarkParseDocument(b *testing.B) {
	in := newInterner()
	text := []byte(`{"Version":"2012-10-17","Statement":[{"Sid":"Team","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-reader"},
		"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::payments","arn:aws:s3:::payments/*"]},
		{"Sid":"TLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseDocument(text, in); err != nil {
			b.Fatal(err)
		}
	}
}
