package aws

import (
	"slices"
	"strings"
	"unique"

	"github.com/clewgraph/clew/graph"
)

// A tagSet is the tags of a principal, their keys folded.
type tagSet []graph.Tag

// tagSet keeps tags. Everybody's keys are the same few, so they are shared.
func (e *Estate) tagSet(tags []graph.Tag) tagSet {
	if len(tags) == 0 {
		return nil
	}
	set := make(tagSet, len(tags))
	for i, t := range tags {
		set[i] = graph.Tag{Key: unique.Make(strings.ToLower(t.Key)).Value(), Value: t.Value}
	}
	return set
}

// of returns the value of a tag by its folded key. Where keys differ in case
// alone, the last one counts.
func (s tagSet) of(key string) (value string, ok bool) {
	for _, t := range slices.Backward(s) {
		if t.Key == key {
			return t.Value, true
		}
	}
	return "", false
}
