package aws

import (
	"reflect"
	"slices"
	"testing"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

// What a document says does not depend on which were read before it.
func TestSharedDocumentsSayTheSame(t *testing.T) {
	in, texts := newInterner(), 0
	for arn, text := range reference.ManagedPolicies() {
		if texts++; texts%7 != 0 {
			continue
		}
		alone, err := ParseDocument(text)
		if err != nil {
			t.Fatal(arn, err)
		}
		for range 2 {
			shared, err := parseDocument(text, in)
			if err != nil || !reflect.DeepEqual(shared, alone) {
				t.Fatalf("%s reads otherwise beside others (%v)", arn, err)
			}
		}
	}
}

func TestElementsAreShared(t *testing.T) {
	const text = `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Principal": {"AWS": "*"}, "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
		{"Effect": "Deny", "NotAction": ["s3:GetObject", "s3:PutObject"], "Principal": {"AWS": "*"}, "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}`
	in := newInterner()
	d, err := parseDocument([]byte(text), in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := parseDocument([]byte(text), in)
	if err != nil {
		t.Fatal(err)
	}
	a, b := &d.Statements[0], &again.Statements[1]
	if a.compiled.actions != b.compiled.actions || &a.Conditions[0] != &b.Conditions[0] || &a.Principals[0] != &b.Principals[0] || &a.compiled.resources[0] != &b.compiled.resources[0] {
		t.Error("equal elements are kept twice")
	}
	if !a.matchesAction("s3", "getobject") || b.matchesAction("s3", "getobject") || a.matchesAction("s3", "listbucket") || !b.matchesAction("s3", "listbucket") {
		t.Error("an Action and a NotAction of one list are mixed up")
	}
	if actionsOf(a) == actionsOf(b) {
		t.Error("their sets are mixed up")
	}
}

// Variables count in the newer version of the language alone.
func TestVersionsShareNoConditions(t *testing.T) {
	in := newInterner()
	for _, version := range []string{withoutVariables, withVariables, withoutVariables} {
		d, err := parseDocument([]byte(`{"Version": "`+version+`", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
			"Condition": {"StringEquals": {"aws:username": "${aws:PrincipalTag/name}"}}}}`), in)
		if err != nil {
			t.Fatal(err)
		}
		if has := d.Statements[0].Conditions[0].compiled.parts != nil; has != (version == withVariables) {
			t.Errorf("version %s: variables count: %v", version, has)
		}
	}
	if _, err := parseDocument([]byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Sounds": {"a": "b"}}}}`), in); err == nil {
		t.Error("an unknown operator is taken")
	}
	if _, err := parseDocument([]byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Sounds": {"a": "b"}}}}`), in); err == nil {
		t.Error("an unknown operator is taken the second time")
	}
}

// The short way to what is left of a pattern is held against the walk.
func TestPlainRemainders(t *testing.T) {
	texts := []string{"", "*", "a", "a*", "ab", "ab*", "abc", "abc*", "b*", "abcd"}
	for _, text := range texts {
		p := compileResource(text, false)
		walked := p
		walked.plain, walked.prefix = false, false
		walked.tokens = appendTokens(nil, text, false)
		markCrossing(walked.tokens)
		for _, prefix := range []string{"", "a", "ab", "abc", "b", "abcd"} {
			got, want := (&request{}).remainders(&p, prefix), (&request{}).remainders(&walked, prefix)
			if !slices.Equal(got, want) {
				t.Errorf("%q after %q: got %q, want %q", text, prefix, got, want)
			}
		}
	}
}

// What comes when there is no more room is read all the same.
func TestFullInterner(t *testing.T) {
	in := &interner{limit: 1}
	for range 2 {
		for _, action := range []string{"s3:GetObject", "s3:PutObject"} {
			d, err := parseDocument([]byte(`{"Statement": {"Effect": "Allow", "Action": "`+action+`", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}`), in)
			if err != nil || d.Statements[0].Actions[0] != action || len(d.Statements[0].Conditions) != 1 {
				t.Fatalf("%s: read as %+v (%v)", action, d, err)
			}
		}
	}
	if _, kept := in.actions.Load(`"s3:PutObject"`); kept {
		t.Error("more is kept than there is room for")
	}
}
