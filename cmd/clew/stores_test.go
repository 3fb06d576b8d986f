package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStoreAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"neo4j://10.0.0.1:7687":        "",
		"bolt://localhost:7687":        "",
		"neo4j+s://graph.example":      "",
		"bolt+s://graph.example":       "",
		"neo4j+ssc://graph.example":    "want a folder, or an address", // believes any certificate
		"http://graph.example":         "want a folder, or an address",
		"bolt://neo4j:s3cret@10.0.0.1": "the address holds a user",
	} {
		err := checkAddress(address)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", address, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: error %v, want %q", address, err, want)
		case err != nil && strings.Contains(err.Error(), "s3cret"):
			t.Errorf("%s: the error repeats the password", address)
		}
	}
}

func TestCredentials(t *testing.T) {
	file := filepath.Join(t.TempDir(), "auth")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(envUser, "from-environment")
	t.Setenv(envPassword, "one")
	t.Setenv(envAuthFile, "")
	if user, password, err := (&app{}).neo4jCredentials(); user != "from-environment" || password != "one" || err != nil {
		t.Errorf("environment: %q %q %v", user, password, err)
	}
	write("neo4j/a/b c\n")
	if user, password, err := (&app{credentials: file}).neo4jCredentials(); user != "neo4j" || password != "a/b c" || err != nil {
		t.Errorf("flag: %q %q %v", user, password, err)
	}
	t.Setenv(envAuthFile, file)
	if user, _, err := (&app{}).neo4jCredentials(); user != "neo4j" || err != nil {
		t.Errorf("file of the environment: %q %v", user, err)
	}
	for _, bad := range []string{"", "neo4j", "/password", "neo4j/", "neo4j/one\nneo4j/two"} {
		write(bad)
		if _, _, err := (&app{}).neo4jCredentials(); err == nil || !strings.Contains(err.Error(), "want one line, USER/PASSWORD") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	write("neo4j/only-this")
	if _, _, err := (&app{credentials: file + ".none"}).neo4jCredentials(); err == nil || strings.Contains(err.Error(), "only-this") {
		t.Errorf("no such file: %v", err)
	}
}

// A server that is not there, and one that nobody can mean.
func TestNoServer(t *testing.T) {
	t.Setenv(envCache, t.TempDir())
	t.Setenv(envUser, "neo4j")
	t.Setenv(envPassword, "not-to-be-shown")
	code, _, notes := runClew(t, "path", "a", "b", "--store", "bolt://"+freeAddress(t))
	if code != exitFailed || !strings.Contains(notes, "store unavailable") || strings.Contains(notes, "not-to-be-shown") {
		t.Errorf("exit code %d: %s", code, notes)
	}
	code, _, notes = runClew(t, "path", "a", "b", "--store", "mysql://10.0.0.1")
	if code != exitUsage || !strings.Contains(notes, "neo4j://") {
		t.Errorf("exit code %d: %s", code, notes)
	}
}
