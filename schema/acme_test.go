package schema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	ingestaws "github.com/clewgraph/clew/ingest/aws"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/aws"
	"github.com/clewgraph/clew/schema"
	"github.com/clewgraph/clew/testdata"
)

// The refs of the bundled organization that tests speak of.
const (
	prod  = "arn:aws:iam::333344445555:"
	data  = "arn:aws:iam::555566667777:"
	tomas = prod + "user/tomas.release"
)

var providers = []resolve.Provider{aws.Provider()}

// acmeStore is the bundled organization, ingested and resolved once.
var acmeStore = sync.OnceValues(func() (*embedded.Store, error) {
	dir, err := os.MkdirTemp("", "clew-schema")
	if err != nil {
		return nil, err
	}
	store, err := embedded.Open(filepath.Join(dir, "store"))
	if err != nil {
		return nil, err
	}
	return store, fill(store, filepath.Join(dir, "documents"))
})

func fill(store snapshot.Store, dir string) error {
	archive, err := testdata.Estate("acme")
	if err != nil {
		return err
	}
	for _, f := range archive.Files {
		if f.Name == "labels" {
			if err := label(store, string(f.Data)); err != nil {
				return err
			}
		}
		rest, ok := strings.CutPrefix(f.Name, "documents/")
		if !ok {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(rest))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
	}
	return publish(store, ingestaws.Files([]string{dir}))
}

func label(store snapshot.Store, text string) error {
	for line := range strings.Lines(text) {
		ref, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		l := graph.Label{Ref: graph.Ref(ref), Label: name, By: "test", At: time.Unix(1, 0)}
		if err := store.SetLabel(context.Background(), "", l); err != nil {
			return err
		}
	}
	return nil
}

func publish(store snapshot.Store, source ingest.Source) error {
	ctx := context.Background()
	_, err := store.Update(ctx, "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		if _, err := ingest.Run(ctx, []ingest.Source{source}, next, nil); err != nil {
			return err
		}
		facts, err := next.Facts()
		if err != nil {
			return err
		}
		conclusions, err := resolve.Run(ctx, facts, providers, func(string) {})
		if err != nil {
			return err
		}
		return next.Conclude(conclusions)
	})
	return err
}

func acme(t testing.TB) *schema.API {
	t.Helper()
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	return newAPI(t, store)
}

func newAPI(t testing.TB, store snapshot.Store) *schema.API {
	api := &schema.API{Store: store, Providers: providers, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	t.Cleanup(func() { api.Close() })
	return api
}

// object is a JSON object of an answer.
type object = map[string]any

// ask runs a query that must not fail.
func ask(t testing.TB, api *schema.API, query string, variables object) object {
	t.Helper()
	data, errs := schema.Execute(t.Context(), api, query, "", variables)
	if errs != nil {
		t.Fatalf("%s\n%v", query, errs)
	}
	var out object
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// code runs a query that must fail and returns the code of its first error.
func code(t testing.TB, api *schema.API, query string, variables object) (string, string) {
	t.Helper()
	_, errs := schema.Execute(t.Context(), api, query, "", variables)
	if len(errs) == 0 {
		t.Fatalf("%s\ndid not fail", query)
	}
	return string(schema.ErrorCode(errs[0])), errs[0].Message
}

// at follows a path of keys and indexes into an answer.
func at(t testing.TB, value any, path ...any) any {
	t.Helper()
	for i, key := range path {
		switch key := key.(type) {
		case string:
			o, ok := value.(object)
			if !ok {
				t.Fatalf("%v: no object at %v: %v", path, path[:i], value)
			}
			value = o[key]
		case int:
			list, ok := value.([]any)
			if !ok || key >= len(list) {
				t.Fatalf("%v: nothing at %v: %v", path, path[:i+1], value)
			}
			value = list[key]
		}
	}
	return value
}

func text(t testing.TB, value any, path ...any) string {
	t.Helper()
	return fmt.Sprint(at(t, value, path...))
}

// each returns what stands below each item of a list.
func each(t testing.TB, list any, path ...any) []string {
	t.Helper()
	out := []string{}
	for _, item := range list.([]any) {
		out = append(out, text(t, item, path...))
	}
	return out
}
