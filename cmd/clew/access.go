package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// An accessFilter is the flags that who-can and what-can share.
type accessFilter struct {
	actions, levels, verdicts, accounts []string
	maxHops, limit                      int
	direct, noTechniques                bool
	techniques                          []string
}

func (f *accessFilter) flags(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.levels, "level", nil, "levels of access: "+strings.Join(levels, ", "))
	c.Flags().StringSliceVar(&f.verdicts, "verdict", nil, "list these verdicts alone: "+strings.Join(verdicts[:3], ", "))
	c.Flags().StringArrayVar(&f.accounts, "in", nil, "only what lies in this account or other scope; may be repeated")
	c.Flags().IntVar(&f.maxHops, "max-hops", 0, "hops to go at most; 0 is no limit")
	c.Flags().BoolVar(&f.direct, "direct", false, "without another step: who holds the right itself")
	techniqueFlags(c, &f.noTechniques, &f.techniques)
	limitFlag(c, &f.limit, 100)
	complete(c, "level", levels)
	complete(c, "verdict", verdicts[:3])
}

func (f *accessFilter) input() (map[string]any, error) {
	o := map[string]any{}
	put(o, "actions", f.actions)
	put(o, "levels", upper(f.levels))
	put(o, "verdicts", upper(f.verdicts))
	put(o, "accounts", f.accounts)
	if f.maxHops > 0 {
		o["maxHops"] = f.maxHops
	}
	return o, followed(o, f.noTechniques, f.techniques)
}

func (a *app) whoCan() *cobra.Command {
	var f accessFilter
	c := &cobra.Command{
		Use:   "who-can ACTION RESOURCE",
		Short: "Who can do this to that, directly or over steps",
		Example: `  clew who-can s3:PutObject acme-ledger
  clew who-can '*' crown-jewels --level WRITE --direct`,
		Args: cobra.ExactArgs(2), ValidArgsFunction: a.refsAt(1),
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] != "*" {
				f.actions = []string{args[0]}
			}
			filter, err := f.input()
			if err != nil {
				return err
			}
			vars := map[string]any{"resource": selector(args[1]), "filter": filter, "transitive": !f.direct}
			return a.rights(c, "WhoCan", vars, f.limit, byPrincipal, "nobody can do "+args[0]+" to "+args[1])
		},
	}
	f.flags(c)
	return c
}

func (a *app) whatCan() *cobra.Command {
	var f accessFilter
	c := &cobra.Command{
		Use:   "what-can PRINCIPAL",
		Short: "What can this principal do, directly or over steps",
		Example: `  clew what-can tomas.release --level WRITE
  clew what-can github-deploy --direct -o csv`,
		Args: cobra.ExactArgs(1), ValidArgsFunction: a.refsAt(0),
		RunE: func(c *cobra.Command, args []string) error {
			filter, err := f.input()
			if err != nil {
				return err
			}
			vars := map[string]any{"principal": selector(args[0]), "filter": filter, "transitive": !f.direct}
			return a.rights(c, "WhatCan", vars, f.limit, byTarget, args[0]+" can do nothing of that")
		},
	}
	f.flags(c)
	c.Flags().StringArrayVar(&f.actions, "action", nil, "only what allows this action; wildcards are allowed; may be repeated")
	return c
}

// rights answers with rows of effective access.
func (a *app) rights(c *cobra.Command, operation string, vars map[string]any, limit int, view rightView, none string) error {
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	raw, err := ask.pages(c.Context(), operation, vars, max(limit, 1))
	if err != nil {
		return err
	}
	var found page[right]
	ans, err := connection(raw, &found)
	if err != nil {
		return err
	}
	list := found.nodes()
	ans.cells = func() *table { return rightTable(list) }
	ans.text = func(s *screen) { printRights(s, found, view, none) }
	if err := a.show(ans); err != nil {
		return err
	}
	return verdictOutcome(len(list), found.CutBy, slices.ContainsFunc(list, func(r right) bool { return sure(r.Verdict) }))
}

func printRights(s *screen, found page[right], view rightView, none string) {
	list := found.nodes()
	switch {
	case len(list) > 0:
		rightRows(list, view).print(s)
	case found.CutBy == "":
		s.line("%s: the search went to its end.", none)
	}
	printLeft(s, len(list), found.TotalCount, "rows")
	printCut(s, found.CutBy, "rows")
	printMissing(s, found.Coverage)
}

// A rightView says which ends of a right its rows show.
type rightView struct{ principal, target bool }

var (
	byPrincipal = rightView{principal: true, target: true}
	byTarget    = rightView{target: true}
)

// rightRows is effective access for people.
func rightRows(list []right, view rightView) *table {
	t := &table{head: []string{"HOPS", "VERDICT"}}
	if view.principal {
		t.head = append(t.head, "WHO")
	}
	t.head = append(t.head, "WHAT", "ACTIONS", "OVER")
	for _, r := range list {
		row := []any{r.Hops, ofVerdict(r.Verdict)}
		if view.principal {
			row = append(row, fullName(r.Principal))
		}
		t.add(append(row, targetName(r), rightActions(r), overSteps(r.Via))...)
	}
	return t
}

func targetName(r right) string {
	if on := few(r.Targets.Include, 2); on != "" {
		return called(r.Target) + ": " + on
	}
	return fullName(r.Target)
}

func rightActions(r right) string {
	switch {
	case r.Relation == "ADMINISTERS" && len(r.Actions) == 0:
		return "everything"
	case r.Relation == "ADMINISTERS":
		return "everything, by " + few(r.Actions, 3)
	}
	return few(r.Actions, 4)
}

// overSteps names what is held between the start and the target.
func overSteps(w way) string {
	var names []string
	for i, st := range w.Steps {
		if i < len(w.Steps)-1 {
			names = append(names, called(st.To))
		}
	}
	return strings.Join(names, " → ")
}

// rightTable is effective access with every reference whole.
func rightTable(list []right) *table {
	t := &table{head: []string{"principal", "relation", "target", "include", "exclude", "actions", "levels", "verdict", "formula", "hops", "over", "evidence"}}
	for _, r := range list {
		t.add(r.Principal.Ref, r.Relation, r.Target.Ref, strings.Join(r.Targets.Include, " "), strings.Join(r.Targets.Exclude, " "),
			strings.Join(r.Actions, " "), strings.Join(r.Levels, " "), r.Verdict, r.Formula, r.Hops, overRefs(r.Via), joinEach(r.Evidence, cite))
	}
	return t
}

func overRefs(w way) string {
	var refs []string
	for i, st := range w.Steps {
		if i < len(w.Steps)-1 {
			refs = append(refs, st.To.Ref)
		}
	}
	return strings.Join(refs, " ")
}
