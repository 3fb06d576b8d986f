package schema_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/graph/walk"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/ingest/aws/generate"
	"github.com/clewgraph/clew/testdata"
)

// A wholeRow is one row of effective access, and how surely and near.
type wholeRow struct {
	principal, target, actions, include, exclude string
	verdict                                      graph.Verdict
	hops                                         int
}

func (r wholeRow) what() string { return r.actions + "|" + r.include + "|" + r.exclude }

func (r wholeRow) String() string {
	return fmt.Sprintln(r.principal, r.target, r.what(), r.verdict, r.hops)
}

// whole works all rows to a node out at once, in the plainest way: for each set
// of actions and each verdict, everybody from whom its holders can be reached
// over steps that are as sure. It follows no technique, and no access by
// techniques that give data.
func whole(t *testing.T, s *snapshot.Snapshot, node snapshot.Index, prefix string) map[string]wholeRow {
	t.Helper()
	out := map[string]wholeRow{}
	for what, holders := range holdersOf(s, node, prefix) {
		parts := strings.Split(what, "|")
		for level := graph.Allowed; level >= graph.Unknown; level-- {
			var from []snapshot.FootholdIndex
			for f, v := range holders {
				if v >= level {
					from = append(from, f)
				}
			}
			o := walk.Options{Techniques: func(string) bool { return false }}
			for v := level; v <= graph.Allowed; v++ {
				o.Verdicts = append(o.Verdicts, v)
			}
			for _, r := range walk.ReverseReach(t.Context(), s, from, o).Reached {
				at := s.Foothold(r.Foothold)
				if kind := s.Kind(at.Node); at.Hold >= graph.WithOwnPolicy || kind.Class() != graph.ClassPrincipal || kind == graph.KindGroup {
					continue
				}
				row := wholeRow{string(s.Ref(at.Node)), string(s.Ref(node)), parts[0], parts[1], parts[2], level, r.Hops}
				if _, surer := out[row.principal+row.what()]; !surer { // Reached is in the order of hops
					out[row.principal+row.what()] = row
				}
			}
		}
	}
	return out
}

// holdersOf reads who may act on a node, by what they may do; what one class may
// do that differs in its statements alone is one.
func holdersOf(s *snapshot.Snapshot, node snapshot.Index, prefix string) map[string]map[snapshot.FootholdIndex]graph.Verdict {
	type alike struct {
		class            uint32
		include, exclude string
		verdict          graph.Verdict
		bounds           graph.Bounds
		formula          string
	}
	actions := map[alike][]string{}
	for a := range s.AccessTo(node) {
		key := alike{a.Class, strings.Join(a.Include, ","), strings.Join(a.Exclude, ","), a.Ruling.Verdict, a.Ruling.Bounds, a.Ruling.Formula}
		for _, action := range a.Actions {
			if strings.HasPrefix(action, prefix) {
				actions[key] = append(actions[key], action)
			}
		}
	}
	out := map[string]map[snapshot.FootholdIndex]graph.Verdict{}
	for key, list := range actions {
		slices.Sort(list)
		what := strings.Join(slices.Compact(list), ",") + "|" + key.include + "|" + key.exclude
		if out[what] == nil {
			out[what] = map[snapshot.FootholdIndex]graph.Verdict{}
		}
		for _, f := range s.ClassMembers(key.class) {
			out[what][f] = max(out[what][f], key.verdict)
		}
	}
	return out
}

// estatesToPage are the bundled estates with something to act on, and a made-up
// one.
func estatesToPage(t *testing.T) map[string]*embedded.Store {
	t.Helper()
	acme, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*embedded.Store{"acme": acme}
	for _, name := range []string{"entry-buckets", "entry-cognito", "entry-function-urls"} {
		out[name] = bundled(t, name)
	}
	dir := filepath.Join(t.TempDir(), "made-up")
	o := generate.Options{Seed: 3, Accounts: 3, Principals: 80, Resources: 160}
	if err := generate.AWS(t.Context(), o, generate.Folder(dir)); err != nil {
		t.Fatal(err)
	}
	out["made-up"] = emptyStore(t)
	if err := publish(out["made-up"], ingestaws.Files([]string{dir})); err != nil {
		t.Fatal(err)
	}
	return out
}

func bundled(t *testing.T, name string) *embedded.Store {
	t.Helper()
	archive, err := testdata.Estate(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		if rest, ok := strings.CutPrefix(f.Name, "documents/"); ok {
			path := filepath.Join(dir, filepath.FromSlash(rest))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	store := emptyStore(t)
	if err := publish(store, ingestaws.Files([]string{dir})); err != nil {
		t.Fatal(err)
	}
	return store
}

func opened(t *testing.T, store *embedded.Store) *snapshot.Snapshot {
	t.Helper()
	s, _, err := store.Open(context.Background(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
