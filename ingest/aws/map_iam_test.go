package aws

import (
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
			if sum.Documents != 1 || len(sum.Listings) == 0 || sum.Listings[0].Operation != detailsOperation {
				t.Errorf("summary: %d documents, listings %v", sum.Documents, sum.Listings)
			}
			if n.nodes[graph.Internet].Kind != graph.KindAnonymous {
				t.Error("no node for anybody")
			}
		})
	}
}
