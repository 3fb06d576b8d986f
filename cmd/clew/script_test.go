package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/ingest"
	"github.com/clewgraph/clew/testdata"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"clew": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts tells stories of the command line, one a file. Beside the
// commands of testscript:
//
//	acme                    the resolved sample organization becomes ./.clew
//	exits CODE clew ARG…    the program ends with that exit code
//	untrust FILE ROLE       takes the statements out of a role's trust policy
//	grep-json PLACE WANT    the last stdout is JSON and holds WANT at a.0.b
//	remember NAME PLACE     keeps what the last stdout holds there as $NAME
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"CLEW_STORE", "CLEW_ESTATE", "NO_COLOR"} {
				env.Setenv(name, "")
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"acme": scriptAcme, "exits": scriptExits, "untrust": scriptUntrust, "grep-json": scriptJSON, "remember": scriptRemember,
		},
	})
}

// acmeStore ingests the sample organization once for all scripts.
var acmeStore = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "clew-scripts-")
	if err != nil {
		return "", err
	}
	archive, err := testdata.Estate(demoEstate)
	if err != nil {
		return "", err
	}
	documents := filepath.Join(dir, "documents")
	if err := writeDocuments(archive, documents); err != nil {
		return "", err
	}
	store, err := embedded.Open(filepath.Join(dir, "store"))
	if err != nil {
		return "", err
	}
	from := []ingest.Source{sources["aws"]([]string{documents})}
	if _, _, err := collect(context.Background(), store, "", from, func(string) {}); err != nil {
		return "", err
	}
	return filepath.Join(dir, "store"), setLabels(context.Background(), store, "", archive)
})

func scriptAcme(ts *testscript.TestScript, neg bool, _ []string) {
	if neg {
		ts.Fatalf("acme cannot fail")
	}
	from, err := acmeStore()
	ts.Check(err)
	ts.Check(os.RemoveAll(ts.MkAbs(".clew")))
	ts.Check(os.CopyFS(ts.MkAbs(".clew"), os.DirFS(from)))
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func scriptUntrust(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: untrust FILE ROLE")
	}
	ts.Check(untrust(ts.MkAbs(args[0]), args[1]))
}

// untrust empties the trust policy of a role in a document.
func untrust(file, role string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return err
	}
	roles, _ := document["RoleDetailList"].([]any)
	for _, r := range roles {
		if r, ok := r.(map[string]any); ok && r["RoleName"] == role {
			r["AssumeRolePolicyDocument"].(map[string]any)["Statement"] = []any{}
			text, err := json.Marshal(document)
			if err != nil {
				return err
			}
			return os.WriteFile(file, text, 0o644)
		}
	}
	return fmt.Errorf("%s has no role %s", file, role)
}

func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: grep-json PLACE WANT")
	}
	if got := inStdout(ts, args[0]); (got == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], got)
	}
}

func scriptRemember(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: remember NAME PLACE")
	}
	ts.Setenv(args[0], inStdout(ts, args[1]))
}

// inStdout is what the last stdout, JSON, holds at a place.
func inStdout(ts *testscript.TestScript, place string) string {
	var value any
	ts.Check(json.NewDecoder(strings.NewReader(ts.ReadFile("stdout"))).Decode(&value))
	for _, key := range strings.Split(place, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			ts.Check(err)
			if i >= len(v) {
				ts.Fatalf("%s: %d entries", place, len(v))
			}
			value = v[i]
		default:
			ts.Fatalf("%s: nothing holds %q", place, key)
		}
	}
	return fmt.Sprint(value)
}

// runClew runs the program in this process.
func runClew(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, notes strings.Builder
	code = run(t.Context(), args, strings.NewReader(""), &out, &notes)
	return code, out.String(), notes.String()
}
