package schema_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/schema"
)

// small publishes an account with so many users.
func small(t *testing.T, store snapshot.Store, users int) {
	t.Helper()
	err := publish(store, ingest.Source{Name: "test", Run: func(_ context.Context, sink graph.Sink, _ func(string)) error {
		const account = "account:111111111111"
		if err := sink.Node(graph.Node{Provider: graph.AWS, Ref: account, Kind: graph.KindAccount, Type: "organizations:account", Name: "one"}); err != nil {
			return err
		}
		for i := range users {
			n := graph.Node{Provider: graph.AWS, Kind: graph.KindUser, Type: "iam:user", Name: fmt.Sprintf("user%03d", i), Scope: account}
			n.Ref = graph.Ref("arn:aws:iam::111111111111:user/" + n.Name)
			if err := sink.Node(n); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func emptyStore(t *testing.T) *embedded.Store {
	t.Helper()
	store, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func snapshots(t *testing.T, api *schema.API) []string {
	t.Helper()
	return each(t, at(t, ask(t, api, `{ snapshots { edges { node { id } } } }`, nil), "snapshots", "edges"), "node", "id")
}

func users(t *testing.T, api *schema.API, id any) string {
	t.Helper()
	return text(t, ask(t, api, `query($at: ID) { search(text: "user/user", at: $at) { totalCount { value } } }`, object{"at": id}), "search", "totalCount", "value")
}

// A question sees one snapshot: the newest, or the one that it names; and a
// cursor goes on in its own.
func TestSnapshots(t *testing.T) {
	store := emptyStore(t)
	api := newAPI(t, store)
	if got, _ := code(t, api, `{ coverage { complete } }`, nil); got != "NOT_FOUND" {
		t.Errorf("without a snapshot: %s", got)
	}
	small(t, store, 3)
	page := at(t, ask(t, api, searchQuery, object{"text": "user/user", "first": 2}), "search")
	small(t, store, 5)
	ids := snapshots(t, api)
	if len(ids) != 2 || users(t, api, nil) != "5" || users(t, api, ids[1]) != "3" || users(t, api, ids[0]) != "5" {
		t.Errorf("snapshots %v", ids)
	}
	next := object{"text": "user/user", "first": 2, "after": at(t, page, "pageInfo", "endCursor")}
	if got := at(t, ask(t, api, searchQuery, next), "search"); text(t, got, "totalCount", "value") != "3" || len(at(t, got, "edges").([]any)) != 1 {
		t.Errorf("the page went on in another snapshot: %v", got)
	}
	info := at(t, ask(t, api, `query($id: ID!) { node(id: $id) { ... on Snapshot { id takenAt accounts nodes contentHash complete } } }`, object{"id": ids[1]}), "node")
	if text(t, info, "accounts") != "1" || len(text(t, info, "contentHash")) != 64 {
		t.Errorf("%v", info)
	}
	if err := store.Delete(t.Context(), "", ids[1]); err != nil {
		t.Fatal(err)
	}
	if got, _ := code(t, api, searchQuery, next); got != "SNAPSHOT_GONE" {
		t.Errorf("a cursor of a deleted snapshot: %s", got)
	}
	if got, _ := code(t, api, `query($at: ID) { coverage(at: $at) { complete } }`, object{"at": ids[1]}); got != "SNAPSHOT_GONE" {
		t.Errorf("a deleted snapshot: %s", got)
	}
	if got, _ := code(t, api, `{ coverage(at: "nonsense") { complete } }`, nil); got != "NOT_FOUND" {
		t.Errorf("no snapshot: %s", got)
	}
}

func TestCursors(t *testing.T) {
	store := emptyStore(t)
	api := newAPI(t, store)
	small(t, store, 5)
	small(t, store, 6)
	ids := snapshots(t, api)
	mine := at(t, ask(t, api, searchQuery, object{"text": "user/user", "first": 2}), "search", "pageInfo", "endCursor")
	for name, c := range map[string]object{
		"garbage":          {"text": "user/user", "after": "garbage!"},
		"other garbage":    {"text": "user/user", "after": "bm8"},
		"another question": {"text": "user/user0", "after": mine},
	} {
		if got, message := code(t, api, searchQuery, c); got != "BAD_INPUT" || !strings.Contains(message, "after") {
			t.Errorf("%s: %s: %s", name, got, message)
		}
	}
	const another = `query($at: ID, $after: String) { search(text: "user/user", at: $at, after: $after, first: 500) { pageInfo { hasNextPage } } }`
	if got, _ := code(t, api, another, object{"at": ids[1], "after": mine}); got != "BAD_INPUT" {
		t.Errorf("another snapshot: %s", got)
	}
	if at(t, ask(t, api, another, object{"at": ids[0], "after": mine}), "search", "pageInfo", "hasNextPage") != false {
		t.Error("its own snapshot")
	}
}

func TestPagesOfSnapshots(t *testing.T) {
	store := emptyStore(t)
	api := newAPI(t, store)
	for i := range 5 {
		small(t, store, i+1)
	}
	whole := snapshots(t, api)
	const query = `query($after: String) { snapshots(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } totalCount { value } } }`
	var got []string
	vars := object{}
	for range whole {
		c := at(t, ask(t, api, query, vars), "snapshots")
		got = append(got, each(t, at(t, c, "edges"), "node", "id")...)
		if len(got) == 2 {
			small(t, store, 9) // published meanwhile: neither shown nor a reason to repeat
		}
		if at(t, c, "pageInfo", "hasNextPage") != true {
			break
		}
		vars["after"] = at(t, c, "pageInfo", "endCursor")
	}
	if strings.Join(got, " ") != strings.Join(whole, " ") {
		t.Errorf("%v, want %v", got, whole)
	}
}

// Snapshots are published and deleted while questions run; none may see a
// closed one.
func TestSwapWhileAsked(t *testing.T) {
	store := emptyStore(t)
	api := newAPI(t, store)
	small(t, store, 1)
	var group sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				data, errs := schema.Execute(t.Context(), api, `{ search(text: "user/user", first: 500) { edges { node { name scope { name } } } totalCount { value } } }`, "", nil)
				if errs != nil || strings.Contains(string(data), `"name":""`) || strings.Contains(string(data), `"value":0`) {
					t.Errorf("%s %v", data, errs)
					return
				}
			}
		})
	}
	for i := range 12 {
		small(t, store, i+2)
		if ids := snapshots(t, api); len(ids) > 2 {
			if err := store.Delete(t.Context(), "", ids[len(ids)-1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(done)
	group.Wait()
}

// broken is a store that cannot be read.
type broken struct {
	snapshot.Store
	err error
}

func (b broken) Open(context.Context, string, string) (*snapshot.Snapshot, graph.SnapshotInfo, error) {
	return nil, graph.SnapshotInfo{}, b.err
}

func (b broken) List(context.Context, string) ([]graph.SnapshotInfo, error) { return nil, b.err }

// The text of what failed inside is for the log alone.
func TestFailuresInside(t *testing.T) {
	const private = "disk /secret/place on fire"
	for want, err := range map[string]error{
		"STORE_UNAVAILABLE": fmt.Errorf("%w: %s", graph.ErrUnavailable, private),
		"INTERNAL":          errors.New(private),
	} {
		api := newAPI(t, broken{err: err})
		got, message := code(t, api, `{ coverage { complete } }`, nil)
		if got != want || strings.Contains(message, "secret") {
			t.Errorf("%s: %s: %s", want, got, message)
		}
		h := schema.NewHandler(api, schema.HandlerOptions{})
		if r := call(t, h, "GET", "/readyz", ""); r.StatusCode != 503 || strings.Contains(body(t, r), "secret") {
			t.Errorf("ready: %d", r.StatusCode)
		}
	}
}
