package aws

import (
	"math/rand/v2"
	"testing"

	"github.com/clewgraph/clew/resolve/escalate"
)

// TestNobodyAsksForTags: where no document asks for tags, none are found to set.
func TestNobodyAsksForTags(t *testing.T) {
	r := rand.New(rand.NewPCG(46, 9))
	asked, not := 0, 0
	for range 60 {
		e := roomEstate(t, r)
		room := e.Room(bothKinds()).(*room)
		for _, list := range thingsByType(e) {
			for _, f := range roomFootholds(e) {
				a := room.Asker(f).(*asker)
				for k := range roomKinds {
					if a.TestsTags(&a.list[k], list) {
						asked++
						continue
					}
					not++
					for _, node := range list.Nodes {
						if sets := a.Tags([]escalate.Tagging{{Kind: &a.list[k], On: e.s.Ref(node)}}); len(sets) > 0 {
							t.Fatalf("%v %s on %s: %v, and nobody asks", f, a.list[k].Action, e.s.Ref(node), sets)
						}
					}
				}
			}
		}
	}
	if asked < 2000 || not < 2000 {
		t.Errorf("%d questions ask for tags, %d do not: the draws say too little", asked, not)
	}
}
