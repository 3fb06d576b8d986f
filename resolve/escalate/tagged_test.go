package escalate

import (
	"testing"

	"github.com/clewgraph/clew/graph"
)

func TestTagged(t *testing.T) {
	tags := []graph.Tag{{Key: "stage", Value: "prod"}, {Key: "team", Value: "web"}}
	const stage, team, other = `{"Key":"stage","Value":"prod","Type":"KEY_AND_VALUE"}`, `{"Key":"team","Type":"KEY_ONLY"}`, `{"Key":"team","Value":"api","Type":"KEY_AND_VALUE"}`
	for lists, want := range map[string]bool{
		"": false, "[]": false, "[[]]": false, "[[[]]]": false, "no JSON": false,
		"[[[" + stage + "]]]":                                          true,
		"[[[" + other + "]]]":                                          false,
		"[[[" + other + "," + team + "]]]":                             true,  // one filter of a group is enough
		"[[[" + stage + "],[" + team + "]]]":                           true,  // of each group
		"[[[" + stage + "],[" + other + "]]]":                          false, // of each
		"[[[" + other + "]],[[" + stage + "]]]":                        true,  // one list is enough
		`[[[{"Value":"web","Type":"VALUE_ONLY"}]]]`:                    true,
		`[[[{"Value":"team","Type":"VALUE_ONLY"}]]]`:                   false,
		`[[[{"Key":"web","Type":"KEY_ONLY"}]]]`:                        false,
		`[[[{"Key":"stage","Value":"","Type":"KEY_AND_VALUE"}]]]`:      false,
		`[[[{"Key":"stage","Value":"prod2","Type":"KEY_AND_VALUE"}]]]`: false,
	} {
		if got := tagged(lists, tags); got != want {
			t.Errorf("%s: %v, want %v", lists, got, want)
		}
	}
}
