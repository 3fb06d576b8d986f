package main

import (
	"fmt"
	"io"
	"strings"
)

// A drawing is steps as arrows between things.
type drawing struct {
	nodes  []thing
	number map[string]int
	arrows []step
	seen   map[string]bool
}

func newDrawing() *drawing {
	return &drawing{number: map[string]int{}, seen: map[string]bool{}}
}

// ways adds every step of some paths once.
func (d *drawing) ways(list []way) {
	for _, w := range list {
		d.node(w.From)
		for _, s := range w.Steps {
			d.step(s)
		}
	}
}

func (d *drawing) step(s step) {
	d.node(s.From)
	d.node(s.To)
	if key := s.From.Ref + "\x00" + s.To.Ref + "\x00" + arrowText(s); !d.seen[key] {
		d.seen[key] = true
		d.arrows = append(d.arrows, s)
	}
}

func (d *drawing) node(t thing) {
	if _, ok := d.number[t.Ref]; !ok {
		d.number[t.Ref] = len(d.nodes)
		d.nodes = append(d.nodes, t)
	}
}

func arrowText(s step) string {
	what := s.Relation
	if s.Action != "" {
		what += " " + s.Action
	}
	return what + " " + s.Verdict
}

// dot writes the drawing for Graphviz.
func (d *drawing) dot(out io.Writer) error {
	var b strings.Builder
	b.WriteString("digraph clew {\n  rankdir=LR;\n  node [shape=box];\n")
	for i, n := range d.nodes {
		fmt.Fprintf(&b, "  n%d [label=%s, tooltip=%s];\n", i, dotQuote(nodeText(n)), dotQuote(n.Ref))
	}
	for _, s := range d.arrows {
		fmt.Fprintf(&b, "  n%d -> n%d [label=%s%s];\n", d.number[s.From.Ref], d.number[s.To.Ref], dotQuote(arrowText(s)), dotStyle(s))
	}
	b.WriteString("}\n")
	_, err := io.WriteString(out, b.String())
	return err
}

func dotStyle(s step) string {
	if s.Verdict == "ALLOWED" {
		return ""
	}
	return ", style=dashed"
}

// dotQuote quotes text for DOT, where a backslash would start an escape.
func dotQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(clean(text)) + `"`
}

// mermaid writes the drawing as a flowchart.
func (d *drawing) mermaid(out io.Writer) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for i, n := range d.nodes {
		fmt.Fprintf(&b, "  n%d[\"%s\"]\n", i, mermaidText(nodeText(n)))
	}
	for _, s := range d.arrows {
		arrow := "-->"
		if s.Verdict != "ALLOWED" {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  n%d %s|\"%s\"| n%d\n", d.number[s.From.Ref], arrow, mermaidText(arrowText(s)), d.number[s.To.Ref])
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// mermaidText writes everything that is not a plain character as an entity:
// neither Mermaid's own syntax, nor HTML, nor Markdown comes through.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range clean(text) {
		if plainInMermaid(r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	return b.String()
}

func plainInMermaid(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune(" .,:/()-", r)
}

func nodeText(t thing) string { return fullName(t) }
