package aws

import "testing"

// The first key is of before ids held accounts; the next two are published
// examples of ids with their accounts.
func TestKeyAccount(t *testing.T) {
	for id, want := range map[string]string{
		"AKIAIOSFODNN7EXAMPLE": "",
		"ASIAY34FZKBOKMUTVV7A": "609629065308",
		"AKIAQYLPMN5HHHFPZAM2": "052310077262",
		"AKIA":                 "",
		"AKIAqylpmn5hhhfpzam2": "",
		"credential-by-name-1": "",
	} {
		if got := keyAccount(id); got != want {
			t.Errorf("%s: account %q, want %q", id, got, want)
		}
	}
}

func TestPlaceOf(t *testing.T) {
	for path, want := range map[string]place{
		"/x/111111111111/global/iam/list-access-keys.json":            {account: "111111111111", service: "iam", operation: "list-access-keys", partition: "aws"},
		"/x/111111111111/eu-west-1/lambda/get-policy/f%3A1.json.gz":   {account: "111111111111", region: "eu-west-1", service: "lambda", operation: "get-policy", resource: "f:1", partition: "aws"},
		"/222222222222/111111111111/aws-cn/s3api/list-buckets.json":   {account: "111111111111", service: "s3api", operation: "list-buckets", partition: "aws-cn"},
		"/x/111111111111/us-gov-west-1/kms/get-key-policy/a%2Fb.json": {account: "111111111111", region: "us-gov-west-1", service: "kms", operation: "get-key-policy", resource: "a/b", partition: "aws-us-gov"},
		"/x/111111111111/somewhere/kms/list-keys.json":                {},
		"/x/11111111111/global/kms/list-keys.json":                    {},
		"/111111111111/global/s3api/get-bucket-policy/deeper/x.json":  {},
		"/x/details.json": {},
	} {
		if got, err := placeOf(path); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", path, got, err, want)
		}
	}
}

func TestParseARN(t *testing.T) {
	for s, ok := range map[string]bool{
		"arn:aws:iam::111111111111:role/x": true, "arn:aws-us-gov:s3:::b": true, "arn:aws:s3:::b:c": true,
		"arn:aws:iam": false, "arn:azure:iam::1:x": false, "arn:aws1:iam::1:x": false, "urn:aws:iam::1:x": false,
		"arn:aws::::x": false, "arn:aws:iam::111111111111:": false, "": false, "arn:awsx:iam::1:x": false,
	} {
		a, got := parseARN(s)
		if got != ok || ok && a.String() != s {
			t.Errorf("%q: %v %v, want %v", s, a, got, ok)
		}
	}
}
