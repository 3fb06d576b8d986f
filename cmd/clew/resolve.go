package main

import (
	"encoding/json"

	"github.com/spf13/cobra"
)

func (a *app) resolve() *cobra.Command {
	return &cobra.Command{
		Use:   "resolve",
		Short: "Resolve the newest facts again",
		Long: `Carries all facts of the newest snapshot forward and concludes anew: after
'ingest --no-resolve', or when a newer clew knows more.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			store, err := a.store(c.Context())
			if err != nil {
				return err
			}
			info, err := again(c.Context(), store, a.estate, a.progress)
			if err != nil {
				return err
			}
			row := snapshotRow{
				ID: info.ID, TakenAt: info.TakenAt.Format(timeForm), ContentHash: info.ContentHash,
				Accounts: info.Accounts, Nodes: info.Nodes, Edges: info.Edges, Complete: info.Complete,
			}
			raw, err := json.Marshal(row)
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
