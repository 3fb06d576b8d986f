package schema_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/clewgraph/clew/schema"
)

const (
	adminToken = "admin-token-of-a-test"
	prodToken  = "prod-token-of-a-test"
)

// staff is a handler that two tokens may ask: one for everything, one for one
// account.
func staff(t *testing.T) http.Handler {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tokens.json")
	text := `[{"sha256":"` + digestOf(adminToken) + `","name":"ada","role":"admin","accounts":["*"]},
		{"token":"` + prodToken + `","name":"pat","role":"reader","accounts":["account:333344445555"]}]`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	who, err := schema.ReadTokens(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema.NewHandler(acme(t), schema.HandlerOptions{Authenticators: []schema.Authenticator{who}})
}

// asked runs a query over HTTP with a token.
func asked(t *testing.T, h http.Handler, token, query string, vars object) object {
	t.Helper()
	raw, err := json.Marshal(object{"query": query, "variables": vars})
	if err != nil {
		t.Fatal(err)
	}
	r := call(t, h, "POST", "/graphql", string(raw), "Authorization", "Bearer "+token, "Host", "clew.example")
	var out object
	if err := json.Unmarshal([]byte(body(t, r)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTokens(t *testing.T) {
	h := staff(t)
	for token, want := range map[string]string{adminToken: "OK", prodToken: "OK", "another-token-of-a-test": "UNAUTHENTICATED", digestOf(adminToken): "UNAUTHENTICATED", "": "UNAUTHENTICATED"} {
		r := call(t, h, "POST", "/graphql", `{"query":"{ __typename }"}`, "Authorization", "Bearer "+token, "Host", "clew.example")
		if got := codeIn(t, r); got != want {
			t.Errorf("%q: %s", token, got)
		}
		if r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Error("another site may read answers")
		}
	}
	for token, want := range map[string]int{adminToken: 200, prodToken: 403, "x": 401} {
		if r := call(t, h, "GET", "/metrics", "", "Authorization", "Bearer "+token); r.StatusCode != want {
			t.Errorf("metrics with %q: %d", token, r.StatusCode)
		}
	}
	if r := call(t, h, "OPTIONS", "/graphql", "", "Origin", "https://other.example", "Authorization", "Bearer "+adminToken); r.StatusCode == 200 {
		t.Error("a preflight is answered")
	}
}

func TestTokenFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tokens.json")
	for name, text := range map[string]string{
		"no JSON": "{", "none": "[]", "short": `[{"token":"short","name":"a","role":"reader","accounts":["*"]}]`,
		"role":     `[{"token":"` + prodToken + `","name":"a","role":"root","accounts":["*"]}]`,
		"accounts": `[{"token":"` + prodToken + `","name":"a","role":"reader"}]`,
		"name":     `[{"token":"` + prodToken + `","role":"reader","accounts":["*"]}]`,
		"digest":   `[{"sha256":"abc","name":"a","role":"reader","accounts":["*"]}]`,
		"twice": `[{"token":"` + prodToken + `","name":"a","role":"reader","accounts":["*"]},
			{"sha256":"` + digestOf(prodToken) + `","name":"b","role":"admin","accounts":["*"]}]`,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := schema.ReadTokens(file); !errors.Is(err, schema.ErrTokens) || strings.Contains(err.Error(), prodToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const sightQuery = `query($to: CloudRef!) {
	who: whoCanAccess(resource: {ref: "arn:aws:s3:::acme-orders"}, first: 100) { totalCount { value } edges { node { formula hops principal { ...E } explanation { text } evidence { policy { ref attachedTo } } via { ...P } } } }
	what: whatCanAccess(principal: {ref: "tomas.release"}, first: 100) { edges { node { target { ...E } via { ...P } evidence { policy { attachedTo } } } } }
	blast: blastRadius(of: {ref: "gwen.platform"}) { byScope { scope { ...E } } principals(first: 100) { edges { node { principal { ...E } via { ...P } } } }
		scopes(first: 20) { edges { node { target { ...E } via { ...P } } } } items(first: 100) { edges { node { target { ...E } } } } crownJewels { ...P } }
	paths: accessPaths(from: {ref: "tomas.release"}, to: {ref: $to}, algorithm: K_SHORTEST, first: 30) { edges { node { ...P } } noPathReason { text } }
	found: search(text: "acme", first: 200) { totalCount { value } edges { node { ...E scope { ...E ancestors { ...E } } } } }
	coverage { scopes { scope { ...E } } gaps { scope { ...E } } snapshot { accounts nodes edges complete } }
	snapshots { edges { node { accounts nodes edges complete } } }
}
fragment E on GraphEntity { __typename ref name }
fragment P on AccessPath { hops from { ...E } to { ...E } steps { id relation from { ...E } to { ...E } evidence { policy { attachedTo } } breakers { text statements { policy { attachedTo } } }
	technique { id needs { resource } } logSignature { match } explanation { text } } }`

// others are the accounts that the token of the one may not see.
var others = []string{"111122223333", "222233334444", "444455556666", "555566667777"}

// above are the scopes above that account.
var above = []string{
	"arn:aws:organizations::111122223333:organization/o-acmeexample", "arn:aws:organizations::111122223333:root/o-acmeexample/r-ac3e",
	"arn:aws:organizations::111122223333:ou/o-acmeexample/ou-ac3e-w0rkl0ad", "arn:aws:organizations::111122223333:ou/o-acmeexample/ou-ac3e-pr0duct1",
}

// shownIn calls see for every thing, and for every owner of a policy, that
// stands in an answer.
func shownIn(value any, see func(typename, ref string)) {
	switch value := value.(type) {
	case object:
		if ref, ok := value["ref"].(string); ok && value["__typename"] != nil {
			see(value["__typename"].(string), ref)
		}
		if ref, ok := value["attachedTo"].(string); ok {
			see("policy", ref)
		}
		for _, v := range value {
			shownIn(v, see)
		}
	case []any:
		for _, v := range value {
			shownIn(v, see)
		}
	}
}

// An account scope holds in every answer.
func TestSight(t *testing.T) {
	h := staff(t)
	answer := asked(t, h, prodToken, sightQuery, object{"to": "arn:aws:s3:::acme-orders"})
	if answer["errors"] != nil {
		t.Fatal(answer["errors"])
	}
	boundaries, things := 0, 0
	shownIn(answer, func(typename, ref string) {
		things++
		if typename == "Boundary" {
			boundaries++
			return
		}
		if slices.Contains(above, ref) {
			return // the scopes above an account are seen by name
		}
		if slices.ContainsFunc(others, func(id string) bool { return strings.Contains(ref, id) }) || strings.Contains(ref, "acme-ledger") {
			t.Errorf("%s %s", typename, ref)
		}
	})
	if boundaries == 0 || things < 100 {
		t.Errorf("%d boundaries among %d things", boundaries, things)
	}
	for _, path := range [][]any{{"coverage", "snapshot"}, {"snapshots", "edges", 0, "node"}} {
		if s := at(t, answer["data"], path...); at(t, s, "accounts") != nil || at(t, s, "nodes") != nil || at(t, s, "complete") != nil {
			t.Errorf("counts of the whole: %v", s)
		}
	}
	whole := asked(t, h, adminToken, sightQuery, object{"to": "arn:aws:s3:::acme-orders"})
	for _, list := range []string{"found", "who"} {
		part, all := at(t, answer["data"], list, "totalCount", "value").(float64), at(t, whole["data"], list, "totalCount", "value").(float64)
		if part == 0 || part >= all {
			t.Errorf("%s: %v of %v", list, part, all)
		}
	}
}

// What is hidden is as if it was not there, by whatever way it is asked for.
func TestHidden(t *testing.T) {
	h := staff(t)
	const role, ledger = data + "role/ledger-writer", "arn:aws:s3:::acme-ledger"
	id := at(t, asked(t, h, adminToken, `{ entity(ref: "`+role+`") { id } }`, nil), "data", "entity", "id")
	for _, node := range []string{"node(id: $id) { id }", "n: nodes(ids: [$id]) { id }"} {
		got := asked(t, h, prodToken, `query($id: ID!) { `+node+` }`, object{"id": id})
		if text := text(t, got, "data"); !strings.Contains(text, "<nil>") {
			t.Errorf("%s: %v", node, got)
		}
	}
	list := asked(t, h, prodToken, `{ entities(refs: ["`+role+`", "`+ledger+`", "ledger-writer", "555566667777", "internet"]) { ref } }`, nil)
	if got := at(t, list, "data", "entities").([]any); got[0] != nil || got[1] != nil || got[2] != nil || got[3] != nil || got[4] == nil {
		t.Errorf("%v", got)
	}
	explain := func(principal, resource string) string {
		return `{ explain(question: {principal: "` + principal + `", action: "s3:GetObject", resource: "` + resource + `"}) { verdict } }`
	}
	for _, query := range []string{
		`{ entity(ref: "` + role + `") { ref } }`, `{ entity(ref: "ledger-writer") { ref } }`,
		explain(role, "arn:aws:s3:::acme-orders/x"), explain(tomas, ledger), explain(tomas, ledger+"/2026/x"),
		explain("arn:aws:sts::555566667777:assumed-role/ledger-writer/me", "arn:aws:s3:::acme-orders/x"),
		`{ accessPaths(from: {ref: "tomas.release"}, to: {ref: "` + ledger + `"}) { edges { node { hops } } } }`,
		`{ accessPaths(from: {ref: "` + role + `"}, to: {ref: "arn:aws:s3:::acme-orders"}) { edges { node { hops } } } }`,
		`{ accessPaths(from: {ref: "tomas.release"}, to: {ref: "` + ledger + `/x"}, options: {actions: ["s3:GetObject"]}) { edges { node { hops } } } }`,
		`{ blastRadius(of: {ref: "account:555566667777"}) { scopesReached { value } } }`, `{ coverage(scopes: ["account:555566667777"]) { complete } }`,
		`{ whoCanAccess(resource: {ref: "arn:aws:s3:::acme-orders"}, filter: {accounts: ["555566667777"]}) { edges { node { hops } } } }`,
	} {
		got := asked(t, h, prodToken, query, nil)
		if got["errors"] == nil || text(t, got, "errors", 0, "extensions", "code") != "NOT_FOUND" || strings.Contains(text(t, got, "errors", 0, "message"), "near it") {
			t.Errorf("%s\n%v", query, got)
		}
		if whole := asked(t, h, adminToken, query, nil); whole["errors"] != nil {
			t.Errorf("%s\nalso fails for who sees all: %v", query, whole)
		}
	}
}

// An issuer is an OpenID Connect issuer with real keys.
type oidcIssuer struct {
	*httptest.Server
	key   *rsa.PrivateKey
	asked atomic.Int64 // for its keys
}

func newIssuer(t *testing.T) *oidcIssuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &oidcIssuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(object{
			"issuer": i.URL, "jwks_uri": i.URL + "/keys", "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.asked.Add(1)
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// token signs claims; what is given replaces the usual ones.
func (i *oidcIssuer) token(t *testing.T, key crypto.PrivateKey, given object) string {
	t.Helper()
	claims := object{"iss": i.URL, "aud": "clew", "sub": "grace", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		"clew_role": "responder", "clew_accounts": []string{"account:333344445555"}}
	for k, v := range given {
		claims[k] = v
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "one"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(raw)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestOIDC(t *testing.T) {
	i := newIssuer(t)
	who, err := schema.NewOIDC(t.Context(), schema.OIDCOptions{Issuer: i.URL, Audience: "clew"})
	if err != nil {
		t.Fatal(err)
	}
	h := schema.NewHandler(acme(t), schema.HandlerOptions{Authenticators: []schema.Authenticator{who}})
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := i.token(t, i.key, nil)
	parts := strings.Split(good, ".")
	unsigned := "eyJhbGciOiJub25lIn0." + parts[1] + "."
	for name, c := range map[string]struct{ token, want string }{
		"good":             {good, "OK"},
		"unsigned":         {unsigned, "UNAUTHENTICATED"},
		"another's key":    {i.token(t, stranger, nil), "UNAUTHENTICATED"},
		"another audience": {i.token(t, i.key, object{"aud": "others"}), "UNAUTHENTICATED"},
		"another issuer":   {i.token(t, i.key, object{"iss": "https://other.example"}), "UNAUTHENTICATED"},
		"expired":          {i.token(t, i.key, object{"exp": time.Now().Add(-time.Hour).Unix()}), "UNAUTHENTICATED"},
		"not yet":          {i.token(t, i.key, object{"nbf": time.Now().Add(time.Hour).Unix()}), "UNAUTHENTICATED"},
		"no role":          {i.token(t, i.key, object{"clew_role": nil}), "FORBIDDEN"},
		"no accounts":      {i.token(t, i.key, object{"clew_accounts": []string{}}), "FORBIDDEN"},
		"garbage":          {"a.b.c", "UNAUTHENTICATED"},
	} {
		if got := codeIn(t, call(t, h, "POST", "/graphql", `{"query":"{ __typename }"}`, "Authorization", "Bearer "+c.token)); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	before := i.asked.Load()
	for range 20 {
		asked(t, h, good, "{ __typename }", nil)
	}
	if n := i.asked.Load(); n != before {
		t.Errorf("the keys were fetched %d times more", n-before)
	}
	got := asked(t, h, good, `{ mine: entities(refs: ["`+tomas+`", "`+data+`role/ledger-writer"]) { ref } }`, nil)
	if list := at(t, got, "data", "mine").([]any); list[0] == nil || list[1] != nil {
		t.Errorf("%v", got)
	}
	for name, o := range map[string]schema.OIDCOptions{"no audience": {Issuer: i.URL}, "another issuer": {Issuer: i.URL + "/x", Audience: "clew"}} {
		if _, err := schema.NewOIDC(context.Background(), o); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certificate, key := selfSigned(t, dir)
	config, err := schema.ReadTLS(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(schema.NewHandler(acme(t), schema.HandlerOptions{}))
	server.TLS = config
	server.StartTLS()
	defer server.Close()
	for version, want := range map[uint16]bool{tls.VersionTLS13: true, tls.VersionTLS12: true, tls.VersionTLS11: false} {
		conn, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version})
		if (err == nil) != want {
			t.Errorf("version %x: %v", version, err)
		}
		if err == nil {
			conn.Close()
		}
	}
	if _, err := schema.ReadTLS(key, certificate); err == nil {
		t.Error("a key is taken as a certificate")
	}
}
