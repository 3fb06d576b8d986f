package schema_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/clewgraph/clew/schema"
)

// call makes one request to a handler by a loopback name.
func call(t testing.TB, h http.Handler, method, target, body string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// codeIn returns the code of the first error of a response.
func codeIn(t testing.TB, r *http.Response) string {
	t.Helper()
	var out object
	if err := json.Unmarshal([]byte(body(t, r)), &out); err != nil {
		t.Fatal(err)
	}
	if out["errors"] == nil {
		return "OK"
	}
	return text(t, out, "errors", 0, "extensions", "code")
}

func TestOverHTTP(t *testing.T) {
	h := schema.NewHandler(acme(t), schema.HandlerOptions{})
	const query = `{"query":"query Q($r: CloudRef!) { entity(ref: $r) { ref } }","operationName":"Q","variables":{"r":"internet"}}`
	r := call(t, h, "POST", "/graphql", query)
	if got := body(t, r); r.StatusCode != 200 || got != `{"data":{"entity":{"ref":"internet"}}}`+"\n" {
		t.Errorf("%d: %s", r.StatusCode, got)
	}
	r = call(t, h, "GET", `/graphql?query=%7Bentity(ref:%22internet%22)%7Bref%7D%7D`, "")
	if got := body(t, r); r.StatusCode != 200 || !strings.Contains(got, "internet") {
		t.Errorf("%d: %s", r.StatusCode, got)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 200, "/nothing": 404, "/graphiql/../x": 404} {
		if r := call(t, h, "GET", path, ""); r.StatusCode != want && r.StatusCode/100 != 3 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	h := schema.NewHandler(acme(t), schema.HandlerOptions{})
	secret := "a-body-that-must-not-come-back"
	for name, c := range map[string]struct {
		method, body, code string
		status             int
		header             []string
	}{
		"no JSON":      {"POST", secret, "BAD_INPUT", 400, nil},
		"a batch":      {"POST", `[{"query":"{ __typename }","x":"` + secret + `"}]`, "BAD_INPUT", 400, nil},
		"variables":    {"POST", `{"query":"{ __typename }","variables":["` + secret + `"]}`, "BAD_INPUT", 400, nil},
		"a form":       {"POST", "query={__typename}", "BAD_INPUT", 415, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"plain text":   {"POST", `{"query":"{ __typename }"}`, "BAD_INPUT", 415, []string{"Content-Type", "text/plain"}},
		"nothing":      {"POST", `{}`, "BAD_INPUT", 400, nil},
		"a PUT":        {"PUT", `{}`, "BAD_INPUT", 405, nil},
		"a large body": {"POST", `{"query":"` + strings.Repeat("#", 2<<20) + `"}`, "LIMIT", 413, nil},
		"another name": {"POST", `{"query":"{ __typename }"}`, "FORBIDDEN", 403, []string{"Host", "attacker.example"}},
	} {
		r := call(t, h, c.method, "/graphql", c.body, c.header...)
		raw := body(t, r)
		if r.StatusCode != c.status || !strings.Contains(raw, `"code":"`+c.code+`"`) || strings.Contains(raw, secret) {
			t.Errorf("%s: %d %s", name, r.StatusCode, raw)
		}
	}
	for _, host := range []string{"localhost:8080", "[::1]:8080", "127.0.0.2"} {
		if got := codeIn(t, call(t, h, "POST", "/graphql", `{"query":"{ __typename }"}`, "Host", host)); got != "OK" {
			t.Errorf("%s: %s", host, got)
		}
	}
}

func TestToken(t *testing.T) {
	h := schema.NewHandler(acme(t), schema.HandlerOptions{Token: "s3cret"})
	for authorization, want := range map[string]string{
		"": "UNAUTHENTICATED", "Bearer wrong": "UNAUTHENTICATED", "Basic s3cret": "UNAUTHENTICATED", "Bearer ": "UNAUTHENTICATED",
		"s3cret": "UNAUTHENTICATED", "Bearer s3cret": "OK", "bearer s3cret": "OK",
	} {
		for _, path := range []string{"/graphql", "/metrics"} {
			r := call(t, h, "GET", path+"?query=%7B__typename%7D", "", "Authorization", authorization, "Host", "clew.example")
			if (r.StatusCode == 200) != (want == "OK") || want != "OK" && codeIn(t, r) != want {
				t.Errorf("%s with %q: %d", path, authorization, r.StatusCode)
			}
		}
	}
	for _, path := range []string{"/", "/healthz", "/readyz"} {
		if r := call(t, h, "GET", path, "", "Host", "clew.example"); r.StatusCode != 200 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

// The page loads from this server alone, and is told so.
func TestExplorer(t *testing.T) {
	h := schema.NewHandler(acme(t), schema.HandlerOptions{})
	r := call(t, h, "GET", "/", "")
	page := body(t, r)
	if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "connect-src 'self'") ||
		strings.Contains(policy, "http") || strings.Contains(policy, "script-src 'self' ") {
		t.Errorf("policy %q", policy)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 6 || strings.Contains(page, "//") {
		t.Errorf("page:\n%s", page)
	}
	for _, link := range links {
		r := call(t, h, "GET", "/"+link[1], "")
		if file := body(t, r); r.StatusCode != 200 || len(file) < 10 || strings.Contains(file, "sourceMappingURL") {
			t.Errorf("%s: %d, %d bytes", link[1], r.StatusCode, len(file))
		}
		if strings.HasSuffix(link[1], ".css") && regexp.MustCompile(`url\(["']?(https?:)?//`).MatchString(body(t, call(t, h, "GET", "/"+link[1], ""))) {
			t.Errorf("%s loads from elsewhere", link[1])
		}
	}
}

// Log and metrics tell what was asked and what it cost, and no variable.
func TestLogAndMetrics(t *testing.T) {
	api := acme(t)
	var log bytes.Buffer
	api.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := schema.NewHandler(api, schema.HandlerOptions{})
	call(t, h, "POST", "/graphql", `{"query":"query Named($r: CloudRef!) { whatCanAccess(principal: {ref: $r}) { cutBy edges { node { hops } } } }","operationName":"Named","variables":{"r":"`+tomas+`"}}`)
	call(t, h, "POST", "/graphql", `{"query":"query Bad($r: CloudRef!) { entity(ref: $r) { ref } }","operationName":"Bad","variables":{"r":"very-private"}}`)
	told := log.String()
	for _, want := range []string{"name=Named", "field=whatCanAccess", "rows=", "cost=", "took=", "name=Bad", "NOT_FOUND"} {
		if !strings.Contains(told, want) {
			t.Errorf("the log lacks %q:\n%s", want, told)
		}
	}
	for _, secret := range []string{tomas, "very-private"} {
		if strings.Contains(told, secret) {
			t.Errorf("the log tells %q:\n%s", secret, told)
		}
	}
	metrics := body(t, call(t, h, "GET", "/metrics", ""))
	for _, want := range []string{
		`clew_operations_total{code="OK",field="whatCanAccess"} 1`, `clew_operations_total{code="NOT_FOUND",field="entity"} 1`,
		`clew_operation_seconds_count{field="whatCanAccess"} 1`, `clew_cost_total{field="whatCanAccess"}`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

// Numbers in variables are what the schema says that they are, also further in;
// what is none is the client's fault, and a message quotes it in part.
func TestNumbersInVariables(t *testing.T) {
	h := schema.NewHandler(acme(t), schema.HandlerOptions{})
	const query = `query($o: TraversalOptions, $n: Int! = 5) { accessPaths(from: {ref: \"tomas.release\"}, to: {ref: \"ledger-writer\"}, options: $o, first: $n) { totalCount { value } } }`
	for variables, want := range map[string]string{
		`{"o":{"maxHops":3,"timeoutMs":20000}}`: "OK", `{"n":7,"o":{"maxHops":-0}}`: "OK", `{"o":{"maxHops":null}}`: "OK", `null`: "OK", ` {} `: "OK",
		`{"o":{"maxHops":1.5}}`: "BAD_INPUT", `{"o":{"maxHops":1e99}}`: "BAD_INPUT", `{"o":{"maxHops":"x"}}`: "BAD_INPUT",
		`{"n":2.5}`: "BAD_INPUT", `{"o":{"verdicts":["PERHAPS"]}}`: "BAD_INPUT", `{"o":{"relations":["` + strings.Repeat("x", 5000) + `"]}}`: "BAD_INPUT",
	} {
		r := call(t, h, "POST", "/graphql", `{"query":"`+query+`","variables":`+variables+`}`)
		raw := body(t, r)
		if got := strings.Contains(raw, `"code":"BAD_INPUT"`); got != (want == "BAD_INPUT") || !got && !strings.Contains(raw, `"value"`) || len(raw) > 2000 {
			t.Errorf("%.60s: %d %.300s", variables, r.StatusCode, raw)
		}
	}
	for _, variables := range []string{"{}{}", "{} x", "[]", "7", `"x"`} {
		if r := call(t, h, "GET", "/graphql?query=%7B__typename%7D&variables="+url.QueryEscape(variables), ""); codeIn(t, r) != "BAD_INPUT" {
			t.Errorf("%s: %d", variables, r.StatusCode)
		}
	}
}
