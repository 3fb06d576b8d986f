package aws

import (
	"context"
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
func bySize(docs []*document) [][]*document {
	var out [][]*document
	for start, i := 0, 0; i < len(docs); i++ {
		alone := !docs[i].inTree() // it may be a large one
		if last := i+1 == len(docs); last || alone || i+1-start == stretchSize || !docs[i+1].inTree() {
			out = append(out, docs[start:i+1])
			start = i + 1
		}
	}
	return out
}

// byAccount makes stretches of documents whose mapping may lean on what those
// before it have told of the same account: all of a tree's account, in order.
func byAccount(docs []*document) [][]*document {
	var out [][]*document
	at := map[string]int{}
	for _, d := range docs {
		i, known := at[d.account]
		if !d.inTree() || !known {
			i = len(out)
			out = append(out, nil)
		}
		if d.inTree() {
			at[d.account] = i
		}
		out[i] = append(out[i], d)
	}
	return out
}

// A reading is what is done with each document, and how its tale is taken up.
type reading struct {
	fork func() *collection
	read func(ctx context.Context, fork *collection, d *document) error
	join func(fork *collection, docs []*document) error
}

// eachStretch reads stretches on every core and joins their forks in order.
// The error is that of the first stretch that has one.
func eachStretch(ctx context.Context, list [][]*document, r reading) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cores := runtime.GOMAXPROCS(0)
	todo, order := make(chan *stretch), make(chan *stretch, 4*cores)
	go hand(ctx, list, todo, order)
	for range cores {
		go func() {
			for s := range todo {
				s.fork = r.fork()
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
func hand(ctx context.Context, list [][]*document, todo, order chan<- *stretch) {
	defer close(order)
	defer close(todo)
	for _, docs := range list {
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
	for _, d := range s.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.read(ctx, s.fork, d); err != nil {
			return err
		}
	}
	return s.fork.flush()
}
