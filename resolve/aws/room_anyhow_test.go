package aws

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/escalate"
)

// leads are what somebody does, and what that gives.
var leads = []struct{ typ, does, gets, part string }{
	{"sqs:queue", "sqs:SetQueueAttributes", "sqs:ReceiveMessage", ""},
	{"s3:bucket", "s3:PutBucketPolicy", "s3:GetObject", "obj"},
	{"s3:bucket", "s3:PutBucketPolicy", "s3:ListBucket", ""},
	{"s3:bucket", "s3:PutBucketPolicy", "s3:GetObject", ""},
	{"lambda:function", "lambda:AddPermission", "lambda:InvokeFunction", ""},
	{"lambda:function", "lambda:TagResource", "lambda:UpdateFunctionCode", ""},
}

// TestAnyhowIsAnyhow draws estates: of things that are not beyond, what is got is
// as sure as what is done.
func TestAnyhowIsAnyhow(t *testing.T) {
	before := roomActions
	defer func() { roomActions = before }()
	roomActions = []string{"*", "*", "sqs:*", "sqs:S*", "sqs:ReceiveMessage", "s3:*", "s3:*", "s3:Put*", "s3:Get*", "s3:ListBucket", "lambda:*", "lambda:*", "lambda:Add*", "lambda:I*", "lambda:T*"}
	r := rand.New(rand.NewPCG(19, 83))
	told, sure, beyond := 0, map[graph.Verdict]int{}, 0
	for range 1500 {
		e := roomEstate(t, r)
		for _, lead := range leads {
			kinds := []escalate.Kind{{Number: 0, Action: lead.does}, {Number: 1, Action: lead.gets}}
			room, things := e.Room(kinds), &escalate.Things{}
			for _, x := range roomThings {
				if node, ok := e.s.Find(graph.Ref(homely(x.arn))); ok && x.typ == lead.typ {
					things.Nodes = append(things.Nodes, node)
				}
			}
			for _, f := range roomFootholds(e) {
				a := room.Asker(f)
				rest, ok := a.Beyond(&kinds[0], &kinds[1], lead.part, things)
				if !ok {
					continue
				}
				told++
				beyond += len(rest)
				for place, node := range things.Nodes {
					if slices.Contains(rest, place) {
						continue
					}
					does, gets := a.Of(&kinds[0], nil, node).Verdict, a.Of(&kinds[1], nil, node).Verdict
					if lead.part != "" {
						gets = a.Inside(&kinds[1], nil, node, lead.part).Verdict
					}
					sure[does]++
					if gets < does {
						t.Fatalf("%v: %s on %s is %v, and %s %v", f, lead.does, e.s.Ref(node), does, lead.gets, gets)
					}
				}
			}
		}
	}
	for _, v := range []graph.Verdict{graph.Denied, graph.Conditional, graph.Allowed} {
		if sure[v] < 300 {
			t.Errorf("%v was drawn %d times: the draws say too little", v, sure[v])
		}
	}
	if told < 3000 || beyond < 500 {
		t.Errorf("told %d times, beyond are %d things: the draws say too little", told, beyond)
	}
}

// TestBeyond: what the one may do and the other may not keeps things from being
// passed over, wherever it is said.
func TestBeyond(t *testing.T) {
	const all = `{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`
	deny := func(action, more string) string {
		return all + `,{"Effect":"Deny","Action":"` + action + `","Resource":"*"` + more + `}`
	}
	for _, c := range []struct {
		name                    string
		identity, boundary, scp string
		policy                  string // of the second of three queues
		ok                      bool
		rest                    string
		encrypted               bool
	}{
		{name: "both are allowed", identity: all, ok: true},
		{name: "both in one statement on one queue", identity: `{"Effect":"Allow","Action":["sqs:SetQueueAttributes","sqs:ReceiveMessage"],"Resource":"*:one"}`, ok: true},
		{name: "reading is allowed more widely", identity: `{"Effect":"Allow","Action":"sqs:*","Resource":"*:one"},{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"}`, ok: true},
		{name: "writing alone is", identity: `{"Effect":"Allow","Action":"sqs:SetQueueAttributes","Resource":"*"}`},
		{name: "writing is on more", identity: `{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*:one"},{"Effect":"Allow","Action":"sqs:SetQueueAttributes","Resource":"*"}`},
		{name: "both, by the caller's address", identity: `{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`, ok: true},
		{name: "both, by a tag on the request", identity: `{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}}`},
		{name: "reading is denied", identity: deny("sqs:ReceiveMessage", "")},
		{name: "both are denied from elsewhere", identity: deny("sqs:*", `,"Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), ok: true},
		{name: "writing is denied", identity: deny("sqs:SetQueueAttributes", ""), ok: true},
		{name: "a boundary leaves out reading", identity: all, boundary: `{"Effect":"Allow","Action":"sqs:S*","Resource":"*"}`},
		{name: "a boundary leaves both", identity: all, boundary: all, ok: true},
		{name: "an SCP denies reading", identity: all, scp: `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sqs:ReceiveMessage","Resource":"*"}`},
		{name: "an SCP denies other services", identity: all, scp: `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","NotAction":"sqs:*","Resource":"*"}`, ok: true},
		{name: "a queue denies reading", identity: all, policy: `{"Effect":"Deny","Principal":"*","Action":"sqs:ReceiveMessage","Resource":"*"}`, ok: true, rest: "two"},
		{name: "a queue denies both", identity: all, policy: `{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, ok: true},
		{name: "a queue denies both of others", identity: all, policy: `{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*:three"}`, ok: true, rest: "two"},
		{name: "a queue lets anybody write", identity: all, policy: `{"Effect":"Allow","Principal":"*","Action":"sqs:SetQueueAttributes","Resource":"*"}`, ok: true, rest: "two"},
		{name: "a queue lets anybody read", identity: all, policy: `{"Effect":"Allow","Principal":"*","Action":"sqs:ReceiveMessage","Resource":"*"}`, ok: true},
		{name: "a queue is encrypted", identity: all, encrypted: true, ok: true, rest: "two"},
	} {
		e, things := queueEstate(t, c.identity, c.boundary, c.scp, c.policy, c.encrypted)
		kinds := []escalate.Kind{{Number: 0, Action: "sqs:SetQueueAttributes"}, {Number: 1, Action: "sqs:ReceiveMessage"}}
		node := mustFind(t, e, "arn:aws:iam::111122223333:user/asker")
		places, ok := e.Room(kinds).Asker(e.foothold(node)).Beyond(&kinds[0], &kinds[1], "", things)
		var rest []string
		for _, place := range places {
			ref := string(e.s.Ref(things.Nodes[place]))
			rest = append(rest, ref[strings.LastIndexByte(ref, ':')+1:])
		}
		if got := strings.Join(rest, " "); ok != c.ok || got != c.rest {
			t.Errorf("%s: told is %t and beyond is %q, want %t and %q", c.name, ok, got, c.ok, c.rest)
		}
	}
}

// queueEstate has three queues and one user.
func queueEstate(t *testing.T, identity, boundary, scp, policy string, encrypted bool) (*Estate, *escalate.Things) {
	t.Helper()
	setup := `organization o-1 management=999988887777
account 111122223333 in=root
user asker arn:aws:iam::111122223333:user/asker
resource one arn:aws:sqs:eu-west-1:111122223333:one type=sqs:queue account=111122223333
resource three arn:aws:sqs:eu-west-1:111122223333:three type=sqs:queue account=111122223333
resource two arn:aws:sqs:eu-west-1:111122223333:two type=sqs:queue account=111122223333`
	if encrypted {
		setup += " attr:kms-key=arn:aws:kms:eu-west-1:111122223333:key/a"
	}
	files := map[string][]byte{"setup": []byte(setup)}
	for name, statements := range map[string]string{"identity/asker": identity, "boundary/asker": boundary, "scp/root": scp, "resource/two": policy} {
		if statements != "" {
			files[name+".json"] = []byte(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
		}
	}
	sc, things := scenarioOf(files), &escalate.Things{}
	snap, err := sc.build()
	if err != nil {
		t.Fatal(err)
	}
	e := NewEstate(snap)
	for _, name := range []string{"one", "two", "three"} {
		things.Nodes = append(things.Nodes, mustFind(t, e, sc.ref(name)))
	}
	return e, things
}
