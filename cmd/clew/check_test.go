package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestServeCheck asks servers whether they answer, as docker-compose.yml does:
// one that has no snapshot yet, by its token and over HTTPS; with the wrong
// token and certificate; and what is no server of clew at all.
func TestServeCheck(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	selfSigned(t, dir)
	selfSigned(t, other)
	for name, token := range map[string]string{"token": "right", "wrong": "wrong"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat(token, 4)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tls := func(dir string) []string {
		return []string{"--tls-cert", filepath.Join(dir, "cert"), "--tls-key", filepath.Join(dir, "key")}
	}
	token := []string{"--token-file", filepath.Join(dir, "token")}
	plain, secured := freeAddress(t), freeAddress(t)
	serveUntilEnd(t, append(token, "--listen", plain)...)
	serveUntilEnd(t, append(append(token, "--listen", secured), tls(dir)...)...)
	waitFor(t, "http://"+plain+"/healthz")
	waitFor(t, "http://"+secured) // which says at least that it wants HTTPS
	stranger := httptest.NewServer(http.NotFoundHandler())
	defer stranger.Close()

	everywhere := strings.Replace(plain, "127.0.0.1", "0.0.0.0", 1)
	for _, tc := range []struct {
		name, address string
		flags         []string
		code          int
		want          string
	}{
		{"it answers", plain, token, exitAnswered, ""},
		{"it listens everywhere", everywhere, token, exitAnswered, ""},
		{"it answers over HTTPS", secured, append(tls(dir), token...), exitAnswered, ""},
		{"another token", plain, []string{"--token-file", filepath.Join(dir, "wrong")}, exitFailed, "does not answer"},
		{"no token", plain, nil, exitFailed, "does not answer"},
		{"another certificate", secured, append(tls(other), token...), exitFailed, "another certificate"},
		{"HTTP where HTTPS is", secured, token, exitFailed, "does not answer"},
		{"nobody there", freeAddress(t), token, exitFailed, "connection refused"},
		{"another program", strings.TrimPrefix(stranger.URL, "http://"), nil, exitFailed, "404 Not Found, and no answer to GraphQL"},
		{"no address", "nonsense", nil, exitUsage, "want host:port"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, _, notes := runClew(t, append([]string{"serve", "--check", "--listen", tc.address}, tc.flags...)...)
			if code != tc.code || !strings.Contains(notes, tc.want) {
				t.Errorf("exit code %d, want %d: %s", code, tc.code, notes)
			}
		})
	}
}

// TestCompose runs what docker-compose.yml calls clew's health, and lets docker
// read the file where there is one.
func TestCompose(t *testing.T) {
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	test := regexp.MustCompile(`test: (\["CMD", "/usr/local/bin/clew".*\])`).FindSubmatch(text)
	if test == nil {
		t.Fatal("docker-compose.yml does not ask clew how it is")
	}
	var command []string
	if err := json.Unmarshal(test[1], &command); err != nil {
		t.Fatal(err)
	}
	token, address := filepath.Join(t.TempDir(), "token"), freeAddress(t)
	if err := os.WriteFile(token, []byte(strings.Repeat("t", 16)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := command[2:]
	for i, arg := range args {
		args[i] = strings.NewReplacer("0.0.0.0:8080", address, "/run/secrets/clew-token", token).Replace(arg)
	}
	if code, _, notes := runClew(t, args...); code != exitFailed {
		t.Errorf("before it serves: exit code %d: %s", code, notes)
	}
	serveUntilEnd(t, "--listen", address, "--token-file", token)
	waitFor(t, "http://"+address+"/healthz")
	if code, _, notes := runClew(t, args...); code != exitAnswered {
		t.Errorf("%q: exit code %d: %s", args, code, notes)
	}
	if exec.Command("docker", "compose", "version").Run() != nil {
		t.Log("there is no docker compose to read the file with")
		return
	}
	if out, err := exec.Command("docker", "compose", "-f", "../../docker-compose.yml", "config", "--quiet").CombinedOutput(); err != nil {
		t.Errorf("docker compose config: %v: %s", err, out)
	}
}

// serveUntilEnd serves an empty store until the test ends.
func serveUntilEnd(t *testing.T, flags ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	var out, notes lockedBuffer
	args := append([]string{"serve", "--store", t.TempDir()}, flags...)
	go func() { ended <- run(ctx, args, strings.NewReader(""), &out, &notes) }()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitAnswered {
			t.Errorf("serve %q: exit code %d: %s", flags, code, notes.String())
		}
	})
}
