package aws

import (
	"context"
	"slices"

	"github.com/clewgraph/clew/ingest"
)

// A firstReading is what is kept of it until all else is mapped, or until its turn
// comes.
type firstReading struct {
	lone []*document // outside of any tree, in order
	late []*document // that lean on others: in a tree or not, by rank
}

// leansOnAll: some document may repeat what any other describes.
func (r *firstReading) leansOnAll() bool {
	n := len(r.late)
	return n > 0 && r.late[n-1].op.stream != nil
}

// surveyAll reads for the first time what must be read before anything is mapped:
// documents outside of trees, which must be sound, those that lean on others, and
// those that others lean on. In a tree whose accounts stand apart the latter are
// few: the rest is read when the turn of its account comes.
func (c *collection) surveyAll(ctx context.Context, l *listed, progress func(string)) (*firstReading, error) {
	lone := len(l.homes) - l.trees
	c.claiming = lone > 1 || lone == 1 && l.trees > 0
	first := &firstReading{}
	err := eachStretch(ctx, bySize(l.early(ctx, c.apart)), reading{
		fork: c.surveyFork,
		read: surveyDocuments,
		join: func(fork *collection, docs []*document) error {
			for _, d := range docs {
				progress("reading " + d.path)
				if !d.inTree() {
					first.lone = append(first.lone, d)
				}
				if rank(d) > 0 {
					first.late = append(first.late, d)
				}
			}
			return c.joinSurvey(fork)
		},
	})
	slices.SortStableFunc(first.late, func(a, b *document) int { return rank(a) - rank(b) })
	return first, err
}

func surveyDocuments(ctx context.Context, fork *collection, docs []*document) error {
	for _, d := range docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.survey(ctx, fork); err != nil {
			return err
		}
	}
	return nil
}

// mapAll writes the facts of all documents: first of those that can be read
// beside each other, then of those that lean on all of these.
func (c *collection) mapAll(ctx context.Context, l *listed, first *firstReading, progress func(string)) error {
	meter, _ := c.sink.(ingest.Meter)
	mapped := func(d *document) {
		if !d.early {
			progress("reading " + d.path)
		}
		if meter != nil {
			meter.Read(d.bytes)
		}
	}
	next := 0
	homes := l.stretches(ctx, func(h home) []*document {
		if h.account != "" {
			return l.documents(h, c.apart)
		}
		next++
		if d := first.lone[next-1]; rank(d) == 0 {
			return []*document{d}
		}
		return nil
	})
	err := eachStretch(ctx, homes, reading{
		fork: c.mapFork,
		read: mapHome,
		join: func(fork *collection, docs []*document) error {
			for _, d := range docs {
				if rank(d) == 0 {
					mapped(d)
				}
			}
			return c.joinMapped(fork)
		},
	})
	if err != nil {
		return err
	}
	for _, d := range first.late {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.mapDocument(ctx, d); err != nil {
			return err
		}
		mapped(d)
	}
	return nil
}

// mapHome writes the facts of a home's documents. Those of a tree are read for the
// first time, or once more: nothing was kept of them.
func mapHome(ctx context.Context, c *collection, docs []*document) error {
	account := docs[0].account
	if docs[0].inTree() {
		docs = ofRank(0, docs)
		if err := surveyDocuments(ctx, c, docs); err != nil {
			return err
		}
	}
	for _, d := range docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if rank(d) > 0 {
			continue // what it is was told by its content: its turn comes later
		}
		if err := c.mapDocument(ctx, d); err != nil {
			return err
		}
	}
	if !c.apart {
		return nil
	}
	return c.settle(account)
}

func ofRank(n int, docs []*document) []*document {
	var out []*document
	for _, d := range docs {
		if rank(d) == n {
			out = append(out, d)
		}
	}
	return out
}
