package aws

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/compile"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// roomKinds are questions that differ in what decisions read of a thing.
var roomKinds = []escalate.Kind{
	{Action: "sts:AssumeRole"}, {Action: "lambda:UpdateFunctionCode"}, {Action: "lambda:AddPermission"},
	{Action: "iam:PassRole", Context: []policy.Value{{Key: "iam:PassedToService", Values: []string{"lambda.amazonaws.com"}}}},
	{Action: "iam:PassRole"}, {Action: "iam:AttachRolePolicy", Context: []policy.Value{{Key: "iam:PermissionsBoundary", Absent: true}}},
	{Action: "iam:PutRolePolicy"}, {Action: "iam:CreateAccessKey"}, {Action: "lambda:InvokeFunctionUrl"},
	{Action: "sqs:SetQueueAttributes"}, {Action: "sqs:ReceiveMessage", Given: true}, {Action: "sqs:ReceiveMessage"},
	{Action: "kms:PutKeyPolicy"}, {Action: "kms:Decrypt"}, {Action: "ecs:RunTask"}, {Action: "s3:PutBucketPolicy"}, {Action: "nosuch:Thing"},
	{Action: "s3:GetObject"}, {Action: "s3:GetObject", Given: true},
}

// roomThings are things that fall together by two and three, and some that do
// not.
var roomThings = []struct{ typ, arn, tag string }{
	{"lambda:function", "arn:aws:lambda:eu-west-1:HOME:function:a1", ""}, {"lambda:function", "arn:aws:lambda:eu-west-1:HOME:function:a2", "red"},
	{"lambda:function", "arn:aws:lambda:eu-west-1:HOME:function:b1", "blue"}, {"lambda:function", "arn:aws:lambda:us-east-1:HOME:function:b2", ""},
	{"lambda:function", "arn:aws:lambda:us-east-1:AWAY:function:a1", ""},
	{"iam:role", "arn:aws:iam::HOME:role/a1", "red"}, {"iam:role", "arn:aws:iam::HOME:role/a2", ""}, {"iam:role", "arn:aws:iam::HOME:role/b1", ""},
	{"iam:role", "arn:aws:iam::HOME:role/b2", ""}, {"iam:role", "arn:aws:iam::AWAY:role/a1", ""},
	{"iam:role", "arn:aws:iam::HOME:role/aws-service-role/x/a1", ""}, {"iam:user", "arn:aws:iam::HOME:user/a1", ""}, {"iam:user", "arn:aws:iam::HOME:user/b1", "red"},
	{"sqs:queue", "arn:aws:sqs:eu-west-1:HOME:a1", ""}, {"sqs:queue", "arn:aws:sqs:eu-west-1:HOME:a2", ""}, {"sqs:queue", "arn:aws:sqs:eu-west-1:HOME:b1", "red"},
	{"sqs:queue", "arn:aws:sqs:eu-west-1:AWAY:a1", ""},
	{"kms:key", "arn:aws:kms:eu-west-1:HOME:key/a1", ""}, {"kms:key", "arn:aws:kms:eu-west-1:HOME:key/a2", ""}, {"kms:key", "arn:aws:kms:eu-west-1:HOME:alias/aws/s3", ""},
	{"s3:bucket", "arn:aws:s3:::a1", ""}, {"s3:bucket", "arn:aws:s3:::a2", ""}, {"s3:bucket", "arn:aws:s3:::a3", "red"}, {"s3:bucket", "arn:aws:s3:::b1", ""}, {"ecs:task-definition", "arn:aws:ecs:eu-west-1:HOME:task-definition/a1", ""},
}

func homely(text string) string { return strings.NewReplacer("HOME", home, "AWAY", away).Replace(text) }

var (
	roomActions    = []string{"*", "*", "sts:AssumeRole", "lambda:*", "lambda:*", "iam:*", "iam:*", "iam:PassRole", "sqs:*", "kms:*", "ecs:*", "s3:*", "s3:*"}
	roomResources  = []string{"*", "*", "*", "*:a1", "arn:aws:iam::*:role/a*", "arn:aws:lambda:*:*:function:a1", "arn:aws:sqs:*:HOME:a*", "arn:aws:kms:*:*:key/a1", "arn:aws:s3:::a*", "arn:aws:s3:::*/obj*", "arn:aws:s3:::a1/*", "arn:aws:iam::HOME:user/b1", "*/${aws:username}*"}
	roomConditions = []string{
		`"StringEquals":{"aws:ResourceTag/team":"red"}`, `"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`, `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`,
		`"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`, `"StringEquals":{"aws:PrincipalTag/team":"red"}`,
		`"ArnEquals":{"iam:PermissionsBoundary":"arn:aws:iam::HOME:policy/limit"}`, `"StringEquals":{"aws:ResourceAccount":"HOME"}`,
		`"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}`, `"StringEquals":{"aws:ResourceTag/team":["${aws:username}","red"]}`, `"StringLike":{"aws:ResourceTag/team":"${aws:ResourceAccount}*"}`, `"Bool":{"aws:SecureTransport":"false"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}`,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::HOME:role/*"}`,
	}
	roomPrincipals = []string{`"*"`, `{"AWS":"HOME"}`, `{"AWS":"arn:aws:iam::HOME:root"}`, `{"AWS":"arn:aws:iam::AWAY:root"}`, `{"Service":"lambda.amazonaws.com"}`,
		`{"AWS":"arn:aws:iam::HOME:user/a1"}`, `{"AWS":["arn:aws:iam::HOME:role/a1","arn:aws:iam::AWAY:role/a1"]}`, `{"AWS":"arn:aws:sts::HOME:assumed-role/a1/x"}`}
)

// roomDocument draws a policy; of a thing's own, one of few.
func roomDocument(r *rand.Rand, layer graph.LayerID) []byte {
	own := layer == LayerResource || layer == LayerTrust
	var list []string
	if layer == LayerSCP || !own && chance(r, 45) {
		list = append(list, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	}
	for range 1 + r.IntN(3) {
		s := `{"Effect":"` + oneOf(r, "Allow", "Allow", "Allow", "Allow", "Deny") + `"`
		if own {
			s += `,"Principal":` + oneOf(r, roomPrincipals...)
		} else if layer == LayerRCP {
			s = `{"Effect":"Deny","Principal":"*"`
		}
		if layer == LayerTrust {
			s += `,"Action":"sts:AssumeRole"`
		} else {
			of := oneOf(r, roomResources...)
			if own && chance(r, 50) {
				of = oneOf(r, "OWN", "OWN/*", "OWN/obj*", "*")
			}
			s += `,"Action":"` + oneOf(r, roomActions...) + `","` + oneOf(r, "Resource", "Resource", "Resource", "NotResource") + `":"` + of + `"`
		}
		if chance(r, 60) {
			s += `,"Condition":{` + oneOf(r, roomConditions...) + `}`
		}
		list = append(list, s+"}")
	}
	return []byte(homely(`{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`))
}

// nearly changes one word of a policy: it is alike another but for that.
func nearly(r *rand.Rand, text []byte) []byte {
	for range 20 {
		change := oneOf(r, [2]string{`"Effect":"Allow"`, `"Effect":"Deny"`}, [2]string{`"Resource"`, `"NotResource"`}, [2]string{`OWN/*`, `OWN/obj*`}, [2]string{`"OWN"`, `"OWN/*"`},
			[2]string{`"red"`, `"blue"`}, [2]string{`:user/a1`, `:role/a1`}, [2]string{`"eu-west-1"`, `"us-east-1"`}, [2]string{`10.0.0.0/8`, `192.168.0.0/16`},
			[2]string{`"Bool"`, `"BoolIfExists"`}, [2]string{`aws:RequestedRegion`, `aws:SourceVpc`}, [2]string{`"Action":"s3:*"`, `"Action":"sqs:*"`}, [2]string{`"Action":"*"`, `"NotAction":"*"`})
		if r.IntN(2) == 0 {
			change[0], change[1] = change[1], change[0]
		}
		if near := bytes.Replace(text, []byte(change[0]), []byte(change[1]), 1); !bytes.Equal(near, text) {
			return near
		}
	}
	return text
}

// roomEstate draws an estate in which many things have the same policies.
func roomEstate(t *testing.T, r *rand.Rand) *Estate {
	t.Helper()
	b := snapshot.NewBuilder()
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	do(cast(b))
	attach := func(to graph.Ref, layer graph.LayerID, text []byte) {
		do(b.Attach(graph.Attachment{To: to, Layer: layer, Policy: graph.Ref(string(layer) + "@" + string(to)), Name: "p", Document: text}))
	}
	trusts, policies := [][]byte{roomDocument(r, LayerTrust), roomDocument(r, LayerTrust)}, [][]byte{roomDocument(r, LayerResource), roomDocument(r, LayerResource)}
	if chance(r, 60) {
		policies[1] = nearly(r, policies[0])
	}
	for _, x := range roomThings {
		ref := graph.Ref(homely(x.arn))
		n := graph.Node{Ref: ref, Kind: graph.KindResource, Type: x.typ, Provider: graph.AWS, Scope: AccountRef(home), Name: string(ref[strings.LastIndexAny(string(ref), "/:")+1:])}
		if strings.Contains(x.arn, "AWAY") {
			n.Scope = AccountRef(away)
		}
		if x.tag != "" {
			n.Tags = []graph.Tag{{Key: "team", Value: x.tag}}
		}
		switch x.typ {
		case "iam:role":
			n.Kind = graph.KindRole
			attach(ref, LayerTrust, oneOf(r, trusts...))
		case "iam:user":
			n.Kind = graph.KindUser
		default:
			if carriesPolicy(x.typ) && chance(r, 60) {
				attach(ref, LayerResource, bytes.ReplaceAll(oneOf(r, policies...), []byte("OWN"), []byte(ref)))
			}
		}
		do(b.Node(n))
		if n.Kind != graph.KindResource {
			attach(ref, LayerIdentity, roomDocument(r, LayerIdentity))
			if chance(r, 20) {
				attach(ref, LayerBoundary, roomDocument(r, LayerBoundary))
			}
		}
	}
	for _, to := range []graph.Ref{"root", "unit", "account:" + home, "account:" + away} {
		attach(to, LayerSCP, roomDocument(r, LayerSCP))
	}
	if chance(r, 30) {
		attach("account:"+home, LayerRCP, roomDocument(r, LayerRCP))
	}
	facts, err := b.Facts()
	do(err)
	return NewEstate(facts)
}

// bothKinds are the kinds, and again the same without what they state.
func bothKinds() []escalate.Kind {
	list := slices.Concat(roomKinds, roomKinds)
	for i := range list {
		list[i].Number = i
		if i >= len(roomKinds) {
			list[i].Context = nil
		}
	}
	return list
}

// TestRoomsAgree: what a room answers once for many things is what each would
// have been answered alone, evidence included.
func TestRoomsAgree(t *testing.T) {
	for i := range roomKinds {
		roomKinds[i].Number = i
	}
	r := rand.New(rand.NewPCG(44, 9))
	verdicts, within, shared, untried := map[graph.Verdict]int{}, map[graph.Verdict]int{}, 0, 0
	for range 120 {
		e := roomEstate(t, r)
		room := e.Room(bothKinds()).(*room)
		for _, f := range roomFootholds(e) {
			if chance(r, 50) {
				room.Clear() // as where the next account is looked at
			}
			asker := room.Asker(f).(*asker)
			for _, x := range roomThings {
				node, _ := e.s.Find(graph.Ref(homely(x.arn)))
				for k := range roomKinds {
					kind := &roomKinds[k]
					q := policy.Question{Principal: e.s.Ref(f.Node), Hold: f.Hold, Action: kind.Action, Resource: homely(x.arn), Context: kind.Context, Given: kind.Given}
					want, err := e.Rule(q)
					if err != nil {
						t.Fatal(err)
					}
					got := *asker.Of(kind, nil, node)
					if chance(r, 20) { // the same, stated beside what the kind states
						got = *asker.Of(&escalate.Kind{Number: len(roomKinds) + k, Action: kind.Action, Given: kind.Given}, kind.Context, node)
					}
					if tried := asker.triedIn(e.ownerOf(node)); !tried.Has(kind.Number) {
						untried++
						if want.Verdict != graph.Denied {
							t.Fatalf("%v %+v is %v, and would not be tried", f.Hold, q, want.Verdict)
						}
					}
					if x.typ == "s3:bucket" {
						q.Resource += "/object"
						inside, err := e.Rule(q)
						if err != nil {
							t.Fatal(err)
						}
						if got := *asker.Inside(kind, nil, node, "object"); inside.Verdict != got.Verdict || inside.Verdict != graph.Denied && !reflect.DeepEqual(inside, got) {
							t.Fatalf("%v %+v:\n got %+v\nwant %+v", f.Hold, q, got, inside)
						}
						within[inside.Verdict]++
					}
					verdicts[want.Verdict]++
					if want.Verdict != got.Verdict || want.Verdict != graph.Denied && !reflect.DeepEqual(want, got) {
						t.Fatalf("%v %+v:\n got %+v\nwant %+v", f.Hold, q, got, want)
					}
				}
			}
			for _, asked := range asker.asked {
				if asked != nil && asked.groups != nil {
					shared += asker.grouped(asked) - len(asked.groups.rulings)
				}
			}
		}
	}
	if within[graph.Allowed] < 1000 || within[graph.Conditional] < 100 {
		t.Errorf("of objects %v: the draws say too little", within)
	}
	if verdicts[graph.Allowed] < 4000 || verdicts[graph.Conditional] < 1000 || shared < 5000 || untried < 1000 {
		t.Errorf("%v, %d answers shared, %d questions not tried: the draws say too little", verdicts, shared, untried)
	}
}

// triedIn are the sorts that are tried on things of an account.
func (a *asker) triedIn(account string) compile.Set {
	home, abroad := a.Tried()
	if account != a.r.principal.account.id {
		return abroad
	}
	return home
}

// grouped counts the things that fall together with some for a question.
func (a *asker) grouped(asked *askedKind) (n int) {
	for _, x := range roomThings {
		node, _ := a.e.s.Find(graph.Ref(homely(x.arn)))
		if t := a.thing(node); t.asks && a.groupOf(asked, t, t.arn).alike != 0 {
			n++
		}
	}
	return n
}

func roomFootholds(e *Estate) (list []snapshot.Foothold) {
	for _, ref := range []string{"arn:aws:iam::HOME:user/a1", "arn:aws:iam::HOME:role/a1", "arn:aws:iam::AWAY:role/a1"} {
		node, _ := e.s.Find(graph.Ref(homely(ref)))
		list = append(list, e.foothold(node), snapshot.Foothold{Node: node, Hold: graph.WithOwnPolicy})
	}
	for _, ref := range []graph.Ref{AccountRef(home), homeRoot, lambda, graph.Internet} {
		node, _ := e.s.Find(ref)
		list = append(list, snapshot.Foothold{Node: node, Hold: graph.WithOwnPolicy})
	}
	return list
}
