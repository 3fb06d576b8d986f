package embedded

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/clewgraph/clew/graph"
)

const labelsFile = "labels.json"

// Labels returns the labels of an estate, sorted by Ref and Label.
func (s *Store) Labels(ctx context.Context, estate string) ([]graph.Label, error) {
	dir, err := s.estate(ctx, estate)
	if err != nil {
		return nil, err
	}
	return readLabels(dir)
}

func readLabels(dir string) ([]graph.Label, error) {
	var labels []graph.Label
	err := readJSON(dir, labelsFile, &labels)
	return labels, err
}

// SetLabel puts a label on a node, or renews it.
func (s *Store) SetLabel(ctx context.Context, estate string, label graph.Label) error {
	if label.Ref == "" || label.Label == "" {
		return fmt.Errorf("label %q of %q: both must be given", label.Label, label.Ref)
	}
	return s.changeLabels(ctx, estate, label, func(labels []graph.Label, at int, there bool) []graph.Label {
		if there {
			labels[at] = label
			return labels
		}
		return slices.Insert(labels, at, label)
	})
}

// RemoveLabel takes a label off; no error if it was not there.
func (s *Store) RemoveLabel(ctx context.Context, estate string, ref graph.Ref, label string) error {
	return s.changeLabels(ctx, estate, graph.Label{Ref: ref, Label: label}, func(labels []graph.Label, at int, there bool) []graph.Label {
		if there {
			return slices.Delete(labels, at, at+1)
		}
		return labels
	})
}

// changeLabels replaces the labels by what change makes of them; at is where
// the wanted label stands or belongs.
func (s *Store) changeLabels(ctx context.Context, estate string, want graph.Label, change func(labels []graph.Label, at int, there bool) []graph.Label) error {
	dir, err := s.estate(ctx, estate)
	if err != nil {
		return err
	}
	return s.locked(ctx, dir, func() error {
		labels, err := readLabels(dir)
		if err != nil {
			return err
		}
		at, there := slices.BinarySearchFunc(labels, want, func(a, b graph.Label) int {
			return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Label, b.Label))
		})
		return s.writeJSON(dir, labelsFile, change(labels, at, there))
	})
}
