package schema

import (
	"context"
	"fmt"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/schema/answer"
)

// maxRepresentations is how many things a router may ask for at once.
const maxRepresentations = 1_000

// keyed are the types that a router may ask for by id or ref.
var keyed = map[string]bool{"Principal": true, "Resource": true, "Scope": true}

// budget limits what an operation may cost. What is asked of every
// representation of _entities costs as often, which the reckoning of fields
// does not see: each has its share.
type budget struct{ limit int }

// ExtensionName is for gqlgen's messages.
func (b budget) ExtensionName() string { return "budget" }

// Validate is satisfied with any schema.
func (b budget) Validate(graphql.ExecutableSchema) error { return nil }

func (b budget) extension() *extension.ComplexityLimit {
	return &extension.ComplexityLimit{Func: func(_ context.Context, o *graphql.OperationContext) int {
		return b.limit / max(1, len(representations(o)))
	}}
}

// MutateOperationContext refuses representations that nothing can be found by,
// and too many.
func (b budget) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	list := representations(o)
	if len(list) > maxRepresentations {
		return rejection(answer.Limit, fmt.Sprintf("representations: %d are more than %d", len(list), maxRepresentations))
	}
	keys := map[string]string{}
	for i, one := range list {
		typename, key := keyOf(one)
		if !keyed[typename] || key == "" {
			return rejection(answer.BadInput, fmt.Sprintf("representations: %d: want __typename Principal, Resource or Scope, and id or ref", i))
		}
		if have, ok := keys[typename]; ok && have != key {
			return rejection(answer.BadInput, fmt.Sprintf("representations: %d: those of one type must all have the same key", i))
		}
		keys[typename] = key
	}
	return nil
}

// keyOf returns the type of a representation, and the field that is its key.
func keyOf(one any) (typename, key string) {
	fields, _ := one.(map[string]any)
	typename, _ = fields["__typename"].(string)
	for _, key := range []string{"id", "ref"} {
		if text, ok := fields[key].(string); ok && text != "" {
			return typename, key
		}
	}
	return typename, ""
}

// representations are those of all _entities of an operation.
func representations(o *graphql.OperationContext) []any {
	var out []any
	for _, f := range graphql.CollectFields(o, o.Operation.SelectionSet, []string{"Query"}) {
		if f.Name == "_entities" {
			out = append(out, listOf(f.ArgumentMap(o.Variables)["representations"])...)
		}
	}
	return out
}

// listOf reads a list as variables hold it: what type it has depends on what
// the client sent. One thing is a list of one.
func listOf(value any) []any {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice {
		return []any{value}
	}
	out := make([]any, v.Len())
	for i := range out {
		out[i] = v.Index(i).Interface()
	}
	return out
}
