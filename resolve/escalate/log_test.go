package escalate

import (
	"maps"
	"testing"

	"github.com/clewgraph/clew/graph"
)

// CloudTrail holds a name where an API takes a name, and a reference where it
// takes one; what the actor makes has a name of the actor's choice.
func TestFillWritesWhatTheLogHolds(t *testing.T) {
	technique := &Technique{Vars: []Var{{Name: "thing"}, {Name: "made", New: true}}}
	event := Event{Match: map[string]string{
		"whole": "$thing", "short": "$thing.name", "chosen": "$made", "chosen.too": "$made.name", "fixed": "NONE",
	}}
	for ref, name := range map[graph.Ref]string{
		"arn:aws:iam::111122223333:user/deep/path/ann":                             "ann",
		"arn:aws:iam::111122223333:root":                                           "111122223333",
		"arn:aws:lambda:eu-west-1:111122223333:function:resize":                    "resize",
		"arn:aws:cloudformation:eu-west-1:111122223333:stack/web/1a2b-3c":          "web",
		"arn:aws:cloudformation:eu-west-1:111122223333:stackset/web:1a2b-3c":       "web:1a2b-3c",
		"arn:aws:ecr:eu-west-1:111122223333:repository/team/web":                   "team/web",
		"arn:aws:s3:::acme-ledger":                                                 "acme-ledger",
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0aaa":                       "i-0aaa",
		"arn:aws:batch:eu-west-1:111122223333:job-definition/nightly:3":            "nightly:3",
		"arn:aws:ecs:eu-west-1:111122223333:task/main/0123456789abcdef0123456789a": "0123456789abcdef0123456789a",
		"account:111122223333":                                                     "111122223333",
	} {
		want := map[string]string{"whole": string(ref), "short": name, "fixed": "NONE"}
		got := technique.Fill(event, map[string]graph.Ref{"thing": ref, "made": "arn:aws:iam::111122223333:role/new"})
		if !maps.Equal(got, want) {
			t.Errorf("%s: got %v", ref, got)
		}
	}
}
