package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/graph"
)

func (a *app) label() *cobra.Command {
	return group("label", "Mark what must not be reached", a.labelSet(), a.labelRemove(), a.labelList())
}

// A labelChoice is how set and remove name a label.
type labelChoice struct {
	crownJewel bool
	name       string
}

func (l *labelChoice) flags(c *cobra.Command) {
	c.Flags().BoolVar(&l.crownJewel, "crown-jewel", false, "the label of what must not be reached")
	c.Flags().StringVar(&l.name, "label", "", "a label of your own")
	c.MarkFlagsMutuallyExclusive("crown-jewel", "label")
	c.MarkFlagsOneRequired("crown-jewel", "label")
}

func (l *labelChoice) label() string {
	if l.crownJewel {
		return graph.CrownJewel
	}
	return l.name
}

func (a *app) labelSet() *cobra.Command {
	var l labelChoice
	c := &cobra.Command{
		Use: "set REF", Annotations: map[string]string{wordsOnly: "yes"}, ValidArgsFunction: a.refsAt(0), Short: "Put a label on something", Args: cobra.ExactArgs(1),
		Example: "  clew label set acme-ledger --crown-jewel",
		RunE: func(c *cobra.Command, args []string) error {
			ref, err := a.canonical(c.Context(), args[0])
			if err != nil {
				return err
			}
			store, err := a.store(c.Context())
			if err != nil {
				return err
			}
			label := graph.Label{Ref: ref, Label: l.label(), By: cmp.Or(os.Getenv("USER"), os.Getenv("USERNAME")), At: time.Now().UTC()}
			if err := store.SetLabel(c.Context(), a.estate, label); err != nil {
				return err
			}
			a.screen.line("%s is labelled %s", ref, l.label())
			return nil
		},
	}
	l.flags(c)
	return c
}

func (a *app) labelRemove() *cobra.Command {
	var l labelChoice
	c := &cobra.Command{
		Use: "remove REF", Annotations: map[string]string{wordsOnly: "yes"}, ValidArgsFunction: a.refsAt(0), Short: "Take a label off something", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			store, err := a.store(c.Context())
			if err != nil {
				return err
			}
			// What left the estate can be named by its whole reference.
			ref, err := a.canonical(c.Context(), args[0])
			if err != nil {
				ref = graph.Ref(args[0])
			}
			labels, listErr := store.Labels(c.Context(), a.estate)
			if listErr != nil {
				return listErr
			}
			if !labelled(labels, ref, l.label()) {
				if err != nil {
					return err
				}
				a.screen.line("%s has no label %s", ref, l.label())
				return outcome(exitNothing)
			}
			if err := store.RemoveLabel(c.Context(), a.estate, ref, l.label()); err != nil {
				return err
			}
			a.screen.line("%s is no longer labelled %s", ref, l.label())
			return nil
		},
	}
	l.flags(c)
	return c
}

func labelled(labels []graph.Label, ref graph.Ref, label string) bool {
	for _, l := range labels {
		if l.Ref == ref && l.Label == label {
			return true
		}
	}
	return false
}

// canonical finds the reference of the one thing that ref names.
func (a *app) canonical(ctx context.Context, ref string) (graph.Ref, error) {
	ask, err := a.ask(ctx)
	if err != nil {
		return "", err
	}
	raw, err := ask.query(ctx, "Entity", map[string]any{"ref": ref})
	if err != nil {
		return "", err
	}
	var found *thing
	if err := json.Unmarshal(raw, &found); err != nil {
		return "", err
	}
	if found == nil {
		return "", &notFound{ref}
	}
	return graph.Ref(found.Ref), nil
}

// A notFound says that a reference names nothing.
type notFound struct{ ref string }

// Error says so, and how to find what is meant.
func (n *notFound) Error() string {
	return n.ref + " names nothing in this snapshot; 'clew search' finds things by a part of their name"
}

func (a *app) labelList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the labels of the estate", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			store, err := a.store(c.Context())
			if err != nil {
				return err
			}
			labels, err := store.Labels(c.Context(), a.estate)
			if err != nil {
				return err
			}
			return a.showLabels(labels)
		},
	}
}

// A labelRow is a label as JSON shows it.
type labelRow struct {
	Ref   graph.Ref `json:"ref"`
	Label string    `json:"label"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

func (a *app) showLabels(labels []graph.Label) error {
	t := &table{head: []string{"LABEL", "BY", "AT", "REFERENCE"}}
	rows, raws := []labelRow{}, []json.RawMessage{}
	for _, l := range labels {
		t.add(l.Label, l.By, l.At.Format(time.RFC3339), string(l.Ref))
		row := labelRow(l)
		raw, err := json.Marshal(row)
		if err != nil {
			return err
		}
		rows, raws = append(rows, row), append(raws, raw)
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return a.show(answer{
		raw: raw, rows: func() []json.RawMessage { return raws }, text: t.print,
		cells: func() *table { return t },
	})
}
