package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/itchyny/gojq"
	"github.com/spf13/cobra"
)

// compileJQ reads the expression of --jq. It reaches neither environment nor
// files.
func compileJQ(expression string) (*gojq.Code, error) {
	query, err := gojq.Parse(expression)
	if err != nil {
		return nil, usagef("--jq: %v", err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, usagef("--jq: %v", err)
	}
	return code, nil
}

// checkJQ compiles --jq, if it was given, and makes the answer JSON.
func (a *app) checkJQ(cmd *cobra.Command) error {
	if a.jq == "" {
		return nil
	}
	switch {
	case cmd.Annotations[wordsOnly] != "":
		return usagef("--jq: %s answers in words alone", cmd.CommandPath())
	case a.format == asTable && !cmd.Flags().Changed("output"):
		a.format = asJSON
	case a.format != asJSON && a.format != asJSONL:
		return usagef("--jq reads JSON: want -o json or jsonl, got %q", a.format)
	}
	code, err := compileJQ(a.jq)
	if err != nil {
		return err
	}
	a.filter = func(value any) gojq.Iter { return code.RunWithContext(cmd.Context(), value) }
	return nil
}

// writeFiltered writes what --jq makes of an answer: of all of it, or of row
// by row for jsonl.
func (a *app) writeFiltered(out io.Writer, ans answer) error {
	rows := []json.RawMessage{ans.raw}
	if a.format == asJSONL && ans.rows != nil {
		rows = ans.rows()
	}
	for _, row := range rows {
		var value any
		if err := json.Unmarshal(row, &value); err != nil {
			return err
		}
		if err := a.filtered(out, value); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) filtered(out io.Writer, value any) error {
	for results := a.filter(value); ; {
		result, ok := results.Next()
		if !ok {
			return nil
		}
		if err, failed := result.(error); failed {
			return fmt.Errorf("--jq: %w", err)
		}
		if err := a.writeResult(out, result); err != nil {
			return err
		}
	}
}

// writeResult writes text bare, for other programs to take, and everything
// else as JSON.
func (a *app) writeResult(out io.Writer, result any) error {
	if text, ok := result.(string); ok {
		_, err := fmt.Fprintln(out, clean(text))
		return err
	}
	raw, err := gojq.Marshal(result)
	if err != nil {
		return err
	}
	return writeJSON(out, raw, a.format == asJSON)
}
