package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestServe asks a server over HTTP, and ends it as Ctrl-C does.
func TestServe(t *testing.T) {
	dir, err := acmeStore()
	if err != nil {
		t.Fatal(err)
	}
	token := strings.Repeat("s", 20)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, notes lockedBuffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--store", dir, "--listen", address, "--token-file", file}, strings.NewReader(""), &out, &notes)
	}()
	waitFor(t, "http://"+address+"/healthz")

	query := `{"query": "{ entity(ref: \"tomas.release\") { ref } }"}`
	if code, body := post(t, address, "", query); code != http.StatusUnauthorized || !strings.Contains(body, "UNAUTHENTICATED") {
		t.Errorf("without a token: %d %s", code, body)
	}
	code, body := post(t, address, token, query)
	var answer struct {
		Data struct{ Entity thing }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || code != http.StatusOK || answer.Data.Entity.Ref != "arn:aws:iam::333344445555:user/tomas.release" {
		t.Errorf("%d %s: %v", code, body, err)
	}
	stop()
	select {
	case code := <-ended:
		if code != exitAnswered {
			t.Errorf("exit code %d: %s", code, notes.String())
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not stop")
	}
	if !strings.Contains(out.String(), "serving http://"+address+"/") || !strings.Contains(notes.String(), "field=entity") {
		t.Errorf("stdout %q, log %q", out.String(), notes.String())
	}
	if strings.Contains(notes.String(), token) {
		t.Error("the token is in the log")
	}
}

func TestServeRefuses(t *testing.T) {
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tc := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"open to others", []string{"--listen", ":0"}, exitUsage, "can be reached from other machines: want --token-file"},
		{"open to others by name", []string{"--listen", "example.com:80"}, exitUsage, "can be reached from other machines"},
		{"no address", []string{"--listen", "nonsense"}, exitUsage, "want host:port"},
		{"a short token", []string{"--token-file", short}, exitFailed, "want 16 or more"},
		{"no token", []string{"--token-file", short + "er"}, exitFailed, "read token"},
		{"taken", []string{"--listen", taken.Addr().String()}, exitFailed, "choose another address with --listen"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, _, notes := runClew(t, append([]string{"serve", "--store", t.TempDir()}, tc.args...)...)
			if code != tc.code || !strings.Contains(notes, tc.want) {
				t.Errorf("exit code %d, want %d: %s", code, tc.code, notes)
			}
		})
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func waitFor(t *testing.T, url string) {
	t.Helper()
	for range 400 {
		if r, err := http.Get(url); err == nil {
			r.Body.Close()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s does not answer", url)
}

func post(t *testing.T, address, token, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
