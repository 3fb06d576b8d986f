package schema_test

import (
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Whoever has a principal has not what only somebody who can choose its
// policies has.
func TestHolds(t *testing.T) {
	store := emptyStore(t)
	allowed := snapshot.Ruling{Verdict: graph.Allowed, Bounds: graph.Bounds{Least: graph.Allowed, Most: graph.Allowed}}
	_, err := store.Update(t.Context(), "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		for ref, kind := range map[graph.Ref]graph.Kind{"attacker": graph.KindUser, "victim": graph.KindUser, "thing": graph.KindResource} {
			if err := next.Node(graph.Node{Provider: graph.AWS, Ref: ref, Kind: kind, Type: "x:y", Name: string(ref)}); err != nil {
				return err
			}
		}
		facts, err := next.Facts()
		if err != nil {
			return err
		}
		node := func(ref graph.Ref) snapshot.Index { i, _ := facts.Find(ref); return i }
		itself := snapshot.Foothold{Node: node("victim"), Hold: graph.ByCredential}
		chosen := snapshot.Foothold{Node: node("victim"), Hold: graph.WithOwnPolicy}
		c := new(snapshot.Conclusions)
		c.AddPivot(snapshot.Pivot{
			From: snapshot.Foothold{Node: node("attacker")}, To: chosen, Relation: graph.CanEscalate, Technique: "t", Ruling: allowed,
		})
		c.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{itself}})
		part := c.AddPart(snapshot.AccessPart{Rows: []snapshot.AccessRow{{To: []snapshot.Index{node("thing")}, Actions: []string{"x:Do"}, Ruling: allowed}}})
		c.AddClass(snapshot.AccessClass{Members: []snapshot.Foothold{chosen}, Parts: []snapshot.PartIndex{part}})
		return next.Conclude(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	api := newAPI(t, store)
	who := at(t, ask(t, api, whoQuery, object{"ref": "thing"}), "whoCanAccess", "edges")
	if got := each(t, who, "node", "principal", "ref"); !slices.Equal(got, []string{"attacker"}) || text(t, who, 0, "node", "hops") != "1" {
		t.Errorf("who can: %v", who)
	}
	for from, want := range map[string]int{"attacker": 1, "victim": 0} {
		paths := at(t, ask(t, api, pathQuery, object{"from": from, "to": "thing"}), "accessPaths", "edges").([]any)
		rows := at(t, ask(t, api, whatQuery, object{"ref": from}), "whatCanAccess", "edges").([]any)
		if len(paths) != want || len(rows) != want {
			t.Errorf("%s: %d paths, %d rows", from, len(paths), len(rows))
		}
	}
	without := object{"from": "attacker", "to": "thing", "options": object{"techniques": false}}
	if n := len(at(t, ask(t, api, pathQuery, without), "accessPaths", "edges").([]any)); n != 0 {
		t.Errorf("without techniques: %d paths", n)
	}
}
