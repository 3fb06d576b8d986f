package aws

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/policy"
)

// tenPolicies are managed policies of AWS as people attach them together.
var tenPolicies = []string{
	"ReadOnlyAccess", "PowerUserAccess", "SecurityAudit", "AmazonS3FullAccess", "AmazonEC2FullAccess",
	"CloudWatchFullAccess", "AWSLambda_FullAccess", "AmazonSQSFullAccess", "AmazonDynamoDBFullAccess", "IAMReadOnlyAccess",
}

// threeLevels are service control policies as organizations have them: a
// region fence, a protected trail, no leaving.
var threeLevels = map[graph.Ref]string{
	"root": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:*","sts:*","organizations:*","support:*","cloudfront:*","route53:*"],
		"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}}}]}`,
	"unit": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["cloudtrail:StopLogging","cloudtrail:DeleteTrail","config:Delete*","guardduty:Delete*"],
		"Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/security-*"}}}]}`,
	AccountRef(home): `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["organizations:LeaveOrganization","account:*"],"Resource":"*"}]}`,
}

func benchEstate(b *testing.B) *Estate {
	b.Helper()
	build := snapshot.NewBuilder()
	err := cast(build)
	attach := func(to graph.Ref, layer graph.LayerID, ref string, text []byte) {
		if e := build.Attach(graph.Attachment{To: to, Layer: layer, Policy: graph.Ref(ref), Name: ref, Document: text}); e != nil {
			err = e
		}
	}
	for _, name := range tenPolicies {
		attach(alice, LayerIdentity, "arn:aws:iam::aws:policy/"+name, nil)
	}
	for to, text := range threeLevels {
		attach(to, LayerSCP, "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", nil)
		attach(to, LayerSCP, "fence@"+string(to), []byte(text))
	}
	facts, e := build.Facts()
	if err != nil || e != nil {
		b.Fatal(err, e)
	}
	estate := NewEstate(facts)
	for _, p := range estate.principal(mustFind(b, estate, alice)).identity {
		if p.doc == nil {
			b.Fatalf("%s has no document", estate.sourceOf(&p).Policy)
		}
	}
	return estate
}

func mustFind(b testing.TB, e *Estate, ref graph.Ref) snapshot.Index {
	b.Helper()
	node, ok := e.s.Find(ref)
	if !ok {
		b.Fatalf("%s is in no document", ref)
	}
	return node
}

// BenchmarkDecide decides for a principal with ten policies under three levels
// of service control policies: the bare verdict as listings over many
// principals take it, with every reason, and with what flips it, which takes
// more decisions.
func BenchmarkDecide(b *testing.B) {
	e := benchEstate(b)
	questions := map[string]policy.Question{
		"allowed":     {Principal: alice, Action: "sqs:SendMessage", Resource: queue},
		"denied":      {Principal: alice, Action: "iam:CreateUser", Resource: alice},
		"conditional": {Principal: alice, Action: "s3:GetObject", Resource: data + "/x"},
	}
	want := map[string]graph.Verdict{"allowed": graph.Allowed, "denied": graph.Denied, "conditional": graph.Conditional}
	for name, q := range questions {
		r, err := e.newRequest(q)
		if err != nil {
			b.Fatal(err)
		}
		if v, _ := r.decide().formula.State(); v != want[name] {
			b.Fatalf("%s comes out %s", name, v)
		}
		b.Run("verdict/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.decide().formula.State()
			}
		})
		b.Run("reasons/"+name, func(b *testing.B) {
			brief := q
			brief.Brief = true
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Decide(brief); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("explain/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Decide(q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
