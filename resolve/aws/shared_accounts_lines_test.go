package aws

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/resolve/aws/reference"
)

// An exception is where AWS's documentation and the data differ, and Clew
// follows the documentation.
type exception struct {
	text string // AWS's
	// without: no line that holds this comes out, though the data want it.
	// with: lines that hold this come out, though the data have none.
	without, with string
	lines         int
}

var exceptions = map[string]exception{
	// The trust policy allows iam_user_1 to assume the role where its name is
	// johndoe (and denies it then). The data take any condition for met.
	"deny_with_condition/deny_with_condition_on_assume_role": {
		text:    `IAM user guide, global condition context keys, aws:username: "This key is always included in the request context for IAM users."`,
		without: " > arn:aws:iam::105246067165:role/iam_role_1 > ", lines: 4,
	},
	// The role trusts its own account, whose iam_user_1 may do sts:*. The data
	// take an account for its principals across accounts only.
	"principal/irrelevant_principal_types": {
		text: `IAM user guide, "AWS JSON policy elements: Principal", AWS account principals: "You can specify AWS account identifiers in the Principal` +
			` element of a resource-based policy … This delegates authority to the account."`,
		with: "arn:aws:iam::105246067165:user/iam_user_1 > arn:aws:iam::105246067165:role/iam_role > ", lines: 1,
	},
	// iam_user_1 is spared by the Deny and its account is not. The data ask for
	// the account across accounts only.
	"not_principal/iam_users_with_deny_not_principal_cross_accounts": {
		text: `IAM user guide, "AWS JSON policy elements: NotPrincipal": "When you use NotPrincipal with Deny, you must also specify the account ARN` +
			` of the not-denied principal. Otherwise, the policy might deny access to the entire account containing the principal."`,
		without: "arn:aws:iam::105246067165:user/iam_user_1 > ", lines: 2,
	},
	// s3:GetObject with NotResource of a federated user. The data let
	// NotResource of another service grant nothing; the bucket's policy grants
	// the same once more, so that who reaches what is agreed.
	"no_resource/federated_users_with_not_resource": {
		text: `IAM user guide, "IAM JSON policy elements: NotResource": "NotResource is an advanced policy element that explicitly matches every resource` +
			` except those specified."`,
		with:  "arn:aws:iam::105246067165:user/iam_user_1 > arn:aws:iam::105246067165:user/iam_user_1 has ",
		lines: 1,
	},
	// A role that trusts "*" is open to services too, as the bucket policy with
	// "*" is in the data themselves, which let no service assume a role.
	"principal/principal_resolving_via_resource_based": {
		text: `IAM user guide, "AWS JSON policy elements: Principal", Note: "After you create the role, you can change the account to "*" to allow` +
			` everyone to assume the role."`,
		with: "ecs.amazonaws.com > arn:aws:iam::105246067165:role/iam_role_all > ", lines: 7,
	},
}

// allows reports whether a difference is the exception's.
func (x exception) allows(line string, came bool) bool {
	if came {
		return x.with != "" && strings.Contains(line, x.with)
	}
	return x.without != "" && strings.Contains(line, x.without)
}

func TestSharedWholeAccounts(t *testing.T) {
	cases := wholeCases(t)
	if len(cases) != 38 {
		t.Errorf("%d cases, want 38", len(cases))
	}
	if len(exceptions) > 5 {
		t.Errorf("%d exceptions, want 5 at most", len(exceptions))
	}
	actions := vocabulary(t, cases)
	total := 0
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) {
			c := cases[name]
			estate := c.resolved(t)
			want := c.wanted(t)
			compareLines(t, estate, want, c.lines(t, estate, actions), exceptions[name])
			total += len(want)
		})
	}
	t.Logf("%d lines of %d cases, %d exceptions", total, len(cases), len(exceptions))
}

// compareLines asserts that exactly the wanted lines come out, but for those
// of an exception, every one of which has to be there.
func compareLines(t *testing.T, e *Estate, want map[string]wholeLine, got map[string]bool, x exception) {
	t.Helper()
	excepted := 0
	for _, line := range slices.Sorted(maps.Keys(got)) {
		if _, wanted := want[line]; wanted {
			continue
		}
		if x.allows(line, true) {
			excepted++
			continue
		}
		t.Errorf("must not come out: %s", line)
	}
	for _, line := range slices.Sorted(maps.Keys(want)) {
		switch {
		case got[line]:
		case x.allows(line, false):
			excepted++
		case want[line].settled(e):
			t.Logf("denied, where the data are in doubt: %s", line)
		default:
			t.Errorf("must come out: %s", line)
		}
	}
	if excepted != x.lines {
		t.Errorf("%d lines differ by the exception, want %d: %s", excepted, x.lines, x.text)
	}
}

// The data's levels are the reference table's, as far as both draw the line:
// READ is what changes nothing.
func TestSharedWholeAccountLevels(t *testing.T) {
	for name, level := range vocabulary(t, wholeCases(t)) {
		id, known := reference.Find("s3:" + name)
		if !known {
			t.Errorf("the reference table has no s3:%s", name)
			continue
		}
		reads := !slices.ContainsFunc(id.Levels(), func(l reference.Level) bool { return l > reference.Read })
		if reads != (level == "READ") {
			t.Errorf("s3:%s: %v in the reference table, %s in the data", name, id.Levels(), level)
		}
	}
}
