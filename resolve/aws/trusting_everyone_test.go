package aws

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// TestTakers: what is found out once for a document of trust that is open to
// everyone is what each of its roles says, whatever its conditions look at.
func TestTakers(t *testing.T) {
	sweeping := sentence{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
	for _, c := range []struct {
		key, value string
		takes      [3]bool // app, aide, target
	}{
		{"aws:PrincipalArn", bob, [3]bool{true, true, true}},
		{"aws:PrincipalArn", alice, [3]bool{}},
		{"aws:PrincipalAccount", away, [3]bool{true, true, true}},
		{"aws:ResourceTag/team", "red", [3]bool{true, false, false}},
	} {
		open := sentence{Effect: "Allow", Action: []string{"sts:AssumeRole"}, Principal: map[string]any{"AWS": "*"},
			Condition: map[string]map[string][]string{"StringEquals": {c.key: {c.value}}}}
		k := &sketch{sheets: []sheet{{to: bob, layer: LayerIdentity, name: "all", sentences: []sentence{sweeping}}}}
		for _, to := range []graph.Ref{"root", "unit", AccountRef(home), AccountRef(away)} {
			k.sheets = append(k.sheets, sheet{to: to, layer: LayerSCP, name: "full", sentences: []sentence{sweeping}})
		}
		roles := []graph.Ref{app, aide, target}
		for _, role := range roles {
			k.sheets = append(k.sheets, sheet{to: role, layer: LayerTrust, name: "trust", sentences: []sentence{open}})
		}
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}} {
			e := k.build(t)
			for _, i := range order {
				if got := e.assumedBy(roles[i], bob); got != c.takes[i] {
					t.Errorf("%s %s: %s takes bob: %v, want %v", c.key, c.value, roles[i], got, c.takes[i])
				}
				if got := e.assumedWithOwnPolicy(roles[i], bob); got != c.takes[i] {
					t.Errorf("%s %s: %s takes bob with a policy of his choice: %v, want %v", c.key, c.value, roles[i], got, c.takes[i])
				}
			}
		}
	}
}

// assumedBy reports whether a pivot leads from a caller to a role.
func (e *Estate) assumedBy(role, caller graph.Ref) bool {
	node, _ := e.s.Find(role)
	for _, p := range e.assumers(node) {
		if e.s.Ref(p.From.Node) == caller {
			return true
		}
	}
	return false
}

// assumedWithOwnPolicy reports whether a caller with a policy of its choice
// gets to a role.
func (e *Estate) assumedWithOwnPolicy(role, caller graph.Ref) bool {
	node, _ := e.s.Find(caller)
	to, _ := e.s.Find(role)
	scene := e.matcher().Scene(e.matcher().AccountOf(node))
	return slices.ContainsFunc(e.assumable(scene, snapshot.Foothold{Node: node, Hold: graph.WithOwnPolicy}, false), func(p snapshot.Pivot) bool { return p.To.Node == to })
}
