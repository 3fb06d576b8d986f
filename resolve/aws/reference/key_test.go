package reference

import (
	"sort"
	"strings"
	"testing"
)

func TestSupports(t *testing.T) {
	for _, ask := range []struct {
		action, key string
		want        bool
	}{
		{"s3:GetObject", "s3:ExistingObjectTag/team", true},
		{"s3:GetObject", "S3:existingobjecttag/Team", true},
		{"s3:GetObject", "s3:ExistingObjectTag/", false},
		{"s3:GetObject", "s3:ExistingObjectTag", false},
		{"s3:GetObject", "s3:RequestObjectTag/team", false},
		{"s3:PutObject", "s3:RequestObjectTag/team", true},
		{"kms:Decrypt", "kms:EncryptionContext:app", true},
		{"kms:Decrypt", "kms:EncryptionContext:", false},
		{"kms:Decrypt", "KMS:VIASERVICE", true},
		{"iam:PassRole", "aws:ResourceTag/team", true},
		{"iam:PassRole", "aws:RequestTag/team", false},
		{"iam:PassRole", "", false},
		{"iam:CreateRole", "iam:PermissionsBoundary", true},
		{"events:PutRule", "events:source", true},
		{"s3:GetObject", "aws:SourceIp", false}, // goes with every action, so AWS lists it for none
	} {
		if got := mustFind(t, ask.action).Supports(ask.key); got != ask.want {
			t.Errorf("%s supports %q: %v", ask.action, ask.key, got)
		}
	}
}

// Supports agrees with ConditionKeys for every action and every key it lists.
func TestSupportsWhatItLists(t *testing.T) {
	for a := range ActionID(NumActions()) {
		keys := a.ConditionKeys()
		if !sort.StringsAreSorted(keys) {
			t.Fatalf("%s: %v is not sorted", a, keys)
		}
		for _, key := range keys {
			if key != strings.ToLower(key) || !a.Supports(key) || !a.Supports(strings.ToUpper(key)) {
				t.Fatalf("%s does not support %s", a, key)
			}
			if _, ok := KeyType(key); !ok {
				t.Fatalf("%s has no type", key)
			}
		}
	}
}

func TestKeyType(t *testing.T) {
	for key, want := range map[string]string{
		"aws:SourceIp":              "IPAddress",
		"AWS:SOURCEIP":              "IPAddress",
		"aws:PrincipalOrgPaths":     "ArrayOfString",
		"aws:PrincipalTag/team":     "String",
		"aws:PrincipalArn":          "ARN",
		"aws:MultiFactorAuthAge":    "Numeric",
		"aws:TokenIssueTime":        "Date",
		"aws:SecureTransport":       "Bool",
		"iam:PassedToService":       "String",
		"iam:PolicyARN":             "ARN",
		"s3:max-keys":               "Numeric",
		"s3:ExistingObjectTag/x":    "String",
		"sts:ExternalId":            "String",
		"dynamodb:LeadingKeys":      "ArrayOfString",
		"lambda:SourceFunctionArn":  "ARN",
		"identitystore:UserId":      "String",
		"events:Metadata/a/Matcher": "",
		"aws:PrincipalTag/":         "",
		"aws:PrincipalTag":          "",
		"aws:SourceIp/x":            "",
		"aws:NoSuchKey":             "",
		"":                          "",
	} {
		got, ok := KeyType(key)
		if key == "events:Metadata/a/Matcher" { // two templates fit; either will do
			if !ok {
				t.Error(key)
			}
			continue
		}
		if got != want || ok != (want != "") {
			t.Errorf("KeyType(%q) = %q, %v, want %q", key, got, ok, want)
		}
	}
}

func TestGlobals(t *testing.T) {
	if !sort.SliceIsSorted(globalKeys[:], func(i, j int) bool { return compareFold(globalKeys[i].Name, globalKeys[j].Name) < 0 }) {
		t.Error("the global keys are not sorted")
	}
	var many []string
	for _, g := range Globals() {
		ask := g.Name
		if strings.HasSuffix(ask, "/") {
			ask += "Key"
		}
		if got, ok := Global(strings.ToUpper(ask)); !ok || got != g {
			t.Errorf("Global(%q) = %v, %v", ask, got, ok)
		}
		if g.Multivalued() {
			many = append(many, g.Name)
		}
	}
	const want = "aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths aws:TagKeys aws:VpceOrgPaths"
	if got := strings.Join(many, " "); got != want {
		t.Errorf("multivalued: %s, want %s", got, want)
	}
}

func TestKeys(t *testing.T) {
	types := map[string]string{}
	for _, k := range Keys("S3") {
		types[k.Name] = k.Type
	}
	if types["s3:prefix"] != "String" || types["s3:ExistingObjectTag/<key>"] != "String" || types["s3:max-keys"] != "Numeric" {
		t.Errorf("keys of s3: %v", types)
	}
}

// fitsTemplate reads one variable a template: the table must hold no other.
func TestOneVariable(t *testing.T) {
	tab := get()
	for _, k := range tab.templates {
		if name := tab.key(k); strings.Count(name, "${")+strings.Count(name, "<") != 1 {
			t.Errorf("template %s has not just one variable", name)
		}
	}
}

// FuzzNames: no name of any kind makes a look-up fail, and what an action
// supports has a type.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"s3:GetObject", "aws:PrincipalTag/team", "s3:ExistingObjectTag/a", "kms:EncryptionContext:", "arn:aws:iam::aws:policy/ReadOnlyAccess", "aws:/", "/", ":", "events:Metadata//Matcher"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if a, ok := Find(name); ok && !equalFold(a.String(), name) {
			t.Errorf("Find(%q) = %v", name, a)
		}
		_, _, _ = ManagedPolicy(name)
		_, known := KeyType(name)
		for _, a := range Expand("s3:GetObject*") {
			if a.Supports(name) && !known {
				t.Errorf("%s supports %q, which has no type", a, name)
			}
		}
	})
}
