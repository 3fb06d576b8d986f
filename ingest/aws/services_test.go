package aws

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
)

var serviceScenarios = []string{"compute", "data", "identity", "terraform-services"}

func scenarioFiles(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/scenario/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := unarchive(string(data))
	delete(files, "want")
	return files
}

// A member by which a lone document is known belongs to one kind of document,
// or each kind that has it looks into the records.
func TestMarksAreExclusive(t *testing.T) {
	owners := map[string][]*operation{}
	for i := range operations {
		op := &operations[i]
		for _, mark := range op.marks {
			if op.lone {
				owners[mark] = append(owners[mark], op)
			}
		}
		if other := operationOf(op.service, op.name); other != op {
			t.Errorf("aws %s %s stands in the list twice", op.service, op.name)
		}
		if op.subject != "" && op.refOf == nil && op.stream == nil {
			t.Errorf("aws %s %s has a subject that nothing reads", op.service, op.name)
		}
	}
	for mark, ops := range owners {
		if len(ops) < 2 {
			continue
		}
		for _, op := range ops {
			if op.tells == nil {
				t.Errorf("member %s: aws %s %s takes it from %d others", mark, op.service, op.name, len(ops)-1)
			}
		}
	}
}

// twins are documents that another operation prints in the same words: alone
// they are read as the other's.
var twins = map[string]bool{"describe-elasticsearch-domain": true, "list-findings-v2": true}

// Every kind of document that a scenario holds is known by its content, if it
// is one of those that may lie anywhere, and by its place otherwise.
func TestLoneDocuments(t *testing.T) {
	const home = "111111111111/global/iam/list-saml-providers.json"
	anchor := `{"SAMLProviderList": [{"Arn": "arn:aws:iam::111111111111:saml-provider/x"}]}`
	for _, scenario := range serviceScenarios {
		for path, text := range scenarioFiles(t, scenario) {
			p, err := placeOf(path)
			if err != nil || p.account != "111111111111" || !strings.HasPrefix(text, "{") {
				continue
			}
			op := operationOf(p.service, p.operation)
			if op == nil {
				t.Fatalf("%s is not read", path)
			}
			n, _, err := run(t, write(t, map[string]string{"lone.json": text, home: anchor}))
			if twins[p.operation] {
				continue
			}
			if !op.lone && !(errors.Is(err, ErrMisplaced) || errors.Is(err, ErrUnknownDocument)) {
				t.Errorf("%s alone: error %v", path, err)
			}
			if !op.lone || op.stream != nil || strings.Contains(text, ": []}") {
				continue
			}
			whole := heldWhole(t, n)
			found := slices.ContainsFunc(whole, func(l graph.Listing) bool { return l.Service == p.service && l.Operation == p.operation })
			if err != nil || !found {
				t.Errorf("%s alone: error %v, listings %v", path, err, whole)
			}
		}
	}
}

// The documents of a scenario give the same records in any order.
func TestAnyOrderOfServices(t *testing.T) {
	for _, scenario := range serviceScenarios {
		dir := write(t, scenarioFiles(t, scenario))
		whole, _, err := run(t, dir)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(4) {
			sameRecords(t, scenario, collectShuffled(t, rand.New(rand.NewPCG(seed, 2)), dir), whole.records())
		}
	}
}

// A state that remembers the same things in other words gives way to what AWS
// says: no node is described twice, no policy has two texts.
func TestLiveServicesWin(t *testing.T) {
	files := map[string]string{}
	for _, scenario := range []string{"compute", "data", "identity"} {
		for path, text := range scenarioFiles(t, scenario) {
			files[filepath.Join(scenario, path)] = text
		}
	}
	for path, text := range scenarioFiles(t, "terraform-services") {
		files[path] = strings.ReplaceAll(text, `{\"Statement\": []}`, `{\"Statement\": [], \"Id\": \"remembered\"}`)
	}
	// The three scenarios show three accounts' worth of one id: one dump each.
	delete(files, filepath.Join("compute", "111111111111/global/iam/get-account-authorization-details.json"))
	n, _, err := run(t, write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, a := range n.attached {
		key := strings.Join([]string{string(a.Layer), string(a.To), string(a.Policy)}, " ")
		if old, ok := texts[key]; ok && old != string(a.Document) {
			t.Errorf("%s: %s and %s", key, old, a.Document)
		}
		texts[key] = string(a.Document)
	}
	for key, want := range map[string]string{
		"aws:resource arn:aws:ecr:eu-west-1:111111111111:repository/app arn:aws:ecr:eu-west-1:111111111111:repository/app#policy": `{"Statement":[],"Id":"remembered"}`,
		"aws:resource arn:aws:dynamodb:eu-west-1:111111111111:table/t arn:aws:dynamodb:eu-west-1:111111111111:table/t#policy":     `{"Statement":[]}`,
	} {
		if texts[key] != want {
			t.Errorf("%s: %s, want %s", key, texts[key], want)
		}
	}
}

// Every message names the file and what was expected.
func TestBadServiceInput(t *testing.T) {
	const here = "111111111111/eu-west-1/"
	for _, tc := range []struct {
		name, file, text string
		is               error
		want             string
	}{
		{"an instance of no region", "111111111111/global/ssm/describe-instance-information.json", `{"InstanceInformationList": [{"InstanceId": "i-1"}]}`, ErrMisplaced,
			"the output of aws ssm describe-instance-information does not name its region: want it at <account>/<region>/ssm/describe-instance-information.json"},
		{"a task of another account", here + "ecs/describe-tasks/main.json", `{"tasks": [{"taskArn": "arn:aws:ecs:eu-west-1:222222222222:task/main/0a"}]}`, ErrMisplaced,
			"arn:aws:ecs:eu-west-1:222222222222:task/main/0a is of account 222222222222 and lies in the folder of account 111111111111"},
		{"tasks of no cluster", here + "ecs/describe-tasks.json", `{"tasks": []}`, ErrMisplaced,
			"the output of aws ecs describe-tasks does not say which cluster name it is of: want it at <account>/<region or global>/ecs/describe-tasks/<cluster name>.json"},
		{"a task without ARN", "a.json", `{"tasks": [{"taskArn": "nonsense"}]}`, ErrContent, `a.json:1: byte 11: unexpected content: /tasks/0: ecs:task "nonsense": want an ARN`},
		{"a service of another type", "a.json", `{"services": [{"serviceArn": 7}]}`, ErrContent, "a.json:1: byte 14: unexpected content: /serviceArn is a number, want a string"},
		{"a policy of nothing", here + "dynamodb/get-resource-policy.json", `{"Policy": "{}"}`, ErrMisplaced,
			"the output of aws dynamodb get-resource-policy does not say which table name, or ARN of a table or stream it is of"},
		{"a policy of another service", here + "dynamodb/get-resource-policy/arn%3Aaws%3As3%3A%3A%3Ab.json", `{"Policy": "{}"}`, ErrMisplaced, `"arn:aws:s3:::b": want an ARN of dynamodb`},
		{"access of nobody", here + "eks/list-associated-access-policies/k.json", `{"associatedAccessPolicies": []}`, ErrContent, "want a name or an id"},
		{"a job without name", here + "glue/get-jobs.json", `{"Jobs": [{"Role": "r"}]}`, ErrContent, "glue/get-jobs.json:1: byte 10: unexpected content: /Jobs/0: want a name or an id"},
		{"refused access of nobody", here + "eks/list-associated-access-policies/k.json", "An error occurred (AccessDeniedException) when calling the ListAssociatedAccessPolicies operation: no",
			ErrMisplaced, `"k": want <cluster name>/<principal ARN>, percent-encoded`},
		{"a version of no policy", "111111111111/global/iam/get-policy-version/p.json", `{"PolicyVersion": {"VersionId": "v1"}}`, ErrMisplaced,
			`"p": want <policy ARN>.<version id>, percent-encoded`},
		{"versions of no policy", "111111111111/global/iam/list-policy-versions/p.json", `{"Versions": []}`, ErrMisplaced, `"p": want the ARN of a managed policy, percent-encoded`},
		{"an assignment of nobody", here + "sso-admin/list-account-assignments/222222222222%2Farn%3Aaws%3Asso%3A%3A%3ApermissionSet%2Fs%2Fp.json", `{"AccountAssignments": [{"AccountId": "222222222222"}]}`, ErrContent,
			"/AccountAssignments/0: want AccountId, PermissionSetArn and PrincipalId"},
		{"a permission set by name", here + "sso-admin/get-inline-policy-for-permission-set/Admins.json", `{"InlinePolicy": "{}"}`, ErrMisplaced, `"Admins": want the ARN of a permission set, percent-encoded`},
		{"a pool without region", here + "cognito-identity/describe-identity-pool/x.json", `{"IdentityPoolId": "x", "AllowUnauthenticatedIdentities": true}`, ErrContent, `identity pool "x": want <region>:<id>`},
		{"a report in another format", "a.json", `{"Content": "", "ReportFormat": "pdf"}`, ErrContent, `report format "pdf": want text/csv`},
		{"a report that is none", "a.json", `{"Content": "%%%", "ReportFormat": "text/csv"}`, ErrContent, "credential report: want a table in base64 with a column arn"},
		{"a report's row without user", "a.json", `{"Content": "dXNlcixhcm4KYSxiCg==", "ReportFormat": "text/csv"}`, ErrContent, `credential report: line 2: "b": want the ARN of a user`},
		{"a finding of nothing", "a.json", `{"findings": [{"resourceOwnerAccount": "111111111111", "resource": "x"}]}`, ErrContent, `/findings/0: resource of a finding "x": want an ARN`},
		{"a function URL of nothing", "a.json", `{"FunctionUrl": "https://x", "FunctionArn": "arn:aws:s3:::b"}`, ErrContent, `"arn:aws:s3:::b": want the ARN of a function`},
		{"a device of nobody", "111111111111/global/iam/list-mfa-devices.json", `{"MFADevices": [{"SerialNumber": "1"}]}`, ErrContent, "/MFADevices/0: want UserName and SerialNumber"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := run(t, write(t, map[string]string{tc.file: tc.text}))
			if !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v\nwant %v and\n%s", err, tc.is, tc.want)
			}
		})
	}
}

// The package comment names every kind of document that is read.
func TestDocumentationIsWhole(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range operations {
		if !strings.Contains(string(text), op.name) {
			t.Errorf("aws %s %s is read and not documented", op.service, op.name)
		}
	}
}

// A path in a tree tells one operation.
func TestOperationsAreNamedOnce(t *testing.T) {
	for i := range operations {
		if op := &operations[i]; operationOf(op.service, op.name) != op {
			t.Errorf("%s %s stands twice in the list", op.service, op.name)
		}
	}
}
