package aws

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/escalate"
)

// TestListsGrant: what a bucket's access control list gives to everybody, or may
// give as it did not come, is tried by those who have no policy for it.
func TestListsGrant(t *testing.T) {
	const setup = `account 111122223333 in=root
user actor arn:aws:iam::111122223333:user/actor
role role arn:aws:iam::111122223333:role/role
workload job arn:aws:glue:eu-west-1:111122223333:job/nightly type=glue:job runs-as=role attr:script=s3://acme-scripts/etl/nightly.py
resource bucket arn:aws:s3:::acme-scripts type=s3:bucket account=111122223333
listed 111122223333 glue get-jobs
`
	for _, c := range []struct {
		name, more, list string
		want             []graph.Verdict
	}{
		{"no list", "", "", nil},
		{"everybody may read", "", `{"Grants":[{"To":"AllUsers","Permission":"READ"}]}`, nil},
		{"everybody may write", "", `{"Grants":[{"To":"AllUsers","Permission":"WRITE"}]}`, []graph.Verdict{graph.Allowed}},
		{"the list did not come", "gap acl bucket ACCESS_DENIED\n", "", []graph.Verdict{graph.Unknown}},
	} {
		files := map[string][]byte{
			"setup":           []byte(setup + c.more),
			"trust/role.json": []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`),
		}
		if c.list != "" {
			files["acl/bucket.json"] = []byte(c.list)
		}
		if got := scriptUses(t, files); len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// scriptUses are the verdicts of rewriting the job's script.
func scriptUses(t *testing.T, files map[string][]byte) (list []graph.Verdict) {
	t.Helper()
	sc := scenarioOf(files)
	snap, err := sc.build()
	if err != nil {
		t.Fatal(err)
	}
	e := NewEstate(snap)
	actor, _ := snap.Find("arn:aws:iam::111122223333:user/actor")
	for _, m := range escalate.NewMatcher(snap, e, escalate.AWS).FromBy("aws-s3-putobject-glue-script", e.foothold(actor)) {
		list = append(list, m.Ruling.Verdict)
	}
	return list
}
