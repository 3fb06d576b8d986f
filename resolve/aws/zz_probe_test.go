package aws

import (
	"testing"

	"github.com/clewgraph/clew/resolve/policy"
)

func TestZZProbe(t *testing.T) {
	s, err := parseScenario("probe", []byte(`rule: 3
doc: x
-- setup --
account 111122223333
user alice arn:aws:iam::111122223333:user/alice
user bob arn:aws:iam::111122223333:user/bob
resource bucket arn:aws:s3:::bucket type=s3:bucket account=111122223333
-- identity/alice.json --
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/a*"},{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::bucket/*.txt"}]}
-- identity/bob.json --
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/a.json"},{"Effect":"Deny","Action":"s3:GetObject","NotResource":["arn:aws:s3:::bucket/?.json","arn:aws:s3:::bucket/zz"]}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []policy.Question{
		{Principal: "arn:aws:iam::111122223333:user/alice", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/ab.txt"},
		{Principal: "arn:aws:iam::111122223333:user/alice", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket"},
		{Principal: "arn:aws:iam::111122223333:user/bob", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket"},
		{Principal: "arn:aws:sts::111122223333:federated-user/carol", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket"},
	} {
		d, err := s.estate.Decide(q)
		t.Log(q.Resource, d.Verdict, d.Include, d.Exclude, err)
	}
}
