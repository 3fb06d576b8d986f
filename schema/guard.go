package schema

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/clewgraph/clew/schema/answer"
)

// A guard refuses queries that would cost too much to validate: that is
// quadratic in repeated fields and follows fragments wherever they are spread.
// It looks at the query as it was written, before anything else does.
type guard struct{ limits Limits }

// ExtensionName is for gqlgen's messages.
func (g guard) ExtensionName() string { return "guard" }

// Validate is satisfied with any schema.
func (g guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters looks at the query and changes nothing.
func (g guard) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, g.limits.Tokens)
	if err != nil {
		if strings.Contains(err.Error(), "token limit") {
			return rejection(answer.Limit, fmt.Sprintf("the query has more than %d tokens", g.limits.Tokens))
		}
		return rejection(answer.BadInput, shorten(err.Error(), longestMessage))
	}
	m := &measure{doc: doc, fragments: map[string]*extent{}}
	for _, op := range doc.Operations {
		if err := g.refuse(op, m.of(op.SelectionSet), m); err != nil {
			return err
		}
	}
	return nil
}

func (g guard) refuse(op *ast.OperationDefinition, x extent, m *measure) *gqlerror.Error {
	switch {
	case op.Operation == ast.Subscription:
		return rejection(answer.BadInput, "there are no subscriptions")
	case m.cycle:
		return rejection(answer.BadInput, "a fragment spreads itself")
	case m.deferred:
		return rejection(answer.BadInput, "@defer is not supported")
	case x.depth > g.limits.Depth:
		return rejection(answer.Limit, fmt.Sprintf("the query is %d fields deep; %d is the limit", x.depth, g.limits.Depth))
	case x.fields > g.limits.Tokens:
		return rejection(answer.Limit, fmt.Sprintf("the query has more than %d fields once fragments are spread", g.limits.Tokens))
	case x.repeats() > maxRepeats:
		return rejection(answer.Limit, fmt.Sprintf("the query has more than %d fields that stand beside others of the same name", maxRepeats))
	case x.lists > maxIntrospection:
		return rejection(answer.Limit, fmt.Sprintf("the query asks the schema for lists in lists, %d deep; %d is the limit", x.lists, maxIntrospection))
	}
	return nil
}

// maxIntrospection is how deep lists of the schema about itself may nest:
// types, their fields, their arguments. Explorers need no more.
const maxIntrospection = 3

// schemaLists are the fields of the schema about itself that are lists.
var schemaLists = map[string]bool{
	"types": true, "fields": true, "args": true, "inputFields": true, "interfaces": true, "possibleTypes": true,
	"directives": true, "enumValues": true,
}

// maxRepeats is how many fields may stand beside others of the same name.
// Validation compares each of those with each, and what is in them.
const maxRepeats = 300

// An extent is how large a selection is, fragments spread.
type extent struct {
	depth, fields, lists int
	keys                 map[string]int // fields of the selection itself, by name in the answer
	inner                int            // repeated fields further in
}

// repeats counts fields that stand beside others of the same name.
func (x extent) repeats() int {
	n := x.inner
	for _, count := range x.keys {
		if count > 1 {
			n = min(n+count, tooMany)
		}
	}
	return n
}

// measure takes the extent of selections, of each fragment once.
type measure struct {
	doc             *ast.QueryDocument
	fragments       map[string]*extent // nil while it is being measured
	cycle, deferred bool
	introspects     bool
}

func (m *measure) of(set ast.SelectionSet) extent {
	x := extent{keys: map[string]int{}}
	for _, s := range set {
		one := m.one(s)
		x.depth, x.lists = max(x.depth, one.depth), max(x.lists, one.lists)
		x.fields, x.inner = min(x.fields+one.fields, tooMany), min(x.inner+one.inner, tooMany)
		for key, n := range one.keys {
			x.keys[key] = min(x.keys[key]+n, tooMany)
		}
	}
	return x
}

// tooMany keeps the number of fields from overflowing.
const tooMany = 1 << 30

func (m *measure) one(s ast.Selection) extent {
	switch s := s.(type) {
	case *ast.Field:
		outer := m.introspects
		m.introspects = outer || strings.HasPrefix(s.Name, "__")
		x := m.of(s.SelectionSet)
		if m.introspects && schemaLists[s.Name] {
			x.lists++
		}
		m.introspects = outer
		name := s.Alias
		if name == "" {
			name = s.Name
		}
		return extent{
			depth: x.depth + 1, fields: min(x.fields+1, tooMany), lists: x.lists,
			keys: map[string]int{name: 1}, inner: x.repeats(),
		}
	case *ast.InlineFragment:
		m.directives(s.Directives)
		return m.of(s.SelectionSet)
	case *ast.FragmentSpread:
		m.directives(s.Directives)
		return m.fragment(s.Name)
	}
	return extent{}
}

func (m *measure) directives(list ast.DirectiveList) {
	m.deferred = m.deferred || list.ForName("defer") != nil
}

// fragment measures a fragment as if it was about the schema itself: explorers
// put those fields in fragments.
func (m *measure) fragment(name string) extent {
	if x, ok := m.fragments[name]; ok {
		if x == nil {
			m.cycle = true
			return extent{}
		}
		return *x
	}
	def := m.doc.Fragments.ForName(name)
	if def == nil {
		return extent{} // validation says so
	}
	m.fragments[name] = nil
	outer := m.introspects
	m.introspects = outer || strings.HasPrefix(def.TypeCondition, "__")
	x := m.of(def.SelectionSet)
	m.introspects = outer
	m.fragments[name] = &x
	return x
}
