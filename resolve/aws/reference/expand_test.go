package reference

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	for pattern, want := range map[string]string{
		"s3:GetObject":         "s3:GetObject",
		"S3:GETOBJECTacl":      "s3:GetObjectAcl",
		"s3:GetObject?cl":      "s3:GetObjectAcl",
		"iam:*AccessKey":       "iam:CreateAccessKey iam:DeleteAccessKey iam:UpdateAccessKey",
		"iam:Pass*":            "iam:PassRole",
		"iam:p*s*r*e":          "iam:PassRole",
		"sts:AssumeRole*":      "sts:AssumeRole sts:AssumeRoleWithSAML sts:AssumeRoleWithWebIdentity",
		"sts:AssumeRole?":      "",
		"s3:GetObject ":        "",
		"nope:*":               "",
		"s3":                   "",
		"s*:GetObject":         "",
		"?3:GetObject":         "",
		"":                     "",
		"s3:":                  "",
		"s3:GetObject:Version": "",
	} {
		var got []string
		for _, a := range Expand(pattern) {
			got = append(got, a.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("Expand(%q) = %v, want %s", pattern, got, want)
		}
	}
}

func TestExpandAll(t *testing.T) {
	for _, all := range []string{"*", "*:*"} {
		if n := len(Expand(all)); n != NumActions() {
			t.Errorf("Expand(%q): %d actions of %d", all, n, NumActions())
		}
	}
	first, last := ServiceActions("ec2")
	if got := Expand("EC2:*"); len(got) != int(last-first) || got[0] != first || got[len(got)-1] != last-1 {
		t.Errorf("EC2:* is not ec2's run: %d", len(got))
	}
}

// FuzzExpand compares with a regular expression over all actions.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"s3:Get*", "*", "*:*", "iam:?ass**e", "ec2:*Instance*s*", "s3:**", "S3:g?t*", "a:b:c", "s3:[a-z]*", "İ:*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		if len(pattern) > 60 || strings.Count(pattern, "*") > 6 {
			return
		}
		prefix, name, ok := strings.Cut(pattern, ":")
		first, last := ServiceActions(prefix)
		if pattern == "*" || pattern == "*:*" {
			first, last, name, ok = 0, ActionID(NumActions()), "*", true
		}
		var want []ActionID
		if ok {
			re := asRegexp(name)
			for a := first; a < last; a++ {
				if re.MatchString(a.Name()) {
					want = append(want, a)
				}
			}
		}
		if got := Expand(pattern); !slices.Equal(got, want) {
			t.Errorf("Expand(%q) = %v, want %v", pattern, got, want)
		}
	})
}

// asRegexp folds ASCII only, as action names hold nothing else.
func asRegexp(pattern string) *regexp.Regexp {
	var out strings.Builder
	for _, r := range []byte(pattern) {
		switch {
		case r == '*':
			out.WriteString(".*")
		case r == '?':
			out.WriteString(".")
		case r >= 0x80: // no action has such a byte
			out.WriteString(`\x00`)
		default:
			out.WriteString("[" + regexp.QuoteMeta(strings.ToLower(string(rune(r)))) + regexp.QuoteMeta(strings.ToUpper(string(rune(r)))) + "]")
		}
	}
	return regexp.MustCompile(`(?s)\A(?:` + out.String() + `)\z`)
}
