package aws

import (
	"fmt"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/aws/reference"
	"github.com/clewgraph/clew/resolve/escalate"
)

// TestScenesLeaveNothing: what is found in a scene is the same where the memory
// was another account's before, and is not changed by what comes after.
func TestScenesLeaveNothing(t *testing.T) {
	stories, compared := readStories(t), 0
	for i := range escalate.AWS {
		s := stories[escalate.AWS[i].ID]
		if s == nil || i%4 != 0 {
			continue
		}
		sc := scenarioOf(crowd(s.files))
		snap, err := sc.build()
		if err != nil {
			t.Fatal(err)
		}
		e := NewEstate(snap)
		used := escalate.NewMatcher(snap, e, escalate.AWS)
		var kept [][]escalate.Match
		actors := slices.DeleteFunc(slices.Clone(e.callers()), func(n snapshot.Index) bool { return e.principal(n).kind > kindRoot })
		for _, actor := range slices.Concat(actors, actors) {
			kept = append(kept, matchesOf(used, e.foothold(actor)))
		}
		for at, actor := range slices.Concat(actors, actors) {
			want := fmt.Sprint(matchesOf(escalate.NewMatcher(snap, e, escalate.AWS), e.foothold(actor)))
			if got := fmt.Sprint(kept[at]); got != want {
				t.Fatalf("%s: %s finds\n%s\nwant\n%s", escalate.AWS[i].ID, snap.Ref(actor), got, want)
			}
			compared += len(kept[at])
		}
	}
	if compared < 200 {
		t.Errorf("only %d uses are compared", compared)
	}
}

// matchesOf are what somebody finds in a scene that is left then.
func matchesOf(m *escalate.Matcher, f snapshot.Foothold) (list []escalate.Match) {
	scene := m.Scene(m.AccountOf(f.Node))
	defer scene.Leave()
	scene.From(f, func(match escalate.Match) { list = append(list, match) })
	return list
}

// TestObjectsOfABucket: of an object nothing else is known than of its bucket, and
// what documents describe, or is no object, is decided by itself.
func TestObjectsOfABucket(t *testing.T) {
	thing := func(arn string, node snapshot.Index) *resource {
		r := &resource{arn: arn, node: node, types: reference.TypesOf(arn)}
		r.parts, _ = ParseARN(arn)
		return r
	}
	bucket, table := thing("arn:aws:s3:::one", 7), thing("arn:aws:dynamodb:eu-west-1:111122223333:table/one", 7)
	for _, c := range []struct {
		name   string
		on, of *resource
		want   bool
	}{
		{"an object", thing("arn:aws:s3:::one/object", 7), bucket, true},
		{"one that is described", thing("arn:aws:s3:::one/object", 8), bucket, false},
		{"one of nothing described", thing("arn:aws:s3:::one/object", snapshot.None), bucket, false},
		{"a stream of a table", thing("arn:aws:dynamodb:eu-west-1:111122223333:table/one/stream/two", 7), table, false},
		{"the bucket itself", bucket, bucket, false},
	} {
		if got := isObjectOf(c.on, &roomThing{resource: c.of}); got != c.want {
			t.Errorf("%s: falls together is %t", c.name, got)
		}
	}
}
