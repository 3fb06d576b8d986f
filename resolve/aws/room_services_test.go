package aws

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

// TestUnserved: a service is not asked about roles whose trust has no word on it,
// and where it is not, the answer would be DENIED.
func TestUnserved(t *testing.T) {
	const (
		role = "arn:aws:iam::111122223333:role/role"
		job  = "service:lambda.amazonaws.com"
	)
	for _, c := range []struct {
		name, trust string
		want        graph.Verdict
		asked       bool
	}{
		{"it is trusted", `[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]`, graph.Allowed, true},
		{"among others", `[{"Effect":"Allow","Principal":{"AWS":"111122223333","Service":["ec2.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:*"}]`, graph.Allowed, true},
		{"by the second statement", `[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]`, graph.Allowed, true},
		{"everyone is", `[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]`, graph.Allowed, true},
		{"everyone of AWS is", `[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]`, graph.Allowed, true},
		{"it is denied", `[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]`, graph.Denied, true},
		{"for another action", `[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:TagSession"}]`, graph.Denied, true},
		{"the trust did not come", "", graph.Unknown, true},
		{"another service is", `[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]`, graph.Denied, false},
		{"an account is", `[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]`, graph.Denied, false},
		{"an issuer is", `[{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity"}]`, graph.Denied, false},
	} {
		setup, files := "account 111122223333 in=root\nservice job "+job+"\nrole role "+role+"\n", map[string][]byte{}
		if c.trust == "" {
			setup += "gap trust role ACCESS_DENIED\n"
		} else {
			files["trust/role.json"] = []byte(`{"Version":"2012-10-17","Statement":` + c.trust + `}`)
		}
		files["setup"] = []byte(setup)
		snap, err := scenarioOf(files).build()
		if err != nil {
			t.Fatal(err)
		}
		e := NewEstate(snap)
		node, _ := snap.Find(role)
		kind := escalate.Kind{Action: "sts:AssumeRole"}
		room := e.Room([]escalate.Kind{kind})
		asker := room.Service(job).(*asker)
		if got := room.MayTrust(job, &escalate.Things{Nodes: []snapshot.Index{node}}); len(got) > 0 != c.asked {
			t.Errorf("%s: may trust at %v", c.name, got)
		}
		if got := asker.Of(&kind, nil, node).Verdict; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := asker.unserved(asker.of(&kind, nil), asker.thing(node)); got == c.asked {
			t.Errorf("%s: asked is %t", c.name, !got)
		}
		decided, err := e.Rule(policy.Question{Principal: job, Action: kind.Action, Resource: role})
		if err != nil || decided.Verdict != c.want {
			t.Errorf("%s: decided %v (%v), want %v", c.name, decided.Verdict, err, c.want)
		}
	}
}
