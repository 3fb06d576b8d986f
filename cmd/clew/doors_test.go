package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestServeDoors serves HTTPS to two tokens, one of which sees one account,
// and answers the listed query alone.
func TestServeDoors(t *testing.T) {
	store, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	roots := selfSigned(t, dir)
	const query = `query Place($ref: CloudRef!) { entity(ref: $ref) { ref } }`
	sum := sha256.Sum256([]byte(query))
	all, some := strings.Repeat("a", 20), strings.Repeat("b", 20)
	writeJSONFile(t, filepath.Join(dir, "persisted"), map[string]string{hex.EncodeToString(sum[:]): query})
	writeJSONFile(t, filepath.Join(dir, "tokens"), []map[string]any{
		{"token": all, "name": "all", "role": "reader", "accounts": []string{"*"}},
		{"token": some, "name": "some", "role": "reader", "accounts": []string{"account:555566667777"}},
	})
	address := freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, notes lockedBuffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{
			"serve", "--store", store, "--listen", address, "--tokens", filepath.Join(dir, "tokens"),
			"--persisted-only", filepath.Join(dir, "persisted"), "--tls-cert", filepath.Join(dir, "cert"), "--tls-key", filepath.Join(dir, "key"),
		}, strings.NewReader(""), &out, &notes)
	}()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	ask := func(token, query, ref string) string {
		body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"ref": ref}})
		if err != nil {
			t.Fatal(err)
		}
		return postTo(t, client, "https://"+address+"/graphql", token, body)
	}
	const tomas, writer = "arn:aws:iam::333344445555:user/tomas.release", "arn:aws:iam::555566667777:role/ledger-writer"
	waitTLS(t, client, "https://"+address+"/healthz", &notes)
	for _, tc := range []struct{ name, token, query, ref, want, not string }{
		{"all accounts", all, query, tomas, tomas, "errors"},
		{"its own account", some, query, writer, writer, "errors"},
		{"another account", some, query, tomas, "", `{"ref":`},
		{"nobody", "", query, tomas, "UNAUTHENTICATED", `{"ref":`},
		{"another query", all, "{ snapshots { edges { node { id } } } }", tomas, "errors", "edges\":["},
	} {
		if got := ask(tc.token, tc.query, tc.ref); !strings.Contains(got, tc.want) || strings.Contains(got, tc.not) {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
	stop()
	if code := <-ended; code != exitAnswered || !strings.Contains(out.String(), "serving https://") {
		t.Errorf("exit code %d, stdout %q: %s", code, out.String(), notes.String())
	}
}

// selfSigned writes a certificate for loopback and its key.
func selfSigned(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	for name, text := range map[string][]byte{"cert": text, "key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return roots
}

func writeJSONFile(t *testing.T, name string, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = os.WriteFile(name, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func waitTLS(t *testing.T, client *http.Client, url string, notes *lockedBuffer) {
	t.Helper()
	for range 400 {
		if r, err := client.Get(url); err == nil {
			r.Body.Close()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s does not answer: %s", url, notes.String())
}

func postTo(t *testing.T, client *http.Client, url, token string, body []byte) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDoorsRefuse(t *testing.T) {
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--tls-cert", "c"}, exitUsage, "tls-key"},
		{[]string{"--oidc-issuer", "https://issuer.example"}, exitUsage, "oidc-audience"},
		{[]string{"--tokens", "/nonexistent"}, exitFailed, "read tokens"},
		{[]string{"--persisted-only", "/nonexistent"}, exitFailed, "read persisted queries"},
		{[]string{"--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"}, exitFailed, "read certificate and key"},
		{[]string{"--oidc-issuer", "http://" + freeAddress(t), "--oidc-audience", "clew"}, exitFailed, "OpenID Connect"},
	} {
		code, _, notes := runClew(t, append([]string{"serve", "--store", t.TempDir()}, tc.args...)...)
		if code != tc.code || !strings.Contains(notes, tc.want) {
			t.Errorf("%q: exit code %d, want %d: %s", tc.args, code, tc.code, notes)
		}
	}
}
