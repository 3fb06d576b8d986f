package main

import (
	"fmt"
	"io"
	"strings"
)

// markdown writes the table as GitHub reads it.
func (t *table) markdown(out io.Writer) error {
	rows := [][]any{make([]any, len(t.head)), make([]any, len(t.head))}
	for i, h := range t.head {
		rows[0][i], rows[1][i] = strings.ToLower(h), "---"
	}
	for _, row := range append(rows, t.rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = markdownSafe(textOf(cell))
		}
		if _, err := fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | ")); err != nil {
			return err
		}
	}
	return nil
}

// markdownSafe keeps a cell from ending its column, and from being taken for
// anything else than text.
func markdownSafe(cell string) string {
	var b strings.Builder
	for _, r := range clean(cell) {
		if strings.ContainsRune("|\\`*_<>[]&#!~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
