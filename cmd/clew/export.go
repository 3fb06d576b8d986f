package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/neo4j"
)

// neo4jImport is the format that package graph/neo4j writes itself.
const neo4jImport = "neo4j-import"

// exportFormats lists the formats by name; those of folders want -O DIR.
var exportFormats = []string{"json", "jsonl", "csv", "graphml", "dot", "mermaid", neo4jImport, "opengraph"}

func (a *app) export() *cobra.Command {
	var format, to string
	c := &cobra.Command{
		Use:         "export",
		Annotations: map[string]string{wordsOnly: "yes"},
		Short:       "Write all of a snapshot for other programs",
		Long: `Writes everything that a snapshot holds, one thing at a time: things, what leads
from one to another with its verdict, and, in json and jsonl, the policies.

Effective access is factorised: whoever has the same access is IN_CLASS of one
class, and the class CAN_ACCESS. Refs that documents name and none describes are
"loose".

  json, jsonl     one object, or one object a line
  csv             a folder with nodes.csv and links.csv, safe in a spreadsheet
  graphml         for Gephi, yEd, NetworkX
  dot, mermaid    for small estates
  neo4j-import    a folder that 'neo4j-admin database import full' loads
  opengraph       for BloodHound`,
		Example: `  clew export --format graphml -O estate.graphml
  clew export --format jsonl | jq 'select(.technique)'
  clew export --format neo4j-import -O import/`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runExport(c.Context(), format, to) },
	}
	c.Flags().StringVar(&format, "format", "jsonl", strings.Join(exportFormats, ", "))
	c.Flags().StringVarP(&to, "out", "O", "", "the file, or for csv and neo4j-import the new folder, to write; stdout if not given")
	complete(c, "format", exportFormats)
	return c
}

func (a *app) runExport(ctx context.Context, format, to string) error {
	folder := format == "csv" || format == neo4jImport
	switch {
	case !slices.Contains(exportFormats, format):
		return usagef("--format %q: want one of %v", format, exportFormats)
	case folder && to == "":
		return usagef("--format %s writes several files: want -O DIR", format)
	}
	if _, err := a.ask(ctx); err != nil { // says how to get a snapshot
		return err
	}
	snap, info, err := a.opened.Open(ctx, a.estate, a.at)
	if err != nil {
		return err
	}
	defer snap.Close()
	labels, err := a.opened.Labels(ctx, a.estate)
	if err != nil {
		return err
	}
	if folder {
		if err := newFolder(to); err != nil {
			return err
		}
	}
	if format == neo4jImport {
		return neo4j.ImportFiles(ctx, to, snap, neo4j.Import{Estate: a.estate, TakenAt: info.TakenAt, Labels: labels})
	}
	return a.exportTo(format, to, func(w recordWriter) error { return records(ctx, snap, labels, w.put) }, info)
}

// newFolder makes a folder, which must not hold anything yet.
func newFolder(dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("export: %s is not empty: want a new folder", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// exportTo writes all records to the place that the user wants.
func (a *app) exportTo(format, to string, all func(recordWriter) error, info graph.SnapshotInfo) error {
	switch {
	case format == "csv":
		return exportCSV(to, all)
	case to == "":
		return exportStream(a.stdout, format, all, info)
	}
	return exportFile(to, func(out io.Writer) error { return exportStream(out, format, all, info) })
}

func exportStream(out io.Writer, format string, all func(recordWriter) error, info graph.SnapshotInfo) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	w, err := newRecordWriter(buffered, format, info)
	if err == nil {
		err = all(w)
	}
	if err == nil {
		err = w.end()
	}
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// exportFile writes a file that is whole, or is not there.
func exportFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// A recordWriter writes records in one format. end closes what it opened.
type recordWriter interface {
	put(record any) error
	end() error
}

func newRecordWriter(out *bufio.Writer, format string, info graph.SnapshotInfo) (recordWriter, error) {
	switch format {
	case "json":
		return beginJSON(out, info)
	case "graphml":
		return beginGraphML(out)
	case "dot":
		return beginDOT(out)
	case "mermaid":
		return beginMermaid(out)
	case "opengraph":
		return beginOpenGraph(out)
	}
	return &linesWriter{out}, nil
}
