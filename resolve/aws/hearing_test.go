package aws

import (
	"maps"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// TestUnreadPolicyAmongOthers: where the policy of one of several buckets that
// are looked at together cannot be read, what the others grant still hangs on
// the caller's own policies, whoever is looked at first.
func TestUnreadPolicyAmongOthers(t *testing.T) {
	const open, torn = "arn:aws:s3:::open", "arn:aws:s3:::torn"
	sc := scenarioOf(map[string][]byte{
		"setup": []byte(`account 111111111111 in=root
account 222222222222 in=root
user reader arn:aws:iam::111111111111:user/reader
user idle arn:aws:iam::111111111111:user/idle
resource open arn:aws:s3:::open type=s3:bucket account=222222222222
resource torn arn:aws:s3:::torn type=s3:bucket account=222222222222
`),
		"identity/reader.json": []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}`),
		"resource/open.json":   []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}]}`),
		"resource/torn.json":   []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]}`),
	})
	snap, err := sc.build()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[graph.Ref]graph.Verdict{
		"reader": {open: graph.Allowed, torn: graph.Unknown},
		"idle":   {},
	}
	for _, order := range [][]string{{"reader", "idle"}, {"idle", "reader"}} {
		e := NewEstate(snap)
		var footholds []snapshot.Foothold
		for _, user := range order {
			footholds = append(footholds, e.foothold(mustFind(t, e, sc.ref(user))))
		}
		taken := takeClasses(e, footholds)
		for _, class := range taken.classes {
			got := map[graph.Ref]graph.Verdict{}
			for _, a := range taken.access(class) {
				got[snap.Ref(a.To)] = max(got[snap.Ref(a.To)], a.Ruling.Verdict)
			}
			for _, member := range class.Members {
				if user := snap.Name(member.Node); !maps.Equal(got, want[user]) {
					t.Errorf("%s of %v may %v, want %v", user, order, got, want[user])
				}
			}
		}
	}
}

// TestOwnersAmongOthers: what callers of other accounts may do to a thing that
// anybody could be let in to does not hang on whether a caller of the account
// that holds it, who has the same policies, is looked at before them.
func TestOwnersAmongOthers(t *testing.T) {
	const archives = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["events:*", "kms:*", "kinesis:*"], "Resource": "*"}]}`
	sc := scenarioOf(map[string][]byte{
		"setup": []byte(`account 111111111111 in=root
account 222222222222 in=root
user other arn:aws:iam::111111111111:user/other
user owner arn:aws:iam::222222222222:user/owner
resource torn arn:aws:kms:eu-west-1:222222222222:key/torn type=kms:key account=222222222222
`),
		"identity/other.json": []byte(archives),
		"identity/owner.json": []byte(archives),
		"resource/torn.json":  []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]}`),
	})
	snap, err := sc.build()
	if err != nil {
		t.Fatal(err)
	}
	var told []map[string]map[string]graph.Verdict
	for _, order := range [][]string{{"other", "owner"}, {"owner", "other"}} {
		e := NewEstate(snap)
		var footholds []snapshot.Foothold
		for _, user := range order {
			footholds = append(footholds, e.foothold(mustFind(t, e, sc.ref(user))))
		}
		may := map[string]map[string]graph.Verdict{}
		for taken, i := takeClasses(e, footholds), 0; i < len(taken.classes); i++ {
			got := map[string]graph.Verdict{}
			for _, a := range taken.access(taken.classes[i]) {
				for _, action := range a.Actions {
					got[action] = a.Ruling.Verdict
				}
			}
			for _, member := range taken.classes[i].Members {
				may[snap.Name(member.Node)] = got
			}
		}
		told = append(told, may)
	}
	for user, may := range told[0] {
		if !maps.Equal(may, told[1][user]) {
			t.Errorf("%s may %v where it is first or second, else %v", user, may, told[1][user])
		}
		if len(may) == 0 {
			t.Errorf("%s may nothing: this says too little", user)
		}
	}
}
