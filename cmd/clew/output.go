package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// An answer is a GraphQL object, and how its parts are shown to people.
type answer struct {
	raw   json.RawMessage
	rows  func() []json.RawMessage // for jsonl; nil: the object is one row
	text  func(*screen)
	cells func() *table // for csv
	draw  func() *drawing
	// markdown writes the answer of a command that is tabled.
	markdown func(io.Writer) error
}

// show writes an answer in the form that the user wants.
func (a *app) show(ans answer) error {
	out := bufio.NewWriter(a.stdout)
	if err := a.write(ans, out); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

func (a *app) write(ans answer, out io.Writer) error {
	if a.filter != nil {
		return a.writeFiltered(out, ans)
	}
	switch a.format {
	case asJSON:
		return writeJSON(out, ans.raw, true)
	case asJSONL:
		return writeLines(out, ans)
	case asCSV:
		return ans.cells().csv(out)
	case asDOT:
		return ans.draw().dot(out)
	case asMermaid:
		return ans.draw().mermaid(out)
	case asMD:
		return ans.markdown(out)
	}
	ans.text(&screen{out: out, color: a.screen.color})
	return nil
}

func writeLines(out io.Writer, ans answer) error {
	rows := []json.RawMessage{ans.raw}
	if ans.rows != nil {
		rows = ans.rows()
	}
	for _, row := range rows {
		if err := writeJSON(out, row, false); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes one value and a line end. Text that could steer a terminal
// is written as \u escapes: the same value, harmless to look at.
func writeJSON(out io.Writer, raw json.RawMessage, indent bool) error {
	var b bytes.Buffer
	var err error
	if indent {
		err = json.Indent(&b, raw, "", "  ")
	} else {
		err = json.Compact(&b, raw)
	}
	if err != nil {
		return err
	}
	_, err = out.Write(append(escapeJSON(b.Bytes()), '\n'))
	return err
}

// escapeJSON escapes unprintable characters. Beyond ASCII, and DEL, they can
// stand in strings alone, where an escape means the same.
func escapeJSON(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			out = append(out, `\ufffd`...)
		case r < 0x7f || strconv.IsPrint(r):
			out = append(out, text[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}

// listed makes the answer of a list: its items are the rows.
func listed[T any](raw json.RawMessage, into *[]T) (answer, error) {
	var rows []json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, into), json.Unmarshal(raw, &rows)); err != nil {
		return answer{}, fmt.Errorf("read answer: %w", err)
	}
	return answer{raw: raw, rows: func() []json.RawMessage { return rows }}, nil
}

// connection makes the answer of a connection: its nodes are the rows.
func connection[T any](raw json.RawMessage, into *page[T]) (answer, error) {
	if err := json.Unmarshal(raw, into); err != nil {
		return answer{}, fmt.Errorf("read answer: %w", err)
	}
	var whole page[json.RawMessage]
	if err := json.Unmarshal(raw, &whole); err != nil {
		return answer{}, fmt.Errorf("read answer: %w", err)
	}
	return answer{raw: raw, rows: whole.nodes}, nil
}
