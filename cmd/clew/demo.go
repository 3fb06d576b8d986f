package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/schema"
	"github.com/clewgraph/clew/testdata"
)

// demoEstate is the bundled estate that the demo shows.
const demoEstate = "acme"

// errOtherEstate: the store holds somebody's own snapshots.
var errOtherEstate = errors.New("the store holds accounts that are not the demo's: give the demo a --store or an --estate of its own")

// A demoChoice is the flags of demo.
type demoChoice struct {
	listen    string
	once      bool
	documents string
}

func (a *app) demo() *cobra.Command {
	var d demoChoice
	c := &cobra.Command{
		Use:         "demo",
		Annotations: map[string]string{wordsOnly: "yes"},
		Short:       "Show everything on a bundled sample organization",
		Long: `Ingests a bundled organization of five accounts, resolves it, prints who reaches
what must not be reached and how, and serves GraphQL with its explorer on this
machine. Nothing is kept unless --store is given.`,
		Example: "  clew demo\n  clew demo --once\n  clew demo --documents acme && clew ingest aws acme",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if d.documents != "" {
				return a.demoDocuments(d.documents)
			}
			return a.runDemo(c, d)
		},
	}
	c.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "where to serve; loopback alone")
	c.Flags().BoolVar(&d.once, "once", false, "print and exit, serve nothing")
	c.Flags().StringVar(&d.documents, "documents", "", "write the organization's documents to this folder, and exit")
	return c
}

func (a *app) runDemo(c *cobra.Command, d demoChoice) error {
	var listener net.Listener
	if !d.once {
		var err error
		if listener, err = listen(d.listen, false); err != nil {
			return err
		}
		defer listener.Close()
	}
	work, err := os.MkdirTemp("", "clew-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer os.RemoveAll(work)
	if !c.Flags().Changed("store") {
		a.dir = filepath.Join(work, "store")
	}
	store, err := a.demoIngest(c.Context(), filepath.Join(work, "documents"))
	if err != nil {
		return err
	}
	if err := a.tell(c.Context()); err != nil {
		return err
	}
	if d.once {
		return nil
	}
	a.screen.line("")
	a.screen.line("GraphQL and its explorer: %s   (Ctrl-C ends)", in(bold, "http://%s/", listener.Addr()))
	return a.serveOn(c.Context(), listener, store, schema.HandlerOptions{})
}

// demoIngest publishes the bundled estate and its labels.
func (a *app) demoIngest(ctx context.Context, documents string) (snapshot.Store, error) {
	archive, err := testdata.Estate(demoEstate)
	if err != nil {
		return nil, err
	}
	if err := writeDocuments(archive, documents); err != nil {
		return nil, err
	}
	store, err := a.store(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	source := sources["aws"]([]string{documents})
	summary, _, info, err := gather(ctx, demoStore{store}, a.estate, []ingest.Source{source}, conclude, a.progress)
	if err != nil {
		return nil, err
	}
	a.screen.line("%s", in(bold, "Acme, a sample organization"))
	printSummary(a.screen, summary, 5)
	printPublished(a.screen, info)
	a.screen.line("resolved in %s", time.Since(began).Round(10*time.Millisecond))
	return store, setLabels(ctx, store, a.estate, archive)
}

// A demoStore publishes nothing on top of accounts that are not the demo's.
type demoStore struct{ snapshot.Store }

// Update is that of snapshot.Store.
func (d demoStore) Update(ctx context.Context, estate string, make func(*snapshot.Snapshot, *snapshot.Builder) error) (graph.SnapshotInfo, error) {
	return d.Store.Update(ctx, estate, func(last *snapshot.Snapshot, next *snapshot.Builder) error {
		if err := make(nil, next); err != nil || last == nil {
			return err
		}
		facts, err := next.Facts()
		if err != nil {
			return err
		}
		for account := range last.OfKind(graph.KindAccount) {
			if _, ours := facts.Find(last.Ref(account)); !ours {
				return fmt.Errorf("%w: %s", errOtherEstate, last.Ref(account))
			}
		}
		return nil
	})
}

// setLabels puts on what the archive's file of labels says.
func setLabels(ctx context.Context, store snapshot.Store, estate string, archive *txtar.Archive) error {
	for _, f := range archive.Files {
		if f.Name != "labels" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			ref, label, ok := strings.Cut(strings.TrimSpace(line), " ")
			if !ok {
				continue
			}
			mark := graph.Label{Ref: graph.Ref(ref), Label: label, By: "demo", At: time.Now().UTC()}
			if err := store.SetLabel(ctx, estate, mark); err != nil {
				return err
			}
		}
	}
	return nil
}

// documentPrefix is where an archive keeps what is ingested.
const documentPrefix = "documents/"

// writeDocuments writes the documents of an archive to a folder.
func writeDocuments(archive *txtar.Archive, dir string) error {
	for _, f := range archive.Files {
		name, ok := strings.CutPrefix(f.Name, documentPrefix)
		if !ok {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write documents: %w", err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return fmt.Errorf("write documents: %w", err)
		}
	}
	return nil
}

// demoDocuments writes the demo's documents to a new folder, with how to mark
// its crown jewels.
func (a *app) demoDocuments(dir string) error {
	archive, err := testdata.Estate(demoEstate)
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("write documents: %s is not empty: want a new folder", dir)
	}
	if err := writeDocuments(archive, dir); err != nil {
		return err
	}
	a.screen.line("the documents of the sample organization are in %s", dir)
	a.screen.line("  clew ingest aws %s", dir)
	a.screen.line("  clew label set acme-ledger --crown-jewel")
	a.screen.line("  clew path tomas.release acme-ledger --action s3:PutObject")
	return nil
}
