package aws

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
)

// A notebook is a sink that writes each record as one line, so that scenarios
// can be read and compared. It reports conflicts as a store would.
type notebook struct {
	lines     []string
	described map[graph.Ref]string
	mentioned map[graph.Ref]bool
	nodes     map[graph.Ref]graph.Node
	covers    []graph.Coverage
	attached  []graph.Attachment
}

func newNotebook() *notebook {
	return &notebook{described: map[graph.Ref]string{}, mentioned: map[graph.Ref]bool{}, nodes: map[graph.Ref]graph.Node{}}
}

func (n *notebook) Node(node graph.Node) error {
	if node.Mentioned {
		n.mentioned[node.Ref] = true
		return nil
	}
	line := nodeLine(node)
	if old, ok := n.described[node.Ref]; ok && old != line {
		return fmt.Errorf("conflict: %s and %s", old, line)
	}
	n.described[node.Ref] = line
	n.nodes[node.Ref] = node
	n.lines = append(n.lines, line)
	return nil
}

func nodeLine(n graph.Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "node %s %s %s name=%q scope=%s", n.Kind, n.Type, n.Ref, n.Name, n.Scope)
	if n.NativeID != "" {
		fmt.Fprintf(&b, " id=%s", n.NativeID)
	}
	for _, a := range n.Attrs {
		fmt.Fprintf(&b, " %s=%s", a.Key, a.Value)
	}
	for _, t := range n.Tags {
		fmt.Fprintf(&b, " tag:%s=%s", t.Key, t.Value)
	}
	return b.String()
}

func (n *notebook) Edge(e graph.Edge) error {
	n.lines = append(n.lines, fmt.Sprintf("edge %s %s %s", e.From, e.Relation, e.To))
	return nil
}

func (n *notebook) Attach(a graph.Attachment) error {
	n.attached = append(n.attached, a)
	text := string(a.Document)
	if a.Document == nil {
		text = "missing"
	}
	n.lines = append(n.lines, strings.TrimSpace(fmt.Sprintf("attach %s %s %s name=%s %s", a.Layer, a.To, a.Policy, a.Name, a.Version))+" "+text)
	return nil
}

func (n *notebook) Cover(c graph.Coverage) error {
	n.covers = append(n.covers, c)
	n.lines = append(n.lines, fmt.Sprintf("cover %s %s %s %s %s subject=%s of=%s affects=%v",
		c.Status, c.Reason, c.Listing.Scope, c.Listing.Service, c.Listing.Operation, c.Listing.Subject, c.Of, c.Affects))
	return nil
}

// records returns the lines as a set, with mentions that nothing describes.
func (n *notebook) records() []string {
	lines := slices.Clone(n.lines)
	for ref := range n.mentioned {
		if _, ok := n.described[ref]; !ok {
			lines = append(lines, "mention "+string(ref))
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// run collects paths into a notebook.
func run(t testing.TB, paths ...string) (*notebook, ingest.Summary, error) {
	t.Helper()
	n := newNotebook()
	sum, err := ingest.Run(context.Background(), []ingest.Source{Files(paths)}, n, nil)
	return n, sum, err
}

// heldWhole are the listings that a collection replaces, sorted.
func heldWhole(t testing.TB, n *notebook) []graph.Listing {
	t.Helper()
	b := snapshot.NewBuilder()
	for _, c := range n.covers {
		if err := b.Cover(c); err != nil {
			t.Fatal(err)
		}
	}
	var whole []graph.Listing
	held := b.HeldWhole()
	for _, c := range n.covers {
		if held.Has(c.Listing) {
			whole = append(whole, c.Listing)
		}
	}
	slices.SortFunc(whole, compareListings)
	return slices.Compact(whole)
}

// write puts files below a new folder and returns it.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shared returns a path of the data that lies beside the project, or skips.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data absent: %v", err)
	}
	return path
}
