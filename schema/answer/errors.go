package answer

import (
	"context"
	"errors"
	"fmt"

	"github.com/clewgraph/clew/graph"
)

// A Code says what sort of error it is, in extensions.code of GraphQL errors.
type Code string

// The codes.
const (
	Unauthenticated  Code = "UNAUTHENTICATED"   // a token is needed, or is wrong
	Forbidden        Code = "FORBIDDEN"         // not from here
	NotFound         Code = "NOT_FOUND"         // a reference or id names nothing
	Ambiguous        Code = "AMBIGUOUS"         // a name names several things
	BadInput         Code = "BAD_INPUT"         // the question is wrong
	Limit            Code = "LIMIT"             // the question is too large
	Timeout          Code = "TIMEOUT"           // time ran out before there was any answer
	SnapshotGone     Code = "SNAPSHOT_GONE"     // the snapshot was deleted
	StoreUnavailable Code = "STORE_UNAVAILABLE" // the store cannot be read
	Internal         Code = "INTERNAL"          // a fault of Clew's own; its text stays in the log
)

// An Error is what a person who asks may read.
type Error struct {
	Code    Code
	Message string
	// Candidates are what an ambiguous name may mean.
	Candidates []graph.Ref
	// Err is the cause, for errors.Is; its text is not shown.
	Err error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func fault(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Err: errors.Unwrap(err)}
}

// AsError returns err as what a person may read; false for a fault of Clew's
// own.
func AsError(err error) (*Error, bool) {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e, true
	case errors.Is(err, graph.ErrSnapshotGone):
		return &Error{Code: SnapshotGone, Message: err.Error(), Err: err}, true
	case errors.Is(err, graph.ErrNotFound):
		return &Error{Code: NotFound, Message: err.Error(), Err: err}, true
	case errors.Is(err, graph.ErrUnavailable):
		return &Error{Code: StoreUnavailable, Message: "the store cannot be read now", Err: err}, true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Error{Code: Timeout, Message: "time ran out before there was an answer", Err: err}, true
	}
	return nil, false
}
