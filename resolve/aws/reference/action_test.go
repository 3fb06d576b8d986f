package reference

import (
	"slices"
	"strings"
	"testing"
)

// uses writes the resource types of an action, required ones with AWS's
// asterisk.
func usesOf(a ActionID) string {
	var out []string
	for _, use := range a.Resources() {
		name := use.Type.Name()
		if use.Required {
			name += "*"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

// TestFacts holds lines of AWS's service authorization reference
// (docs.aws.amazon.com/service-authorization/latest/reference/list_*.html).
func TestFacts(t *testing.T) {
	for _, fact := range []struct {
		ask, name string
		level     Level
		resources string
		keys      string // some that it must have
		not       string // some that it must not have
	}{
		{"s3:getobject", "s3:GetObject", Read, "accesspointobject object", "s3:ExistingObjectTag/<key> s3:authType", "s3:prefix iam:PassedToService"},
		{"S3:LISTBUCKET", "s3:ListBucket", List, "accesspoint bucket", "s3:prefix s3:max-keys", "s3:ExistingObjectTag/<key>"},
		{"s3:PutBucketPolicy", "s3:PutBucketPolicy", Permissions, "bucket*", "s3:authType", "s3:prefix"},
		{"s3:ListAllMyBuckets", "s3:ListAllMyBuckets", List, "", "", "s3:prefix"},
		{"iam:PassRole", "iam:PassRole", Write, "role*", "iam:PassedToService iam:AssociatedResourceArn aws:ResourceTag/${TagKey}", "iam:PermissionsBoundary"},
		{"iam:AttachRolePolicy", "iam:AttachRolePolicy", Permissions, "role*", "iam:PolicyARN iam:PermissionsBoundary", "iam:PassedToService"},
		{"iam:CreateAccessKey", "iam:CreateAccessKey", Write, "user*", "", "iam:PolicyARN"},
		{"iam:ListRoles", "iam:ListRoles", List, "", "", "iam:PassedToService"},
		{"sts:AssumeRole", "sts:AssumeRole", Write, "role*", "sts:ExternalId sts:RoleSessionName sts:SourceIdentity", "iam:PassedToService"},
		{"sts:GetCallerIdentity", "sts:GetCallerIdentity", Read, "", "", "sts:ExternalId"},
		{"sts:TagSession", "sts:TagSession", Tagging, "role", "aws:TagKeys sts:TransitiveTagKeys", "iam:PassedToService"},
		{"ec2:DescribeInstances", "ec2:DescribeInstances", List, "", "ec2:Region", "ec2:Vpc"},
		{"ec2:CreateTags", "ec2:CreateTags", Tagging, "", "ec2:CreateAction aws:RequestTag/${TagKey}", "iam:PassedToService"},
		{"sqs:SendMessage", "sqs:SendMessage", Write, "queue*", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}"},
		{"kms:Decrypt", "kms:Decrypt", Write, "key*", "kms:ViaService kms:CallerAccount kms:EncryptionContext:${EncryptionContextKey}", "kms:GranteePrincipal"},
		{"lambda:InvokeFunction", "lambda:InvokeFunction", Write, "function*", "lambda:EventSourceToken aws:ResourceTag/${TagKey}", "lambda:Layer"},
		{"secretsmanager:GetSecretValue", "secretsmanager:GetSecretValue", Read, "Secret*", "secretsmanager:SecretId secretsmanager:VersionStage", "secretsmanager:BlockPublicPolicy"},
		{"dynamodb:GetItem", "dynamodb:GetItem", Read, "table*", "dynamodb:LeadingKeys", "dynamodb:FullTableScan"},
	} {
		a, ok := Find(fact.ask)
		if !ok {
			t.Errorf("%s: not found", fact.ask)
			continue
		}
		if a.String() != fact.name || a.Level() != fact.level {
			t.Errorf("%s: %s %v, want %s %v", fact.ask, a, a.Level(), fact.name, fact.level)
		}
		if got := usesOf(a); fact.name != "ec2:CreateTags" && got != fact.resources {
			t.Errorf("%s: resources %q, want %q", fact.name, got, fact.resources)
		}
		for key := range strings.FieldsSeq(fact.keys) {
			if !a.Supports(key) || !slices.Contains(a.ConditionKeys(), strings.ToLower(key)) {
				t.Errorf("%s does not support %s", fact.name, key)
			}
		}
		for key := range strings.FieldsSeq(fact.not) {
			if a.Supports(key) || slices.Contains(a.ConditionKeys(), strings.ToLower(key)) {
				t.Errorf("%s supports %s", fact.name, key)
			}
		}
	}
}

// RunInstances is the action with the most required types: each must be
// granted.
func TestRunInstances(t *testing.T) {
	a := mustFind(t, "ec2:RunInstances")
	var required, optional []string
	for _, use := range a.Resources() {
		if use.Required {
			required = append(required, use.Type.Name())
		} else {
			optional = append(optional, use.Type.Name())
		}
	}
	if want := []string{"image", "instance", "network-interface", "security-group", "subnet"}; !slices.Equal(required, want) {
		t.Errorf("required %v, want %v", required, want)
	}
	for _, name := range []string{"key-pair", "launch-template", "snapshot", "volume"} {
		if !slices.Contains(optional, name) {
			t.Errorf("%s is not among the optional types %v", name, optional)
		}
	}
}

func TestLevels(t *testing.T) {
	for action, want := range map[string][]Level{
		"s3:GetObject":         {Read},
		"s3:PutBucketTagging":  {Write, Tagging},
		"iam:AttachRolePolicy": {Write, Permissions},
	} {
		if got := mustFind(t, action).Levels(); !slices.Equal(got, want) {
			t.Errorf("%s: levels %v, want %v", action, got, want)
		}
	}
	if got := Permissions.String() + " " + Level(9).String(); got != "PERMISSIONS UNKNOWN" {
		t.Error(got)
	}
}

func TestSupportsRCP(t *testing.T) {
	for service, want := range map[string]bool{"s3": true, "STS": true, "kms": true, "sqs": true, "secretsmanager": true, "ecr": true, "iam": false, "ec2": false, "lambda": false, "nope": false} {
		if got := SupportsRCP(service); got != want {
			t.Errorf("SupportsRCP(%q) = %v", service, got)
		}
	}
}

func TestNotFound(t *testing.T) {
	for _, name := range []string{"", ":", "s3", "s3:", "s3:*", "s3:GetObjec", "s3:GetObjectt", "zzz:GetObject", ":GetObject", "s3:s3:GetObject", "S3 :GetObject"} {
		if a, ok := Find(name); ok {
			t.Errorf("Find(%q) = %v", name, a)
		}
	}
	for _, service := range []string{"", "s", "s33", "nope"} {
		first, last := ServiceActions(service)
		if KnownService(service) || first != last || Keys(service) != nil {
			t.Errorf("service %q is known", service)
		}
	}
}

// Every action is found by its own name, whatever its case, and lies in its
// service's run; numbers follow the names.
func TestOrder(t *testing.T) {
	var before string
	for a := range ActionID(NumActions()) {
		name := a.String()
		for _, spelt := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
			if got, ok := Find(spelt); !ok || got != a {
				t.Fatalf("Find(%q) = %v, %v, want %d", spelt, got, ok, a)
			}
		}
		if first, last := ServiceActions(a.Service()); a < first || a >= last {
			t.Fatalf("%s lies outside of [%d, %d)", name, first, last)
		}
		key := a.Service() + "\x00" + strings.ToLower(a.Name())
		if key <= before {
			t.Fatalf("%s is not in order", name)
		}
		before = key
	}
	if NumActions() < 20000 || len(Services()) < 400 || NumTypes() < 2000 {
		t.Errorf("%d actions of %d services with %d types: too few", NumActions(), len(Services()), NumTypes())
	}
}

func TestNamesItself(t *testing.T) {
	if !strings.Contains(Version(), "2026") || len(Date()) != len("2026-09-26") {
		t.Errorf("version %q of %q", Version(), Date())
	}
}

func TestNoAllocation(t *testing.T) {
	a := mustFind(t, "s3:GetObject")
	if n := testing.AllocsPerRun(100, func() {
		_, _ = Find("S3:getobject")
		a.Supports("s3:existingobjecttag/team")
		a.Supports("nothing:likeThis")
		_, _ = Global("aws:PrincipalTag/team")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func mustFind(t testing.TB, name string) ActionID {
	t.Helper()
	a, ok := Find(name)
	if !ok {
		t.Fatalf("no action %s", name)
	}
	return a
}
