package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A tokenIssuer is a real OpenID Connect issuer in a process of its own.
type tokenIssuer struct {
	url  string
	stop func()
}

// startIssuer starts the issuer of testdata/oidc, which makes a new key each
// time. It skips where that is not installed.
func startIssuer(t *testing.T, address string) *tokenIssuer {
	t.Helper()
	dir := os.Getenv("CLEW_TEST_OIDC")
	if dir == "" {
		t.Skip("CLEW_TEST_OIDC is not set: testdata/oidc/run.sh installs an issuer and runs this test")
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c := exec.CommandContext(ctx, "node", filepath.Join(dir, "issuer.js"), port)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stop := func() { cancel(); c.Wait() }
	t.Cleanup(stop)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "listening" {
			return &tokenIssuer{"http://" + address, stop}
		}
	}
	t.Fatal("the issuer does not start")
	return nil
}

// token gets a token by the client credentials grant.
func (i *tokenIssuer) token(t *testing.T, client, resource string) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "resource": {resource}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, i.url+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(client, "a-secret-of-tests-alone")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var got struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || strings.Count(got.Token, ".") != 2 {
		t.Fatalf("%d, %q, %v", answer.StatusCode, got.Token, err)
	}
	return got.Token
}

// claims reads what a token says, unchecked.
func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	var out map[string]any
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// forged is a token with other words: as signed as it was, or not at all.
func forged(t *testing.T, token string, say map[string]any, unsigned bool) string {
	t.Helper()
	parts := strings.Split(token, ".")
	words := claims(t, token)
	for k, v := range say {
		words[k] = v
	}
	raw, err := json.Marshal(words)
	if err != nil {
		t.Fatal(err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(raw)
	if unsigned {
		parts[0], parts[2] = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)), ""
	}
	return strings.Join(parts, ".")
}

// serveToIssuer serves the bundled estate to the tokens of an issuer.
func serveToIssuer(t *testing.T, issuer string) (address string) {
	t.Helper()
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	address = freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	var out, notes lockedBuffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--store", store, "--listen", address, "--oidc-issuer", issuer, "--oidc-audience", "clew"}, strings.NewReader(""), &out, &notes)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitAnswered {
			t.Errorf("exit code %d: %s", code, notes.String())
		}
		if !strings.Contains(notes.String(), "expected audience") {
			t.Errorf("the log does not say why tokens were refused: %s", notes.String())
		}
	})
	waitFor(t, "http://"+address+"/healthz")
	return address
}

const (
	forClew   = "https://clew.example/"
	tomasHere = `"ref":"arn:aws:iam::333344445555:user/tomas.release"`
)

// TestServeToAnIssuersTokens asks with tokens that a real issuer gave by a real
// grant, with ones that are not meant, and with ones that nobody gave.
func TestServeToAnIssuersTokens(t *testing.T) {
	at := freeAddress(t)
	issuer, stranger := startIssuer(t, at), startIssuer(t, freeAddress(t))
	address := serveToIssuer(t, issuer.url)
	const query = `{"query": "{ entities(refs: [\"tomas.release\", \"ledger-writer\"]) { ref } }"}`
	expect := func(name, token, want, not string) {
		t.Helper()
		if code, body := post(t, address, token, query); !strings.Contains(body, want) || strings.Contains(body, not) {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	good, short := issuer.token(t, "pager", forClew), issuer.token(t, "pager", forClew+"short")
	expect("of one account", good, tomasHere+"},null]", "errors")
	expect("of all accounts, its role in a list", issuer.token(t, "directory", forClew), "role/ledger-writer", "errors")
	const refused, closed = "UNAUTHENTICATED", "FORBIDDEN"
	expect("none", "", refused, "ref")
	expect("for others", issuer.token(t, "pager", "https://others.example/"), refused, "ref")
	expect("of another issuer", stranger.token(t, "pager", forClew), refused, "ref")
	expect("of another issuer, under this one's name", forged(t, stranger.token(t, "pager", forClew), map[string]any{"iss": issuer.url}, false), refused, "ref")
	expect("of somebody without a role", issuer.token(t, "silent", forClew), closed, "ref")
	expect("unsigned", forged(t, good, nil, true), refused, "ref")
	expect("with another role", forged(t, good, map[string]any{"clew_role": "admin"}, false), refused, "ref")
	end, ok := claims(t, short)["exp"].(float64)
	if !ok || end > float64(time.Now().Add(time.Minute).Unix()) {
		t.Fatalf("the short token lasts until %v", end)
	}
	time.Sleep(time.Until(time.Unix(int64(end), 0).Add(time.Second)))
	expect("expired", short, refused, "ref")
	expect("longer than it was given for", forged(t, short, map[string]any{"exp": end + 3600}, false), refused, "ref")

	issuer.stop()
	expect("while the issuer is away", good, tomasHere, "errors")
	issuer = startIssuer(t, at)
	expect("of the issuer's new key", issuer.token(t, "pager", forClew), tomasHere, "errors")
	expect("of the key that is no more", good, refused, "ref")
}
