package schema_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Principals that have the same document share the rows that it gives them;
// each is told of the policy that is its own.
func TestSharedRowsTellEverybodysOwnPolicy(t *testing.T) {
	store := emptyStore(t)
	allowed := snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	users := []graph.Ref{"ann", "ben"}
	_, err := store.Update(t.Context(), "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		err := next.Node(graph.Node{Provider: graph.AWS, Ref: "thing", Kind: graph.KindResource, Type: "x:y", Name: "thing"})
		for _, ref := range users {
			err = errors.Join(err, next.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: graph.KindUser, Type: "iam:user", Name: string(ref)}),
				next.Attach(graph.Attachment{To: ref, Layer: "aws:identity", Policy: ref + "#reads", Name: "reads", Inline: true, Document: []byte(`{"Statement":[{"Sid":"Read"}]}`)}))
		}
		facts, e := next.Facts()
		if err = errors.Join(err, e); err != nil {
			return err
		}
		c := new(snapshot.Conclusions)
		shared := allowed
		shared.Evidence = []snapshot.EvidenceRef{{Attachment: facts.Canonical(1), Effect: graph.EffectAllow}}
		thing, _ := facts.Find("thing")
		part := c.AddPart(snapshot.AccessPart{Abroad: true, Rows: []snapshot.AccessRow{{To: []snapshot.Index{thing}, Actions: []string{"x:Do"}, Ruling: shared}}})
		for _, ref := range users {
			node, _ := facts.Find(ref)
			c.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{{Node: node}}, Parts: []snapshot.PartIndex{part}})
		}
		return next.Conclude(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	const query = `{ whoCanAccess(resource: {ref: "thing"}) { edges { node { principal { ref }
		evidence { policy { ref attachedTo } } via { steps { evidence { policy { ref } } } } } } } }`
	told := at(t, ask(t, newAPI(t, store), query, nil), "whoCanAccess", "edges").([]any)
	var got []string
	for _, edge := range told {
		who, row := text(t, edge, "node", "principal", "ref"), at(t, edge, "node", "evidence")
		got = append(got, who)
		if text(t, row, 0, "policy", "attachedTo") != who || text(t, row, 0, "policy", "ref") != who+"#reads" {
			t.Errorf("%s is told of %v", who, row)
		}
		if step := text(t, edge, "node", "via", "steps", 0, "evidence", 0, "policy", "ref"); step != who+"#reads" {
			t.Errorf("the path of %s is told of %s", who, step)
		}
	}
	if slices.Sort(got); !slices.Equal(got, []string{"ann", "ben"}) {
		t.Errorf("who can: %v", got)
	}
}
