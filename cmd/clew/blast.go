package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) blastRadius() *cobra.Command {
	var t traversal
	var limit int
	c := &cobra.Command{
		Use:   "blast-radius OF",
		Short: "What follows if this falls into other hands",
		Example: `  clew blast-radius credential:AKIA…
  clew blast-radius order-processor --level WRITE -o dot | dot -Tsvg`,
		Args: cobra.ExactArgs(1), ValidArgsFunction: a.refsAt(0), Annotations: map[string]string{drawn: "yes"},
		RunE: func(c *cobra.Command, args []string) error { return a.runBlast(c, args[0], limit, &t) },
	}
	t.flags(c)
	limitFlag(c, &limit, 20)
	return c
}

func limitFlag(c *cobra.Command, limit *int, standard int) {
	c.Flags().IntVarP(limit, "limit", "n", standard, "rows to list at most")
}

func (a *app) runBlast(c *cobra.Command, of string, limit int, t *traversal) error {
	options, err := t.options()
	if err != nil {
		return err
	}
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	raw, err := ask.query(c.Context(), "BlastRadius", map[string]any{
		"of": selector(of), "options": options, "first": min(max(limit, 0), pageSize),
	})
	if err != nil {
		return err
	}
	var b blast
	if err := json.Unmarshal(raw, &b); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	err = a.show(answer{
		raw:   raw,
		text:  func(s *screen) { printBlast(s, &b) },
		cells: func() *table { return rightTable(append(b.Scopes.nodes(), b.Items.nodes()...)) },
		draw:  func() *drawing { return drawBlast(&b) },
	})
	if err != nil {
		return err
	}
	return blastOutcome(&b)
}

func blastOutcome(b *blast) error {
	rights := append(b.Scopes.nodes(), b.Items.nodes()...)
	anySure := false
	for _, r := range rights {
		anySure = anySure || sure(r.Verdict)
	}
	for _, p := range b.Principals.nodes() {
		anySure = anySure || sure(p.Verdict)
	}
	return verdictOutcome(b.PrincipalsReached.Value+b.ResourcesReached.Value+b.ScopesReached.Value, b.CutBy, anySure)
}

func printBlast(s *screen, b *blast) {
	s.line("Whoever holds %s can come to hold %s, act on %s and administer %s.", in(bold, "%s", fullName(b.Origin)),
		b.PrincipalsReached.of("principal"), b.ResourcesReached.of("resource"), b.ScopesReached.of("scope"))
	printCounts(s, b)
	for _, w := range b.CrownJewels {
		s.line("%s  %s  %s, %s", in(red, "crown jewel"), fullName(w.To), ofVerdict(w.Verdict), plural(len(w.Steps), "step", "steps"))
	}
	for _, p := range b.Principals.nodes() {
		s.line("principal    %s  %s, %s", fullName(p.Principal), ofVerdict(p.Verdict), plural(p.Hops, "hop", "hops"))
	}
	for _, r := range b.Scopes.nodes() {
		s.line("administers  %s  %s, %s", fullName(r.Target), ofVerdict(r.Verdict), plural(r.Hops, "hop", "hops"))
	}
	printLeft(s, len(b.Principals.Edges), b.Principals.TotalCount, "principals")
	if items := b.Items.nodes(); len(items) > 0 {
		s.line("")
		rightRows(items, byTarget).print(s)
	}
	printLeft(s, len(b.Items.Edges), b.Items.TotalCount, "rows")
	printCut(s, b.CutBy, "things in reach")
	printMissing(s, b.Coverage)
}

func printCounts(s *screen, b *blast) {
	for _, l := range b.ByLevel {
		if l.Count.Value > 0 {
			s.line("  %s at level %s", l.Count.of("resource"), l.Level)
		}
	}
	for _, l := range b.ByScope {
		s.line("  %s in %s", l.Count.of("resource"), place(l.Scope))
	}
}

// printLeft says how many rows there are beyond those shown.
func printLeft(s *screen, shown int, total count, what string) {
	if total.Value > shown {
		s.line("%s", in(faint, "%d of %s %s shown; --limit shows more.", shown, total, what))
	}
}

func drawBlast(b *blast) *drawing {
	d := newDrawing()
	d.node(b.Origin)
	for _, p := range b.Principals.nodes() {
		d.ways([]way{p.Via})
	}
	for _, r := range append(b.Scopes.nodes(), b.Items.nodes()...) {
		d.ways([]way{r.Via})
	}
	return d
}
