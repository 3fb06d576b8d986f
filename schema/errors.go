package schema

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/clewgraph/clew/schema/answer"
)

// longestMessage is how many bytes a message has at most that may quote what a
// client sent.
const longestMessage = 300

// present makes an error what a client may read: a message and
// extensions.code. The text of a fault of Clew's own goes to the log, and the
// client gets a request id to ask by.
func (r *API) present(ctx context.Context, err error) *gqlerror.Error {
	out := graphql.DefaultErrorPresenter(ctx, err)
	if known, ok := answer.AsError(err); ok {
		return shown(out, known)
	}
	if code, ok := codeOf(out); ok {
		out.Message = shorten(out.Message, longestMessage)
		out.Extensions = map[string]any{"code": code}
		return out
	}
	if about, ok := argument(ctx, out); ok {
		return &gqlerror.Error{
			Message: shorten(about+": "+out.Message, longestMessage), Path: out.Path, Locations: out.Locations,
			Extensions: map[string]any{"code": string(answer.BadInput)},
		}
	}
	id := requestID()
	r.log().ErrorContext(ctx, "internal error", "request", id, "error", err.Error())
	hidden := internal(id)
	hidden.Path = out.Path
	return hidden
}

// argument names the argument that an error is about, by its path in the field;
// false where it is about none. Such an error lies deeper than the field.
func argument(ctx context.Context, e *gqlerror.Error) (string, bool) {
	whole := e.Path.String()
	at := len(graphql.GetPath(ctx))
	if len(e.Path) <= at {
		return "", false
	}
	return strings.TrimPrefix(strings.TrimPrefix(whole, e.Path[:at].String()), "."), true
}

func shown(out *gqlerror.Error, e *answer.Error) *gqlerror.Error {
	out.Message = shorten(e.Message, 10*longestMessage) // it may list what was meant
	out.Extensions = map[string]any{"code": string(e.Code)}
	if len(e.Candidates) > 0 {
		out.Extensions["candidates"] = e.Candidates
	}
	return out
}

func internal(id string) *gqlerror.Error {
	return &gqlerror.Error{
		Message:    "internal error, request " + id,
		Extensions: map[string]any{"code": string(answer.Internal), "request": id},
	}
}

// codeOf translates the codes of gqlgen, whose errors speak of the query and
// of nothing else.
func codeOf(e *gqlerror.Error) (string, bool) {
	code, _ := e.Extensions["code"].(string)
	switch code {
	case "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED":
		return string(answer.BadInput), true
	case "COMPLEXITY_LIMIT_EXCEEDED":
		return string(answer.Limit), true
	case string(answer.Internal), string(answer.Limit), string(answer.BadInput), string(answer.Forbidden):
		return code, true
	}
	if e.Err == nil && e.Rule != "" {
		return string(answer.BadInput), true
	}
	return "", false
}

// rejection is an error before any operation ran.
func rejection(code answer.Code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": string(code)}}
}

// codes lists the codes of errors, each once, for the log.
func codes(list gqlerror.List) []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range list {
		code, _ := e.Extensions["code"].(string)
		if !seen[code] {
			seen[code] = true
			out = append(out, code)
		}
	}
	return out
}

// ErrorCode returns extensions.code of an error of Execute, "" if it has none.
func ErrorCode(err error) answer.Code {
	var e *gqlerror.Error
	if !errors.As(err, &e) {
		return ""
	}
	code, _ := e.Extensions["code"].(string)
	return answer.Code(code)
}
