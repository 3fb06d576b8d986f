package main

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tiny is a run that takes seconds. The program is started by the name under
// which this test binary is clew.
func tiny(seed uint64) benchPlan {
	size := benchSize{"tiny", 40, 200, 2}
	return benchPlan{seed: seed, sizes: []benchSize{size}, graph: graphSize{2_000, 8_000}, defeats: size, sample: 120, asks: 12, quick: true, self: "clew"}
}

// TestBench runs the whole table twice: every row is there, is measured or says
// why not, and counts the same.
func TestBench(t *testing.T) {
	report, err := measureAll(t.Context(), tiny(5), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range report.Rows {
		seen[m.Row] = true
		if m.text() == "" || m.Missing == "" && m.Wall <= 0 {
			t.Errorf("%s: %+v", m.key(), m)
		}
	}
	for _, row := range benchRows {
		if !seen[row.name] {
			t.Errorf("%s was not measured", row.name)
		}
	}
	again, err := measureAll(t.Context(), tiny(5), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := baselineOf(report).compare(baselineOf(again)); err != nil {
		t.Error(err)
	}
	checkCounts(t, report)
}

// checkCounts holds that questions had answers: a draw that asks of nothing
// measures nothing.
func checkCounts(t *testing.T, r *benchReport) {
	t.Helper()
	want := map[string]string{
		"resolve": "rows", "sampled answers that a decision gives too": "granted", "shortest path": "hops", "reachable or not": "reached",
		"every pair of 1,000 principals and 1,000 buckets, one action": "yes", "a snapshot verified, every byte": "bytes",
		"who can do an action to a bucket, with chains: all, as a set": "footholds", "techniques of an estate in which each is planted": "found",
	}
	for _, m := range r.Rows {
		if count, ok := want[m.Row]; ok && m.Counts[count] <= 0 {
			t.Errorf("%s: %s %d", m.key(), count, m.Counts[count])
		}
	}
}

// Growth is told from each size to the next.
func TestGrowth(t *testing.T) {
	r := &benchReport{Rows: []measure{
		{Row: readRow, Over: "1k", CPU: 1, Peak: 10}, {Row: resolveRow, Over: "1k", CPU: 2, Peak: 100}, {Row: "shortest path", CPU: 9},
		{Row: readRow, Over: "10k", CPU: 5, Peak: 10}, {Row: resolveRow, Over: "10k", CPU: 30, Peak: 250}, {Row: resolveRow, Over: "100k", CPU: 60, Peak: 250},
	}}
	r.grow()
	var got []string
	for _, m := range r.Rows[6:] {
		got = append(got, m.key()+": "+m.Text)
	}
	want := []string{
		"1k to 10k: growth: " + readRow + ": CPU ×5.0, peak ×1.0", "1k to 10k: growth: resolve: CPU ×15.0, peak ×2.5",
		"10k to 100k: growth: resolve: CPU ×2.0, peak ×1.0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBaselineFails: a count that differs, is gone or is new fails, and is named.
func TestBaselineFails(t *testing.T) {
	base := func() *baseline {
		return &baseline{Seed: 1, Rows: map[string]map[string]int64{"1k: resolve": {"rows": 10, "classes": 4}, "shortest path": {"edges": 7}}}
	}
	file := filepath.Join(t.TempDir(), "quick.json")
	if err := writeBaseline(file, base()); err != nil {
		t.Fatal(err)
	}
	read, err := readBaseline(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := read.compare(base()); err != nil {
		t.Errorf("the same counts differ: %v", err)
	}
	for want, change := range map[string]func(*baseline){
		"1k: resolve: rows: 11, was 10":          func(b *baseline) { b.Rows["1k: resolve"]["rows"]++ },
		"1k: resolve: classes: not there, was 4": func(b *baseline) { delete(b.Rows["1k: resolve"], "classes") },
		"shortest path: edges: not there, was 7": func(b *baseline) { delete(b.Rows, "shortest path") },
		"shortest path: hops: 3, was not there":  func(b *baseline) { b.Rows["shortest path"]["hops"] = 3 },
		"10k: resolve: rows: 1, was not there":   func(b *baseline) { b.Rows["10k: resolve"] = map[string]int64{"rows": 1} },
		"it is of seed 1, this run of 2":         func(b *baseline) { b.Seed = 2 },
		"1k: resolve: rows: 9, was 10":           func(b *baseline) { b.Rows["1k: resolve"]["rows"] = 9 },
	} {
		got := base()
		change(got)
		if err := read.compare(got); !errors.Is(err, errBaseline) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestBenchFindsDifferences: a snapshot that says something else than a decision
// is noticed.
func TestBenchFindsDifferences(t *testing.T) {
	b := &bench{plan: tiny(6), dir: t.TempDir(), progress: func(string) {}}
	e, err := b.newEstate(t.Context(), b.plan.sizes[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingestDocuments(t.Context(), b, e); err != nil {
		t.Fatal(err)
	}
	if _, err := resolveFacts(t.Context(), b, e); err != nil {
		t.Fatal(err)
	}
	defer e.close()
	if _, err := agreeWithDecide(t.Context(), b, e); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(e.classes)
	classes := slices.Clone(e.classes)
	for i := range e.classes { // everybody is told what another may do
		e.classes[i].class = classes[(i+1)%len(classes)].class
	}
	if _, err := agreeWithDecide(t.Context(), b, e); err == nil || !strings.Contains(err.Error(), "differ from a decision") {
		t.Errorf("%v", err)
	}
}

func TestMarkdown(t *testing.T) {
	table := &table{head: []string{"WHAT", "GOAL"}}
	table.add("a|b <script>", "≤ 5 ms\n")
	var out strings.Builder
	if err := table.markdown(&out); err != nil {
		t.Fatal(err)
	}
	want := "| what | goal |\n| --- | --- |\n| a\\|b \\<script\\> | ≤ 5 ms\\\\n |\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// The names of sizes are their numbers.
func TestBenchSizes(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(benchSizes)) {
		if size := benchSizes[name]; thousands(size.principals) != name || size.name != name {
			t.Errorf("%s: %+v", name, size)
		}
	}
}
