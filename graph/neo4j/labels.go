package neo4j

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/clewgraph/clew/graph"
)

// Labels returns the labels of an estate, sorted by Ref and Label.
func (s *Store) Labels(ctx context.Context, estate string) ([]graph.Label, error) {
	estate, err := name(estate)
	if err != nil {
		return nil, err
	}
	return s.labels(ctx, estate)
}

func (s *server) labels(ctx context.Context, estate string) ([]graph.Label, error) {
	var out []graph.Label
	st := statement{"MATCH (l:Label {estate: $estate}) RETURN properties(l) AS l", parameters{"estate": estate}, 0}
	err := s.read(ctx, "read labels", st, func(r *driver.Record) error {
		f := fields{m: field[map[string]any](&fields{m: r.AsMap()}, "l")}
		out = append(out, graph.Label{Ref: f.ref("ref"), Label: f.text("label"), By: f.text("by"), At: f.time("at")})
		return f.err
	})
	slices.SortFunc(out, func(a, b graph.Label) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Label, b.Label))
	})
	return out, err
}

// SetLabel puts a label on a node, or renews it. A crown jewel gets its access
// in one hop at once, and in a large estate that of access classes.
func (s *Store) SetLabel(ctx context.Context, estate string, label graph.Label) error {
	if label.Ref == "" || label.Label == "" {
		return fmt.Errorf("label %.80q of %.80q: both must be given", label.Label, label.Ref)
	}
	return s.changeLabel(ctx, estate, label, `MERGE (l:Label {uid: $uid}) SET l = $props`)
}

// RemoveLabel takes a label off; no error if it was not there.
func (s *Store) RemoveLabel(ctx context.Context, estate string, ref graph.Ref, label string) error {
	return s.changeLabel(ctx, estate, graph.Label{Ref: ref, Label: label}, `MATCH (l:Label {uid: $uid}) DELETE l`)
}

func (s *Store) changeLabel(ctx context.Context, estate string, label graph.Label, cypher string) error {
	return s.writing(ctx, estate, func(ctx context.Context, l *lease) error {
		if err := l.do(ctx, "change the label", statement{cypher, labelParameters(l.estate, label), 0}); err != nil {
			return err
		}
		if label.Label != graph.CrownJewel {
			return nil
		}
		return s.refresh(ctx, l)
	})
}

func labelParameters(estate string, label graph.Label) parameters {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", label.Ref, label.Label))
	id := prefix(estate, "label") + hex.EncodeToString(sum[:16])
	ref := refProp(label.Ref)
	return parameters{"uid": id, "props": parameters{
		"uid": id, "estate": estate, ref.name: ref.value,
		"label": encode(label.Label), "by": encode(label.By), "at": label.At.UTC(),
	}}
}

// refresh brings the access in one hop of the newest snapshot up to date with
// the labels. An estate without a snapshot, or whose snapshot cannot be opened
// here, gets it with the next update.
func (s *Store) refresh(ctx context.Context, l *lease) error {
	now, err := s.list(ctx, l.estate)
	if err != nil {
		return err
	}
	newest, err := now.find("")
	if errors.Is(err, graph.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	snap, err := s.get(ctx, now, newest)
	if err != nil {
		return err
	}
	defer snap.Close()
	if snap.NumClasses() == 0 {
		return nil
	}
	c, w, err := s.compose(ctx, l, snap, newest.number)
	if err != nil {
		return err
	}
	for _, t := range append(c.facts(), c.output()...) {
		if !c.shows(t.name) {
			continue
		}
		if err := w.sync(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// shows reports whether a table says other things for other labels, or has the
// uids that such a table needs.
func (c *composer) shows(table string) bool {
	switch table {
	case tableNode, tableDirect:
		return true
	case tableClass, tableAccess:
		return !c.tellsAll()
	}
	return false
}
