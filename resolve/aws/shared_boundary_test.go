package aws

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// sharedData is real data that the project did not write; its README names
// every source. It lies beside the project.
const sharedData = "../../../shared/data/aws"

// shared reads a file of it into v.
func shared(t testing.TB, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(sharedData, filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("needs the shared data beside the project: %v", err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// A boundaryRow was run on real AWS: a role session with a permissions
// boundary asks for a bucket of its own account. No policy denies.
type boundaryRow struct {
	ResourcePolicyPrincipal                                    string
	BoundaryAllows, IdentityPolicyAllows, ResourcePolicyAllows bool
	Expected                                                   string
}

// boundaryNames are the four ways in which the rows' bucket policies name the
// caller.
var boundaryNames = map[string]string{
	"Role as resource policy principal":                                               `"Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}`,
	"Assumed role session as resource policy principal":                               `"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/app/run"}`,
	"Account as resource policy principal, with role in `aws:PrincipalArn` condition": `"Principal":{"AWS":"arn:aws:iam::111122223333:root"},` + boundaryCondition,
	"\"*\" as resource policy principal, with role in `aws:PrincipalArn` condition":   `"Principal":"*",` + boundaryCondition,
}

const boundaryCondition = `"Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}}`

// boundaryEstate is one row as documents. A policy that does not allow allows
// something else: a missing boundary would limit nothing.
func boundaryEstate(t *testing.T, row boundaryRow) *Estate {
	t.Helper()
	named, known := boundaryNames[row.ResourcePolicyPrincipal]
	if !known {
		t.Fatalf("principal %q is none of the four", row.ResourcePolicyPrincipal)
	}
	action := func(allows bool) string {
		if allows {
			return `"Action":"s3:*"`
		}
		return `"Action":"sqs:SendMessage"`
	}
	text := "rule: 9\ndoc: the matrix itself\n-- setup --\naccount 111122223333\n" +
		"role app arn:aws:iam::111122223333:role/app\n" +
		"resource bucket arn:aws:s3:::bucket type=s3:bucket account=111122223333\n" +
		fmt.Sprintf("-- identity/app.json --\n{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",%s,\"Resource\":\"*\"}]}\n", action(row.IdentityPolicyAllows)) +
		fmt.Sprintf("-- boundary/app.json --\n{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",%s,\"Resource\":\"*\"}]}\n", action(row.BoundaryAllows))
	if row.ResourcePolicyAllows {
		text += fmt.Sprintf("-- resource/bucket.json --\n{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",%s,\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::bucket\",\"arn:aws:s3:::bucket/*\"]}]}\n", named)
	}
	s, err := parseScenario(row.ResourcePolicyPrincipal, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.estate
}

func TestSharedBoundaryMatrix(t *testing.T) {
	var rows []boundaryRow
	shared(t, "vectors/boundary-matrix.json", &rows)
	if len(rows) != 28 {
		t.Errorf("%d rows, want 28", len(rows))
	}
	verdicts := map[string]graph.Verdict{"Allow": graph.Allowed, "Deny": graph.Denied}
	for i, row := range rows {
		estate := boundaryEstate(t, row)
		want, known := verdicts[row.Expected]
		if !known {
			t.Fatalf("row %d expects %q", i, row.Expected)
		}
		for action, resource := range map[string]string{"s3:ListBucket": "arn:aws:s3:::bucket", "s3:GetObject": "arn:aws:s3:::bucket/key"} {
			q := policy.Question{Principal: "arn:aws:sts::111122223333:assumed-role/app/run", Action: action, Resource: resource}
			d, err := estate.Decide(q)
			if err != nil {
				t.Errorf("row %d: %v", i, err)
				continue
			}
			if d.Verdict != want {
				t.Errorf("row %d, %s, boundary %v, identity %v, resource %v: %s got %s, want %s: %s", i, row.ResourcePolicyPrincipal,
					row.BoundaryAllows, row.IdentityPolicyAllows, row.ResourcePolicyAllows, action, d.Verdict, want, d.Text)
			}
		}
	}
}
