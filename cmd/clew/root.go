package main

import (
	"cmp"
	"io"
	"os"
	"slices"
	"time"

	"github.com/itchyny/gojq"
	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/graph/snapshot"
)

// An app is one run of the program: its streams and global flags.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	screen *screen // stdout, for people
	notes  *screen // stderr

	dir         string // of the store, or the address of its server
	credentials string // a file
	estate      string
	format      string
	at          string // the snapshot to ask; "" is the newest
	noColor     bool
	verbose     bool
	jq          string
	filter      func(any) gojq.Iter // of --jq; nil without

	opened   snapshot.Store // by the first who asked for it
	started  bool           // the command line was understood
	nextNote time.Time      // when progress is due
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{
		stdin: stdin, stdout: stdout,
		screen:   &screen{out: stdout, color: isTerminal(stdout)},
		notes:    &screen{out: stderr},
		nextNote: time.Now().Add(progressAfter),
	}
}

// The forms of output.
const (
	asTable   = "table"
	asJSON    = "json"
	asJSONL   = "jsonl"
	asCSV     = "csv"
	asDOT     = "dot"
	asMermaid = "mermaid"
	asMD      = "markdown"
)

var formats = []string{asTable, asJSON, asJSONL, asCSV, asDOT, asMermaid, asMD}

// drawn marks commands whose answers can be drawn as dot and mermaid.
const drawn = "drawn"

// tabled marks commands whose answers can be written as a table in Markdown.
const tabled = "tabled"

// wordsOnly marks commands that have no JSON.
const wordsOnly = "words only"

// root is the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "clew",
		Short: "What can this identity really reach, by which steps, and what stops it",
		Long: `Clew follows the thread: from an identity, through every trust, group and
policy, to what it can really reach. It reads what your cloud says of itself,
resolves it offline, and answers.

References are the same everywhere: an ARN, a unique name, account:ID,
credential:AKIA…, internet, crown-jewels.

Exit codes: 0 answered or found; 1 failed; 2 usage; 3 found only as UNKNOWN, or
cut before anything was found; 4 searched to the end and nothing.`,
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.prepare(cmd) },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.notes.out)
	a.globalFlags(root)
	root.AddCommand(
		a.demo(), a.ingest(), a.resolve(), a.serve(),
		a.path(), a.blastRadius(), a.whoCan(), a.whatCan(), a.explain(), a.search(), a.techniques(),
		a.snapshots(), a.coverage(), a.stats(), a.label(), a.export(), a.generate(), a.bench(), a.man(), a.version(),
	)
	return root
}

func (a *app) globalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&a.dir, "store", cmp.Or(os.Getenv("CLEW_STORE"), ".clew"), "the folder that keeps snapshots, or the neo4j:// address of a server (CLEW_STORE)")
	f.StringVar(&a.credentials, "neo4j-credentials", "", "a file with USER/PASSWORD of the Neo4j server (CLEW_NEO4J_AUTH_FILE)")
	f.StringVar(&a.estate, "estate", os.Getenv("CLEW_ESTATE"), "the estate to speak of, where a store keeps several (CLEW_ESTATE)")
	f.StringVarP(&a.format, "output", "o", asTable, "table, json, jsonl or csv; dot or mermaid for path and blast-radius; markdown for bench")
	f.StringVar(&a.jq, "jq", "", "answer with what this jq expression makes of the JSON")
	f.StringVar(&a.at, "at-snapshot", "", "ask this snapshot, not the newest")
	f.BoolVar(&a.noColor, "no-color", os.Getenv("NO_COLOR") != "", "no colors (NO_COLOR)")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "say on stderr what is being done")
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// prepare checks the global flags. Whatever fails after it is not a matter of
// usage.
func (a *app) prepare(cmd *cobra.Command) error {
	if err := cmd.ValidateFlagGroups(); err != nil {
		return usageError{err}
	}
	if !slices.Contains(formats, a.format) {
		return usagef("output %q: want one of %v", a.format, formats)
	}
	if (a.format == asDOT || a.format == asMermaid) && cmd.Annotations[drawn] == "" {
		return usagef("output %q draws path and blast-radius, not %s", a.format, cmd.Name())
	}
	if a.format == asMD && cmd.Annotations[tabled] == "" {
		return usagef("output %q is of bench, not of %s", a.format, cmd.Name())
	}
	if err := a.checkJQ(cmd); err != nil {
		return err
	}
	if a.noColor {
		a.screen.color = false
	}
	a.started = true
	return nil
}

// Progress comes to somebody who has waited so long, so often.
const (
	progressAfter = 2 * time.Second
	progressEvery = time.Second
)

// progress tells what is being done: everything to who asked for it, and now
// and then to who sits before a terminal and waits.
func (a *app) progress(what string) {
	if a.verbose {
		a.notes.line("%s", what)
		return
	}
	if now := time.Now(); isTerminal(a.notes.out) && now.After(a.nextNote) {
		a.notes.line("… %s", what)
		a.nextNote = now.Add(progressEvery)
	}
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, RunE: func(c *cobra.Command, args []string) error {
		var names []string
		for _, sub := range c.Commands() {
			names = append(names, sub.Name())
		}
		return usagef("%s: want one of %v, got %q", c.CommandPath(), names, args)
	}}
	c.AddCommand(commands...)
	return c
}
