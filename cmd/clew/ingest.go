package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

func (a *app) ingest() *cobra.Command {
	var commands []*cobra.Command
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		commands = append(commands, a.ingestFrom(name, sources[name]))
	}
	return group("ingest", "Read what a provider says of itself, and resolve it", commands...)
}

func (a *app) ingestFrom(name string, source func([]string) ingest.Source) *cobra.Command {
	var unresolved, dry bool
	c := &cobra.Command{
		Use:   name + " PATH…",
		Short: "Read documents of " + strings.ToUpper(name) + " from files and folders",
		Long: `Reads documents as the provider's command line prints them, plain or gzip, and
publishes a resolved snapshot. What the documents hold whole replaces what was
known of it; everything else is carried forward. Where that changes few accounts,
conclusions are drawn anew about these and about whom they name, and the others
stay: the snapshot is that of resolving everything. If anything fails, the last
snapshot stays what it was. With --dry-run it says what came and what is missing,
and publishes nothing; facts that contradict each other are found only when they
are put together.`,
		Example: "  clew ingest " + name + " account.json\n  clew ingest " + name + " collection/ organization/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if dry {
				return a.runDry(c.Context(), source(args))
			}
			last := conclude
			if unresolved {
				last = leave
			}
			return a.runIngest(c, source(args), last)
		},
	}
	c.Flags().BoolVar(&unresolved, "no-resolve", false, "publish the facts without concluding anything; 'clew resolve' does")
	c.Flags().BoolVar(&dry, "dry-run", false, "read everything, say what came and what is missing, and publish nothing")
	c.MarkFlagsMutuallyExclusive("dry-run", "no-resolve")
	return c
}

func (a *app) runIngest(c *cobra.Command, source ingest.Source, last finish) error {
	store, err := a.store(c.Context())
	if err != nil {
		return err
	}
	summary, how, info, err := gather(c.Context(), store, a.estate, []ingest.Source{source}, last, a.progress)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(collected(summary, how, info))
	if err != nil {
		return err
	}
	return a.show(answer{
		raw: raw,
		text: func(s *screen) {
			printSummary(s, summary, 10)
			printConcluded(s, how.concluded, info)
			printPublished(s, info)
		},
		cells: func() *table { return gapTable(summary.Gaps) },
	})
}

// A collection is what ingest did, as JSON shows it.
type collection struct {
	Snapshot string `json:"snapshot"`
	Complete bool   `json:"complete"`
	brought
	Listings int `json:"listings"`
	// Redrawn are the accounts about which conclusions were drawn anew while those
	// about others stayed; InFull says why all were drawn. Neither stands where
	// nothing was concluded.
	Redrawn []string `json:"redrawn,omitempty"`
	InFull  string   `json:"inFull,omitempty"`
}

// brought is what documents hold and lack.
type brought struct {
	Documents int            `json:"documents"`
	Bytes     int64          `json:"bytes"`
	Things    map[string]int `json:"things"`
	Gaps      []gapRow       `json:"gaps"`
}

type gapRow struct {
	Scope     graph.Ref       `json:"scope"`
	Operation string          `json:"operation"`
	Region    string          `json:"region"`
	Of        graph.Ref       `json:"of"`
	Reason    graph.GapReason `json:"reason"`
	Detail    string          `json:"detail"`
}

func collected(sum ingest.Summary, how gathered, info graph.SnapshotInfo) collection {
	return collection{
		Snapshot: info.ID, Complete: info.Complete, brought: broughtBy(sum),
		Listings: how.Listings, Redrawn: how.Accounts, InFull: how.InFull,
	}
}

func broughtBy(sum ingest.Summary) brought {
	out := brought{Documents: sum.Documents, Bytes: sum.Bytes, Things: map[string]int{}, Gaps: []gapRow{}}
	for kind, n := range sum.Nodes {
		out.Things[string(kind)] = n
	}
	for _, g := range sum.Gaps {
		out.Gaps = append(out.Gaps, gapRow{g.Listing.Scope, operation(g), g.Listing.Region, part(g), g.Reason, g.Detail})
	}
	return out
}

// printConcluded says about how much conclusions were drawn, where not about all.
func printConcluded(s *screen, how concluded, info graph.SnapshotInfo) {
	if len(how.Accounts) > 0 {
		s.line("resolved %s of %d; what is concluded about others stays", plural(len(how.Accounts), "account", "accounts"), info.Accounts)
	}
}

func operation(g graph.Coverage) string { return g.Listing.Service + " " + g.Listing.Operation }

// part is the thing whose document is missing, where it is not all of a scope.
func part(g graph.Coverage) graph.Ref {
	if g.Of != "" {
		return g.Of
	}
	return g.Listing.Subject
}

// printSummary says what came and what is missing.
func printSummary(s *screen, sum ingest.Summary, most int) {
	s.line("read     %s, %s: %s", plural(sum.Documents, "document", "documents"), size(sum.Bytes), kinds(sum.Nodes))
	if len(sum.Gaps) == 0 {
		s.line("missing  %s", in(green, "nothing that was asked for"))
		return
	}
	gaps := oncePerDetail(sum.Gaps)
	s.line("missing  %s; answers that need them say UNKNOWN:", in(purple, "%s", plural(len(gaps), "answer", "answers")))
	for _, g := range gaps[:min(most, len(gaps))] {
		of := ""
		if part(g) != "" {
			of = " of " + string(part(g))
		}
		s.line("           %s  %s %s%s: %s", in(purple, "%s", g.Reason), g.Listing.Scope, operation(g), of, g.Detail)
	}
	if len(gaps) > most {
		s.line("           and %d more; 'clew coverage' lists them", len(gaps)-most)
	}
}

// oncePerDetail keeps the first of the gaps that one document made: several
// scopes and layers can hang on it.
func oncePerDetail(gaps []graph.Coverage) []graph.Coverage {
	var list []graph.Coverage
	seen := map[string]bool{}
	for _, g := range gaps {
		if g.Detail == "" || !seen[g.Detail] {
			list = append(list, g)
		}
		seen[g.Detail] = true
	}
	return list
}

// kinds counts what came, in the order of the vocabulary.
func kinds(nodes map[graph.Kind]int) string {
	var words []string
	for _, k := range graph.Kinds {
		if nodes[k] > 0 {
			words = append(words, plural(nodes[k], strings.ToLower(spaced(string(k))), plurals(strings.ToLower(spaced(string(k))))))
		}
	}
	return strings.Join(words, ", ")
}

// spaced parts the words of a kind: FederatedSubject is "Federated Subject".
func spaced(kind string) string {
	var b strings.Builder
	for i, r := range kind {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func plurals(word string) string {
	switch word {
	case "anonymous":
		return word
	}
	return word + "s"
}

func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", bytes>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

func printPublished(s *screen, info graph.SnapshotInfo) {
	s.line("snapshot %s: %s, %d things, %d relations", in(bold, "%s", info.ID), plural(info.Accounts, "account", "accounts"), info.Nodes, info.Edges)
}

func gapTable(gaps []graph.Coverage) *table {
	t := &table{head: []string{"scope", "operation", "region", "of", "reason", "detail"}}
	for _, g := range gaps {
		t.add(string(g.Listing.Scope), operation(g), g.Listing.Region, string(part(g)), string(g.Reason), g.Detail)
	}
	return t
}
