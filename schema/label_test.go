package schema_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clewgraph/clew/schema"
)

const (
	readerToken    = "reader-token-of-a-test"
	responderToken = "responder-token-of-a-test"
)

// shift is a handler that somebody of each role may ask; the responder sees one
// account.
func shift(t *testing.T, api *schema.API) http.Handler {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tokens.json")
	text := `[{"token":"` + adminToken + `","name":"ada","role":"admin","accounts":["*"]},
		{"token":"` + readerToken + `","name":"rob","role":"reader","accounts":["*"]},
		{"token":"` + responderToken + `","name":"nia","role":"responder","accounts":["account:333344445555"]}]`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	who, err := schema.ReadTokens(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema.NewHandler(api, schema.HandlerOptions{Authenticators: []schema.Authenticator{who}})
}

const (
	mark   = `mutation Mark($r: [CloudRef!]!, $l: String!) { setLabel(refs: $r, label: $l) { ref labels } }`
	unmark = `mutation Unmark($r: [CloudRef!]!, $l: String!) { removeLabel(refs: $r, label: $l) { ref labels } }`
	marked = `{ found: entity(ref: "acme-orders") { labels } whoCanAccess(resource: {label: "tonight"}, first: 1) { totalCount { value } } }`
)

// Responders mark what must not be reached; whoever asks next sees it.
func TestRespondersLabel(t *testing.T) {
	api := acme(t)
	var log bytes.Buffer
	api.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := shift(t, api)
	vars := object{"r": []string{"acme-orders", tomas}, "l": "tonight"}
	t.Cleanup(func() { schema.Execute(context.Background(), api, unmark, "", vars) })
	got := at(t, asked(t, h, responderToken, mark, vars), "data", "setLabel")
	if text(t, got, 0, "labels") != "[tonight]" || text(t, got, 1, "ref") != tomas || text(t, got, 1, "labels") != "[tonight]" {
		t.Errorf("%v", got)
	}
	seen := asked(t, h, readerToken, marked, nil)
	if text(t, seen, "data", "found", "labels") != "[tonight]" || text(t, seen, "data", "whoCanAccess", "totalCount", "value") == "0" {
		t.Errorf("a reader sees %v", seen)
	}
	list, err := api.Store.Labels(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Label == "tonight" && (l.By != "nia" || l.At.IsZero()) {
			t.Errorf("%+v", l)
		}
	}
	both := `mutation { gone: removeLabel(refs: ["acme-orders", "acme-orders"], label: "tonight") { labels } back: setLabel(refs: ["acme-orders"], label: "tonight") { labels } }`
	again := at(t, asked(t, h, adminToken, both, nil), "data")
	if text(t, again, "gone", 0, "labels") != "[]" || text(t, again, "back", 0, "labels") != "[tonight]" {
		t.Errorf("one after the other: %v", again)
	}
	if told := log.String(); !strings.Contains(told, "caller=nia name=Mark field=setLabel") || strings.Contains(told, tomas) {
		t.Errorf("the log:\n%s", told)
	}
}

// Nobody changes more than the role and the accounts of the token allow.
func TestWhoMayNotLabel(t *testing.T) {
	api := acme(t)
	h := shift(t, api)
	before, err := api.Store.Labels(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	of := func(refs ...string) object { return object{"r": refs, "l": "tonight"} }
	many := make([]string, 501)
	for i := range many {
		many[i] = tomas
	}
	for name, c := range map[string]struct {
		token string
		vars  object
		want  string
	}{
		"a reader":             {readerToken, of("acme-orders"), "FORBIDDEN"},
		"nobody":               {"no-token-of-this-test", of("acme-orders"), "UNAUTHENTICATED"},
		"of another account":   {responderToken, of("acme-orders", "acme-ledger"), "NOT_FOUND"},
		"what is not there":    {adminToken, of("acme-orders", "nothing"), "NOT_FOUND"},
		"what is several":      {adminToken, of("crown-jewels"), "AMBIGUOUS"},
		"too many":             {adminToken, of(many...), "LIMIT"},
		"no label":             {adminToken, object{"r": []string{tomas}, "l": ""}, "BAD_INPUT"},
		"a label of two words": {adminToken, object{"r": []string{tomas}, "l": "to night"}, "BAD_INPUT"},
		"a long label":         {adminToken, object{"r": []string{tomas}, "l": strings.Repeat("x", 65)}, "BAD_INPUT"},
	} {
		for _, query := range []string{mark, unmark} {
			got := asked(t, h, c.token, query, c.vars)
			if got["errors"] == nil || text(t, got, "errors", 0, "extensions", "code") != c.want {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
	link := "/graphql?query=" + url.QueryEscape(`mutation { setLabel(refs: ["acme-orders"], label: "tonight") { ref } }`)
	if got := codeIn(t, call(t, h, "GET", link, "", "Authorization", "Bearer "+adminToken)); got != "BAD_INPUT" {
		t.Errorf("by a link: %s", got)
	}
	after, err := api.Store.Labels(t.Context(), "")
	if err != nil || len(after) != len(before) {
		t.Errorf("%d labels, %d before: %v", len(after), len(before), err)
	}
}

// What says that techniques are not followed is heard by rows of access, too.
func TestAccessByTechniques(t *testing.T) {
	api := acme(t)
	rows := func(query, ref string, filter object) int {
		out := ask(t, api, query, object{"ref": ref, "filter": filter})
		for _, list := range out {
			return int(at(t, list, "totalCount", "value").(float64))
		}
		return 0
	}
	for query, ref := range map[string]string{whoQuery: "acme-ledger", whatQuery: "karl.identity"} {
		every, none := rows(query, ref, object{}), rows(query, ref, object{"techniques": false})
		one := rows(query, ref, object{"techniqueIds": []string{"iam-012"}})
		nothing := rows(query, ref, object{"techniqueIds": []string{}})
		if none >= every || one <= none || one > every || nothing != none {
			t.Errorf("%s: %d rows, %d without techniques, %d with one, %d with an empty list", ref, every, none, one, nothing)
		}
	}
}
