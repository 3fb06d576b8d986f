package generate_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/ingest/aws/generate"
	resolveaws "github.com/clewgraph/clew/resolve/aws"
	"github.com/clewgraph/clew/resolve/escalate"
)

// garden is a small estate with every technique planted.
var garden = generate.Options{Seed: 11, Accounts: 2, Principals: 4, Resources: 20, Stories: os.DirFS("../../../testdata/techniques")}

// TestPlantedTechniques reads what was planted back, as documents, and looks
// whether each technique works just where it is said to. Other seeds draw other
// near misses.
func TestPlantedTechniques(t *testing.T) {
	misses := map[string]bool{}
	for seed := range uint64(3) {
		o := garden
		o.Seed += seed
		planted, err := generate.Plant(o)
		if err != nil {
			t.Fatal(err)
		}
		if len(planted.Left) > 0 {
			t.Errorf("left out: %q", planted.Left)
		}
		dir := t.TempDir()
		if err := generate.AWS(t.Context(), o, generate.Folder(dir)); err != nil {
			t.Fatal(err)
		}
		facts := factsIn(t, dir)
		m := escalate.NewMatcher(facts, resolveaws.NewEstate(facts), escalate.AWS)
		for _, p := range planted.Planted {
			misses[p.Technique+" "+p.Miss] = true
			if p.Works == (p.Miss != "") {
				t.Errorf("%+v: want either working or the name of a miss", p)
			}
			if got := verdicts(t, facts, m, p); p.Works != slices.Contains(got, graph.Allowed) || !p.Works && len(got) > 0 {
				t.Errorf("seed %d: %+v: %v", o.Seed, p, got)
			}
		}
		plantedTwice(t, planted)
	}
	t.Logf("%d near misses", len(misses)-len(escalate.AWS))
}

// plantedTwice: every technique that is known, once as it works and once as it
// does not.
func plantedTwice(t *testing.T, planted generate.Garden) {
	t.Helper()
	working, blocked := map[string]int{}, map[string]int{}
	for _, p := range planted.Planted {
		if p.Works {
			working[p.Technique]++
		} else {
			blocked[p.Technique]++
		}
	}
	for _, known := range escalate.AWS {
		if working[known.ID] != 1 || blocked[known.ID] != 1 {
			t.Errorf("%s is planted %d times as it works and %d times as it does not, want 1 and 1", known.ID, working[known.ID], blocked[known.ID])
		}
	}
}

// factsIn ingests a folder.
func factsIn(t *testing.T, dir string) *snapshot.Snapshot {
	t.Helper()
	b := snapshot.NewBuilder()
	sum, err := ingest.Run(t.Context(), []ingest.Source{ingestaws.Files([]string{dir})}, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, gap := range sum.Gaps[:min(3, len(sum.Gaps))] {
		t.Errorf("a gap: %+v", gap)
	}
	facts, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// verdicts of a technique in the hands of a planted principal.
func verdicts(t *testing.T, facts *snapshot.Snapshot, m *escalate.Matcher, p generate.Planted) (out []graph.Verdict) {
	t.Helper()
	who, ok := facts.Find(graph.Ref(p.Principal))
	if !ok {
		t.Fatalf("%+v: no such principal", p)
	}
	hold := graph.ByCredential
	if facts.Kind(who) == graph.KindRole {
		hold = graph.AsSession
	}
	if _, ok := facts.Find(graph.Ref(p.Target)); p.Works && !ok {
		t.Errorf("%+v: no such target", p)
	}
	for _, match := range m.FromBy(p.Technique, snapshot.Foothold{Node: who, Hold: hold}) {
		out = append(out, match.Ruling.Verdict)
	}
	return out
}

// What is planted hangs on the seed, and leaves the rest of the estate alone.
func TestPlantingIsByChance(t *testing.T) {
	misses := func(o generate.Options) (out []string) {
		g, err := generate.Plant(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range g.Planted {
			out = append(out, p.Miss)
		}
		return out
	}
	other := garden
	other.Seed++
	if !slices.Equal(misses(garden), misses(garden)) || slices.Equal(misses(garden), misses(other)) {
		t.Error("near misses do not hang on the seed alone")
	}
	bare := garden
	bare.Stories = nil
	with, without := written(t, garden), written(t, bare)
	changed := 0
	for name, text := range without {
		if with[name].String() != text.String() {
			changed++
		}
	}
	// What the organization lists, and the management account's identities.
	if changed > 5 || len(with) <= len(without) {
		t.Errorf("%d of %d documents differ, %d documents with what was planted", changed, len(without), len(with))
	}
}

func TestNoStory(t *testing.T) {
	for _, text := range []string{"", "-- setup --\nuser a b\n", "-- setup --\nuser a b\n-- want --\na => b\n-- miss/m --\nshake it\n"} {
		o := garden
		o.Stories = fstest.MapFS{"x.txtar": {Data: []byte(text)}}
		if _, err := generate.Plant(o); !errors.Is(err, generate.ErrStory) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A state machine that a list shows and no document describes may be used: what
// is written is missing one document.
func TestListedAlone(t *testing.T) {
	const technique = "aws-stepfunctions-update-role"
	dir := t.TempDir()
	if err := generate.AWS(t.Context(), garden, generate.Folder(dir)); err != nil {
		t.Fatal(err)
	}
	planted, err := generate.Plant(garden)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(planted.Planted, func(p generate.Planted) bool { return p.Technique == technique && p.Works })
	p := planted.Planted[at]
	described := filepath.Join(dir, p.Account, "eu-west-1", "stepfunctions", "describe-state-machine")
	if err := os.RemoveAll(described); err != nil {
		t.Fatal(err)
	}
	facts := factsIn(t, dir)
	m := escalate.NewMatcher(facts, resolveaws.NewEstate(facts), escalate.AWS)
	if got := verdicts(t, facts, m, p); !slices.Equal(got, []graph.Verdict{graph.Allowed}) {
		t.Errorf("%v", got)
	}
}
