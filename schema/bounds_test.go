package schema_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/schema"
)

// crowded publishes an account whose every user is in every group.
func crowded(t *testing.T, users, groups int) *embedded.Store {
	t.Helper()
	store := emptyStore(t)
	const account = "account:111111111111"
	ref := func(kind string, i int) graph.Ref {
		return graph.Ref(fmt.Sprintf("arn:aws:iam::111111111111:%s/%s%04d", kind, kind, i))
	}
	err := publish(store, ingest.Source{Name: "test", Run: func(_ context.Context, sink graph.Sink, _ func(string)) error {
		if err := sink.Node(graph.Node{Provider: graph.AWS, Ref: account, Kind: graph.KindAccount, Type: "organizations:account", Name: "one"}); err != nil {
			return err
		}
		for g := range groups {
			if err := sink.Node(graph.Node{Provider: graph.AWS, Kind: graph.KindGroup, Type: "iam:group", Ref: ref("group", g), Name: fmt.Sprintf("group%04d", g), Scope: account}); err != nil {
				return err
			}
		}
		for u := range users {
			n := graph.Node{Provider: graph.AWS, Kind: graph.KindUser, Type: "iam:user", Ref: ref("user", u), Name: fmt.Sprintf("user%04d", u), Scope: account}
			n.Tags = []graph.Tag{{Key: "note", Value: strings.Repeat("x", 200)}}
			if err := sink.Node(n); err != nil {
				return err
			}
			for g := range groups {
				if err := sink.Edge(graph.Edge{From: n.Ref, To: ref("group", g), Relation: graph.MemberOf}); err != nil {
					return err
				}
			}
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// allocated is how many bytes f took from the heap, given back or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// How long lists are shows in the estate alone: an answer that grows too large
// is given up, soon and with few words.
func TestLargeAnswersAreGivenUp(t *testing.T) {
	store := crowded(t, 1000, 6)
	const ring = `{ search(text: "group0", first: 6) { edges { node { ... on Principal { members { groups { members { groups { members { ref } } } } } } } } } }`
	if got, message := code(t, newAPI(t, store), ring, nil); got != "LIMIT" || !strings.Contains(message, "complexity") {
		t.Errorf("reckoned before: %s: %s", got, message)
	}
	const fields = `{ entity(ref: "group0001") { ... on Principal { members { ref groups { members { ref name } } } } } }`
	const texts = `{ search(text: "user", first: 100) { edges { node { ... on Principal { groups { members { tags { value } } } } } } } }`
	for query, c := range map[string]struct {
		limits  schema.Limits
		message string
	}{
		fields: {schema.Limits{}, "more than 500000 fields"},
		texts:  {schema.Limits{Text: 8 << 20}, "more than 8388608 bytes"},
	} {
		api := newAPI(t, store)
		api.Limits = c.limits
		h := schema.NewHandler(api, schema.HandlerOptions{})
		var r *http.Response
		took := allocated(func() { r = call(t, h, "POST", "/graphql", `{"query":`+strconv.Quote(query)+`}`) })
		raw := body(t, r)
		if !strings.Contains(raw, `"code":"LIMIT"`) || !strings.Contains(raw, c.message) || len(raw) > 20_000 {
			t.Errorf("%d, %d bytes: %.300s", r.StatusCode, len(raw), raw)
		}
		t.Logf("given up after %d MB of heap in all", took>>20)
	}
}

// No more operations run at once than may; others wait, and not for ever.
func TestTurns(t *testing.T) {
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	gate := &gated{Store: store, in: make(chan struct{}, 9), out: make(chan struct{})}
	api := newAPI(t, gate)
	api.Limits = schema.Limits{Parallel: 2, Operation: time.Second}
	const query = `{ snapshots { totalCount { value } } }`
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() { schema.Execute(t.Context(), api, query, "", nil) }) // its own time may be up, too
		<-gate.in
	}
	if got, _ := code(t, api, query, nil); got != "TIMEOUT" || len(gate.in) != 0 {
		t.Errorf("a third one: %s", got)
	}
	close(gate.out)
	group.Wait()
	ask(t, api, query, nil)
}

// gated is a store that lists snapshots when it is let.
type gated struct {
	snapshot.Store
	in, out chan struct{}
}

func (g *gated) List(ctx context.Context, estate string) ([]graph.SnapshotInfo, error) {
	g.in <- struct{}{}
	<-g.out
	return g.Store.List(context.WithoutCancel(ctx), estate)
}
