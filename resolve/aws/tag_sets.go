package aws

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/resolve/policy"
)

// testedTags are the tags that one statement tests, with the values to try.
type testedTags struct {
	keys   []string
	values map[string][]string
}

// add adds values of a tag that anybody can set, and one that no policy names.
func (t *testedTags) add(key string, values []string) {
	if !isTagKey(key) {
		return
	}
	if t.values[key] == nil {
		t.keys, t.values[key] = append(t.keys, key), []string{otherValue}
	}
	for _, v := range values {
		if isTagText(v, 256) && !slices.Contains(t.values[key], v) {
			t.values[key] = append(t.values[key], v)
		}
	}
}

// sets are all choices of one value for each tag, as many as are tried.
func (t *testedTags) sets() [][]graph.Tag {
	if len(t.keys) == 0 {
		return nil
	}
	sets := [][]graph.Tag{nil}
	for _, key := range t.keys {
		var more [][]graph.Tag
		for _, v := range t.values[key] {
			for _, set := range sets {
				more = append(more, append(slices.Clone(set), graph.Tag{Key: key, Value: v}))
			}
		}
		sets = more[:min(len(more), maxTagSets)]
	}
	return sets
}

// otherValue is a value of a tag that no policy is taken to name.
const otherValue = "some-other-value"

// sampleValue is a value that a comparison with text lets pass.
func sampleValue(o policy.Operator, text string) string {
	if o == policy.StringLike || o == policy.ARNLike {
		return anyName.Replace(text)
	}
	return text
}

// sampleParts is sampleValue of a text whose variables are filled in.
func sampleParts(o policy.Operator, parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.escaped {
			b.WriteString(p.text)
		} else {
			b.WriteString(sampleValue(o, p.text))
		}
	}
	return b.String()
}

// isTagKey reports whether anybody can set a tag of that key: those of AWS
// itself are reserved.
func isTagKey(key string) bool {
	return key != "" && isTagText(key, 128) && !strings.HasPrefix(strings.ToLower(key), "aws:")
}

// isTagText reports whether every service takes a text in a tag.
//
// Source: Tag Editor user guide, "Tag naming limits and requirements".
func isTagText(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Z, r) && !strings.ContainsRune("_.:/=+-@", r)
	})
}

func compareTags(a, b []graph.Tag) int {
	return slices.CompareFunc(a, b, func(x, y graph.Tag) int {
		if by := strings.Compare(x.Key, y.Key); by != 0 {
			return by
		}
		return strings.Compare(x.Value, y.Value)
	})
}

// joinTags joins two sets; ok is false where both have a key.
func joinTags(a, b []graph.Tag) (both []graph.Tag, ok bool) {
	for _, t := range b {
		if slices.ContainsFunc(a, func(have graph.Tag) bool { return strings.EqualFold(have.Key, t.Key) }) {
			return nil, false
		}
	}
	return append(slices.Clone(a), b...), true
}
