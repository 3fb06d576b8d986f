package aws

import (
	"slices"
	"strings"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve/escalate"
)

// maxTagSets bounds how many sets of tags are tried for one use of a technique.
const maxTagSets = 256

// A tagSearch gathers what policies ask of tags.
type tagSearch struct {
	*request
	sets [][]graph.Tag
}

// Tags returns sets of tags with which the answers to some questions may
// differ. Each statement in play that tests tags gives some: for each of its
// keys the values that it names, and one that no statement does; then each two
// of these together, as one statement may ask for tags on the request, and
// another for tags on the thing.
func (a *asker) Tags(list []escalate.Tagging) [][]graph.Tag {
	if a.r == nil {
		return nil
	}
	search := &tagSearch{request: a.r}
	for _, t := range list {
		if t.Self && a.r.principal.openTags || t.Self && a.r.principal.kind == kindRole && a.r.principal.trust.tags {
			return nil // its session may have been made with tags that count more
		}
		kind := a.kind(t.Kind)
		a.r.action, a.r.stated, a.r.given = kind.action, kind.stated, kind.given
		if a.r.findResource(string(t.On)) == nil && (a.bindsTags(t.Kind) || a.ownTags()) {
			search.read()
		}
	}
	return search.together()
}

// read looks at the statements that speak of the request at hand.
func (s *tagSearch) read() {
	p := s.principal
	lists := [][]bound{p.identity, p.boundary, s.resource.policies}
	if s.hold == graph.WithOwnPolicy {
		lists[0] = s.keptBy(p)
	}
	for i := range p.account.scp.levels {
		lists = append(lists, p.account.scp.levels[i].policies)
	}
	if owner := s.resource.owner; owner != nil {
		for i := range owner.rcp.levels {
			lists = append(lists, owner.rcp.levels[i].policies)
		}
	}
	each(lists, func(statement *Statement) {
		if len(statement.Conditions) > 0 && s.matchesAction(statement) {
			s.statement(statement)
		}
	})
}

// statement adds the tags that one statement tests, together.
func (s *tagSearch) statement(statement *Statement) {
	tested := &testedTags{values: map[string][]string{}}
	for i := range statement.Conditions {
		s.condition(&statement.Conditions[i], func(key string, values ...string) { tested.add(s.spelled(key), values) })
	}
	s.sets = append(s.sets, tested.sets()...)
}

// condition tells the tags that one condition tests, and those that its values
// name by variables, which are then compared with what the key has.
func (s *tagSearch) condition(c *Condition, add func(key string, values ...string)) {
	if c.compiled.key == "aws:tagkeys" {
		for _, key := range c.Values {
			if !strings.ContainsAny(key, "*?$") {
				add(key)
			}
		}
	}
	if key, ok := tagKey(c.Key); ok {
		add(key, s.valuesOf(c)...)
	}
	for _, parts := range c.compiled.parts {
		for i := range parts {
			if v := parts[i].variable; v != nil && len(parts) == 1 {
				if key, ok := tagKey(v.key); ok {
					add(key, s.foldedKey(c.compiled.key, c.Key).values...)
				}
			}
		}
	}
}

// valuesOf are values that pass a comparison with those of a condition: their
// wildcards stand for something.
func (s *tagSearch) valuesOf(c *Condition) (list []string) {
	operator := c.compiled.test.Operator
	if c.compiled.parts == nil {
		for _, v := range c.Values {
			list = append(list, sampleValue(operator, v))
		}
		return list
	}
	for _, parts := range c.compiled.parts {
		if f := s.fill(parts); !f.unresolved && len(f.open) == 0 {
			list = append(list, sampleParts(operator, f.parts))
		}
	}
	return list
}

// tagKey returns the tag that a condition key looks at.
func tagKey(key string) (string, bool) {
	for _, kind := range []string{"resourcetag/", "principaltag/", "requesttag/"} {
		if at := strings.Index(strings.ToLower(key), ":"+kind); at >= 0 {
			return key[at+1+len(kind):], true
		}
	}
	return "", false
}

// spelled is a key as the tag of the thing is spelled that has it already.
// Services other than IAM keep tags apart whose keys differ in case alone, and
// what a policy then reads is not said.
//
// Source: IAM user guide, "Tags for AWS Identity and Access Management
// resources", and "Controlling access to AWS resources using tags".
func (s *tagSearch) spelled(key string) string {
	if s.resource.node == snapshot.None || s.resource.parts.Service == "iam" {
		return key
	}
	for _, t := range s.estate.s.Tags(s.resource.node) {
		if strings.EqualFold(t.Key, key) {
			return t.Key
		}
	}
	return key
}

// together adds to the sets those of two of them, of different keys.
func (s *tagSearch) together() [][]graph.Tag {
	slices.SortFunc(s.sets, compareTags)
	sets := slices.CompactFunc(s.sets, func(a, b []graph.Tag) bool { return compareTags(a, b) == 0 })
	alone := len(sets)
	for i := range alone {
		for j := i + 1; j < alone && len(sets) < maxTagSets; j++ {
			if both, ok := joinTags(sets[i], sets[j]); ok {
				sets = append(sets, both)
			}
		}
	}
	return sets[:min(len(sets), maxTagSets)]
}
