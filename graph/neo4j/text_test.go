package neo4j

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
)

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "é", "\xff", "base64:", "base64:AA==", "a\x00b", "a\x1fb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		coded := encode(s)
		if !utf8.ValidString(coded) || strings.Contains(coded, arrayDelimiter) {
			t.Errorf("%q is no string of Neo4j", coded)
		}
		if back, err := decode(coded); err != nil || back != s {
			t.Errorf("%q came back as %q, %v", s, back, err)
		}
		_, _ = decode(s) // whatever the server says
	})
}

func FuzzPair(f *testing.F) {
	f.Add("key", "value")
	f.Add(`=\`, `=\`)
	f.Add("", "")
	f.Add("\xff", "base64:")
	f.Fuzz(func(t *testing.T, k, v string) {
		want := graph.Attr{Key: k, Value: v}
		text, err := decode(pairs([]graph.Attr{want})[0])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parsePair(text); err != nil || got != want {
			t.Errorf("%q came back as %q, %v", want, got, err)
		}
		_, _ = parsePair(k)
	})
}

func FuzzUID(f *testing.F) {
	f.Add("default/node/000102030405060708090a0b0c0d0e0f/12")
	f.Add("default/node//")
	f.Add("////")
	f.Fuzz(func(t *testing.T, s string) {
		k, from, err := parseUID(s)
		if err != nil {
			return
		}
		again, number, err := parseUID(uid("e", "t", k, from))
		if err != nil || again != k || number != from {
			t.Errorf("%q came back as %x from %d, %v", s, again, number, err)
		}
	})
}

func TestTypeLabel(t *testing.T) {
	for typ, want := range map[string]string{
		"s3:bucket": "S3Bucket", "lambda:function": "LambdaFunction", "rds:cluster-snapshot": "RdsClusterSnapshot",
		"iam:oidc-provider": "IamOidcProvider", "elasticloadbalancing:loadbalancer/app": "ElasticloadbalancingLoadbalancerApp",
		"access:class": "", "service:account": "", "bucket": "", ":x": "", "x:": "", "": "", "3s:x": "",
		"s3:buck et": "", "s3:b`ucket": "", "s3:bücket": "",
	} {
		if got := typeLabel(typ); got != want {
			t.Errorf("%q: %q, want %q", typ, got, want)
		}
	}
}

// Rows that differ in anything have other keys, also where one text's end
// could be the next one's start.
func TestKeys(t *testing.T) {
	rows := []row{
		node([]string{"a"}), node([]string{"a", "b"}), node([]string{"ab"}), node([]string{"a"}, prop{"b", "c"}),
		node([]string{"a"}, prop{"bc", ""}, prop{"b", "c"}, prop{"d", true}), node([]string{"a"}, prop{"b", []string{"c"}}),
		node([]string{"a"}, prop{"b", []string{"c", ""}}), node([]string{"a"}, prop{"b", document("")}), node([]string{"a"}, prop{"b", document("c")}),
		relation("a", "b"), relation("ab", ""), relation("", "ab"), node([]string{"a"}, prop{"b", int64(1)}), node([]string{"a"}, prop{"b", int64(2)}),
	}
	seen := map[key]int{}
	for i, r := range rows {
		if j, twice := seen[r.key]; twice {
			t.Errorf("rows %d and %d have one key", j, i)
		}
		seen[r.key] = i
	}
	if a, b := node([]string{"a"}, prop{"x", ""}, prop{"y", "z"}), node([]string{"a"}, prop{"y", "z"}); a.key != b.key {
		t.Error("an empty property changes the key")
	}
}
