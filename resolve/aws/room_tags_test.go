package aws

import (
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/escalate"
)

// What a tag opens beside the plain case, which the stories of the techniques
// show: each policy is that of a user who may tag the user bob.
func TestTagsThatTurnAnAnswer(t *testing.T) {
	const mayTag = `{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*"}`
	makesKeys := func(condition string) string {
		return `{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*", "Condition": ` + condition + `}`
	}
	for _, c := range []struct{ name, statements, want string }{
		{"a deny by tag ceases", mayTag + `, {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"},
			{"Effect": "Deny", "Action": "iam:CreateAccessKey", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}`, "ALLOWED"},
		{"a deny of untagged things ceases", mayTag + `, {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"},
			{"Effect": "Deny", "Action": "iam:CreateAccessKey", "Resource": "*", "Condition": {"Null": {"aws:ResourceTag/owner": "true"}}}`, "ALLOWED"},
		{"a pattern", mayTag + "," + makesKeys(`{"StringLike": {"iam:ResourceTag/team": "blue-*"}}`), "ALLOWED"},
		{"the actor's own tag", mayTag + "," + makesKeys(`{"StringEquals": {"aws:ResourceTag/group": "${aws:PrincipalTag/group}"}}`), "ALLOWED"},
		{"a tag that the actor does not bear", mayTag + "," + makesKeys(`{"StringEquals": {"aws:ResourceTag/floor": "${aws:PrincipalTag/floor}"}}`), ""},
		{"two tags at once", mayTag + "," + makesKeys(`{"StringEquals": {"aws:ResourceTag/team": "blue", "aws:ResourceTag/open": "yes"}}`), "ALLOWED"},
		{"one tag is asked of the request, another of the user",
			`{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/reason": "audit"}}},` +
				makesKeys(`{"StringEquals": {"aws:ResourceTag/team": "blue"}}`), "ALLOWED"},
		{"only the other tag may be set",
			`{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["reason"]}}},` +
				makesKeys(`{"StringEquals": {"aws:ResourceTag/team": "blue"}}`), ""},
		{"the tag may be set on those that bear it", `{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "blue"}}},` +
			makesKeys(`{"StringEquals": {"aws:ResourceTag/team": "blue"}}`), ""},
		{"a value that no tag can have", mayTag + "," + makesKeys(`{"StringEquals": {"aws:ResourceTag/team": "blue|green"}}`), ""},
		{"no tag at all helps", mayTag + "," + makesKeys(`{"Null": {"aws:ResourceTag/team": "true"}}`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := parseStory([]byte(`technique: aws-iam-taguser-createaccesskey
-- setup --
account 111122223333
user actor arn:aws:iam::111122223333:user/actor tag:group=blue
user bob arn:aws:iam::111122223333:user/bob tag:team=red
listed 111122223333 iam list-access-keys
-- identity/actor.json --
{"Version": "2012-10-17", "Statement": [` + c.statements + `]}
-- want --
actor => bob!credential via aws-iam-taguser-createaccesskey
`))
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.verdicts(s.files, escalate.AWS)
			if err != nil || got[0] != c.want {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

// What is stated of the tags of one thing says nothing of others that the same
// request touches: here, of the key that a secret is encrypted under.
func TestStatedTagsAreOfWhatWasAskedAbout(t *testing.T) {
	const text = `technique: aws-secretsmanager-tagresource-getsecretvalue
-- setup --
account 111122223333
user actor arn:aws:iam::111122223333:user/actor
resource key arn:aws:kms:eu-west-1:111122223333:key/k1 type=kms:key tag:team=red
resource secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf type=secretsmanager:secret tag:team=red attr:kms-key=arn:aws:kms:eu-west-1:111122223333:key/k1
none resource secret
-- identity/actor.json --
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "secretsmanager:TagResource", "Resource": "*"},
  {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "kms:Decrypt"], "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "blue"}}}]}
-- resource/key.json --
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}]}
-- want --
actor => secret via aws-secretsmanager-tagresource-getsecretvalue
`
	for tag, want := range map[string]string{"red": "", "blue": "ALLOWED"} {
		s, err := parseStory([]byte(strings.Replace(text, "type=kms:key tag:team=red", "type=kms:key tag:team="+tag, 1)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.verdicts(s.files, escalate.AWS)
		if err != nil || got[0] != want {
			t.Errorf("the key is of team %s: got %q, %v, want %q", tag, got, err, want)
		}
	}
}
