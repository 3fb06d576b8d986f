package reference

import (
	"sort"
	"strings"
)

// Expand returns the known actions that a policy's action pattern names, in
// order: "s3:Get*", "S3:getobject", "*". Wildcards ("*" any run, "?" one
// character) work in the action's part; a service is written out, except in
// "*" and "*:*", which are everything. A pattern that names nothing known gives
// nil: it may still name an action that AWS added later.
func Expand(pattern string) []ActionID {
	if pattern == "*" || pattern == "*:*" {
		return run(0, ActionID(NumActions()))
	}
	prefix, name, ok := strings.Cut(pattern, ":")
	if !ok {
		return nil
	}
	first, last := ServiceActions(prefix)
	if name == "*" {
		return run(first, last)
	}
	return get().expand(span{uint32(first), uint32(last)}, name)
}

// expand looks only at the actions that start with the pattern's plain head:
// they are neighbours.
func (t *table) expand(within span, pattern string) []ActionID {
	head := pattern
	if wild := strings.IndexAny(pattern, "*?"); wild >= 0 {
		head = pattern[:wild]
	}
	texts := t.texts[t.actionTexts+within.first : t.actionTexts+within.last]
	from := sort.Search(len(texts), func(i int) bool { return compareFold(texts[i], head) >= 0 })
	var out []ActionID
	for i := from; i < len(texts) && hasPrefixFold(texts[i], head); i++ {
		if globFold(pattern, texts[i]) {
			out = append(out, ActionID(within.first)+ActionID(i))
		}
	}
	return out
}

func run(first, last ActionID) []ActionID {
	if first == last {
		return nil
	}
	out := make([]ActionID, last-first)
	for i := range out {
		out[i] = first + ActionID(i)
	}
	return out
}
