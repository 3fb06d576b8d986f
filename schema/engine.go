package schema

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/schema/exec"
)

// Execute runs one operation in this process and returns its data, as far as
// there is any, and its errors. It is what the command line asks; the limits
// are those of the server.
func Execute(ctx context.Context, api *API, query, operationName string, variables map[string]any) (json.RawMessage, gqlerror.List) {
	response, _ := api.run(ctx, &graphql.RawParams{Query: query, OperationName: operationName, Variables: variables})
	return response.Data, response.Errors
}

// A report is what is told of an operation after it ran.
type report struct {
	name  string // as the client called it
	field string // of Query; "several" or "none"
	*operation
}

// run runs one operation with all limits.
func (r *API) run(ctx context.Context, params *graphql.RawParams) (*graphql.Response, report) {
	limits := r.Limits.orDefault()
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(ctx), limits.Operation)
	defer cancel()
	ctx, op := r.begin(ctx)
	defer op.end()
	params.ReadTime = graphql.TraceTiming{Start: graphql.Now(), End: graphql.Now()}
	told := report{name: params.OperationName, field: "none", operation: op}
	engine := r.engine()
	prepared, errs := engine.CreateOperationContext(ctx, params)
	if errs != nil {
		return engine.DispatchError(graphql.WithOperationContext(ctx, prepared), errs), told
	}
	told.field = rootField(prepared)
	if stats := extension.GetComplexityStats(graphql.WithOperationContext(ctx, prepared)); stats != nil {
		op.cost = stats.Complexity
	}
	responses, ctx := engine.DispatchOperation(ctx, prepared)
	response := responses(ctx)
	if response == nil {
		list := gqlerror.List{gqlerror.WrapIfUnwrapped(context.DeadlineExceeded)}
		return engine.DispatchError(graphql.WithOperationContext(context.WithoutCancel(ctx), prepared), list), told
	}
	response.Errors = clipErrors(response.Errors)
	return response, told
}

// maxErrors is how many errors an answer lists: where time ran out, every field
// that was left has the same one.
const maxErrors = 20

func clipErrors(list gqlerror.List) gqlerror.List { return list[:min(len(list), maxErrors)] }

// inTime lets no field begin to work once the time of its operation is up.
func inTime(ctx context.Context, next graphql.Resolver) (any, error) {
	if field := graphql.GetFieldContext(ctx); field.IsMethod || field.IsResolver {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return next(ctx)
}

// engine makes the executor once; it keeps nothing of an operation.
func (r *API) engine() *executor.Executor {
	r.once.Do(func() {
		limits := r.Limits.orDefault()
		config := exec.Config{Resolvers: r, Complexity: complexity()}
		e := executor.New(exec.NewExecutableSchema(config))
		e.SetParserTokenLimit(limits.Tokens)
		e.Use(guard{limits})
		e.Use(extension.Introspection{})
		e.Use(budget{limits.Complexity})
		e.Use(budget{limits.Complexity}.extension())
		e.AroundFields(inTime)
		e.SetErrorPresenter(r.present)
		e.SetRecoverFunc(r.recovered)
		r.executor = e
	})
	return r.executor
}

// rootField names what was asked, from a closed list.
func rootField(o *graphql.OperationContext) string {
	name := "none"
	for _, f := range graphql.CollectFields(o, o.Operation.SelectionSet, []string{"Query"}) {
		if name != "none" && name != f.Name {
			return "several"
		}
		name = f.Name
	}
	return name
}

// recovered hides a panic from who asked, and keeps it for who can mend it.
func (r *API) recovered(ctx context.Context, fault any) error {
	id := requestID()
	r.log().ErrorContext(ctx, "panic", "request", id, "panic", fmt.Sprint(fault), "stack", string(debug.Stack()))
	return internal(id)
}

func (r *API) log() *slog.Logger {
	if r.Log != nil {
		return r.Log
	}
	return slog.Default()
}

func requestID() string { return rand.Text()[:12] }
