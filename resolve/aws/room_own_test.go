package aws

import (
	"strings"
	"testing"
)

// itself is a thing with one policy, in which OWN stands for it.
func itself(t *testing.T, name, text string) *roomThing {
	t.Helper()
	arn := "arn:aws:s3:::" + name
	doc, err := ParseDocument([]byte(`{"Version":"2012-10-17","Statement":[` + strings.ReplaceAll(text, "OWN", arn) + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return &roomThing{resource: &resource{arn: arn, layer: numResource, policies: []bound{{doc: doc}}}, quiet: 100, spoken: 200}
}

const (
	encrypted = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["OWN","OWN/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	reads     = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/a"},"Action":"s3:GetObject","Resource":"OWN/*"}`
)

// TestAlikeInWhatTheySayOfThemselves: policies of two things are alike if one is
// the other with the name of the thing changed, and only then.
func TestAlikeInWhatTheySayOfThemselves(t *testing.T) {
	in := func(text, old, new string) string { return strings.Replace(text, old, new, 1) }
	for _, c := range []struct {
		name, other string
		alike       bool
	}{
		{"the same", encrypted, true},
		{"another effect", in(encrypted, "Deny", "Allow"), false},
		{"another principal", in(encrypted, `"*"`, `{"AWS":"111122223333"}`), false},
		{"not that principal", in(encrypted, `"Principal"`, `"NotPrincipal"`), false},
		{"other actions", in(encrypted, `"s3:*"`, `"s3:Get*"`), false},
		{"all but these actions", in(encrypted, `"Action"`, `"NotAction"`), false},
		{"the thing alone", in(encrypted, `["OWN","OWN/*"]`, `"OWN"`), false},
		{"other things in it", in(encrypted, `OWN/*`, `OWN/a*`), false},
		{"all but it", in(encrypted, `"Resource"`, `"NotResource"`), false},
		{"whatever there is", in(encrypted, `["OWN","OWN/*"]`, `"*"`), false},
		{"another operator", in(encrypted, `Bool`, `BoolIfExists`), false},
		{"another key", in(encrypted, `aws:SecureTransport`, `aws:ViaAWSService`), false},
		{"another value", in(encrypted, `"false"`, `"true"`), false},
		{"no condition", in(encrypted, `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`, ""), false},
		{"one statement more", encrypted + "," + encrypted, false},
	} {
		var one, other []byte
		a, b := itself(t, "one", encrypted), itself(t, "other", c.other)
		if !a.ownText(&one, a.policies[0].doc) || !b.ownText(&other, b.policies[0].doc) {
			t.Errorf("%s: looks closer at the thing", c.name)
		}
		if string(one) == string(other) != c.alike {
			t.Errorf("%s: alike is %t\n%q\n%q", c.name, !c.alike, one, other)
		}
	}
}

// TestLooksCloserThanItself: what speaks of other things by name, or of tags, is
// like nothing else.
func TestLooksCloserThanItself(t *testing.T) {
	for _, text := range []string{
		strings.Replace(encrypted, "OWN/*", "arn:aws:s3:::*", 1), strings.Replace(encrypted, "OWN/*", "OWN-2/*", 1), strings.Replace(encrypted, "OWN/*", "OWN*", 1),
		strings.Replace(encrypted, "OWN/*", "OWN/${aws:username}/*", 1), strings.Replace(encrypted, "Bool", "StringEquals", 1) + strings.Replace(","+encrypted, "aws:SecureTransport", "aws:ResourceTag/a", 1),
		strings.Replace(encrypted, `"Principal":"*"`, `"Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`, 1),
	} {
		a, out := itself(t, "one", text), []byte(nil)
		if a.ownText(&out, a.policies[0].doc) {
			t.Errorf("%s\nis told apart by no name", text)
		}
	}
}

// TestHeardOfActions: of an action, things say the same if the statements that
// speak of it are the same, and stand in the same places.
func TestHeardOfActions(t *testing.T) {
	put, get := parseAction("s3:PutBucketPolicy"), parseAction("s3:GetObject")
	nobody := strings.Replace(reads, "user/a", "user/b", 1)
	to := func(principal string) string {
		return strings.Replace(reads, `{"AWS":"arn:aws:iam::111122223333:user/a"}`, principal, 1)
	}
	for _, c := range []struct {
		name, one, other string
		act              action
		alike            bool
	}{
		{"others are spoken of in between", encrypted + "," + reads, encrypted + "," + nobody, put, true},
		{"and of this action, to others", encrypted + "," + reads, encrypted + "," + nobody, get, true},
		{"to a service", encrypted + "," + to(`{"Service":"lambda.amazonaws.com"}`), encrypted + "," + nobody, get, true},
		{"to the account", encrypted + "," + to(`{"AWS":"111122223333"}`), encrypted + "," + nobody, get, false},
		{"to the account, by its root", encrypted + "," + to(`{"AWS":["arn:aws:iam::111122223333:user/a","arn:aws:iam::111122223333:root"]}`), encrypted + "," + nobody, get, false},
		{"to sessions", encrypted + "," + to(`{"AWS":"arn:aws:sts::111122223333:assumed-role/a/b"}`), encrypted + "," + nobody, get, false},
		{"to everybody", encrypted + "," + to(`"*"`), encrypted + "," + nobody, get, false},
		{"to all others", encrypted + "," + strings.Replace(reads, `"Principal"`, `"NotPrincipal"`, 1), encrypted + "," + nobody, get, false},
		{"one statement less, of others", encrypted + "," + reads, encrypted, put, true},
		{"another place", reads + "," + encrypted, encrypted + "," + reads, put, false},
		{"not denied", encrypted, strings.Replace(encrypted, "Deny", "Allow", 1), put, false},
	} {
		m := &room{alike: map[string]uint32{"one": 7}}
		a, b := itself(t, "one", c.one), itself(t, "other", c.other)
		if got := m.heard(a, &c.act) == m.heard(b, &c.act); got != c.alike {
			t.Errorf("%s: alike is %t", c.name, got)
		}
		if m.heard(a, &c.act) == a.quiet || m.heard(a, &c.act) == a.spoken {
			t.Errorf("%s: the policies are not heard", c.name)
		}
	}
	trust := itself(t, "one", encrypted)
	trust.layer = numTrust
	if m := (&room{alike: map[string]uint32{}}); m.heard(trust, &put) != trust.spoken {
		t.Error("of a role's trust only some statements are heard")
	}
}

// TestHearsWhoIsNotNamed: what is heard is told of users and roles of the thing's
// account that its policies do not name.
func TestHearsWhoIsNotNamed(t *testing.T) {
	own, other := &account{id: "111122223333"}, &account{id: "444455556666"}
	thing := itself(t, "one", encrypted+","+reads)
	thing.owner = own
	thing.whom = (&room{}).whomOf(thing)
	for _, c := range []struct {
		name string
		p    principal
		want bool
	}{
		{"another user", principal{ref: "arn:aws:iam::111122223333:user/b", account: own}, true},
		{"a role", principal{ref: "arn:aws:iam::111122223333:role/a", account: own, kind: kindRole}, true},
		{"who is named", principal{ref: "arn:aws:iam::111122223333:user/a", account: own}, false},
		{"a federated user", principal{ref: "arn:aws:iam::111122223333:user/b", account: own, kind: kindFederatedUser}, false},
		{"the root user", principal{ref: "arn:aws:iam::111122223333:root", account: own, kind: kindRoot}, false},
		{"a user of another account", principal{ref: "arn:aws:iam::444455556666:user/b", account: other}, false},
	} {
		if got := thing.hears(&c.p); got != c.want {
			t.Errorf("%s: hears is %t", c.name, got)
		}
	}
}
