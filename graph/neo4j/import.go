package neo4j

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// An Import says what goes into files to import besides a snapshot.
type Import struct {
	Estate      string // "" is graph.DefaultEstate
	TakenAt     time.Time
	Labels      []graph.Label
	DirectPairs int // as in Options
	AccessPairs int // as in Options
}

// argsFile names the file with the arguments of the import.
const argsFile = "import.args"

// ImportFiles writes a snapshot as files that fill an empty database many
// times faster than a connection does. In the folder dir, which it makes,
//
//	neo4j-admin database import full neo4j @import.args
//
// loads them while the server is stopped. The database is then what a Store
// would have written as the first snapshot of its estate.
func ImportFiles(ctx context.Context, dir string, snap *snapshot.Snapshot, o Import) error {
	estate, err := name(o.Estate)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("neo4j import: %w", err)
	}
	p, err := firstOf(snap, o.TakenAt)
	if err != nil {
		return err
	}
	x := &exporter{dir: dir, estate: estate, args: []string{
		"--multiline-fields=true", "--legacy-style-quoting=false", "--array-delimiter=U+001F",
	}}
	return errors.Join(x.tables(ctx, composed(estate, snap, o)), x.book(p, o.Labels), x.finish())
}

// firstOf describes a snapshot as the first of its estate. The hash of its
// file is left open.
func firstOf(snap *snapshot.Snapshot, at time.Time) (published, error) {
	b := snapshot.NewBuilder()
	if err := b.CarryForward(snap, func(graph.Listing) bool { return false }); err != nil {
		return published{}, err
	}
	p, _, err := describe(b)
	if err != nil {
		return published{}, err
	}
	p.ContentHash, p.number = snap.ContentHash(), 1
	p.ID = snapshotID(p)
	p.TakenAt = at.UTC()
	return p, nil
}

func composed(estate string, snap *snapshot.Snapshot, o Import) *composer {
	return &composer{
		estate: estate, snap: snap, jewels: jewels(o.Labels), directs: cmp.Or(o.DirectPairs, defaultPairs),
		pairs: cmp.Or(o.AccessPairs, defaultAccess), sources: readSources(snap),
		uid: func(table string, k key) string { return uid(estate, table, k, 1) },
	}
}

// An exporter writes files to import.
type exporter struct {
	dir, estate string
	args        []string
}

// tables writes one file a table, if there are rows.
func (x *exporter) tables(ctx context.Context, c *composer) error {
	for _, t := range append(c.facts(), c.output()...) {
		if err := ctx.Err(); err != nil {
			return err
		}
		columns, n, err := columnsOf(t)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := x.table(t, columns); err != nil {
			return err
		}
	}
	return nil
}

// A column is a property and its type, in the words of headers.
type column struct{ name, typ string }

// columnsOf reads a table for what its rows have.
func columnsOf(t table) (out []column, n int, err error) {
	seen := map[string]bool{}
	for r, err := range t.rows {
		if err != nil {
			return nil, 0, err
		}
		n++
		for _, p := range r.props {
			if !seen[p.name] {
				seen[p.name] = true
				out = append(out, column{p.name, typeOf(p.value)})
			}
		}
	}
	slices.SortFunc(out, func(a, b column) int { return cmp.Compare(a.name, b.name) })
	return out, n, nil
}

func typeOf(value any) string {
	switch value.(type) {
	case []string:
		return "string[]"
	case bool:
		return "boolean"
	case int64:
		return "long"
	case time.Time:
		return "datetime"
	}
	return "string"
}

func (x *exporter) table(t table, columns []column) error {
	file := strings.ToLower(t.name)
	if t.relation != "" {
		file += "-" + strings.ToLower(string(t.relation))
	}
	head := []string{"uid:ID", ":LABEL", "from:long"}
	if t.relation != "" {
		head = []string{"uid:string", ":START_ID", ":END_ID", "from:long"}
	}
	for _, c := range columns {
		head = append(head, c.name+":"+c.typ)
	}
	done := map[key]bool{}
	return x.file(file, t.relation, head, func(w *lineWriter) error {
		for r, err := range t.rows {
			if err != nil {
				return err
			}
			if !done[r.key] { // a policy comes with each attachment
				done[r.key] = true
				w.row(uid(x.estate, t.name, r.key, 1), t.relation, r, columns)
			}
		}
		return nil
	})
}

// file writes one file and names it in the arguments.
func (x *exporter) file(name string, r graph.Relation, head []string, fill func(*lineWriter) error) (err error) {
	name += ".csv"
	if r == "" {
		x.args = append(x.args, "--nodes=./"+name) // the 2026 line wants a folder
	} else {
		x.args = append(x.args, fmt.Sprintf("--relationships=%s=./%s", r, name))
	}
	f, err := os.Create(filepath.Join(x.dir, name))
	if err != nil {
		return fmt.Errorf("neo4j import: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := &lineWriter{out: bufio.NewWriterSize(f, 1<<20)}
	io.WriteString(w.out, strings.Join(head, ",")+"\n")
	if err := fill(w); err != nil {
		return err
	}
	return w.out.Flush() // tells of every error before
}

// book writes what the server knows of the estate as a whole.
func (x *exporter) book(p published, labels []graph.Label) error {
	estate := []prop{{"name", x.estate}, {"nonce", rand.Text()}, {"current", p.number}, {"floor", p.number}}
	snap := []prop{
		{"uid", prefix(x.estate, "snapshot") + p.ID}, {"estate", x.estate}, {"number", p.number}, {"id", p.ID}, {"takenAt", p.TakenAt},
		{"contentHash", p.ContentHash}, {"factsHash", p.factsHash}, {"accounts", int64(p.Accounts)}, {"nodes", int64(p.Nodes)},
		{"edges", int64(p.Edges)}, {"complete", p.Complete},
	}
	err := errors.Join(x.single(labelEstate, estate), x.single(labelSnapshot, snap))
	for _, l := range labels {
		own := labelParameters(x.estate, l)["props"].(parameters)
		var props []prop
		for name, value := range own {
			props = append(props, prop{name, value})
		}
		slices.SortFunc(props, func(a, b prop) int { return cmp.Compare(a.name, b.name) })
		err = errors.Join(err, x.single(labelLabel, props))
	}
	return err
}

// single writes a file of one node.
func (x *exporter) single(label string, props []prop) error {
	head := []string{":ID", ":LABEL"}
	id := fmt.Sprint("book/", len(x.args))
	for _, p := range props {
		head = append(head, p.name+":"+typeOf(p.value))
	}
	return x.file(strings.ToLower(label)+"-"+strconv.Itoa(len(x.args)), "", head, func(w *lineWriter) error {
		w.text(id)
		w.text(label)
		for _, p := range props {
			w.value(p.value)
		}
		w.end()
		return nil
	})
}

func (x *exporter) finish() error {
	text := strings.Join(x.args, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(x.dir, argsFile), []byte(text), 0o644); err != nil {
		return fmt.Errorf("neo4j import: %w", err)
	}
	return nil
}

// A lineWriter writes lines of a CSV file; its buffer keeps the first error for
// Flush. All text is quoted: an empty field
// is a property that is not there, a quoted empty one an empty text.
type lineWriter struct {
	out   *bufio.Writer
	begun bool
}

func (w *lineWriter) next() {
	if w.begun {
		_ = w.out.WriteByte(',')
	}
	w.begun = true
}

func (w *lineWriter) end() {
	_ = w.out.WriteByte('\n')
	w.begun = false
}

func (w *lineWriter) text(s string) {
	w.next()
	_ = w.out.WriteByte('"')
	_, _ = w.out.WriteString(strings.ReplaceAll(s, `"`, `""`))
	_ = w.out.WriteByte('"')
}

func (w *lineWriter) value(value any) {
	switch v := value.(type) {
	case string:
		w.text(v)
	case document:
		w.text(string(v))
	case []string:
		w.text(strings.Join(v, arrayDelimiter))
	case time.Time:
		w.text(v.UTC().Format(time.RFC3339Nano) + "[UTC]")
	case nil:
		w.next()
	default:
		w.text(fmt.Sprint(v))
	}
}

func (w *lineWriter) row(id string, relation graph.Relation, r row, columns []column) {
	w.text(id)
	if relation == "" {
		w.text(strings.Join(r.labels, arrayDelimiter))
	} else {
		w.text(r.from)
		w.text(r.to)
	}
	w.text("1")
	props := r.props
	for _, c := range columns {
		at := slices.IndexFunc(props, func(p prop) bool { return p.name == c.name })
		if at < 0 {
			w.value(nil)
		} else {
			w.value(props[at].value)
		}
	}
	w.end()
}
