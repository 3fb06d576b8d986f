package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/resolve"
	"github.com/clewgraph/clew/schema"
)

// What one hostile request may cost at most, however it is made.
const (
	mostAnswer    = 1 << 20 // bytes of the answer
	mostHeap      = 2 << 30 // bytes taken from the heap in all, given back or not
	mostDecisions = 5_000   // requests decided
)

// TestHostileRequests sends requests that are made to cost, to break or to
// confuse, by a seed: each is answered, rightly or with a code, within bounds.
// CLEW_TEST_HOSTILE says how many; the load test sends 10,000. Where
// CLEW_TEST_HOSTILE_DIR names a folder, the bodies of those that are posted are
// written there instead, for a load tool.
func TestHostileRequests(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("CLEW_TEST_HOSTILE"))
	if err != nil {
		n = 270 // ten of each kind
	}
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	var decided atomic.Int64
	api := newAPI(t, store)
	own := providers[0]
	open := own.Open
	own.Open = func(s *snapshot.Snapshot) resolve.Evaluator { return slow{open(s), &decided, 0} }
	api.Providers = []resolve.Provider{own}
	h := schema.NewHandler(api, schema.HandlerOptions{})
	names := slices.Sorted(maps.Keys(attacks))
	dir := os.Getenv("CLEW_TEST_HOSTILE_DIR")
	worst := map[string]*cost{}
	codes := map[string]int{}
	for i := range n {
		name := names[i%len(names)]
		r := attacks[name](rand.New(rand.NewPCG(uint64(i), 7)))
		if dir != "" {
			keep(t, filepath.Join(dir, fmt.Sprintf("%05d", i)), r)
			continue
		}
		c := measure(t, h, name, i, r, &decided, codes)
		if worst[name] == nil {
			worst[name] = &cost{}
		}
		worst[name].add(c)
	}
	for _, name := range slices.Sorted(maps.Keys(worst)) {
		t.Logf("%-28s %v", name, worst[name])
	}
	t.Logf("%d requests: %v", n, codes)
}

// keep writes the body of a request to a file, if it has one.
func keep(t *testing.T, file string, r *http.Request) {
	t.Helper()
	if r.Method != http.MethodPost {
		return
	}
	raw, err := io.ReadAll(r.Body)
	if err == nil {
		err = os.WriteFile(file, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A cost is the most that requests of one kind took, each figure by itself.
type cost struct {
	answer    int
	heap      uint64
	decisions int64
	took      time.Duration
}

func (c *cost) add(o cost) {
	c.answer, c.heap = max(c.answer, o.answer), max(c.heap, o.heap)
	c.decisions, c.took = max(c.decisions, o.decisions), max(c.took, o.took)
}

func (c *cost) String() string {
	return fmt.Sprintf("%9d bytes %6d MB of heap %6d decisions %8v", c.answer, c.heap>>20, c.decisions, c.took.Round(time.Millisecond))
}

// measure sends a request, and sees that its answer is one.
func measure(t *testing.T, h http.Handler, name string, i int, r *http.Request, decided *atomic.Int64, codes map[string]int) (c cost) {
	t.Helper()
	w := httptest.NewRecorder()
	before, start := decided.Load(), time.Now()
	c.heap = allocated(func() { h.ServeHTTP(w, r) })
	c.took, c.decisions, c.answer = time.Since(start), decided.Load()-before, w.Body.Len()
	if c.answer > mostAnswer || c.heap > mostHeap || c.decisions > mostDecisions {
		t.Errorf("%s %d: %v", name, i, &c)
	}
	var got struct {
		Data   json.RawMessage
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%s %d: %d %.200s: %v", name, i, w.Code, w.Body.String(), err)
	}
	if len(got.Errors) == 0 {
		codes["OK"]++
		if len(got.Data) == 0 || string(got.Data) == "null" || w.Code != http.StatusOK {
			t.Errorf("%s %d: %d, neither data nor errors: %.200s", name, i, w.Code, w.Body.String())
		}
	}
	for _, e := range got.Errors {
		codes[e.Extensions.Code]++
		if !slices.Contains([]string{"BAD_INPUT", "LIMIT", "NOT_FOUND", "AMBIGUOUS", "TIMEOUT", "SNAPSHOT_GONE", "FORBIDDEN"}, e.Extensions.Code) {
			t.Fatalf("%s %d: code %q: %.400s", name, i, e.Extensions.Code, w.Body.String())
		}
	}
	return c
}

// posted is a request with a body, as it is.
func posted(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Host = "127.0.0.1:8080"
	r.Header.Set("Content-Type", "application/json")
	return r
}

// question is a request with a query and its variables.
func question(query string, vars object) *http.Request {
	raw, err := json.Marshal(object{"query": query, "variables": vars})
	if err != nil {
		panic(err) // of the test itself
	}
	return posted(raw)
}

// times repeats a text between 1 and most times.
func times(r *rand.Rand, most int, text string) string { return strings.Repeat(text, 1+r.IntN(most)) }

func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// noise is text of the bytes and runes that readers trip over.
func noise(r *rand.Rand, most int) string {
	var b strings.Builder
	for range 1 + r.IntN(most) {
		b.WriteString(oneOf(r, "\x00", "\xff", "\xed\xa0\x80", "\u202e", "\ufeff", "\U0010ffff", "é́́́", "\"", "\\", "*", "?", "${", "}", "{", "[", "%00", "\n", "a", ":", "/", "🜁", "\u2028", "'", "<script>"))
	}
	return b.String()
}

var (
	somethings = []string{"internet", tomas, prod + "user/gwen.platform", prod + "user/karl.identity", data + "role/ledger-writer", "arn:aws:s3:::acme-ledger", "account:333344445555", "AKIAU3HHASRZUEXAMPLE", "crown-jewels", "arn:aws:s3:::acme-orders/x"}
	fieldNames = []string{"__typename", "id", "ref", "name", "type", "labels", "tags { key value }", "scope { ref ancestors { ref } }", "nonsense"}
)
