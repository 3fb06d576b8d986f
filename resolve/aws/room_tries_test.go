package aws

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// TestTriedWhereAsked: a document is passed over for a question because of the
// services of its resources. So what techniques ask must be of a service that
// the reference table has for the action: the stories' things are.
func TestTriedWhereAsked(t *testing.T) {
	stories, asked := readStories(t), 0
	for i := range escalate.AWS {
		technique := &escalate.AWS[i]
		sc := scenarioOf(stories[technique.ID].files)
		snap, err := sc.build()
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range technique.Needs {
			at := slices.IndexFunc(technique.Vars, func(v escalate.Var) bool { return v.Name == n.On })
			a := parseAction(n.Action)
			on := servicesOf(&a)
			if at < 0 || on == nil {
				continue
			}
			for node := range snapshot.Index(snap.NumNodes()) {
				arn, ok := ParseARN(string(snap.Ref(node)))
				if !ok || snap.Type(node) != technique.Vars[at].Type {
					continue
				}
				asked++
				if !slices.Contains(on, arn.Service) {
					t.Errorf("%s: %s acts on %q, and is asked of %s", technique.ID, n.Action, on, snap.Ref(node))
				}
			}
		}
	}
	if asked < 300 {
		t.Errorf("only %d things are asked about", asked)
	}
}
