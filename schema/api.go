package schema

import (
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/executor"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/schema/answer"
)

// An API answers questions of one estate. It is safe for concurrent use and
// must not be copied after first use.
type API struct {
	Store     snapshot.Store
	Providers []resolve.Provider
	Estate    string // "" is graph.DefaultEstate
	Limits    Limits
	Now       func() time.Time // nil is time.Now
	Log       *slog.Logger     // nil is slog.Default()

	cache    cache
	once     sync.Once
	executor *executor.Executor
	turns    chan struct{} // one for each operation that runs
}

// Limits bound what operations may cost. A field that is zero has its value in
// DefaultLimits.
type Limits struct {
	answer.Limits
	Body       int64         // bytes of an HTTP request
	Tokens     int           // of a query, counted before anything else
	Depth      int           // of fields in fields
	Complexity int           // fields that an answer may have, pages counted as full; reckoned before it is made
	Fields     int           // fields that an answer does have
	Text       int           // bytes of the texts in an answer
	Parallel   int           // operations that run at once; others wait their turn
	Operation  time.Duration // of one operation, all its questions together
}

// DefaultLimits are what holds where nothing else is said.
var DefaultLimits = Limits{
	Limits: answer.DefaultLimits,
	Body:   1 << 20, Tokens: 2_500, Depth: 16, Complexity: 200_000, Operation: time.Minute,
	// The largest answer takes about 250 MB while it is made.
	Fields: 500_000, Text: 32 << 20, Parallel: 8 * runtime.GOMAXPROCS(0),
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	l.Limits = l.Limits.OrDefault()
	if l.Body <= 0 {
		l.Body = d.Body
	}
	if l.Tokens <= 0 {
		l.Tokens = d.Tokens
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Complexity <= 0 {
		l.Complexity = d.Complexity
	}
	if l.Fields <= 0 {
		l.Fields = d.Fields
	}
	if l.Text <= 0 {
		l.Text = d.Text
	}
	if l.Parallel <= 0 {
		l.Parallel = d.Parallel
	}
	if l.Operation <= 0 {
		l.Operation = d.Operation
	}
	return l
}

func (r *API) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}
