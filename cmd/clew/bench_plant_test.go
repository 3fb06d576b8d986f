package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/ingest/aws/generate"
	"github.com/clewgraph/clew/testdata"
)

// TestPlantedDifferences: what a snapshot has beside what was planted is noticed,
// and what it has not.
func TestPlantedDifferences(t *testing.T) {
	s, garden := plantedSnapshot(t)
	if list := findPlanted(s, garden.Planted).differ(garden); len(list) > 0 {
		t.Fatalf("%q", list)
	}
	working := slices.IndexFunc(garden.Planted, func(p generate.Planted) bool { return p.Technique == "iam-012" && p.Works })
	blocked := slices.IndexFunc(garden.Planted, func(p generate.Planted) bool { return p.Technique == "iam-012" && !p.Works })
	for want, change := range map[string]func(g *generate.Garden){
		"in spite of nothing":            func(g *generate.Garden) { g.Planted[working].Works, g.Planted[working].Miss = false, "nothing" },
		"iam-012 does not lead":          func(g *generate.Garden) { g.Planted[blocked].Works = true },
		"to somebody: [\"!":              func(g *generate.Garden) { g.Planted[working].Target = "somebody" },
		"for whom it was not planted":    func(g *generate.Garden) { g.Planted[working].Principal = g.Planted[working].Target },
		"not planted: iam-099: no story": func(g *generate.Garden) { g.Left = []string{"iam-099: no story"} },
	} {
		changed := generate.Garden{Planted: slices.Clone(garden.Planted)}
		change(&changed)
		list := findPlanted(s, changed.Planted).differ(changed)
		if !slices.ContainsFunc(list, func(text string) bool { return strings.Contains(text, want) }) {
			t.Errorf("want %q in %q", want, list)
		}
	}
}

// plantedSnapshot resolves a small estate with everything planted in it.
func plantedSnapshot(t *testing.T) (*snapshot.Snapshot, generate.Garden) {
	t.Helper()
	o := generate.Options{Seed: 9, Accounts: 2, Principals: 10, Resources: 20, Stories: testdata.Techniques()}
	garden, err := generate.Plant(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := generate.AWS(t.Context(), o, generate.Folder(dir)); err != nil {
		t.Fatal(err)
	}
	store, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := collect(t.Context(), store, "", []ingest.Source{sources["aws"]([]string{dir})}, func(string) {}); err != nil {
		t.Fatal(err)
	}
	s, _, err := store.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = firstOf(s.Close(), store.Close()) })
	return s, garden
}
