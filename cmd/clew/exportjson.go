package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/clewgraph/clew/graph"
)

// A document is JSON as it was collected. One that is broken stands as text.
type document []byte

// MarshalJSON returns the document.
func (d document) MarshalJSON() ([]byte, error) {
	if json.Valid(d) {
		return d, nil
	}
	return json.Marshal(string(d))
}

// A linesWriter writes one record a line.
type linesWriter struct{ out *bufio.Writer }

func (w *linesWriter) put(record any) error {
	raw, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return writeJSON(w.out, raw, false)
}

func (w *linesWriter) end() error { return nil }

// A jsonWriter writes one object that holds lists of records. Records of one
// kind follow each other.
type jsonWriter struct {
	linesWriter
	list string // that is open
}

func beginJSON(out *bufio.Writer, info graph.SnapshotInfo) (recordWriter, error) {
	head, err := json.Marshal(struct {
		ID          string    `json:"id"`
		TakenAt     time.Time `json:"takenAt"`
		ContentHash string    `json:"contentHash"`
		Complete    bool      `json:"complete"`
	}{info.ID, info.TakenAt, info.ContentHash, info.Complete})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "{\"snapshot\": %s", escapeJSON(head))
	return &jsonWriter{linesWriter: linesWriter{out}}, nil
}

func (w *jsonWriter) put(record any) error {
	list := listOf(record)
	switch {
	case list == w.list:
		_ = w.out.WriteByte(',')
	case w.list != "":
		fmt.Fprintf(w.out, "],\n\"%s\": [", list)
	default:
		fmt.Fprintf(w.out, ",\n\"%s\": [", list)
	}
	w.list = list
	return w.linesWriter.put(record)
}

func (w *jsonWriter) end() error {
	if w.list != "" {
		_ = w.out.WriteByte(']')
	}
	_, err := w.out.WriteString("}\n")
	return err
}

func listOf(record any) string {
	switch record.(type) {
	case nodeRecord:
		return "nodes"
	case linkRecord:
		return "links"
	}
	return "policies"
}

// An openGraphWriter writes what BloodHound takes as a generic graph
// (bloodhound.specterops.io, "OpenGraph schema"): ids as ends of edges, at most
// three kinds a node, property names in lower case, no objects in properties.
type openGraphWriter struct {
	linesWriter
	list string
}

func beginOpenGraph(out *bufio.Writer) (recordWriter, error) {
	_, err := out.WriteString("{\"metadata\": {\"source_kind\": \"Clew\"},\n\"graph\": {\"nodes\": [")
	return &openGraphWriter{linesWriter: linesWriter{out}}, err
}

func (w *openGraphWriter) put(record any) error {
	var value any
	list := listOf(record)
	switch r := record.(type) {
	case nodeRecord:
		value = openGraphNode(r)
	case linkRecord:
		value = openGraphEdge(r)
	default:
		return nil
	}
	switch {
	case list == w.list:
		_ = w.out.WriteByte(',')
	case list == "links":
		_, _ = w.out.WriteString("],\n\"edges\": [")
	}
	w.list = list
	return w.linesWriter.put(value)
}

func (w *openGraphWriter) end() error {
	closing := "]}}\n"
	if w.list != "links" {
		closing = "],\n\"edges\": []}}\n"
	}
	_, err := w.out.WriteString(closing)
	return err
}

func openGraphNode(r nodeRecord) map[string]any {
	p := map[string]any{"name": cmpName(r), "ref": r.Ref, "mentioned": r.Mentioned}
	for key, value := range map[string]string{
		"provider": string(r.Provider), "kind": string(r.Kind), "type": r.Type, "scope": string(r.Scope), "nativeid": r.NativeID,
	} {
		if value != "" {
			p[key] = value
		}
	}
	put(p, "labels", r.Labels)
	put(p, "tags", pairs(r.Tags))
	put(p, "attrs", pairs(r.Attrs))
	kinds := []string{"Clew_" + strings.ToUpper(r.Record[:1]) + r.Record[1:], "Clew"}
	if r.Kind != "" {
		kinds[0] = "Clew_" + string(r.Kind)
	}
	return map[string]any{"id": openGraphID(r.ID), "kinds": kinds, "properties": p}
}

// openGraphEdge prefixes the relation: kinds of BloodHound's own must not be
// taken.
func openGraphEdge(r linkRecord) map[string]any {
	p := map[string]any{}
	for key, value := range map[string]string{
		"held": r.Held, "gained": r.Gained, "action": r.Action, "technique": r.Technique, "verdict": r.Verdict, "formula": r.Formula,
	} {
		if value != "" {
			p[key] = value
		}
	}
	put(p, "actions", r.Actions)
	put(p, "include", r.Include)
	put(p, "exclude", r.Exclude)
	end := func(id string) map[string]any { return map[string]any{"match_by": "id", "value": openGraphID(id)} }
	return map[string]any{"start": end(r.FromID), "end": end(r.ToID), "kind": "Clew_" + string(r.Relation), "properties": p}
}

// openGraphID is an id that is unique in the world, whatever the case.
func openGraphID(id string) string { return strings.ToUpper(id) }

func pairs(list []pair) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Key+"="+p.Value)
	}
	return out
}

func cmpName(r nodeRecord) string {
	if r.Name != "" {
		return r.Name
	}
	return r.Ref
}
