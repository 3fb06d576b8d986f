package main

import (
	"encoding/json"

	"github.com/spf13/cobra"
)

// A resolution is a snapshot, and what its conclusions took.
type resolution struct {
	snapshotRow
	Passes []passTime `json:"passes"`
}

func (a *app) resolve() *cobra.Command {
	return &cobra.Command{
		Use:   "resolve",
		Short: "Resolve the newest facts again",
		Long: `Carries all facts of the newest snapshot forward and concludes anew: after
'ingest --no-resolve', or when a newer clew knows more. With -o json, what each
pass took is told, too.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			store, err := a.store(c.Context())
			if err != nil {
				return err
			}
			clock := &passClock{next: a.progress}
			info, err := again(c.Context(), store, a.estate, clock.tell)
			if err != nil {
				return err
			}
			clock.stop()
			raw, err := json.Marshal(resolution{snapshotRow{
				ID: info.ID, TakenAt: info.TakenAt.Format(timeForm), ContentHash: info.ContentHash,
				Accounts: info.Accounts, Nodes: info.Nodes, Edges: info.Edges, Complete: info.Complete,
			}, clock.passes})
			if err != nil {
				return err
			}
			return a.show(answer{raw: raw, text: func(s *screen) { printPublished(s, info) }, cells: func() *table {
				t := &table{head: []string{"snapshot"}}
				t.add(info.ID)
				return t
			}})
		},
	}
}
