package resolve

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// ErrInFull: what changed reaches too far, or further than can be told; the
// facts have to be resolved in full. The text says why.
var ErrInFull = errors.New("resolved in full")

// A Redraw says which conclusions a change of facts leaves as they were, and
// holds the facts that are enough to draw the others anew.
type Redraw struct {
	// Excerpt are the facts that matter, and Evaluator decides by them, for
	// those of whom something is to be concluded anew alone.
	Excerpt   *snapshot.Builder
	Evaluator Evaluator
	// Moves says where the excerpt's nodes and attachments stand among all facts.
	Moves *snapshot.Moves
	// Kept are conclusions of the last snapshot that stay, Drawn those of the
	// excerpt that come in the place of the others.
	Kept, Drawn snapshot.Keep
	// Check compares what was drawn, a snapshot of the excerpt, with what stays.
	// Errors wrap ErrInFull.
	Check func(drawn *snapshot.Snapshot) error
	// Commons are the things, among all facts, that anybody could be let in to.
	Commons []snapshot.Index
	// Accounts are those whose conclusions are drawn anew, for people to read.
	Accounts []string
}

// Again resolves facts that were spliced into the last ones, of which few
// changed: what is concluded elsewhere stays. The conclusions are those of Run,
// drawn by the same program, which maker says. read are the scopes of which
// something was collected anew, and accounts those whose conclusions were drawn
// anew. Errors wrap ErrInFull where Run has to be called.
func Again(ctx context.Context, last *snapshot.Snapshot, next *snapshot.Builder, read []graph.Ref, providers []Provider, maker []byte, progress func(string)) (out *snapshot.Conclusions, accounts []string, err error) {
	facts, err := next.Facts()
	if err != nil {
		return nil, nil, err
	}
	moves, ok := next.Moves()
	switch {
	case !ok:
		return nil, nil, fmt.Errorf("%w: too much of the facts is new", ErrInFull)
	case len(providers) != 1:
		return nil, nil, fmt.Errorf("%w: there are %d providers", ErrInFull, len(providers))
	case len(maker) == 0 || !bytes.Equal(last.Maker(), maker):
		return nil, nil, fmt.Errorf("%w: the last conclusions were not drawn by this program", ErrInFull)
	}
	p := &providers[0]
	progress(string(p.Name) + ": what changed, and whom it reaches")
	r, err := p.Redraw(last, facts, moves, read)
	if err != nil {
		return nil, nil, err
	}
	drawn, err := r.draw(ctx, p, progress)
	if err != nil {
		return nil, nil, err
	}
	out, err = r.join(last, facts, drawn, moves)
	return out, r.Accounts, err
}

// draw runs the passes over the excerpt.
func (r *Redraw) draw(ctx context.Context, p *Provider, progress func(string)) (*snapshot.Snapshot, error) {
	facts, err := r.Excerpt.Facts()
	if err != nil {
		return nil, err
	}
	w := &Work{Facts: facts, Evaluator: r.Evaluator, Out: new(snapshot.Conclusions)}
	if err := p.run(ctx, w, progress); err != nil {
		return nil, err
	}
	if err := r.Excerpt.Conclude(w.Out); err != nil {
		return nil, err
	}
	drawn, err := r.Excerpt.Snapshot()
	if err != nil {
		return nil, err
	}
	return drawn, r.Check(drawn)
}

// join puts together what stays and what was drawn.
func (r *Redraw) join(last, facts, drawn *snapshot.Snapshot, moves *snapshot.Moves) (*snapshot.Conclusions, error) {
	out := new(snapshot.Conclusions)
	err := out.Carry(last, facts, moves, r.Kept)
	if errors.Is(err, snapshot.ErrStale) {
		return nil, fmt.Errorf("%w: %w", ErrInFull, err)
	}
	if err != nil {
		return nil, err
	}
	out.AddCommons(r.Commons)
	return out, out.Copy(drawn, facts, r.Moves, r.Drawn)
}
