package aws

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// forbiddingEstate is one whose root SCP says one thing beside that all is
// allowed.
func forbiddingEstate(t *testing.T, statement string) *Estate {
	t.Helper()
	b := snapshot.NewBuilder()
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	do(cast(b))
	for _, name := range []string{"role/hub-a", "role/aws-service-role/x/y", "role/plain", "user/plain"} {
		kind := graph.KindUser
		if strings.HasPrefix(name, "role/") {
			kind = graph.KindRole
		}
		do(b.Node(graph.Node{Ref: graph.Ref(homely("arn:aws:iam::HOME:" + name)), Kind: kind, Type: "iam:" + strings.ToLower(string(kind)), Provider: graph.AWS, Name: name[strings.LastIndexByte(name, '/')+1:], Scope: AccountRef(home)}))
	}
	do(b.Attach(graph.Attachment{To: "root", Layer: LayerSCP, Policy: "p", Name: "p",
		Document: []byte(homely(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},` + statement + `]}`))}))
	facts, err := b.Facts()
	do(err)
	return NewEstate(facts)
}

// TestForbidden: what an organization forbids on whatever it acts is not asked
// about; what it forbids others, some things or some requests is.
func TestForbidden(t *testing.T) {
	kinds := []escalate.Kind{{Number: 0, Action: "iam:PassRole"}, {Number: 1, Action: "sts:GetCallerIdentity"}, {Number: 2, Action: "nosuch:Thing"}, {Number: 3, Action: "iam:PassRole", Given: true}}
	all := "arn:aws:iam::HOME:root user/plain role/plain role/hub-a"
	for _, c := range []struct{ statement, of, sorts string }{
		{`{"Effect":"Deny","Action":"*","Resource":"*"}`, all, "023"},
		{`{"Effect":"Deny","Action":"iam:*","Resource":["*"]}`, all, "03"},
		{`{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}`, all, "2"},
		{`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}`, "root", "023"},
		{`{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/hub-*"}}}`, "root user/plain role/plain", "03"},
		{`{"Effect":"Allow","Action":"*","Resource":"*"}`, "", ""},
		{`{"Effect":"Deny","Action":"*","Resource":"arn:aws:iam::*:*"}`, "", ""},
		{`{"Effect":"Deny","Action":"*","Resource":["*","arn:aws:iam::*:*"]}`, "", ""},
		{`{"Effect":"Deny","Action":"*","NotResource":"*"}`, "", ""},
		{`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, "", ""},
		{`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"${aws:ResourceTag/x}"}}}`, "", ""},
		{`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"},"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}`, "", ""},
	} {
		e := forbiddingEstate(t, c.statement)
		for _, name := range []string{"root", "user/plain", "role/plain", "role/hub-a", "role/aws-service-role/x/y"} {
			node, _ := e.s.Find(graph.Ref(homely("arn:aws:iam::HOME:" + name)))
			asker, want := e.Room(kinds).Actor(e.foothold(node)).(*asker), ""
			if strings.Contains(c.of, name) {
				want = c.sorts
			}
			got := ""
			for k := range kinds {
				if asker.barred != nil && asker.barred.Has(k) {
					got += string(rune('0' + k))
				}
			}
			if got != want {
				t.Errorf("%s\nforbids %s %q, want %q", c.statement, name, got, want)
			}
		}
	}
}

// TestNobodyStatesWhoAsks: which requests are forbidden is told by the ARN of who
// asks, so no technique may state that.
func TestNobodyStatesWhoAsks(t *testing.T) {
	for i := range escalate.AWS {
		for _, n := range escalate.AWS[i].Needs {
			for key := range n.With {
				if strings.EqualFold(strings.TrimPrefix(key, "!"), "aws:PrincipalArn") {
					t.Errorf("%s states %s", escalate.AWS[i].ID, key)
				}
			}
		}
	}
}

// TestForbiddenIsDenied draws estates, and wants no answer but DENIED to what is
// not asked.
func TestForbiddenIsDenied(t *testing.T) {
	r, barred := rand.New(rand.NewPCG(7, 31)), 0
	for range 60 {
		e := roomEstate(t, r)
		room := e.Room(bothKinds()).(*room)
		for _, f := range roomFootholds(e) {
			asker := room.Asker(f).(*asker)
			for _, k := range bothKinds() {
				if asker.barred == nil || !asker.barred.Has(k.Number) {
					continue
				}
				barred++
				for _, x := range roomThings {
					node, _ := e.s.Find(graph.Ref(homely(x.arn)))
					if v := asker.Of(&k, nil, node).Verdict; v != graph.Denied {
						t.Fatalf("%v: %s on %s is forbidden, and %v", f, k.Action, x.arn, v)
					}
				}
			}
		}
	}
	if barred < 300 {
		t.Errorf("%d sorts of question are forbidden: the draws say too little", barred)
	}
}
