package main

import (
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) path() *cobra.Command {
	var t traversal
	var k int
	c := &cobra.Command{
		Use:   "path FROM TO",
		Short: "How does one thing reach another, and what stops it",
		Long: `Finds the ways from FROM to TO, each step with the statements that grant it and
the change that breaks it. To reach a principal is to hold it; an account, to
administer it; a resource, to do something to it or to what it holds.`,
		Example: `  clew path tomas.release acme-ledger --action s3:PutObject
  clew path credential:AKIA… crown-jewels -k 5
  clew path internet crown-jewels --level WRITE -o mermaid`,
		Args: cobra.ExactArgs(2), ValidArgsFunction: a.refsAt(0, 1), Annotations: map[string]string{drawn: "yes"},
		RunE: func(c *cobra.Command, args []string) error { return a.runPath(c, args[0], args[1], k, &t) },
	}
	t.flags(c)
	c.Flags().IntVarP(&k, "paths", "k", 1, "how many paths to list at most, fewest hops first")
	return c
}

func (a *app) runPath(c *cobra.Command, from, to string, k int, t *traversal) error {
	options, err := t.options()
	if err != nil {
		return err
	}
	if k < 1 {
		return usagef("-k %d: want 1 or more", k)
	}
	algorithm := "SHORTEST"
	if k > 1 {
		algorithm = "K_SHORTEST"
	}
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	raw, err := ask.pages(c.Context(), "Path", map[string]any{
		"from": selector(from), "to": selector(to), "options": options, "algorithm": algorithm,
	}, k)
	if err != nil {
		return err
	}
	var found page[way]
	ans, err := connection(raw, &found)
	if err != nil {
		return err
	}
	list := found.nodes()
	ans.cells = func() *table { return wayTable(list) }
	ans.text = func(s *screen) { printPaths(s, from, to, found) }
	ans.draw = func() *drawing { d := newDrawing(); d.ways(list); return d }
	if err := a.show(ans); err != nil {
		return err
	}
	return verdictOutcome(len(list), found.CutBy, slices.ContainsFunc(list, func(w way) bool { return sure(w.Verdict) }))
}

func printPaths(s *screen, from, to string, found page[way]) {
	list := found.nodes()
	printWays(s, list)
	if len(list) == 0 && found.CutBy == "" {
		s.line("%s from %s to %s.", in(green, "no path"), from, to)
		if found.NoPathReason != nil {
			s.line("%s", found.NoPathReason.Text)
		}
	}
	printCut(s, found.CutBy, "paths")
	printMissing(s, found.Coverage)
}

// sure says whether a verdict is a yes, be it under conditions.
func sure(verdict string) bool { return verdict == "ALLOWED" || verdict == "CONDITIONAL" }

// verdictOutcome is the exit code of a search.
func verdictOutcome(found int, cutBy string, anySure bool) error {
	switch {
	case anySure:
		return nil
	case found > 0 || cutBy != "":
		return outcome(exitUnsure)
	}
	return outcome(exitNothing)
}

// printCut says which bound cut a search.
func printCut(s *screen, by, what string) {
	if by != "" {
		s.line("%s", in(yellow, "Cut by the limit of %s: there may be more %s.", by, what))
	}
}

// printMissing says what an answer cannot know.
func printMissing(s *screen, c coverage) {
	if c.GapCount > 0 {
		s.line("%s", in(faint, "%s in the collection; 'clew coverage' lists them.", plural(c.GapCount, "gap", "gaps")))
	}
}
