package aws

import (
	"context"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve"
)

const (
	roleX graph.Ref = "arn:aws:iam::111122223333:role/x"
	roleY graph.Ref = "arn:aws:iam::222233334444:role/y"
)

// abroad is an account with an administrator, a role x, and a role y of another
// account with some statements of trust.
func abroad(trust string) map[string][]byte {
	return map[string][]byte{
		"setup": []byte(`organization o-acme management=999999999999
account 111122223333 in=root
account 222233334444 in=root
user admin arn:aws:iam::111122223333:user/admin
role x arn:aws:iam::111122223333:role/x
role y arn:aws:iam::222233334444:role/y
`),
		"identity/admin.json": []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
		"trust/x.json":        []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
		"trust/y.json":        []byte(`{"Version":"2012-10-17","Statement":[` + trust + `]}`),
	}
}

// surest is how surely x, with a policy of its choice, may assume y, once whoever
// administers its account gave it one.
func surest(t *testing.T, files map[string][]byte) (verdict graph.Verdict) {
	t.Helper()
	sc := scenarioOf(files)
	snap, err := sc.build()
	if err != nil {
		t.Fatal(err)
	}
	out, err := resolve.Run(context.Background(), snap, []resolve.Provider{Provider()}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	for p := range out.Pivots() {
		if snap.Ref(p.From.Node) == roleX && p.From.Hold == graph.WithOwnPolicy && snap.Ref(p.To.Node) == roleY && p.Relation == graph.CanAssume {
			verdict = max(verdict, p.Ruling.Verdict)
		}
	}
	return verdict
}

// TestNamedAbroad: an administrator goes on through a principal that a trust of
// another account names, whatever else the trust says.
func TestNamedAbroad(t *testing.T) {
	const (
		open    = `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalAccount":"999988887777"}}}`
		names   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/x"},"Action":"sts:AssumeRole"}`
		session = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/x/deploy"},"Action":"sts:AssumeRole"}`
		another = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/z"},"Action":"sts:AssumeRole"}`
	)
	for _, c := range []struct {
		trust string
		want  graph.Verdict
	}{
		{names, graph.Allowed}, {open + "," + names, graph.Allowed}, {session, graph.Conditional},
		{open + "," + session, graph.Conditional}, {another, graph.Denied}, {open, graph.Denied}, {open + "," + another, graph.Denied},
	} {
		if got := surest(t, abroad(c.trust)); got != c.want {
			t.Errorf("%s: %v, want %v", c.trust, got, c.want)
		}
	}
}
