package main

import (
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A graphMLWriter writes GraphML. Numbers name things, as refs may hold what
// XML cannot.
type graphMLWriter struct {
	out   *bufio.Writer
	links int
}

// The properties of GraphML, in the order of their keys.
var (
	nodeKeys = []string{"record", "id", "ref", "provider", "kind", "type", "name", "scope", "nativeId", "labels", "tags", "attrs"}
	linkKeys = []string{"relation", "held", "gained", "action", "technique", "actions", "include", "exclude", "verdict", "formula"}
)

func nodeValues(r nodeRecord) []string {
	return []string{
		r.Record, r.ID, r.Ref, string(r.Provider), string(r.Kind), r.Type, r.Name, string(r.Scope), r.NativeID,
		strings.Join(r.Labels, " "), strings.Join(pairs(r.Tags), "\n"), strings.Join(pairs(r.Attrs), "\n"),
	}
}

func linkValues(r linkRecord) []string {
	return []string{
		string(r.Relation), r.Held, r.Gained, r.Action, r.Technique, strings.Join(r.Actions, " "),
		strings.Join(r.Include, " "), strings.Join(r.Exclude, " "), r.Verdict, r.Formula,
	}
}

func beginGraphML(out *bufio.Writer) (recordWriter, error) {
	_, _ = out.WriteString(xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns">` + "\n")
	for _, part := range []struct {
		of, prefix string
		keys       []string
	}{{"node", "n", nodeKeys}, {"edge", "e", linkKeys}} {
		for _, key := range part.keys {
			fmt.Fprintf(out, "<key id=\"%s_%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"string\"/>\n", part.prefix, key, part.of, key)
		}
	}
	_, err := out.WriteString("<graph id=\"clew\" edgedefault=\"directed\">\n")
	return &graphMLWriter{out: out}, err
}

func (w *graphMLWriter) put(record any) error {
	switch r := record.(type) {
	case nodeRecord:
		fmt.Fprintf(w.out, "<node id=\"%s\">", r.Number)
		w.data("n_", nodeKeys, nodeValues(r))
		_, _ = w.out.WriteString("</node>\n")
	case linkRecord:
		fmt.Fprintf(w.out, "<edge id=\"l%d\" source=\"%s\" target=\"%s\">", w.links, r.FromNumber, r.ToNumber)
		w.links++
		w.data("e_", linkKeys, linkValues(r))
		_, _ = w.out.WriteString("</edge>\n")
	}
	return nil // a write that fails makes all after it fail, and the flush
}

func (w *graphMLWriter) data(prefix string, keys, values []string) {
	for i, value := range values {
		if value != "" {
			fmt.Fprintf(w.out, "<data key=\"%s%s\">", prefix, keys[i])
			_ = xml.EscapeText(w.out, []byte(xmlSafe(value)))
			_, _ = w.out.WriteString("</data>")
		}
	}
}

// xmlSafe escapes the whole text where it holds what XML cannot, or what could
// turn its direction; an escape is better than a sign that stands for anything.
func xmlSafe(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = clean(line)
	}
	return strings.Join(lines, "\n")
}

func (w *graphMLWriter) end() error {
	_, err := w.out.WriteString("</graph>\n</graphml>\n")
	return err
}

// A dotWriter writes a graph for Graphviz.
type dotWriter struct{ out *bufio.Writer }

func beginDOT(out *bufio.Writer) (recordWriter, error) {
	_, err := out.WriteString("digraph clew {\n  rankdir=LR;\n  node [shape=box];\n")
	return &dotWriter{out}, err
}

func (w *dotWriter) put(record any) error {
	switch r := record.(type) {
	case nodeRecord:
		fmt.Fprintf(w.out, "  %s [label=%s, tooltip=%s];\n", r.Number, dotQuote(titled(r)), dotQuote(r.Ref))
	case linkRecord:
		style := ""
		if dashed(r) {
			style = ", style=dashed"
		}
		fmt.Fprintf(w.out, "  %s -> %s [label=%s%s];\n", r.FromNumber, r.ToNumber, dotQuote(linkTitle(r)), style)
	}
	return nil
}

func (w *dotWriter) end() error {
	_, err := w.out.WriteString("}\n")
	return err
}

// A mermaidWriter writes a flowchart.
type mermaidWriter struct{ out *bufio.Writer }

func beginMermaid(out *bufio.Writer) (recordWriter, error) {
	_, err := out.WriteString("flowchart LR\n")
	return &mermaidWriter{out}, err
}

func (w *mermaidWriter) put(record any) error {
	switch r := record.(type) {
	case nodeRecord:
		fmt.Fprintf(w.out, "  %s[\"%s\"]\n", r.Number, mermaidText(titled(r)))
	case linkRecord:
		arrow := "-->"
		if dashed(r) {
			arrow = "-.->"
		}
		fmt.Fprintf(w.out, "  %s %s|\"%s\"| %s\n", r.FromNumber, arrow, mermaidText(linkTitle(r)), r.ToNumber)
	}
	return nil
}

func (w *mermaidWriter) end() error { return nil }

func titled(r nodeRecord) string {
	if r.Type == "" {
		return cmpName(r)
	}
	return fmt.Sprintf("%s (%s)", cmpName(r), r.Type)
}

func linkTitle(r linkRecord) string {
	words := []string{string(r.Relation), r.Technique, r.Action, few(r.Actions, 3), r.Verdict}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// dashed says whether a link is concluded and not sure.
func dashed(r linkRecord) bool { return r.Verdict != "" && r.Verdict != "ALLOWED" }

// A csvWriter writes two tables whose cells no spreadsheet calculates.
type csvWriter struct{ nodes, links *csv.Writer }

func exportCSV(dir string, all func(recordWriter) error) error {
	return exportFile(filepath.Join(dir, "nodes.csv"), func(nodes io.Writer) error {
		return exportFile(filepath.Join(dir, "links.csv"), func(links io.Writer) error {
			w := &csvWriter{csv.NewWriter(nodes), csv.NewWriter(links)}
			err := errors.Join(w.row(w.nodes, slices.Clone(nodeKeys)), w.row(w.links, append([]string{"from", "to"}, linkKeys...)))
			if err == nil {
				err = all(w)
			}
			if err = errors.Join(err, w.end()); err != nil {
				return fmt.Errorf("export: %w", err)
			}
			return nil
		})
	})
}

func (w *csvWriter) put(record any) error {
	switch r := record.(type) {
	case nodeRecord:
		return w.row(w.nodes, nodeValues(r))
	case linkRecord:
		return w.row(w.links, append([]string{r.From, r.To}, linkValues(r)...))
	}
	return nil
}

func (w *csvWriter) row(to *csv.Writer, cells []string) error {
	for i, cell := range cells {
		cells[i] = spreadsheetSafe(cell)
	}
	return to.Write(cells)
}

func (w *csvWriter) end() error {
	w.nodes.Flush()
	w.links.Flush()
	return errors.Join(w.nodes.Error(), w.links.Error())
}
