package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// A baseline is the counts of work of one run: what the same seed counts on
// every machine. Times are no part of it.
type baseline struct {
	Seed uint64                      `json:"seed"`
	Rows map[string]map[string]int64 `json:"rows"` // by row, by count
}

func baselineOf(r *benchReport) *baseline {
	b := &baseline{Seed: r.Seed, Rows: map[string]map[string]int64{}}
	for _, m := range r.Rows {
		if len(m.Counts) > 0 {
			b.Rows[m.key()] = m.Counts
		}
	}
	return b
}

func readBaseline(file string) (*baseline, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	b := new(baseline)
	if err := json.Unmarshal(text, b); err != nil {
		return nil, fmt.Errorf("read baseline: %s: %w", file, err)
	}
	if len(b.Rows) == 0 {
		return nil, fmt.Errorf("read baseline: %s holds no counts", file)
	}
	return b, nil
}

func writeBaseline(file string, b *baseline) error {
	text, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("record baseline: %w", err)
	}
	return nil
}

// errBaseline: work is not what it was.
var errBaseline = errors.New("counts differ from the baseline; where that is meant, record it anew")

// compare returns an error that lists every count that is not what it was.
func (b *baseline) compare(got *baseline) error {
	if b.Seed != got.Seed {
		return fmt.Errorf("%w: it is of seed %d, this run of %d", errBaseline, b.Seed, got.Seed)
	}
	var differ []string
	for _, row := range union(b.Rows, got.Rows) {
		was, is := b.Rows[row], got.Rows[row]
		for _, count := range union(was, is) {
			if before, now := told(was, count), told(is, count); before != now {
				differ = append(differ, fmt.Sprintf("%s: %s: %s, was %s", row, count, now, before))
			}
		}
	}
	if len(differ) == 0 {
		return nil
	}
	return fmt.Errorf("%w:\n  %s", errBaseline, strings.Join(differ, "\n  "))
}

func told(counts map[string]int64, name string) string {
	if n, ok := counts[name]; ok {
		return fmt.Sprint(n)
	}
	return "not there"
}

// union returns the keys of two maps, sorted.
func union[V any](a, b map[string]V) []string {
	list := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(list)
	return slices.Compact(list)
}
