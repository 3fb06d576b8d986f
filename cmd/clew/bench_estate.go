package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	"github.com/clewgraph/clew/ingest/aws/generate"
)

// A benchEstate is a made-up estate: its documents, and its store once a row
// has collected and another has resolved it.
type benchEstate struct {
	size benchSize
	name string  // of its folders below the temporary one: NAME and NAME.store
	full measure // how it was resolved

	store  snapshot.Store
	snap   *snapshot.Snapshot
	walker *walk.Index

	classes []benchClass // of principals that documents describe, one each, in order
	buckets []snapshot.Index
}

// A benchClass is a principal as callers have it, and its class.
type benchClass struct {
	foothold snapshot.FootholdIndex
	class    uint32
}

// newEstate writes the documents of an estate.
func (b *bench) newEstate(ctx context.Context, size benchSize) (*benchEstate, error) {
	e := &benchEstate{size: size, name: size.name}
	return e, b.generate(ctx, e.name, size, generate.DefeatNothing)
}

func (b *bench) generate(ctx context.Context, name string, size benchSize, defeat generate.Defeat) error {
	o := b.options(size)
	o.Defeat = defeat
	return b.write(ctx, name, o)
}

func (b *bench) options(size benchSize) generate.Options {
	return generate.Options{Seed: b.plan.seed, Accounts: size.accounts, Principals: size.principals, Resources: size.resources}
}

func (b *bench) write(ctx context.Context, name string, o generate.Options) error {
	b.progress(fmt.Sprint("writing the documents of ", name))
	return generate.AWS(ctx, o, generate.Folder(b.below(name)))
}

// ingestDocuments reads documents into facts. The name of the folder is the
// same on every machine: it stands in the snapshot.
func ingestDocuments(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	m, out, err := b.child(ctx, nil, "ingest", "aws", e.name, "--no-resolve", "--store", e.name+".store", "-o", "json")
	if err == nil {
		err = m.read(out)
	}
	return m, err
}

// readDocuments reads them and lets the facts go.
func readDocuments(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	m, out, err := b.child(ctx, nil, "ingest", "aws", e.name, "--dry-run", "-o", "json")
	if err == nil {
		err = m.read(out)
	}
	return m, err
}

// read notes what an ingest says that it read.
func (m *measure) read(out []byte) error {
	var sum brought
	if err := json.Unmarshal(out, &sum); err != nil {
		return err
	}
	if len(sum.Gaps) > 0 {
		return fmt.Errorf("%d gaps in a made-up estate", len(sum.Gaps))
	}
	m.Text = fmt.Sprintf("%s, %.0f MB/s, %.0f MB/s of CPU", size(sum.Bytes), float64(sum.Bytes)/1e6/m.Wall, float64(sum.Bytes)/1e6/m.CPU)
	m.Counts["documents"], m.Counts["document bytes"] = int64(sum.Documents), sum.Bytes
	for _, n := range sum.Things {
		m.Counts["things"] += int64(n)
	}
	return nil
}

// resolveFacts concludes, and opens what came of it for the rows that follow.
func resolveFacts(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	if err := os.CopyFS(b.below(e.name+".one"), os.DirFS(b.below(e.name+".store"))); err != nil { // for resolveAlone
		return measure{}, err
	}
	m, _, err := b.child(ctx, nil, "resolve", "--store", e.name+".store")
	if err != nil {
		return m, err
	}
	if err := e.open(ctx, b); err != nil {
		return m, err
	}
	st := e.snap.Stats()
	m.Counts = conclusionCounts(st)
	m.Text = fmt.Sprintf("%s of snapshot, %d classes, %d rows, %d pivots", size(st.Bytes), st.Classes, st.Rows, st.Pivots)
	e.full = m
	return m, nil
}

func conclusionCounts(st snapshot.Stats) map[string]int64 {
	return map[string]int64{
		"classes": int64(st.Classes), "parts": int64(st.Parts), "rows": int64(st.Rows), "sets of things": int64(st.TargetSets), "sets of actions": int64(st.ActionSets),
		"pivots": int64(st.Pivots), "footholds": int64(st.Footholds), "administrations": int64(st.Administrations),
		"bytes": st.FactBytes + st.ConclusionBytes,
	}
}

// aloneAtMost is how many seconds an estate may take to be resolved once more
// with one thread.
const aloneAtMost = 60

// resolveAlone concludes with one thread.
func resolveAlone(ctx context.Context, b *bench, e *benchEstate) (measure, error) {
	switch {
	case b.plan.quick:
		return measure{Missing: "left out of --quick"}, nil
	case e.full.Wall > aloneAtMost:
		return measure{Missing: "left out: it takes minutes"}, nil
	}
	m, _, err := b.child(ctx, []string{"GOMAXPROCS=1"}, "resolve", "--store", e.name+".one")
	m.Text = fmt.Sprintf("%.2f× as fast with two or more", m.Wall/e.full.Wall)
	return m, err
}

// open opens the newest snapshot and draws whom the questions are about.
func (e *benchEstate) open(ctx context.Context, b *bench) (err error) {
	if e.store, err = embedded.Open(b.below(e.name + ".store")); err != nil {
		return err
	}
	if e.snap, _, err = e.store.Open(ctx, "", ""); err != nil {
		return err
	}
	e.walker = walk.NewIndex(e.snap)
	for i := range snapshot.Index(e.snap.NumNodes()) {
		if e.snap.Type(i) == "s3:bucket" && !e.snap.Mentioned(i) {
			e.buckets = append(e.buckets, i)
		}
		if c, ok := classOfCaller(e.snap, i); ok {
			e.classes = append(e.classes, c)
		}
	}
	if len(e.buckets) == 0 || len(e.classes) == 0 {
		return fmt.Errorf("an estate of %d buckets and %d classes", len(e.buckets), len(e.classes))
	}
	return nil
}

// classOfCaller finds the class that a user or role has from the outset.
func classOfCaller(s *snapshot.Snapshot, node snapshot.Index) (benchClass, bool) {
	if k := s.Kind(node); k != graph.KindUser && k != graph.KindRole || s.Mentioned(node) {
		return benchClass{}, false
	}
	for _, f := range s.FootholdsOf(node) {
		if class, ok := s.ClassOf(f); ok && s.Foothold(f).Hold != graph.WithOwnPolicy {
			return benchClass{f, class}, true
		}
	}
	return benchClass{}, false
}

func (e *benchEstate) close() error {
	if e == nil || e.store == nil {
		return nil
	}
	return firstOf(e.snap.Close(), e.store.Close())
}

// resolveDefeat reads and resolves an estate that defeats sharing.
func resolveDefeat(by generate.Defeat) func(context.Context, *bench, *benchEstate) (measure, error) {
	return func(ctx context.Context, b *bench, _ *benchEstate) (measure, error) {
		e := &benchEstate{size: b.plan.defeats, name: string(by)}
		if err := b.generate(ctx, e.name, e.size, by); err != nil {
			return measure{}, err
		}
		if _, err := ingestDocuments(ctx, b, e); err != nil {
			return measure{}, err
		}
		m, err := resolveFacts(ctx, b, e)
		m.Over = e.size.name
		return m, firstOf(err, e.close())
	}
}
