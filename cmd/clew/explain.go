package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// A question is the flags of explain.
type question struct {
	context, assumeNone, also []string
	session, endpoint, at     string
	strict, exitCode          bool
}

func (a *app) explain() *cobra.Command {
	var q question
	c := &cobra.Command{
		Use:   "explain PRINCIPAL ACTION RESOURCE",
		Short: "May one principal do one action to one resource, and why",
		Long: `Decides one request and says what every layer of policies said to it: the
verdict, the statement that decides, what is taken for granted, what is missing,
and the statements whose removal would change the verdict.`,
		Example: `  clew explain tomas.release sts:AssumeRole release-manager
  clew explain bruno.builder s3:PutObject arn:aws:s3:::acme-orders/1.json
  clew explain diego.platform sts:AssumeRole data-platform-admin --context aws:MultiFactorAuthPresent=true`,
		Args: cobra.ExactArgs(3), ValidArgsFunction: a.refsAt(0, 2),
		RunE: func(c *cobra.Command, args []string) error { return a.runExplain(c, args, &q) },
	}
	f := c.Flags()
	f.StringArrayVar(&q.context, "context", nil, contextHelp)
	f.StringVar(&q.session, "session-policy", "", "a file with the policy passed when the session was made")
	f.StringVar(&q.endpoint, "via-endpoint", "", "a file with the policy of the VPC endpoint that the request passes")
	f.StringVar(&q.at, "at", "", "when the request is made, e.g. 2026-03-01T12:00:00Z; open where it is not given")
	f.BoolVar(&q.strict, "strict", false, "take layers that nobody collected as gaps, not as absent")
	f.StringArrayVar(&q.assumeNone, "assume-none", nil, "take gaps of this layer, e.g. aws:scp, to hold no policy; may be repeated")
	f.StringArrayVar(&q.also, "also", nil, "a further resource of the same request; may be repeated")
	f.BoolVar(&q.exitCode, "exit-code", false, "exit with 3 for UNKNOWN and 4 for DENIED")
	return c
}

// input makes the GraphQL input of a question.
func (q *question) input(args []string) (map[string]any, error) {
	o := map[string]any{"principal": args[0], "action": args[1], "resource": args[2], "strict": q.strict}
	put(o, "assumeNone", q.assumeNone)
	put(o, "also", q.also)
	stated, err := readContext(q.context)
	if err != nil {
		return nil, err
	}
	if len(stated) > 0 {
		o["context"] = stated
	}
	if err := putDocument(o, "sessionPolicy", q.session); err != nil {
		return nil, err
	}
	if err := putDocument(o, "endpointPolicy", q.endpoint); err != nil {
		return nil, err
	}
	if q.at != "" {
		if _, err := time.Parse(time.RFC3339, q.at); err != nil {
			return nil, usagef("--at %q: want a time as in 2026-03-01T12:00:00Z", q.at)
		}
		o["time"] = q.at
	}
	return o, nil
}

// putDocument reads a policy document from a file.
func putDocument(o map[string]any, key, file string) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read policy: %w", err)
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return fmt.Errorf("read policy: %s: want a JSON object: %w", file, err)
	}
	o[key] = document
	return nil
}

func (a *app) runExplain(c *cobra.Command, args []string, q *question) error {
	input, err := q.input(args)
	if err != nil {
		return err
	}
	ask, err := a.ask(c.Context())
	if err != nil {
		return err
	}
	raw, err := ask.query(c.Context(), "Explain", map[string]any{"question": input})
	if err != nil {
		return err
	}
	var e explanation
	if err := json.Unmarshal(raw, &e); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	err = a.show(answer{
		raw:   raw,
		text:  func(s *screen) { printExplanation(s, args, &e) },
		cells: func() *table { return layerTable(&e) },
	})
	if err != nil || !q.exitCode {
		return err
	}
	return explainOutcome(e.Verdict)
}

func explainOutcome(verdict string) error {
	switch verdict {
	case "UNKNOWN":
		return outcome(exitUnsure)
	case "DENIED":
		return outcome(exitNothing)
	}
	return nil
}

func printExplanation(s *screen, args []string, e *explanation) {
	s.line("%s   %s %s %s", ofVerdict(e.Verdict), args[0], args[1], args[2])
	s.line("%s", e.Text)
	if e.Verdict == "UNKNOWN" {
		s.line("at least %s, at most %s", ofVerdict(e.Bounds.Least), ofVerdict(e.Bounds.Most))
	}
	if sure(e.Verdict) && e.Formula != "" {
		s.line("if          %s", e.Formula)
	}
	for _, c := range e.Conditions {
		s.line("condition   %s (%s)", c.Expression, strings.ToLower(strings.ReplaceAll(c.SatisfiableBy, "_", " ")))
	}
	s.line("")
	for _, l := range e.Layers {
		s.line("%s  %s  %s", in(bold, "%-23s", l.Layer.Name), in(faint, "%-14s", l.Effect), l.Reason)
		for _, ev := range l.Evidence {
			s.line("%23s  %s: %s", "", ev.Effect, cite(ev))
		}
	}
	printRest(s, e)
}

func printRest(s *screen, e *explanation) {
	if on := (targets{e.Include, e.Exclude}).String(); on != "" {
		s.line("on          %s", on)
	}
	for _, a := range e.Assumptions {
		s.line("%s   %s (%s)", in(faint, "assumed"), a.Message, a.Code)
	}
	for _, g := range e.Gaps {
		s.line("%s   %s of %s: %s: %s", in(purple, "missing"), g.Layer.Name, g.Of, g.Reason, g.Detail)
	}
	for i, f := range e.Flips {
		label := "To change the verdict, remove"
		if i > 0 {
			label = "and"
		}
		s.line("%s %s", in(green, "%s", label), cite(f))
	}
}

func layerTable(e *explanation) *table {
	t := &table{head: []string{"verdict", "layer", "effect", "reason", "evidence"}}
	for _, l := range e.Layers {
		t.add(e.Verdict, l.Layer.ID, l.Effect, l.Reason, joinEach(l.Evidence, cite))
	}
	return t
}
