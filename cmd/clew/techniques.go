package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/resolve/escalate"
)

// A technique is a known way to turn permissions into more.
type technique struct {
	ID, Title, Category, URL, Status string
	Data                             string // what it gives instead of something that can be held
	Needs                            []struct{ Action string }
}

func (a *app) techniques() *cobra.Command {
	c := &cobra.Command{
		Use:   "techniques",
		Short: "List the known ways to turn permissions into more",
		Long: `Lists the techniques that paths go through: what each takes, what it gives, what
the provider's log shows of it, and a public page that describes it. Needs no
store.`,
		Example: "  clew techniques\n  clew techniques who iam-001",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runTechniques(c) },
	}
	c.AddCommand(a.techniquesWho())
	return c
}

func (a *app) runTechniques(c *cobra.Command) error {
	list, ans, err := a.knownTechniques(c)
	if err != nil {
		return err
	}
	t := &table{head: []string{"ID", "CATEGORY", "STATUS", "GIVES", "REFERENCE", "TITLE"}}
	for _, k := range list {
		t.add(k.ID, k.Category, k.Status, gives(k), k.URL, k.Title)
	}
	ans.cells = func() *table { return t }
	ans.text = t.print
	return a.show(ans)
}

// knownTechniques asks for what every store knows.
func (a *app) knownTechniques(c *cobra.Command) ([]technique, answer, error) {
	ask := &client{api: a.api(nil)}
	raw, err := ask.query(c.Context(), "Techniques", map[string]any{})
	if err != nil {
		return nil, answer{}, err
	}
	var list []technique
	ans, err := listed(raw, &list)
	return list, ans, err
}

func gives(k technique) string {
	if k.Data != "" {
		return "data"
	}
	return "control"
}

func (a *app) techniquesWho() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "who ID",
		Short: "Who can use a technique now, and what it gains",
		Long: `Lists who can take a step by a technique now, and what is held afterwards. With
-o json every step has each need with its statements, what breaks it, and what
the provider's log shows if it is taken.`,
		Example: "  clew techniques who iam-001\n  clew techniques who lambda-001 -o json --jq '.edges[].node.breakers[].text'",
		Args:    cobra.ExactArgs(1), ValidArgsFunction: techniqueIDs,
		RunE: func(c *cobra.Command, args []string) error { return a.runTechniquesWho(c, args[0], limit) },
	}
	limitFlag(c, &limit, 100)
	return c
}

func (a *app) runTechniquesWho(c *cobra.Command, id string, limit int) error {
	known, _, err := a.knownTechniques(c)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(known, func(k technique) bool { return k.ID == id })
	if at < 0 {
		return usagef("%q is no technique; 'clew techniques' lists them", id)
	}
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	raw, err := ask.pages(c.Context(), "TechniquesWho", map[string]any{"technique": id}, max(limit, 1))
	if err != nil {
		return err
	}
	var found page[step]
	ans, err := connection(raw, &found)
	if err != nil {
		return err
	}
	ans.cells = func() *table { return useTable(found.nodes()) }
	ans.text = func(s *screen) { printUses(s, known[at], found) }
	if err := a.show(ans); err != nil {
		return err
	}
	return verdictOutcome(len(found.Edges), "", slices.ContainsFunc(found.nodes(), func(st step) bool { return sure(st.Verdict) }))
}

func printUses(s *screen, k technique, found page[step]) {
	s.line("%s  %s  %s", in(bold, "%s", k.ID), k.Title, styled{faint, k.URL})
	if k.Data != "" {
		s.line("gives data alone: %s", k.Data)
	}
	if len(found.Edges) == 0 {
		s.line("%s", in(green, "nobody can use it in this snapshot"))
		printMissing(s, found.Coverage)
		return
	}
	t := &table{head: []string{"VERDICT", "WHO", "HELD BY", "GAINS", "IF"}}
	for _, st := range found.nodes() {
		t.add(ofVerdict(st.Verdict), fullName(st.From), st.Held, fullName(st.To), hangsOn(st))
	}
	t.print(s)
	printLeft(s, len(t.rows), found.TotalCount, "steps")
	printMissing(s, found.Coverage)
}

// hangsOn says what a step that is not sure waits for.
func hangsOn(st step) string {
	switch {
	case st.Verdict == "ALLOWED":
		return ""
	case st.Technique != nil && len(st.Technique.Missing) > 0:
		return "missing: " + strings.Join(st.Technique.Missing, "; ")
	}
	return st.Formula
}

// useTable is steps by a technique: one row each.
func useTable(list []step) *table {
	t := &table{head: []string{"technique", "from", "held", "to", "verdict", "formula", "missing", "needs", "log", "break"}}
	for _, st := range list {
		u := st.Technique
		if u == nil {
			continue
		}
		t.add(u.ID, st.From.Ref, st.Held, st.To.Ref, st.Verdict, st.Formula, strings.Join(u.Missing, "; "),
			joinEach(u.Needs, need.String), joinEach(st.LogSignature, logEvents.String), joinEach(st.Breakers, func(b breaker) string { return b.Text }))
	}
	return t
}

// techniqueIDs completes ids.
func techniqueIDs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var words []string
	for _, k := range techniques {
		words = append(words, cobra.CompletionWithDesc(k.ID, k.Title))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// checkTechniques refuses ids that are none: they would silently follow
// nothing.
func checkTechniques(ids []string) error {
	for _, id := range ids {
		if !slices.ContainsFunc(techniques, func(k escalate.Technique) bool { return k.ID == id }) {
			return usagef("--techniques: %q is no technique; 'clew techniques' lists them", id)
		}
	}
	return nil
}
