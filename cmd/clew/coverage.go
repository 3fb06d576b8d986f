package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) coverage() *cobra.Command {
	var scopes []string
	var limit int
	c := &cobra.Command{
		Use:   "coverage",
		Short: "What was asked of providers, what came back, what is missing",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.runCoverage(c, scopes, limit) },
	}
	c.Flags().StringArrayVar(&scopes, "scope", nil, "only this account or other scope and what it holds; may be repeated")
	limitFlag(c, &limit, 100)
	return c
}

func (a *app) runCoverage(c *cobra.Command, scopes []string, limit int) error {
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	vars := map[string]any{"first": min(max(limit, 0), pageSize)}
	put(vars, "scopes", scopes)
	raw, err := ask.query(c.Context(), "Coverage", vars)
	if err != nil {
		return err
	}
	var cov coverage
	if err := json.Unmarshal(raw, &cov); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return a.show(answer{
		raw:   raw,
		text:  func(s *screen) { printCoverage(s, &cov) },
		cells: func() *table { return coverageTable(&cov) },
	})
}

func printCoverage(s *screen, c *coverage) {
	s.line("snapshot %s", c.Snapshot.ID)
	coverageTable(c).print(s)
	s.line("")
	if c.Complete {
		s.line("%s", in(green, "nothing that was asked for is missing"))
		return
	}
	s.line("%s:", plural(c.GapCount, "gap", "gaps"))
	for _, g := range c.Gaps {
		s.line("  %s  %s %s%s: %s", in(purple, "%s", g.Reason), g.ScopeRef, g.Operation, ofPart(g), g.Detail)
		if len(g.Affects) > 0 {
			s.line("      answers that hang on it: %s", strings.Join(g.Affects, ", "))
		}
	}
	if c.GapCount > len(c.Gaps) {
		s.line("%s", in(faint, "%d of %d gaps shown; --limit shows more.", len(c.Gaps), c.GapCount))
	}
}

func ofPart(g gap) string {
	if g.Of == "" || g.Of == g.ScopeRef {
		return ""
	}
	return " of " + g.Of
}

func coverageTable(c *coverage) *table {
	t := &table{head: []string{"SCOPE", "LAYER", "STATUS", "LISTINGS"}}
	for _, sc := range c.Scopes {
		for _, l := range sc.Layers {
			t.add(scopeName(&sc.Scope), l.Layer.ID, statusWord(l.Status), l.Listings)
		}
	}
	return t
}

func statusWord(status string) styled {
	looks := map[string]style{"FAILED": purple, "NOT_ASKED": faint}
	return styled{looks[status], strings.ToLower(strings.ReplaceAll(status, "_", " "))}
}
