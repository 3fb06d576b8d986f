package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// A vulnerable is one line of iam-vulnerable.expect.
type vulnerable struct {
	principal string // user/NAME or role/NAME
	none      bool
	technique string
	verdict   string
	document  string // what is missing, of an UNKNOWN one
}

// setUp is the name of the set-up that a principal belongs to.
func (v vulnerable) setUp() string {
	_, name, _ := strings.Cut(v.principal, "/")
	return strings.TrimSuffix(strings.TrimSuffix(name, "-user"), "-role")
}

func vulnerables(t *testing.T) []vulnerable {
	t.Helper()
	var all []vulnerable
	for _, line := range expectations(t, "iam-vulnerable.expect") {
		name, none := strings.CutPrefix(line, "!")
		f := append(strings.Fields(name), "", "")
		v := vulnerable{principal: f[0], none: none}
		if !none {
			v.technique, v.verdict, v.document = f[1], f[2], strings.TrimSpace(strings.Join(f[3:], " "))
		}
		all = append(all, v)
	}
	return all
}

func (v vulnerable) node(t *testing.T, s *snapshot.Snapshot) snapshot.Index {
	t.Helper()
	node, ok := s.Find(graph.Ref("arn:aws:iam::111111111111:" + v.principal))
	if !ok {
		t.Fatalf("%s: no such principal", v.principal)
	}
	return node
}

func readVulnerableState(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile(vulnerableState)
	if err != nil {
		t.Skipf("needs the shared data: %v", err)
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	return state
}

func resolvedState(t *testing.T, state map[string]any) *snapshot.Snapshot {
	t.Helper()
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return resolved(t, path)
}

// resources visits what a Terraform state holds.
func resources(value any, visit func(kind string, values map[string]any)) {
	switch v := value.(type) {
	case map[string]any:
		kind, _ := v["type"].(string)
		if values, ok := v["values"].(map[string]any); ok && kind != "" {
			visit(kind, values)
		}
		for _, inner := range v {
			resources(inner, visit)
		}
	case []any:
		for _, inner := range v {
			resources(inner, visit)
		}
	}
}

// Nobody of the account is passed over: every user and role is in the list, but
// for the two that are what the others lead to.
func TestVulnerableSetUpsAreAllListed(t *testing.T) {
	listed := map[string]bool{"role/privesc-high-priv-service-role": true, "role/privesc-AssumeRole-ending-role": true}
	for _, v := range vulnerables(t) {
		listed[v.principal] = true
	}
	resources(readVulnerableState(t), func(kind string, values map[string]any) {
		if kind == "aws_iam_user" || kind == "aws_iam_role" {
			name := strings.TrimPrefix(kind, "aws_iam_") + "/" + fmt.Sprint(values["name"])
			if !listed[name] {
				t.Errorf("%s is not listed", name)
			}
		}
	})
}

// What the state does not show is said: the document that would show it.
func TestVulnerableSetUpsNameTheMissingDocument(t *testing.T) {
	readVulnerableState(t)
	s := resolved(t, vulnerableState)
	for _, v := range vulnerables(t) {
		if v.verdict != "UNKNOWN" {
			continue
		}
		named := false
		for _, start := range s.FootholdsOf(v.node(t, s)) {
			for _, p := range s.PivotsOut(start) {
				pivot := s.Pivot(p)
				named = named || pivot.Technique == v.technique && strings.Contains(pivot.Ruling.Formula, "missing "+v.document+" of ")
			}
		}
		if v.document == "" || !named {
			t.Errorf("%s: no step by %s names %q", v.principal, v.technique, v.document)
		}
	}
}

// With the documents the path is there, and where they show that there is
// nothing to use, it is not.
func TestVulnerableSetUpsWithDocuments(t *testing.T) {
	readVulnerableState(t)
	archive, err := txtar.ParseFile("../../testdata/estates/iam-vulnerable.documents")
	if err != nil {
		t.Fatal(err)
	}
	bySetUp := map[string][]vulnerable{}
	for _, v := range vulnerables(t) {
		if v.verdict == "UNKNOWN" {
			bySetUp[v.setUp()] = append(bySetUp[v.setUp()], v)
		}
	}
	for name, list := range bySetUp {
		for kind, want := range map[string]string{"there": "ALLOWED", "harmless": ""} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				dir := t.TempDir()
				unpack(t, archive, name+"/"+kind+"/", dir)
				s := resolved(t, vulnerableState, dir)
				for _, v := range list {
					if got := administersBy(t, s, v.node(t, s), v.technique); got != want {
						t.Errorf("%s by %s: got %q, want %q", v.principal, v.technique, got, want)
					}
				}
			})
		}
	}
	for _, f := range archive.Files {
		name, _, _ := strings.Cut(f.Name, "/")
		if bySetUp[name] == nil {
			t.Errorf("%s: no set-up waits for it", f.Name)
		}
	}
}

// The statement that grants a set-up is what its path stands on: without it the
// path is gone, while the others stay.
func TestVulnerableSetUpsStandOnTheirStatements(t *testing.T) {
	readVulnerableState(t)
	var names []string
	for _, v := range vulnerables(t) {
		if name := v.setUp(); v.verdict == "ALLOWED" && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	const groups = 3
	for group := range groups {
		without := map[string]bool{}
		for i, name := range names {
			if i%groups == group {
				without[name] = true
			}
		}
		state := readVulnerableState(t)
		if n := removeStatements(state, without); n < len(without) {
			t.Fatalf("%d statements removed of %d set-ups", n, len(without))
		}
		s := resolvedState(t, state)
		for _, v := range vulnerables(t) {
			if v.verdict != "ALLOWED" || v.technique == "-" && !without[v.setUp()] {
				continue // a chain of trust breaks at each of its roles
			}
			want := "ALLOWED"
			if without[v.setUp()] {
				want = ""
			}
			if got := administersBy(t, s, v.node(t, s), v.technique); got != want {
				t.Errorf("%s by %s: got %q, want %q", v.principal, v.technique, got, want)
			}
		}
	}
}

// removeStatements takes the statements out of the policies that are named
// after set-ups and, of the set-ups that stand on trust, out of the trust of
// the role that comes next. It counts what it emptied.
func removeStatements(state map[string]any, setUps map[string]bool) int {
	next := map[string]string{
		"privesc-AssumeRole-intermediate-role": "privesc-AssumeRole-starting",
		"privesc-AssumeRole-ending-role":       "privesc-AssumeRole-intermediate",
	}
	const empty = `{"Version":"2012-10-17","Statement":[]}`
	n := 0
	resources(state, func(kind string, values map[string]any) {
		name, _ := values["name"].(string)
		switch {
		case kind == "aws_iam_policy" && setUps[strings.TrimSuffix(strings.TrimSuffix(name, "-policy"), "-admin")]:
			values["policy"] = empty
			n++
		case kind == "aws_iam_role" && setUps[next[name]]:
			values["assume_role_policy"] = empty
			n++
		}
	})
	return n
}
