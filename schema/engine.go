package schema

import (
	"cmp"
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
	if !r.turn(ctx) {
		return late(ctx, engine, nil), told
	}
	defer func() { <-r.turns }()
	prepared, errs := engine.CreateOperationContext(ctx, params)
	if errs != nil {
		return engine.DispatchError(graphql.WithOperationContext(ctx, prepared), errs), told
	}
	told.name, told.field = cmp.Or(told.name, prepared.Operation.Name), rootField(prepared)
	if stats := extension.GetComplexityStats(graphql.WithOperationContext(ctx, prepared)); stats != nil {
		op.cost = stats.Complexity
	}
	if err := permits(ctx, prepared.Operation); err != nil {
		return engine.DispatchError(graphql.WithOperationContext(ctx, prepared), gqlerror.List{err}), told
	}
	responses, ctx := engine.DispatchOperation(ctx, prepared)
	response := responses(ctx)
	if response == nil {
		response = late(ctx, engine, prepared)
	}
	return response, told
}

// turn waits until an operation may run; false where its time was up before.
func (r *API) turn(ctx context.Context) bool {
	select {
	case r.turns <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// late answers an operation whose time is up.
func late(ctx context.Context, engine *executor.Executor, o *graphql.OperationContext) *graphql.Response {
	list := gqlerror.List{gqlerror.WrapIfUnwrapped(context.DeadlineExceeded)}
	return engine.DispatchError(graphql.WithOperationContext(context.WithoutCancel(ctx), o), list)
}

// engine makes the executor once; it keeps nothing of an operation.
func (r *API) engine() *executor.Executor {
	r.once.Do(func() {
		limits := r.Limits.orDefault()
		r.turns = make(chan struct{}, limits.Parallel)
		config := exec.Config{Resolvers: r, Complexity: complexity()}
		e := executor.New(exec.NewExecutableSchema(config))
		e.SetParserTokenLimit(limits.Tokens)
		e.Use(guard{limits})
		e.Use(extension.Introspection{})
		e.Use(budget{limits.Complexity})
		e.Use(budget{limits.Complexity}.extension())
		e.AroundFields(limits.bounded)
		e.SetErrorPresenter(r.listed)
		e.SetRecoverFunc(r.recovered)
		r.executor = e
	})
	return r.executor
}

// rootField names what was asked, from a closed list.
func rootField(o *graphql.OperationContext) string {
	name := "none"
	for _, f := range graphql.CollectFields(o, o.Operation.SelectionSet, []string{"Query", "Mutation"}) {
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
