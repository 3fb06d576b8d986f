package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) search() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:     "search TEXT",
		Short:   "Find things by a part of name, reference, native id or tag",
		Example: "  clew search ledger",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return a.runSearch(c, args[0], limit) },
	}
	limitFlag(c, &limit, 50)
	return c
}

func (a *app) runSearch(c *cobra.Command, text string, limit int) error {
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	raw, err := ask.pages(c.Context(), "Search", map[string]any{"text": text}, max(limit, 1))
	if err != nil {
		return err
	}
	var found page[thing]
	ans, err := connection(raw, &found)
	if err != nil {
		return err
	}
	t := &table{head: []string{"NAME", "TYPE", "IN", "LABELS", "REFERENCE"}}
	for _, n := range found.nodes() {
		t.add(called(n), n.Type, place(n.Scope), strings.Join(n.Labels, " "), n.Ref)
	}
	ans.cells = func() *table { return t }
	ans.text = func(s *screen) {
		if len(t.rows) == 0 {
			s.line("nothing holds %s in name, reference, native id or tag", text)
			return
		}
		t.print(s)
		printLeft(s, len(t.rows), found.TotalCount, "things")
	}
	if err := a.show(ans); err != nil {
		return err
	}
	if len(t.rows) == 0 {
		return outcome(exitNothing)
	}
	return nil
}
