package reference

import (
	"slices"
	"strings"
	"testing"
)

// TestTypesOf holds ARNs as AWS's pages show them.
func TestTypesOf(t *testing.T) {
	const at = "us-east-1:123456789012:"
	for arn, want := range map[string]string{
		"arn:aws:s3:::bucket":                                   "s3:bucket ssm:bucket",
		"arn:aws-cn:s3:::bucket":                                "s3:bucket ssm:bucket",
		"arn:aws:s3:::bucket/key":                               "s3:object",
		"arn:aws:s3:::bucket/*":                                 "s3:object",
		"arn:aws:s3:::bucket/a/b:c/d":                           "s3:object",
		"arn:aws:s3:" + at + "accesspoint/ap":                   "s3:accesspoint",
		"arn:aws:s3:" + at + "accesspoint/ap/object/a/b":        "s3:accesspointobject",
		"arn:aws:s3:us-east-1::bucket":                          "", // buckets have no region
		"arn:aws:iam::123456789012:role/r":                      "ec2:role iam:role ssm:iam-role sts:role",
		"arn:aws:iam::123456789012:role/a/path/r":               "ec2:role iam:role ssm:iam-role sts:role",
		"arn:aws:iam::123456789012:user/a/u":                    "codestar:user iam:user",
		"arn:aws:iam::123456789012:root":                        "sts:root-user",
		"arn:aws:iam::aws:policy/job-function/ViewOnlyAccess":   "iam:policy",
		"arn:aws:iam:::role/r":                                  "", // a role has an account
		"arn:aws:sts::123456789012:assumed-role/r/s":            "",
		"arn:aws:dynamodb:" + at + "table/t":                    "dynamodb:table",
		"arn:aws:dynamodb:" + at + "table/t/index/i":            "dynamodb:index",
		"arn:aws:ecr:" + at + "repository/team/app":             "ecr:repository",
		"arn:aws:logs:" + at + "log-group:/aws/lambda/f":        "logs:log-group",
		"arn:aws:logs:" + at + "log-group:/aws/lambda/f:*":      "logs:log-group",
		"arn:aws:logs:" + at + "log-group:/a/b:log-stream:x/y":  "logs:log-stream",
		"arn:aws:secretsmanager:" + at + "secret:app/db-AbCdEf": "secretsmanager:Secret",
		"arn:aws:ssm:" + at + "parameter/a/b":                   "ssm:parameter",
		"arn:aws:lambda:" + at + "function:f":                   "lambda:function",
		"arn:aws:lambda:" + at + "function:f:prod":              "lambda:function alias lambda:function version",
		"arn:aws:sqs:" + at + "queue":                           "sqs:queue",
		"arn:aws:kms:" + at + "key/0123":                        "events:key kinesis:kmsKey kms:key",
		"arn:aws:dms:" + at + "rep:ABC":                         "dms:ReplicationInstance",
		"arn:aws:apigateway:us-east-1::/restapis/a/stages/prod": "apigateway:Stage wafv2:apigateway",
		"arn:aws:backup:" + at + "recovery-point:0123":          "backup:recoveryPoint",
		"arn:aws:nothing:" + at + "thing/x":                     "",
		"arn:aws:s3:::":                                         "",
		"arn:aws:s3":                                            "",
		"s3:::bucket":                                           "",
		"":                                                      "",
		"*":                                                     "",
	} {
		var got []string
		for _, id := range TypesOf(arn) {
			got = append(got, id.String())
		}
		if want == "" && got != nil || want != "" && !sameWords(got, want) {
			t.Errorf("TypesOf(%q) = %v, want %s", arn, got, want)
		}
	}
}

// sameWords compares without regard to order among equals; names of types may
// hold spaces.
func sameWords(got []string, want string) bool {
	for _, name := range got {
		if !strings.Contains(want, name) {
			return false
		}
		want = strings.Replace(want, name, "", 1)
	}
	return strings.TrimSpace(want) == ""
}

// Each type's templates, with their variables filled in, fit the type itself.
func TestTemplatesFitThemselves(t *testing.T) {
	for id := range TypeID(NumTypes()) {
		for _, template := range id.ARNs() {
			if strings.Contains(template, ":${Vendor}:") { // the service is open
				continue
			}
			arn := fill(template)
			if fits := TypesOf(arn); !slices.Contains(fits, id) {
				t.Errorf("%s: %s does not fit %s, but %v", id, arn, template, fits)
			}
		}
	}
}

// TestNothingPassedOver: what is left out before ARNs are read, templates that
// begin otherwise and readings that say the same as the one before, would fit
// nothing more.
func TestNothingPassedOver(t *testing.T) {
	all, several := templatesInFull(), 0
	for id := range TypeID(NumTypes()) {
		for _, template := range id.ARNs() {
			for _, word := range []string{"word", "a/b", "a:b", "a/b:c", "word/"} {
				arn := strings.ReplaceAll(fill(template), "word", word)
				got, want := TypesOf(arn), typesInFull(all, arn)
				if !slices.Equal(got, want) {
					t.Errorf("TypesOf(%q) = %v, want %v", arn, got, want)
				}
				if len(want) > 1 {
					several++
				}
			}
		}
	}
	if several < 100 {
		t.Errorf("%d ARNs of several types, too few to say anything", several)
	}
}

// TestPlainTypes: what is told of plain ARNs at once is what every template in
// every reading tells, whatever the name is; and it is told of most sorts of thing.
func TestPlainTypes(t *testing.T) {
	all, told := templatesInFull(), 0
	for service, list := range all {
		for i := range list {
			sort, _ := cutSort(list[i].rest)
			for _, name := range []string{"word", "x", "*", "a*b", "a.b-c_d", "${x}", "aws", "AWS-x", "default", "job", "latest", "é", list[i].head} {
				for _, place := range []string{":", "r:", ":1", "r:1", "*:*", "us-east-1:aws"} {
					arn := "arn:aws:" + service + ":" + place + ":" + sort + name
					parts, ok := splitARN(arn)
					types, plain := typesOfPlain(&parts)
					if !ok || !plain {
						continue
					}
					told++
					if want := typesInFull(all, arn); !slices.Equal(types, want) {
						t.Errorf("%s is %v, want %v", arn, types, want)
					}
				}
			}
		}
	}
	if told < 10000 {
		t.Errorf("%d plain ARNs, too few to say anything", told)
	}
	for _, arn := range []string{"arn:aws:iam::1:role/a/b", "arn:aws:s3:::b/k", "arn:aws:iam::1:role/", "arn:aws:lambda:r:1:function:f:1"} {
		parts, _ := splitARN(arn)
		if _, plain := typesOfPlain(&parts); plain {
			t.Errorf("%s is taken for plain", arn)
		}
	}
}

// templatesInFull are all templates by service, the most literal first.
func templatesInFull() map[string][]arnTemplate {
	all := map[string][]arnTemplate{}
	for id := range TypeID(NumTypes()) {
		for _, template := range id.ARNs() {
			if service, tpl, ok := readTemplate(id, template); ok {
				all[service] = append(all[service], tpl)
			}
		}
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b arnTemplate) int { return b.literal - a.literal })
	}
	return all
}

// typesInFull is TypesOf with every template and every reading.
func typesInFull(all map[string][]arnTemplate, arn string) (out []TypeID) {
	parts, _ := splitARN(arn)
	for _, service := range [...]string{parts[2], ""} {
		best := -1
		for reading, exclude := range readings {
			var found []TypeID
			top := best
			for _, tpl := range all[service] {
				if tpl.literal > best && (reading == 0 || tpl.literal >= top) &&
					fitsPart(tpl.region, parts[3]) && fitsPart(tpl.account, parts[4]) && fitsResource(tpl.rest, parts[5], exclude) {
					found, top = append(found, tpl.id), max(top, tpl.literal)
				}
			}
			out, best = append(found, out...), top
		}
		if out != nil {
			return out
		}
	}
	return nil
}

// fill puts a plain word for each variable.
func fill(template string) string {
	out := strings.ReplaceAll(template, "${Partition}", "aws")
	for {
		head, rest, ok := strings.Cut(out, "${")
		if !ok {
			return out
		}
		_, tail, _ := strings.Cut(rest, "}")
		out = head + "word" + tail
	}
}

func TestTypes(t *testing.T) {
	bucket, ok := FindType("S3", "Bucket")
	if !ok || bucket.String() != "s3:bucket" || bucket.ARN() != "arn:${Partition}:s3:::${BucketName}" {
		t.Fatalf("s3:bucket is %v %q", bucket, bucket.ARN())
	}
	names := map[string]bool{}
	for _, a := range bucket.Actions() {
		names[a.String()] = true
	}
	if !names["s3:ListBucket"] || names["s3:GetObject"] || names["s3:ListAllMyBuckets"] {
		t.Errorf("actions of a bucket: %v", bucket.Actions())
	}
	if _, ok := FindType("s3", "queue"); ok {
		t.Error("s3 has queues")
	}
	if _, ok := FindType("zzz", "bucket"); ok {
		t.Error("zzz has buckets")
	}
}

// FuzzTypesOf: what fits is a template of the ARN's service, or one that leaves
// the service open, and fits by the slow reading too.
func FuzzTypesOf(f *testing.F) {
	for _, seed := range []string{"arn:aws:s3:::b/k/l", "arn:aws:iam::1:role/a/b", "arn:aws:logs:r:1:log-group:/a:log-stream:b",
		"arn:aws:codeartifact:r:1:package-group/ab", "arn:aws:health:r::event/a/b/c", "arn:::::", "arn:aws:s3:::${BucketName}", "arn:aws:dms:r:1:cert:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arn string) {
		if len(arn) > 200 {
			return
		}
		for _, id := range TypesOf(arn) {
			if !slices.ContainsFunc(id.ARNs(), func(template string) bool { return fitsSlowly(template, arn) }) {
				t.Errorf("%q does not fit %s, %s", arn, id, id.ARNs())
			}
		}
	})
}

// fitsSlowly tries every length of every variable.
func fitsSlowly(template, text string) bool {
	if rest, ok := skipVariable(template); ok {
		for n := 0; n <= len(text); n++ {
			if (n > 0 || template[0] == '*') && fitsSlowly(rest, text[n:]) {
				return true
			}
		}
		return false
	}
	if template == "" || text == "" {
		return template == text
	}
	return template[0] == text[0] && fitsSlowly(template[1:], text[1:])
}
