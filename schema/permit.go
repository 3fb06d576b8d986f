package schema

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/schema/answer"
)

// readingKey marks the context of a request that may change nothing, whoever
// makes it: a link can be followed by mistake.
type readingKey struct{}

// permits says whether a caller may run an operation.
func permits(ctx context.Context, op *ast.OperationDefinition) *gqlerror.Error {
	if op.Operation != ast.Mutation {
		return nil
	}
	if ctx.Value(readingKey{}) != nil {
		return rejection(answer.BadInput, "changes are made with POST")
	}
	if c := callerOf(ctx); c.Role != Responder && c.Role != Admin {
		return rejection(answer.Forbidden, "readers may change nothing; it takes the role responder")
	}
	return nil
}
