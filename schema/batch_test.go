package schema_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/resolve/policy"
	"github.com/clewgraph/clew/schema"
)

// counting is a store that counts what is read of it.
type counting struct {
	snapshot.Store
	reads atomic.Int64
}

func (c *counting) Open(ctx context.Context, estate, id string) (*snapshot.Snapshot, graph.SnapshotInfo, error) {
	c.reads.Add(1)
	return c.Store.Open(ctx, estate, id)
}

func (c *counting) List(ctx context.Context, estate string) ([]graph.SnapshotInfo, error) {
	c.reads.Add(1)
	return c.Store.List(ctx, estate)
}

func (c *counting) Labels(ctx context.Context, estate string) ([]graph.Label, error) {
	c.reads.Add(1)
	return c.Store.Labels(ctx, estate)
}

// However many rows a page has and however often a query asks, it reads the
// store as often.
func TestReadsDoNotGrow(t *testing.T) {
	inner, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	store := &counting{Store: inner}
	api := newAPI(t, store)
	const thing = `{ ref labels scope { ref labels ancestors { ref } coverage { gapCount } } ... on Principal { groups { ref } credentials(first: 2) { edges { node { of { ref } } } }
		effectiveAccess(first: 1) { totalCount { value } } } ... on Resource { crownJewel internetExposed whoCanAccess(first: 1) { totalCount { value } } } }`
	query := `query($n: Int!) {
		search(text: "acme-", first: $n) { edges { node ` + thing + ` } }
		again: search(text: "role/", first: $n) { edges { node ` + thing + ` } }
		who: whoCanAccess(resource: {ref: "arn:aws:s3:::acme-ledger"}, first: $n) { edges { node { principal { labels } explanation { verdict flips { pointer } } via { steps { breakers { text } } } } } }
		nodes(ids: ["a", "b"]) { id }
		snapshots { edges { node { id } } } coverage { snapshot { id } } }`
	reads := func(n int) (int64, int) {
		before := store.reads.Load()
		found := ask(t, api, query, object{"n": n})
		return store.reads.Load() - before, len(at(t, found, "search", "edges").([]any)) + len(at(t, found, "again", "edges").([]any))
	}
	few, one := reads(1)
	many, all := reads(15)
	if few != many || many > 3 || one != 2 || all < 20 {
		t.Errorf("%d reads for %d rows, %d for %d", few, one, many, all)
	}
}

// 500 at once, each with its own answer.
func TestFiveHundredAtOnce(t *testing.T) {
	api := acme(t)
	refs, questions := make([]string, 500), make([]object, 500)
	for i := range refs {
		refs[i] = []string{tomas, "arn:aws:s3:::acme-ledger", "nothing"}[i%3]
		questions[i] = object{"principal": tomas, "action": "s3:PutObject", "resource": fmt.Sprintf("arn:aws:s3:::acme-ledger/%d", i)}
		if i%5 == 4 {
			questions[i]["principal"] = "nobody"
		}
	}
	entities := at(t, ask(t, api, `query($r: [CloudRef!]!) { entities(refs: $r) { ref } }`, object{"r": refs}), "entities").([]any)
	for i, e := range entities {
		if (e == nil) != (i%3 == 2) || e != nil && text(t, e, "ref") != refs[i] {
			t.Fatalf("%d: %v", i, e)
		}
	}
	answers := at(t, ask(t, api, `query($q: [AccessQuestion!]!) { explainMany(questions: $q) { error { code } explanation { verdict bounds { least most } decidingLayer { id } formula text flips { pointer } } } }`, object{"q": questions}), "explainMany").([]any)
	for i, a := range answers {
		if i%5 == 4 && text(t, a, "error", "code") != "NOT_FOUND" || i%5 != 4 && text(t, a, "explanation", "verdict") != "DENIED" {
			t.Fatalf("%d: %v", i, a)
		}
	}
	if len(entities) != 500 || len(answers) != 500 {
		t.Errorf("%d and %d answers", len(entities), len(answers))
	}
}

// slow decides, and takes its time.
type slow struct {
	resolve.Evaluator
	decided *atomic.Int64
	took    time.Duration
}

func (s slow) Decide(q policy.Question) (policy.Decision, error) {
	s.decided.Add(1)
	time.Sleep(s.took)
	return s.Evaluator.Decide(q)
}

// Once the time of an operation is up, work ends: in a list of questions, and
// in fields that decide only when they are asked.
func TestDeadlineStopsTheWork(t *testing.T) {
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	questions := make([]object, 400)
	for i := range questions {
		questions[i] = object{"principal": tomas, "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-ledger"}
	}
	for query, vars := range map[string]object{
		`query($q: [AccessQuestion!]!) { explainMany(questions: $q) { explanation { verdict } } }`:                                 {"q": questions},
		`{ whoCanAccess(resource: {ref: "arn:aws:s3:::acme-ledger"}, first: 200) { edges { node { explanation { verdict } } } } }`: nil,
	} {
		var decided atomic.Int64
		api := newAPI(t, store)
		own := providers[0]
		open := own.Open
		own.Open = func(s *snapshot.Snapshot) resolve.Evaluator { return slow{open(s), &decided, 150 * time.Millisecond} }
		api.Providers = []resolve.Provider{own}
		api.Limits = schema.Limits{Operation: 400 * time.Millisecond}
		got, _ := code(t, api, query, vars)
		if n := decided.Load(); got != "TIMEOUT" || n > 40 {
			t.Errorf("%s: %s after %d decisions", query, got, n)
		}
	}
}

// A client that hangs up is no more worked for.
func TestHangingUpStopsTheWork(t *testing.T) {
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	var decided atomic.Int64
	api := newAPI(t, store)
	own := providers[0]
	open := own.Open
	own.Open = func(s *snapshot.Snapshot) resolve.Evaluator { return slow{open(s), &decided, 50 * time.Millisecond} }
	api.Providers = []resolve.Provider{own}
	questions := make([]object, 400)
	for i := range questions {
		questions[i] = object{"principal": tomas, "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-ledger"}
	}
	ctx, hangUp := context.WithCancel(t.Context())
	go func() {
		for decided.Load() < 3 {
			time.Sleep(time.Millisecond)
		}
		hangUp()
	}()
	_, errs := schema.Execute(ctx, api, `query($q: [AccessQuestion!]!) { explainMany(questions: $q) { explanation { verdict } } }`, "", object{"q": questions})
	if n := decided.Load(); len(errs) == 0 || n > 40 {
		t.Errorf("%v after %d decisions", errs, n)
	}
}
