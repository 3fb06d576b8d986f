package schema

import (
	"context"
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/schema/answer"
)

// What an operation will cost is reckoned before it runs, from what it asks;
// how long lists and texts are shows only in the estate. So answers are measured
// while they are made, too, and one that grows too large is given up.

// A meter counts what an answer holds so far, and the errors that came of it.
type meter struct{ fields, bytes, errors atomic.Int64 }

// bounded lets no field begin once the time of its operation is up, or its
// answer is too large.
func (l Limits) bounded(ctx context.Context, next graphql.Resolver) (any, error) {
	o, err := operationOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.admits(&o.meter); err != nil {
		return nil, err
	}
	// Fields of what is there already are not worth asking the clock for.
	if field := graphql.GetFieldContext(ctx); field.IsMethod || field.IsResolver {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	value, err := next(ctx)
	o.meter.fields.Add(1)
	o.meter.bytes.Add(size(value))
	if cut, ok := value.(*walk.Budget); ok && err == nil {
		note(ctx, 0, cut)
	}
	return value, err
}

func (l Limits) admits(m *meter) error {
	if m.fields.Load() >= int64(l.Fields) {
		return &answer.Error{Code: answer.Limit, Message: fmt.Sprintf("the answer has more than %d fields; ask for less, or for smaller pages", l.Fields)}
	}
	if m.bytes.Load() >= int64(l.Text) {
		return &answer.Error{Code: answer.Limit, Message: fmt.Sprintf("the answer has more than %d bytes of text; ask for less, or for smaller pages", l.Text)}
	}
	return nil
}

// size is about how many bytes a value takes in an answer: those of its texts,
// none of what has fields, which are counted by themselves.
func size(value any) int64 {
	v := reflect.Indirect(reflect.ValueOf(value))
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Slice:
		return sizeOfList(v)
	}
	return 0
}

func sizeOfList(v reflect.Value) (n int64) {
	switch v.Type().Elem().Kind() {
	case reflect.Uint8:
		return int64(v.Len())
	case reflect.String:
		for i := range v.Len() {
			n += int64(v.Index(i).Len()) + 3
		}
	}
	return n
}

// maxErrors is how many errors an answer lists: where time ran out, every field
// that was left has the same one. More are not even kept, as each field that
// fails is looked for among them.
const maxErrors = 20

// listed presents an error, unless there are enough.
func (r *API) listed(ctx context.Context, err error) *gqlerror.Error {
	if o, no := operationOf(ctx); no == nil && o.meter.errors.Add(1) > maxErrors {
		return nil
	}
	return r.present(ctx, err)
}
