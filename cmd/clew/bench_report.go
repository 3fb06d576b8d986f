package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
)

// A benchReport is the whole table and what it was measured on.
type benchReport struct {
	Machine machine   `json:"machine"`
	Clew    build     `json:"clew"`
	Seed    uint64    `json:"seed"`
	Rows    []measure `json:"rows"`
}

// A machine is what times depend on.
type machine struct {
	System string `json:"system"`
	CPUs   int    `json:"cpus"`  // that this process may use
	Model  string `json:"model"` // empty where the system does not tell
}

func thisMachine() machine {
	return machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.GOMAXPROCS(0), Model: cpuModel()}
}

// cpuModel reads the name of the processor where Linux tells it.
func cpuModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// growing are the rows whose growth from one size to the next is told.
var growing = []string{lookRow, readRow, resolveRow}

// grow adds how time and memory grow from one size to the next.
func (r *benchReport) grow() {
	var added []measure
	before := map[string]measure{}
	for _, m := range r.Rows {
		if !slices.Contains(growing, m.Row) {
			continue
		}
		if last, ok := before[m.Row]; ok {
			added = append(added, measure{Row: "growth: " + m.Row, Over: last.Over + " to " + m.Over,
				Text: fmt.Sprintf("CPU ×%.1f, peak ×%.1f", m.CPU/last.CPU, per(m.Peak, last.Peak))})
		}
		before[m.Row] = m
	}
	r.Rows = append(r.Rows, added...)
}

// edgesOf are the edges that were looked at, empty where none are counted.
func (m measure) edgesOf() string {
	if n, ok := m.Counts["edges"]; ok {
		return fmt.Sprint(n)
	}
	return ""
}

// countsOf lists the other counts.
func (m measure) countsOf() string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(m.Counts)) {
		if name != "edges" {
			list = append(list, fmt.Sprintf("%s %d", name, m.Counts[name]))
		}
	}
	return strings.Join(list, ", ")
}

func (m measure) peak() string {
	if m.Peak == 0 {
		return ""
	}
	return size(m.Peak)
}

func (m measure) text() string {
	if m.Missing != "" {
		return m.Missing
	}
	return m.Text
}

func (r *benchReport) table() *table {
	t := &table{head: []string{"WHAT", "OVER", "GOAL", "MEASURED", "CPU", "WALL", "PEAK", "EDGES LOOKED AT", "COUNTS"}}
	for _, m := range r.Rows {
		t.add(m.Row, m.Over, m.Goal, m.text(), seconds(m.CPU), seconds(m.Wall), m.peak(), m.edgesOf(), m.countsOf())
	}
	return t
}

// markdown leaves the counts out: the table is wide enough.
func (r *benchReport) markdown(out io.Writer) error {
	t := r.table()
	t.head = t.head[:len(t.head)-1]
	for i, row := range t.rows {
		t.rows[i] = row[:len(row)-1]
	}
	if _, err := fmt.Fprintf(out, "%s.\n\n", markdownSafe(r.about())); err != nil {
		return err
	}
	return t.markdown(out)
}

func (r *benchReport) print(s *screen) {
	s.line("%s", r.about())
	s.line("")
	r.table().print(s)
}

// about says what was measured on what.
func (r *benchReport) about() string {
	parts := []string{"clew " + r.Clew.Version, r.Clew.Go, r.Machine.System}
	if r.Machine.Model != "" {
		parts = append(parts, r.Machine.Model)
	}
	return strings.Join(append(parts, fmt.Sprintf("%d CPUs", r.Machine.CPUs), fmt.Sprintf("seed %d", r.Seed)), ", ")
}
