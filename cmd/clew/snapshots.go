package main

import "github.com/spf13/cobra"

func (a *app) snapshots() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "snapshots",
		Short: "List the snapshots of the estate, newest first",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.runSnapshots(c, limit) },
	}
	limitFlag(c, &limit, 20)
	return c
}

func (a *app) runSnapshots(c *cobra.Command, limit int) error {
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	ask.at = "" // the list is not about one of them
	raw, err := ask.pages(c.Context(), "Snapshots", map[string]any{}, max(limit, 1))
	if err != nil {
		return err
	}
	var found page[snapshotRow]
	ans, err := connection(raw, &found)
	if err != nil {
		return err
	}
	t := &table{head: []string{"ID", "TAKEN AT", "ACCOUNTS", "THINGS", "RELATIONS", "COMPLETE"}}
	for _, s := range found.nodes() {
		t.add(s.ID, s.TakenAt, s.Accounts, s.Nodes, s.Edges, yesNo(s.Complete))
	}
	ans.cells = func() *table { return t }
	ans.text = func(s *screen) {
		t.print(s)
		printLeft(s, len(t.rows), found.TotalCount, "snapshots")
	}
	return a.show(ans)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
