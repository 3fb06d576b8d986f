package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/clewgraph/clew/graph"
)

// ErrNoSource: Run was called with nothing to run.
var ErrNoSource = errors.New("no source to collect from")

// A Source writes the facts of one provider to a sink. It is a value, so that
// the list of sources is a list and nothing registers itself.
type Source struct {
	// Name says in messages what is collected, e.g. "aws documents".
	Name string
	// Run writes every fact to sink and returns. It stops soon after ctx ends
	// and returns the sink's errors as they are, wrapped. It calls progress,
	// which is never nil, with one line for a person from time to time.
	Run func(ctx context.Context, sink graph.Sink, progress func(string)) error
}

// A Meter is a sink that also counts what was read to make its records. The
// sink that Run hands to a source is one; a source finds it by assertion.
type Meter interface {
	// Read notes that one document of so many bytes (unpacked) was read.
	Read(bytes int64)
}

// Run runs sources one after another into sink. Progress may be nil. On an
// error the sink holds half a collection, which the caller must throw away.
// ErrNoSource if sources is empty.
func Run(ctx context.Context, sources []Source, sink graph.Sink, progress func(string)) (Summary, error) {
	if len(sources) == 0 {
		return Summary{}, ErrNoSource
	}
	if progress == nil {
		progress = func(string) {}
	}
	counted := newTally(sink)
	for _, s := range sources {
		if err := ctx.Err(); err != nil {
			return Summary{}, fmt.Errorf("collect %s: %w", s.Name, err)
		}
		if err := s.Run(ctx, counted, progress); err != nil {
			return Summary{}, fmt.Errorf("collect %s: %w", s.Name, err)
		}
	}
	return counted.summary(), nil
}
