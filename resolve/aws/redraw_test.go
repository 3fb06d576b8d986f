package aws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/ingest/aws/generate"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/testdata"
)

// TestRedrawIsAFullResolve: what stays of the last conclusions, and what is drawn
// anew from an excerpt, are together what is concluded from all facts, byte for
// byte. One account after the other is changed somewhere, and read again.
func TestRedrawIsAFullResolve(t *testing.T) {
	for name, o := range map[string]generate.Options{
		"large accounts": {Accounts: 20, Principals: 300, Resources: 900},
		"small accounts": {Accounts: 40, Principals: 200, Resources: 400},
	} {
		t.Run(name, func(t *testing.T) {
			reasons, redrawn := map[string]int{}, 0
			for seed := range uint64(4) {
				o.Seed = seed
				for reason, n := range redrawAll(t, o, 16) {
					reasons[reason] += n
				}
			}
			redrawn = reasons[""]
			delete(reasons, "")
			t.Logf("%d redrawn; in full: %v", redrawn, reasons)
			if redrawn < 30 {
				t.Errorf("only %d changes were redrawn", redrawn)
			}
		})
	}
}

// redrawAll changes a generated estate again and again, and counts why it was
// resolved in full; "" where it was not.
func redrawAll(t *testing.T, o generate.Options, changes int) map[string]int {
	t.Helper()
	dir := t.TempDir()
	if err := generate.AWS(t.Context(), o, generate.Folder(dir)); err != nil {
		t.Fatal(err)
	}
	w := newEdits(t, dir, o.Seed)
	return w.redraw(t, changes, func(file string) string { return filepath.Join(dir, w.account(file)) })
}

// redraw changes the estate again and again; again is what is read after a
// change of a file.
func (w *edits) redraw(t *testing.T, changes int, again func(file string) string) map[string]int {
	t.Helper()
	reasons := map[string]int{}
	last := concluded(t, readAgain(t, nil, w.root))
	for range changes {
		file, what, undo := w.edit(t)
		next, read, err := tryReading(t, last, again(file))
		if err != nil {
			undo()
			continue // documents that contradict each other
		}
		full := readAgain(t, last, again(file))
		after := concluded(t, full)
		reasons[compareRedraw(t, what, last, next, read, full)]++
		last = after
	}
	return reasons
}

// TestRedrawOfPlantedEstate: as TestRedrawIsAFullResolve, where every technique
// works in one account and nearly works in another.
func TestRedrawOfPlantedEstate(t *testing.T) {
	o, dir := generate.Options{Seed: 5, Accounts: 40, Principals: 80, Resources: 160, Stories: testdata.Techniques()}, t.TempDir()
	if err := generate.AWS(t.Context(), o, generate.Folder(dir)); err != nil {
		t.Fatal(err)
	}
	w := newEdits(t, dir, o.Seed)
	w.files = slices.DeleteFunc(w.files, func(file string) bool {
		return !strings.Contains(file, "details") || w.account(file) == "100000000000" // the management account reaches all
	})
	reasons := w.redraw(t, 24, func(file string) string { return filepath.Join(dir, w.account(file)) })
	t.Logf("%d redrawn; in full: %v", reasons[""], reasons)
	if reasons[""] < 10 {
		t.Errorf("only %d changes were redrawn", reasons[""])
	}
}

// TestRedrawOfBundledEstates: as TestRedrawIsAFullResolve, for estates that have
// one thing of many sorts, beside a larger one; one document after the other is
// read again.
func TestRedrawOfBundledEstates(t *testing.T) {
	reasons := map[string]int{}
	for i, name := range testdata.Estates() {
		changes := 4
		if name == "acme" {
			changes = 40 // it is the largest
		}
		dir := unpackedEstate(t, name)
		w := newEdits(t, dir, uint64(i))
		beside := generate.Options{Seed: uint64(i), Accounts: 20, Principals: 200, Resources: 1000}
		if err := generate.AWS(t.Context(), beside, generate.Folder(dir)); err != nil {
			t.Fatal(err)
		}
		for reason, n := range w.redraw(t, changes, func(file string) string { return file }) {
			reasons[reason] += n
		}
	}
	t.Logf("%d redrawn; in full: %v", reasons[""], reasons)
	if reasons[""] < 30 {
		t.Errorf("only %d changes were redrawn", reasons[""])
	}
}

// unpackedEstate writes the documents of a bundled estate into a folder.
func unpackedEstate(t *testing.T, name string) string {
	t.Helper()
	archive, err := testdata.Estate(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		path, ok := strings.CutPrefix(f.Name, "documents/")
		if !ok {
			continue
		}
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, f.Data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// compareRedraw resolves again what changed and compares. It returns why all was
// to be resolved.
func compareRedraw(t *testing.T, what string, last *snapshot.Snapshot, next *snapshot.Builder, read []graph.Ref, full *snapshot.Builder) string {
	t.Helper()
	out, _, err := resolve.Again(t.Context(), last, next, read, []resolve.Provider{Provider()}, testMaker, func(string) {})
	if errors.Is(err, resolve.ErrInFull) {
		return reasonOf(err)
	}
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	out.SetMaker(testMaker)
	if err := next.Conclude(out); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if bytes.Equal(written(t, next), written(t, full)) {
		return ""
	}
	t.Errorf("%s: the bytes differ", what)
	differ(t, what, told(t, full), told(t, next))
	return ""
}

var testMaker = []byte("test")

func reasonOf(err error) string {
	words := strings.Fields(strings.TrimPrefix(err.Error(), resolve.ErrInFull.Error()+": "))
	for i, word := range words {
		if strings.ContainsAny(word, "0123456789") {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

func differ(t *testing.T, what string, want, got []string) {
	t.Helper()
	slices.Sort(want)
	slices.Sort(got)
	want, got = slices.Compact(want), slices.Compact(got)
	shown := 0
	for len(want)+len(got) > 0 && shown < 6 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0] < got[0]:
			t.Errorf("%s: missing %s", what, want[0])
			want = want[1:]
			shown++
		case len(want) == 0 || got[0] < want[0]:
			t.Errorf("%s: too much %s", what, got[0])
			got = got[1:]
			shown++
		default:
			want, got = want[1:], got[1:]
		}
	}
}

// tellAll tells the conclusions of a snapshot in words that hang on no numbers.
func tellAll(s *snapshot.Snapshot) (lines []string) {
	at := func(f snapshot.Foothold) string { return fmt.Sprint(s.Ref(f.Node), " ", f.Hold) }
	for p := range snapshot.PivotIndex(s.NumPivots()) {
		pivot := s.Pivot(p)
		lines = append(lines, fmt.Sprint("pivot ", at(pivot.From), " ", pivot.Relation, pivot.Action, pivot.Technique, " ", at(pivot.To), tellRuling(s, pivot.Ruling)))
	}
	for a := range s.Administrations() {
		lines = append(lines, fmt.Sprint("admin ", at(a.From), " ", s.Ref(a.Scope), a.Through, tellRuling(s, a.Ruling)))
	}
	for class := range uint32(s.NumClasses()) {
		var rows, members []string
		for a := range s.AccessOf(class) {
			rows = append(rows, fmt.Sprint(s.Ref(a.To), a.Actions, a.Include, a.Exclude, tellRuling(s, a.Ruling)))
		}
		sort.Strings(rows)
		for _, f := range s.ClassMembers(class) {
			members = append(members, at(s.Foothold(f)))
		}
		lines = append(lines, fmt.Sprint("class ", members, " of ", len(s.PartsOf(class)), " parts"))
		for _, row := range rows {
			lines = append(lines, fmt.Sprint("access ", members[0], " ", row))
		}
	}
	return lines
}

func tellRuling(s *snapshot.Snapshot, r snapshot.Ruling) string {
	var said []string
	for _, e := range r.Evidence {
		said = append(said, fmt.Sprintf("%x %s %d %s", s.AttachmentDocument(e.Attachment), s.AttachmentLayer(e.Attachment), e.Statement, e.Effect))
	}
	sort.Strings(said)
	return fmt.Sprint(" ", r.Verdict, r.Bounds, r.Formula, said)
}

// written is what a builder holds, as a file.
func written(t *testing.T, b *snapshot.Builder) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := b.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func told(t *testing.T, b *snapshot.Builder) []string {
	t.Helper()
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return tellAll(s)
}

func readAgain(t *testing.T, last *snapshot.Snapshot, path string) *snapshot.Builder {
	t.Helper()
	b, err := tryRead(t, last, path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tryRead reads documents into what comes after a snapshot.
func tryRead(t *testing.T, last *snapshot.Snapshot, path string) (*snapshot.Builder, error) {
	b, _, err := tryReading(t, last, path)
	return b, err
}

// tryReading is tryRead, with the scopes of which something was read.
func tryReading(t *testing.T, last *snapshot.Snapshot, path string) (*snapshot.Builder, []graph.Ref, error) {
	t.Helper()
	b := snapshot.NewBuilder()
	sum, err := ingest.Run(t.Context(), []ingest.Source{ingestaws.Files([]string{path})}, b, func(string) {})
	if err != nil {
		return nil, nil, err
	}
	err = b.CarryForward(last, b.HeldWhole().Has)
	if err == nil {
		_, err = b.Facts()
	}
	return b, sum.Scopes, err
}

func concluded(t *testing.T, b *snapshot.Builder) *snapshot.Snapshot {
	t.Helper()
	facts, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	return concludedBy(t, b, NewEstate(facts))
}

// concludedBy runs every pass and puts facts and conclusions together.
func concludedBy(t *testing.T, b *snapshot.Builder, e resolve.Evaluator) *snapshot.Snapshot {
	t.Helper()
	facts, err := b.Facts()
	if err != nil {
		t.Fatal(err)
	}
	w := &resolve.Work{Facts: facts, Evaluator: e, Out: new(snapshot.Conclusions)}
	for _, p := range Provider().Passes {
		if err := p.Run(context.Background(), w); err != nil {
			t.Fatal(err)
		}
	}
	w.Out.SetMaker(testMaker)
	if err := b.Conclude(w.Out); err != nil {
		t.Fatal(err)
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Edits change documents of an estate at random: something is left out, or says
// what something like it says elsewhere.
type edits struct {
	rng   *rand.Rand
	files []string
	said  map[string][]any // what stands under a key anywhere
	root  string
}

func newEdits(t *testing.T, dir string, seed uint64) *edits {
	t.Helper()
	w := &edits{rng: rand.New(rand.NewPCG(seed, 77)), said: map[string][]any{}, root: dir}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var doc any
		if !json.Valid(text) {
			return nil // of the estates some have broken documents
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			return err
		}
		w.files = append(w.files, path)
		w.gather("", doc)
		// As edits will write it: what they leave alone keeps its text.
		if text, err = json.Marshal(doc); err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *edits) gather(key string, v any) {
	if _, list := v.([]any); !list && key != "" {
		w.said[key] = append(w.said[key], v)
	}
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			w.gather(k, inner)
		}
	case []any:
		for _, inner := range v {
			w.gather(key, inner)
		}
	}
}

// account is the folder of an account that a file is in.
func (w *edits) account(file string) string {
	rel, _ := filepath.Rel(w.root, file) // files are found below it
	account, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	return account
}

// edit changes one document in up to three places.
func (w *edits) edit(t *testing.T) (path, what string, undo func()) {
	t.Helper()
	path = w.files[w.rng.IntN(len(w.files))]
	if w.rng.IntN(2) == 0 { // identities change most
		if found, _ := filepath.Glob(filepath.Join(w.root, w.account(path), "global", "iam", "*details*.json")); len(found) > 0 {
			path = found[0]
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var places []func() string
	w.places("", doc, func(to any) { doc = to }, &places)
	if len(places) == 0 {
		return path, path + " read again", func() {}
	}
	for range 1 + w.rng.IntN(3) {
		what += " " + places[w.rng.IntN(len(places))]()
	}
	changed, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(changed)
	return path, path + what, func() { write(text) }
}

// places lists the changes that a value admits.
func (w *edits) places(key string, v any, set func(any), out *[]func() string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sorted(v) {
			w.places(k, v[k], func(to any) { v[k] = to }, out)
		}
	case []any:
		for i := range v {
			w.places(key, v[i], func(to any) { v[i] = to }, out)
			*out = append(*out, func() string {
				set(slices.Delete(slices.Clone(v), i, i+1))
				return fmt.Sprint(key, "[", i, "] left out")
			})
		}
	default:
		if others := w.said[key]; len(others) > 1 {
			*out = append(*out, func() string {
				to := others[w.rng.IntN(len(others))]
				set(to)
				return fmt.Sprint(key, "=", to)
			})
		}
	}
}
