package aws

import (
	"context"
	"iter"
	"runtime"
)

// A stretch is a run of documents that one goroutine reads one after the other.
// What it tells is gathered in a fork of the collection and joined in the order
// of stretches: it does not matter which of them is finished first.
type stretch struct {
	docs []*document
	fork *collection
	done chan error
}

// stretchSize bounds how many documents a stretch of the first reading has.
const stretchSize = 64

// bySize makes stretches of documents that need nothing of each other.
func bySize(docs iter.Seq[*document]) iter.Seq[[]*document] {
	return func(yield func([]*document) bool) {
		var run []*document
		for d := range docs {
			alone := !d.inTree() // it may be a large one
			if len(run) > 0 && (alone || len(run) == stretchSize) {
				if !yield(run) {
					return
				}
				run = nil
			}
			if run = append(run, d); !alone {
				continue
			}
			if !yield(run) {
				return
			}
			run = nil
		}
		if len(run) > 0 {
			yield(run)
		}
	}
}

// A reading is what is done with the documents of a stretch, and how their tale is
// taken up.
type reading struct {
	fork func(docs []*document) *collection
	read func(ctx context.Context, fork *collection, docs []*document) error
	join func(fork *collection, docs []*document) error
}

// eachStretch reads stretches on every core and joins their forks in order.
// The error is that of the first stretch that has one.
func eachStretch(ctx context.Context, list iter.Seq[[]*document], r reading) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cores := runtime.GOMAXPROCS(0)
	todo, order := make(chan *stretch), make(chan *stretch, 4*cores)
	go hand(ctx, list, todo, order)
	for range cores {
		go func() {
			for s := range todo {
				s.fork = r.fork(s.docs)
				s.done <- s.run(ctx, r)
			}
		}()
	}
	var failed error
	for s := range order {
		err := <-s.done
		if err == nil && failed == nil {
			err = r.join(s.fork, s.docs)
		}
		if err != nil && failed == nil {
			failed = err
			cancel()
		}
	}
	if failed == nil {
		failed = ctx.Err()
	}
	return failed
}

// hand gives stretches out, in order, until ctx ends. No more are under way
// than order has room for, so that few forks wait for one before them.
func hand(ctx context.Context, list iter.Seq[[]*document], todo, order chan<- *stretch) {
	defer close(order)
	defer close(todo)
	for docs := range list {
		if ctx.Err() != nil {
			return
		}
		s := &stretch{docs: docs, done: make(chan error, 1)}
		order <- s
		todo <- s
	}
}

// run reads the documents of a stretch.
func (s *stretch) run(ctx context.Context, r reading) error {
	if err := r.read(ctx, s.fork, s.docs); err != nil {
		return err
	}
	return s.fork.flush()
}
