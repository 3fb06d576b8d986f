package aws

import (
	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
	"testing"
)

func benchEstate(b *testing.B) *Estate {
	bl := snapshot.NewBuilder()
	n := func(x graph.Node) {
		x.Provider = graph.AWS
		if err := bl.Node(x); err != nil {
			b.Fatal(err)
		}
	}
	n(graph.Node{Ref: "organization", Kind: graph.KindOrganization, Type: "organizations:organization", Attrs: []graph.Attr{{Key: "id", Value: "o-1"}, {Key: "management-account", Value: "999999999999"}}})
	n(graph.Node{Ref: "root", Kind: graph.KindFolder, Type: "organizations:root", Scope: "organization", Attrs: []graph.Attr{{Key: "id", Value: "r-1"}, {Key: "policy-types", Value: "SERVICE_CONTROL_POLICY"}}})
	n(graph.Node{Ref: "ou", Kind: graph.KindFolder, Type: "organizations:organizational-unit", Scope: "root", Attrs: []graph.Attr{{Key: "id", Value: "ou-1"}}})
	n(graph.Node{Ref: "account:111122223333", Kind: graph.KindAccount, Type: "organizations:account", Scope: "ou"})
	n(graph.Node{Ref: "arn:aws:iam::111122223333:role/app", Kind: graph.KindRole, Type: "iam:role", Name: "app", Scope: "account:111122223333"})
	n(graph.Node{Ref: "arn:aws:s3:::data", Kind: graph.KindResource, Type: "s3:bucket", Name: "data", Scope: "account:111122223333"})
	for _, p := range []string{"AmazonS3ReadOnlyAccess", "AmazonEC2FullAccess", "AWSLambda_FullAccess", "AmazonDynamoDBFullAccess", "AmazonSQSFullAccess", "CloudWatchFullAccess", "AmazonSNSFullAccess", "AmazonRDSFullAccess", "AmazonECS_FullAccess", "SecretsManagerReadWrite"} {
		if err := bl.Attach(graph.Attachment{To: "arn:aws:iam::111122223333:role/app", Layer: LayerIdentity, Policy: graph.Ref("arn:aws:iam::aws:policy/" + p), Name: p}); err != nil {
			b.Fatal(err)
		}
	}
	for _, l := range []graph.Ref{"root", "ou", "account:111122223333"} {
		bl.Attach(graph.Attachment{To: l, Layer: LayerSCP, Policy: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", Name: "FullAWSAccess"})
		bl.Attach(graph.Attachment{To: l, Layer: LayerSCP, Policy: "deny" + l, Name: "deny", Document: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["organizations:LeaveOrganization","cloudtrail:StopLogging"],"Resource":"*"},{"Effect":"Deny","NotAction":["iam:*","sts:*","s3:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}}]}`)})
	}
	s, err := bl.Facts()
	if err != nil {
		b.Fatal(err)
	}
	return NewEstate(s)
}
func BenchmarkZ(b *testing.B) {
	e := benchEstate(b)
	q := policy.Question{Principal: "arn:aws:iam::111122223333:role/app", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/x"}
	d, err := e.Decide(q)
	b.Log(d.Verdict, err)
	b.Run("explain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e.Decide(q)
		}
	})
	r, _ := e.newRequest(q)
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.decide()
		}
	})
	r2, _ := e.newRequest(policy.Question{Principal: "arn:aws:iam::111122223333:role/app", Action: "ec2:TerminateInstances", Resource: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"})
	b.Run("bare2", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r2.decide()
		}
	})
}
