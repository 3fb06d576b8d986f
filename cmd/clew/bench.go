package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
)

// benchFlags say what is measured.
type benchFlags struct {
	quick  bool
	sizes  []string
	seed   uint64
	check  string // a baseline to compare with
	record string // a baseline to write
}

func (a *app) bench() *cobra.Command {
	var f benchFlags
	c := &cobra.Command{
		Use:   "bench",
		Short: "Measure this program on made-up estates",
		Long: `Makes estates up, reads, resolves and asks them, and says what that took, beside
what is wanted of it. Answers are held against a decision of the same question
on a sample, and the techniques that are found against those that were planted;
a difference fails. Everything is written below a temporary folder, and removed.

Collecting and resolving run as processes of their own, so that their peak of
memory is theirs alone; everything else runs in this one. Seconds are those of
this machine as it is: other work on it makes them worse.

--baseline compares the counts of work (edges looked at, rows, classes, bytes)
with those of a file that --record wrote, and fails where one differs. Times
are never compared.`,
		Example: "  clew bench --quick\n  clew bench --sizes 1k,10k,100k -o markdown > table.md\n  clew bench --quick --baseline testdata/bench/quick.json",
		Args:    cobra.NoArgs, Annotations: map[string]string{tabled: "yes"},
		RunE: func(c *cobra.Command, _ []string) error { return a.runBench(c.Context(), f) },
	}
	fl := c.Flags()
	fl.BoolVar(&f.quick, "quick", false, "a small estate and a small graph, in less than two minutes")
	fl.StringSliceVar(&f.sizes, "sizes", []string{"1k", "10k"}, "estates, by principals: 1k, 10k, 100k, 1m")
	fl.Uint64Var(&f.seed, "seed", 1, "what to draw from")
	fl.StringVar(&f.check, "baseline", "", "compare counts with this file, and fail where they differ")
	fl.StringVar(&f.record, "record", "", "write the counts to this file")
	c.MarkFlagsMutuallyExclusive("quick", "sizes")
	c.MarkFlagsMutuallyExclusive("baseline", "record")
	complete(c, "sizes", slices.Sorted(maps.Keys(benchSizes)))
	return c
}

func (a *app) runBench(ctx context.Context, f benchFlags) error {
	plan, err := f.plan()
	if err != nil {
		return err
	}
	var base *baseline
	if f.check != "" { // before any work is done for nothing
		if base, err = readBaseline(f.check); err != nil {
			return err
		}
	}
	report, err := measureAll(ctx, plan, a.progress)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if err := a.show(answer{raw: raw, text: report.print, cells: report.table, markdown: report.markdown}); err != nil {
		return err
	}
	if f.record != "" {
		return writeBaseline(f.record, baselineOf(report))
	}
	if base != nil {
		return base.compare(baselineOf(report))
	}
	return nil
}

// measureAll measures every row over all that it is measured over.
func measureAll(ctx context.Context, plan benchPlan, progress func(string)) (r *benchReport, err error) {
	dir, err := os.MkdirTemp("", "clew-bench-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if gone := os.RemoveAll(dir); err == nil {
			err = gone
		}
	}()
	r = &benchReport{Machine: thisMachine(), Clew: thisBuild(), Seed: plan.seed}
	b := &bench{plan: plan, dir: dir, progress: progress, report: r}
	if err := b.rows(ctx, ofProgram, "", nil); err != nil {
		return nil, err
	}
	for _, size := range plan.sizes {
		e, err := b.newEstate(ctx, size)
		if err == nil {
			err = b.rows(ctx, ofEstate, size.name, e)
		}
		if err = firstOf(err, e.close()); err != nil {
			return nil, err
		}
	}
	if err := b.graphRows(ctx); err != nil {
		return nil, err
	}
	r.grow()
	return r, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A bench is one run under way.
type bench struct {
	plan     benchPlan
	dir      string // everything is written below it
	progress func(string)
	report   *benchReport
	graph    *benchGraph // once it is made
}

// rows measures the rows of one scale.
func (b *bench) rows(ctx context.Context, of benchScale, over string, e *benchEstate) error {
	for _, row := range benchRows {
		if row.of != of {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b.progress(fmt.Sprint("measuring ", over, " ", row.name))
		m, err := row.run(ctx, b, e)
		if err != nil {
			return fmt.Errorf("bench: %s %s: %w", over, row.name, err)
		}
		m.Row, m.Over, m.Goal = row.name, cmp.Or(m.Over, over), row.goalOf(over)
		b.report.Rows = append(b.report.Rows, m)
	}
	return nil
}

// below names a place in the temporary folder.
func (b *bench) below(names ...string) string {
	return filepath.Join(append([]string{b.dir}, names...)...)
}
