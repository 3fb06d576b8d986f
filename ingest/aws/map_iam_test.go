package aws

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
)

// The numbers are those of the documents' own lists, counted with jq.
func TestWholeAccounts(t *testing.T) {
	for _, tc := range []struct {
		file                           string
		users, groups, roles, policies int
	}{
		{"aws/accounts/authorization-details-large.json", 44, 5, 78, 84},
		{"aws/accounts/authorization-details-small.json", 3, 2, 3, 32},
	} {
		t.Run(tc.file, func(t *testing.T) {
			n, sum, err := run(t, shared(t, tc.file))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, node := range n.nodes {
				got[node.Type]++
			}
			for kind, want := range map[string]int{"iam:user": tc.users, "iam:group": tc.groups, "iam:role": tc.roles, "iam:policy": tc.policies} {
				if got[kind] != want {
					t.Errorf("%s: %d nodes, want %d", kind, got[kind], want)
				}
			}
			if trusts := sum.Attachments[LayerTrust]; trusts != tc.roles {
				t.Errorf("%d trust policies, want one a role: %d", trusts, tc.roles)
			}
			for _, a := range n.attached {
				if a.Document == nil && strings.HasPrefix(string(a.Policy), "arn:aws:iam::2") {
					t.Errorf("%s attached to %s without its text", a.Policy, a.To)
				}
			}
			for _, g := range sum.Gaps {
				t.Errorf("gap: %s", g.Detail)
			}
			whole := heldWhole(t, n)
			if sum.Documents != 1 || len(whole) == 0 || whole[0].Operation != detailsOperation {
				t.Errorf("summary: %d documents, listings %v", sum.Documents, whole)
			}
			if n.nodes[graph.Internet].Kind != graph.KindAnonymous {
				t.Error("no node for anybody")
			}
		})
	}
}

// What stands in a state in the clear must not stand in any record.
func TestNoSecretIsKept(t *testing.T) {
	for _, file := range []string{"terraform-state.txtar", "resources.txtar", "compute.txtar", "data.txtar", "identity.txtar", "terraform-services.txtar"} {
		data, err := os.ReadFile("testdata/scenario/" + file)
		if err != nil {
			t.Fatal(err)
		}
		files := unarchive(string(data))
		delete(files, "want")
		n, _, err := run(t, write(t, files))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"SECRETvalue", "hunter2", "aHVudGVyM"} {
			found := strings.Contains(string(data), secret)
			if file == "terraform-state.txtar" && secret == "SECRETvalue" && !found {
				t.Error("the state holds no secret to look for")
			}
			kept := fmt.Sprintf("%q %+v %+v %+v", n.lines, n.nodes, n.attached, n.covers)
			if strings.Contains(kept, secret) {
				t.Errorf("%s: a record holds %s…", file, secret)
			}
		}
	}
}

func TestVulnerableState(t *testing.T) {
	n, sum, err := run(t, shared(t, "aws/accounts/iam-vulnerable.tfstate.json"))
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[graph.Kind]int{graph.KindUser: 32 + 1, graph.KindRole: 35, graph.KindGroup: 3, graph.KindCredential: 32, graph.KindResource: 33 + 1} {
		if sum.Nodes[kind] != want {
			t.Errorf("%d nodes of kind %s, want %d", sum.Nodes[kind], kind, want)
		}
	}
	if got := sum.Attachments[LayerIdentity]; got != 34+30+1+1 {
		t.Errorf("%d identity policies, want one an attachment and one in managed_policy_arns: 66", got)
	}
	for _, a := range n.attached {
		if a.Document == nil && !strings.HasPrefix(string(a.Policy), "arn:aws:iam::aws:") {
			t.Errorf("%s attached to %s without its text", a.Policy, a.To)
		}
	}
	if len(sum.Gaps) > 0 {
		t.Errorf("gaps %v", sum.Gaps)
	}
}
