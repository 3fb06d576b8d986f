package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A table is rows under a heading. Cells are strings, numbers or styled.
type table struct {
	head []string
	rows [][]any
}

func (t *table) add(cells ...any) { t.rows = append(t.rows, cells) }

// print writes the table in columns; the last one is as wide as it likes.
func (t *table) print(s *screen) {
	widths := make([]int, len(t.head))
	measure := func(i int, text string) { widths[i] = max(widths[i], utf8.RuneCountInString(text)) }
	for i, h := range t.head {
		measure(i, h)
	}
	for _, row := range t.rows {
		for i, cell := range row {
			measure(i, clean(textOf(cell)))
		}
	}
	head := make([]any, len(t.head))
	for i, h := range t.head {
		head[i] = styled{faint, h}
	}
	t.printRow(s, widths, head)
	for _, row := range t.rows {
		t.printRow(s, widths, row)
	}
}

func (t *table) printRow(s *screen, widths []int, row []any) {
	var b strings.Builder
	for i, cell := range row {
		text := clean(textOf(cell))
		b.WriteString(s.paint(lookOf(cell), text))
		if i < len(row)-1 {
			b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)+2))
		}
	}
	fmt.Fprintln(s.out, strings.TrimRight(b.String(), " "))
}

// csv writes the table for a spreadsheet.
func (t *table) csv(out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write(t.head); err != nil {
		return err
	}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = spreadsheetSafe(textOf(cell))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// spreadsheetSafe keeps a cell from being taken for a formula: spreadsheets
// calculate what starts with one of these, and show a leading quote to nobody.
func spreadsheetSafe(cell string) string {
	cell = clean(cell)
	if strings.ContainsRune("=+-@|%＝＋－＠", first(strings.TrimLeft(cell, " "))) {
		return "'" + cell
	}
	return cell
}

func first(text string) rune {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ' '
	}
	return r
}

func textOf(cell any) string {
	if s, ok := cell.(styled); ok {
		return s.text
	}
	return fmt.Sprint(cell)
}

func lookOf(cell any) style {
	if s, ok := cell.(styled); ok {
		return s.style
	}
	return plain
}
