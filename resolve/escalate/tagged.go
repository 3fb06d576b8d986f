package escalate

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A tagFilter takes a thing in by one of its tags.
type tagFilter struct{ Key, Value, Type string }

func (f tagFilter) takes(t graph.Tag) bool {
	switch f.Type {
	case "KEY_ONLY":
		return t.Key == f.Key
	case "VALUE_ONLY":
		return t.Value == f.Value
	}
	return t.Key == f.Key && t.Value == f.Value
}

// tagged reports whether a thing with some tags is of one of some lists: of
// every group of the list, one filter takes it in.
//
// Source: CodeDeploy user guide, "Tagging instances for deployment groups in
// CodeDeploy".
func tagged(lists string, tags []graph.Tag) bool {
	var all [][][]tagFilter
	if json.Unmarshal([]byte(lists), &all) != nil {
		return false // also where there are none
	}
	one := func(f tagFilter) bool { return slices.ContainsFunc(tags, f.takes) }
	misses := func(group []tagFilter) bool { return !slices.ContainsFunc(group, one) }
	return slices.ContainsFunc(all, func(list [][]tagFilter) bool { return len(list) > 0 && !slices.ContainsFunc(list, misses) })
}

// selects reports whether a thing takes a machine of its region in by its tags.
func (b *view) selects(a, machine snapshot.Index, property string) bool {
	if a == snapshot.None || machine == snapshot.None {
		return true // noted already: no document describes it
	}
	for _, node := range []snapshot.Index{a, machine} {
		if b.undescribed(node) {
			b.lackDescription(node)
			return true
		}
	}
	s := b.m.s
	return regionOf(s.Ref(a)) == regionOf(s.Ref(machine)) && tagged(s.Attr(a, property), s.Tags(machine))
}

// regionOf is the region in a reference that is an ARN.
func regionOf(ref graph.Ref) string {
	if parts := strings.SplitN(string(ref), ":", 5); len(parts) == 5 {
		return parts[3]
	}
	return ""
}
