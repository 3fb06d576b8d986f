package aws

import (
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
	"github.com/clewgraph/clew/resolve/policy"
)

const limitsSetup = `account 111122223333
user actor arn:aws:iam::111122223333:user/actor
group group arn:aws:iam::111122223333:group/staff members=actor
policy fence arn:aws:iam::111122223333:policy/fence
attached fence to=actor
resource secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf type=secretsmanager:secret
none resource secret
`

// limited makes an estate with a user that several things limit.
func limited(t *testing.T, files map[string]string) (*Estate, snapshot.Foothold) {
	t.Helper()
	s := scenarioOf(map[string][]byte{"setup": []byte(limitsSetup)})
	for name, statements := range files {
		s.files[name] = []byte(`{"Version": "2012-10-17", "Statement": [` + statements + `]}`)
	}
	snap, err := s.build()
	if err != nil {
		t.Fatal(err)
	}
	node, ok := snap.Find(s.ref("actor"))
	if !ok {
		t.Fatal("no actor")
	}
	e := NewEstate(snap)
	return e, e.foothold(node)
}

var fenced = map[string]string{
	"identity/actor.json": `{"Effect": "Allow", "Action": ["iam:DetachUserPolicy", "iam:DeleteGroupPolicy"], "Resource": "*"}`,
	"managed/fence.json": `{"Effect": "Deny", "Action": "secretsmanager:*", "Resource": "*"},
		{"Effect": "Deny", "Action": ["iam:RemoveUserFromGroup", "iam:CreatePolicyVersion"], "Resource": "*"}`,
	"identity/group.json": `{"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "iam:RemoveUserFromGroup", "iam:CreatePolicyVersion"], "Resource": "*"}`,
	"identity/group.2.json": `{"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
		{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}`,
}

// states follows the techniques that take limits off from one way to be held to
// others, and says by which.
func states(e *Estate, from snapshot.Foothold) map[snapshot.Foothold][]string {
	m := escalate.NewMatcher(e.s, e, escalate.AWS)
	found, queue := map[snapshot.Foothold][]string{from: nil}, []snapshot.Foothold{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for i := range escalate.AWS {
			t := &escalate.AWS[i]
			if t.Yields.Without == "" {
				continue
			}
			for _, match := range m.FromBy(t.ID, at) {
				if _, known := found[match.To]; !known {
					found[match.To] = append(found[at][:len(found[at]):len(found[at])], t.ID)
					queue = append(queue, match.To)
				}
			}
		}
	}
	return found
}

func (e *Estate) mayAt(t *testing.T, f snapshot.Foothold, action, resource string) bool {
	t.Helper()
	ruling, err := e.Rule(policy.Question{Principal: e.s.Ref(f.Node), Hold: f.Hold, Action: action, Resource: resource})
	if err != nil {
		t.Fatal(err)
	}
	return ruling.Verdict == graph.Allowed
}

const aSecret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"

// Each way to be held is decided as it is: what went with a limit is gone, what
// was not taken off still denies, and what only then may be taken off is.
func TestLimitsAreTakenOffOneByOne(t *testing.T) {
	e, from := limited(t, fenced)
	if e.mayAt(t, from, "secretsmanager:GetSecretValue", aSecret) {
		t.Error("the fence denies nothing")
	}
	want := map[string]bool{ // what was done → the secret can be read
		"[]":                          false,
		"[aws-iam-detachuserpolicy]":  true,
		"[aws-iam-deletegrouppolicy]": false,
		"[aws-iam-detachuserpolicy aws-iam-deletegrouppolicy]":   true,
		"[aws-iam-detachuserpolicy aws-iam-removeuserfromgroup]": false,
	}
	got := map[string]bool{}
	for f, steps := range states(e, from) {
		text := "["
		for i, step := range steps {
			if i > 0 {
				text += " "
			}
			text += step
		}
		got[text+"]"] = e.mayAt(t, f, "secretsmanager:GetSecretValue", aSecret)
	}
	for steps, may := range want {
		if have, ok := got[steps]; !ok || have != may {
			t.Errorf("%s: reads the secret %v, %v, want %v", steps, have, ok, may)
		}
	}
	if len(got) != len(want) {
		t.Errorf("states %v", got)
	}
}

// A policy that is not attached any more gives nothing when it is rewritten.
func TestPoliciesThatWereTakenOffSpeakNoMore(t *testing.T) {
	e, from := limited(t, fenced)
	m := escalate.NewMatcher(e.s, e, escalate.AWS)
	for f, steps := range states(e, from) {
		if len(steps) == 1 && steps[0] == "aws-iam-detachuserpolicy" {
			if !e.mayAt(t, f, "iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/fence") {
				t.Error("nothing denies that any more")
			}
			if found := m.FromBy("iam-001", f); len(found) > 0 {
				t.Errorf("%d uses of iam-001", len(found))
			}
		}
	}
}

// Whoever has a policy of its choice has taken off already what it can.
func TestOwnPoliciesTakeNothingOff(t *testing.T) {
	e, from := limited(t, fenced)
	if list := e.Limits(snapshot.Foothold{Node: from.Node, Hold: graph.WithOwnPolicy}); len(list) > 0 {
		t.Errorf("%d limits", len(list))
	}
}
