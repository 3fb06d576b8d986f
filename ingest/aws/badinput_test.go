package aws

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// details is the shortest sound dump with one list given.
func details(list, records string) string {
	lists := map[string]string{"UserDetailList": "", "GroupDetailList": "", "RoleDetailList": "", "Policies": ""}
	lists[list] = records
	var parts []string
	for _, name := range []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"} {
		parts = append(parts, `"`+name+`": [`+lists[name]+`]`)
	}
	return "{" + strings.Join(parts, ",\n") + "}"
}

const userOne = `{"Arn": "arn:aws:iam::111111111111:user/u", "UserName": "u", "UserId": "AIDA1", "Path": "/"}`

const userTwo = `{"Arn": "arn:aws:iam::111111111111:user/v", "UserName": "v", "UserId": "AIDA2", "Path": "/"}`

const policyOne = `{"Arn": "arn:aws:iam::111111111111:policy/p", "PolicyName": "p", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1", "Document": {"Statement": []}}]}`

// Every message names the file, the line and byte where there is one, and what
// was expected. FOLDER stands for the folder of the files.
func TestBadInput(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 10001) + "1" + strings.Repeat("}", 10001)
	for _, tc := range []struct {
		name, file, text string
		is               error
		want             string
	}{
		{"cut short", "a.json", "{\"UserDetailList\": [\n  {\"Arn\": \"arn:aws:iam::1", ErrSyntax,
			"FOLDER/a.json:2: byte 46: not a sound JSON document: cut short within /UserDetailList/0"},
		{"no JSON", "a.json", "<html>", ErrSyntax,
			"FOLDER/a.json:1: byte 0: not a sound JSON document: neither JSON nor an error message of the AWS CLI"},
		{"empty", "a.json", " \n", ErrSyntax, "FOLDER/a.json: not a sound JSON document: empty file"},
		{"no gzip", "a.json", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff garbage", ErrSyntax, "FOLDER/a.json: not a sound JSON document: flate: corrupt input before offset 5"},
		{"half a gzip header", "a.json", "\x1f\x8b\x08", ErrSyntax, "FOLDER/a.json: not a sound JSON document: unexpected EOF"},
		{"a list", "a.json", "[]", ErrUnknownDocument, "FOLDER/a.json:1: byte 1: not a document that is read: want a JSON object"},
		{"a member twice", "a.json", "{\n\"UserDetailList\": [{\"Arn\": \"a\",\n \"Arn\": \"b\"}]}", ErrSyntax,
			"FOLDER/a.json:3: byte 35: not a sound JSON document: duplicate object member name within /UserDetailList/0/Arn"},
		{"no UTF-8", "a.json", "{\"UserDetailList\": [\"\xff\"]}", ErrSyntax,
			"FOLDER/a.json:1: byte 21: not a sound JSON document: invalid UTF-8 within /UserDetailList/0"},
		{"more data", "a.json", details("Policies", policyOne) + "\n{}", ErrSyntax,
			"FOLDER/a.json:5: byte 250: not a sound JSON document: more data after the document's end"},
		{"deep", "a.json", `{"UserDetailList": [` + deep + "]}", ErrSyntax, "exceeded max depth"},
		{"another document", "a.json", `{"Widgets": [1], "B": 2}`, ErrUnknownDocument,
			"FOLDER/a.json: not a document that is read: members \"Widgets\", \"B\": want the output of one of: iam get-account-authorization-details, "},
		{"hostile names", "a.json", "{\"\\u001b[31m\": 1, \"" + strings.Repeat("x", 100) + "\": 2}", ErrUnknownDocument,
			`members "\x1b[31m", "` + strings.Repeat("x", 40) + `": want`},
		{"no subject", "a.json", `{"Policy": "{}"}`, ErrMisplaced,
			"FOLDER/a.json: document out of place: this looks like the output of aws s3api get-bucket-policy or aws kms get-key-policy or aws lambda get-policy or aws efs describe-file-system-policy or aws dynamodb get-resource-policy or aws kinesis get-resource-policy, which does not say what it is of: want it at <account>/<region or global>/<service>/<operation>[/<resource>].json"},
		{"no account", "a.json", `{"Buckets": [{"Name": "b"}]}`, ErrMisplaced,
			"FOLDER/a.json:1: byte 13: document out of place: the output of aws s3api list-buckets does not name its account: want it at <account>/<region or global>/s3api/list-buckets.json"},
		{"no resource in the tree", "111111111111/global/s3api/get-bucket-policy.json", `{"Policy": "{}"}`, ErrMisplaced,
			"does not say which bucket name it is of: want it at <account>/<region or global>/s3api/get-bucket-policy/<bucket name>.json"},
		{"another document in the tree", "111111111111/eu-west-1/kms/list-keys.json", `{"Buckets": []}`, ErrUnknownDocument,
			"FOLDER/111111111111/eu-west-1/kms/list-keys.json: not a document that is read: want the output of aws kms list-keys (member Keys), found members \"Buckets\""},
		{"another account's folder", "111111111111/eu-west-1/kms/list-keys.json", `{"Keys": [{"KeyId": "k", "KeyArn": "arn:aws:kms:eu-west-1:222222222222:key/k"}]}`, ErrMisplaced,
			"arn:aws:kms:eu-west-1:222222222222:key/k is of account 222222222222 and lies in the folder of account 111111111111"},
		{"an error message alone", "a.json", "An error occurred (AccessDenied) when calling the GetBucketPolicy operation: no", ErrMisplaced,
			"FOLDER/a.json: document out of place: an error message of the AWS CLI says nothing of the account that was asked"},
		{"an ARN that is none", "a.json", details("UserDetailList", `{"UserName": "x", "Arn": "nonsense"}`), ErrContent,
			"FOLDER/a.json:1: byte 20: unexpected content: /UserDetailList/0: user \"nonsense\": want an ARN"},
		{"the ARN of something else", "a.json", details("RoleDetailList", `{"RoleName": "x", "Arn": "arn:aws:iam::111111111111:user/x"}`), ErrContent,
			`unexpected content: /RoleDetailList/0: "arn:aws:iam::111111111111:user/x": want the ARN of an IAM role`},
		{"a record of another type", "a.json", details("UserDetailList", `{"Arn": 7}`), ErrContent,
			"FOLDER/a.json:1: byte 20: unexpected content: /Arn is a number, want a string"},
		{"a record that is none", "a.json", details("UserDetailList", `"ann"`), ErrContent,
			"unexpected content: the record is a string, want an object"},
		{"a resource's name", "111111111111/global/s3api/get-bucket-policy/a%zz.json", `{}`, nil, `resource "a%zz": want percent-encoding`},
		{"a secret without ARN", "111111111111/eu-west-1/secretsmanager/get-resource-policy/x.json",
			"An error occurred (AccessDenied) when calling the GetResourcePolicy operation: no", ErrMisplaced,
			`secret "x": want its ARN, or list-secrets of the same region to find it in`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := write(t, map[string]string{tc.file: tc.text})
			n, _, err := run(t, dir)
			if err == nil {
				t.Fatal("no error")
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("error %v is not %v", err, tc.is)
			}
			got := strings.ReplaceAll(err.Error(), filepath.ToSlash(dir), "FOLDER")
			if !strings.Contains(got, tc.want) {
				t.Errorf("error\n%.600s\nwant it to hold\n%s", got, tc.want)
			}
			if errors.Is(err, ErrSyntax) && len(n.lines) > 0 {
				t.Errorf("%d records written before the error", len(n.lines))
			}
		})
	}
}

func TestTwoDumps(t *testing.T) {
	other := strings.Replace(policyOne, `"Statement": []`, `"Statement": [ ]`, 1)
	dir := write(t, map[string]string{"a.json": details("Policies", policyOne), "b.json": details("Policies", other)})
	_, _, err := run(t, dir)
	if !errors.Is(err, ErrTwoDumps) {
		t.Fatalf("error %v", err)
	}
	want := "/a.json and this file both hold arn:aws:iam::111111111111:policy/p, account 111111111111: want one of them"
	if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "/b.json:") {
		t.Errorf("error %v, want it to hold %q", err, want)
	}
	// Also where only a user tells that one of them is older.
	dir = write(t, map[string]string{
		"a.json": details("UserDetailList", userOne), "b.json": details("UserDetailList", userOne+",\n"+userTwo)})
	if _, _, err := run(t, dir); !errors.Is(err, ErrTwoDumps) {
		t.Errorf("a dump with one user more: error %v", err)
	}
	// The same file twice, even packed or by another path, is one dump.
	dir = write(t, map[string]string{"a.json": details("Policies", policyOne), "b.json": details("Policies", policyOne)})
	if _, _, err := run(t, dir, dir, filepath.Join(dir, "a.json")); err != nil {
		t.Errorf("the same dump twice: %v", err)
	}
}

func TestNothingThere(t *testing.T) {
	if _, _, err := run(t, t.TempDir()); !errors.Is(err, ErrNoDocuments) {
		t.Errorf("empty folder: %v", err)
	}
	if _, _, err := run(t, filepath.Join(t.TempDir(), "absent.json")); err == nil || !strings.Contains(err.Error(), "absent.json") {
		t.Errorf("absent file: %v", err)
	}
}

// What is broken in a tree is a gap of that document, and of nothing else.
func TestBrokenInTree(t *testing.T) {
	n, sum, err := run(t, write(t, map[string]string{
		"111111111111/global/s3api/get-bucket-policy/a.json":             `{"Policy": "{\"Statement\"`,
		"111111111111/global/s3api/get-bucket-policy/b.json":             `{"Policy": "{\"Statement\": nonsense}"}`,
		"111111111111/global/s3api/get-bucket-policy/c.json":             `{"Policy": "{\"Statement\": []}"}`,
		"111111111111/global/s3api/get-bucket-policy/e.json.gz":          "\x1f\x8b",
		"111111111111/global/s3api/get-bucket-policy/d.json":             ``,
		"111111111111/global/iam/get-account-authorization-details.json": `{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [], "IsTruncated": true, "Marker": "m"}`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"cover asked and failed PARSE_ERROR account:111111111111 s3api get-bucket-policy subject=arn:aws:s3:::a of=arn:aws:s3:::a affects=[aws:resource]",
		"cover asked and failed PARSE_ERROR account:111111111111 s3api get-bucket-policy subject=arn:aws:s3:::b of=arn:aws:s3:::b affects=[aws:resource]",
		"attach aws:resource arn:aws:s3:::b arn:aws:s3:::b#policy name=policy missing",
		"attach aws:resource arn:aws:s3:::c arn:aws:s3:::c#policy name=policy {\"Statement\":[]}",
		"cover asked and failed PARSE_ERROR account:111111111111 s3api get-bucket-policy subject=arn:aws:s3:::d of=arn:aws:s3:::d affects=[aws:resource]",
		"cover asked and failed PARSE_ERROR account:111111111111 s3api get-bucket-policy subject=arn:aws:s3:::e of=arn:aws:s3:::e affects=[aws:resource]",
		"cover asked and failed TRUNCATED account:111111111111 iam get-account-authorization-details subject= of= affects=[]",
	} {
		checkLine(t, want, n.records())
	}
	details := ""
	for _, g := range sum.Gaps {
		details += g.Detail + "\n"
	}
	for _, want := range []string{
		"get-bucket-policy/a.json:1: byte 26: not a sound JSON document: cut short within /Policy",
		"get-bucket-policy/b.json: byte 0: /Policy: policy arn:aws:s3:::b#policy: at byte 15 of the policy: not a sound JSON document: invalid character 'o' in literal null (expecting 'u') within /Statement",
		"get-account-authorization-details.json: member IsTruncated says that there are more pages",
	} {
		if !strings.Contains(details, want) {
			t.Errorf("gaps\n%s\nwant %s", details, want)
		}
	}
	var whole []string
	for _, l := range heldWhole(t, n) {
		whole = append(whole, l.Operation+" "+string(l.Subject))
	}
	if got := strings.Join(whole, ", "); got != "get-bucket-policy arn:aws:s3:::b, get-bucket-policy arn:aws:s3:::c" {
		t.Errorf("held whole: %s", got)
	}
}

// A policy whose default version is not shown, and one that is no object.
func TestPolicyGaps(t *testing.T) {
	user := `{"UserName": "u", "Arn": "arn:aws:iam::111111111111:user/u", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111111111111:policy/p"}, {"PolicyArn": "p"}],
	  "UserPolicyList": [{"PolicyName": "i", "PolicyDocument": 7}]}`
	dump := strings.Replace(details("UserDetailList", user), `"Policies": []`, `"Policies": [`+strings.Replace(policyOne, `"VersionId": "v1"`, `"VersionId": "v3"`, 1)+`]`, 1)
	n, sum, err := run(t, write(t, map[string]string{"a.json": dump}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"attach aws:identity arn:aws:iam::111111111111:user/u arn:aws:iam::111111111111:policy/p name=p v1 missing",
		"attach aws:identity arn:aws:iam::111111111111:user/u arn:aws:iam::111111111111:user/u#i name=i missing",
		"cover asked and failed MISSING account:111111111111 iam get-account-authorization-details subject= of=arn:aws:iam::111111111111:user/u affects=[aws:identity]",
		"cover asked and failed PARSE_ERROR account:111111111111 iam get-account-authorization-details subject= of=arn:aws:iam::111111111111:user/u affects=[aws:identity]",
	} {
		checkLine(t, want, n.records())
	}
	all := ""
	for _, g := range sum.Gaps {
		all += g.Detail + "\n"
	}
	for _, want := range []string{
		`policy arn:aws:iam::111111111111:policy/p: its default version "v1" is not among its versions`,
		`attached policy "p": want an ARN`,
		`/UserDetailList/0/UserPolicyList/0/PolicyDocument: policy arn:aws:iam::111111111111:user/u#i: unexpected content: want a policy document (an object, or its text in a string), found a number`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("gaps\n%s\nwant %s", all, want)
		}
	}
}
