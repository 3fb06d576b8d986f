package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// A lockedBuffer is written by one goroutine and read by another.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestClean(t *testing.T) {
	for given, want := range map[string]string{
		"plain → größer":       "plain → größer",
		"\x1b[2Jx":             `\x1b[2Jx`,
		"a\r\nb\tc":            `a\r\nb\tc`,
		"\u202eevil\u2066":     `\u202eevil\u2066`,
		"bad \xff byte \ufffd": `bad \xff byte ` + "\ufffd",
		"\u009b31m\x7f":        `\u009b31m\x7f`,
		"no\u00a0break":        `no\u00a0break`,
	} {
		if got := clean(given); got != want {
			t.Errorf("clean(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestSpreadsheetSafe(t *testing.T) {
	for given, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", " =1": "' =1", "\t=1": `\t=1`, "＝1": "'＝1", "": "", "a=b": "a=b", "arn:x": "arn:x",
	} {
		if got := spreadsheetSafe(given); got != want {
			t.Errorf("spreadsheetSafe(%q) = %q, want %q", given, got, want)
		}
	}
}

// FuzzHarmless: whatever a name is, no format lets it out of its place.
func FuzzHarmless(f *testing.F) {
	for _, seed := range []string{"plain", "\x1b[31m", "\"]; evil", `\`, "\u202e", "<script>", "#quot;", "=1", "a\nb", "\xff", "`x`", "𝒳\U000e0041", "\\\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		unprintable := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
		d := newDrawing()
		d.step(step{From: thing{Ref: "a", Name: name, Type: "t"}, To: thing{Ref: name + "b", Name: name, Type: name}, Relation: name, Verdict: "ALLOWED"})
		tab := &table{head: []string{"N"}}
		tab.add(name)
		raw, err := json.Marshal(map[string]string{"name": name})
		if err != nil {
			t.Fatal(err)
		}
		var table, dot, mermaid, csv, js bytes.Buffer
		tab.print(&screen{out: &table})
		for _, err := range []error{d.dot(&dot), d.mermaid(&mermaid), tab.csv(&csv), writeJSON(&js, raw, false)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for form, text := range map[string]string{"table": table.String(), "dot": dot.String(), "mermaid": mermaid.String(), "csv": csv.String(), "json": js.String()} {
			if strings.ContainsFunc(text, unprintable) {
				t.Errorf("%s lets %q through: %q", form, name, text)
			}
		}
		if n := strings.Count(dot.String(), "\n"); n != 7 {
			t.Errorf("dot has %d lines: %s", n, dot.String())
		}
		if n := strings.Count(mermaid.String(), "\n"); n != 4 || strings.Count(mermaid.String(), `"`) != 6 || strings.ContainsAny(mermaid.String(), "`<\\") {
			t.Errorf("mermaid: %s", mermaid.String())
		}
		if strings.Count(table.String(), "\n") != 2 || strings.Count(csv.String(), "\n") != 2 {
			t.Errorf("a name makes a row: %q %q", table.String(), csv.String())
		}
		var back, was map[string]string
		if json.Unmarshal(raw, &was) != nil || json.Unmarshal(js.Bytes(), &back) != nil || back["name"] != was["name"] {
			t.Errorf("json changes %q to %q", was["name"], back["name"])
		}
	})
}

func TestReadContext(t *testing.T) {
	list, err := readContext([]string{"aws:SourceIp=10.0.0.1", "aws:TagKeys=a,b", "!aws:TokenIssueTime", "k=x=y"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(list)
	want := `[{"key":"aws:SourceIp","values":["10.0.0.1"]},{"key":"aws:TagKeys","values":["a","b"]},{"key":"aws:TokenIssueTime","values":[]},{"key":"k","values":["x=y"]}]`
	if err != nil || string(text) != want {
		t.Errorf("%s: %v", text, err)
	}
	for _, bad := range []string{"", "x", "=v", "!", "!k=v"} {
		if got, err := readContext([]string{bad}); err == nil && bad != "!k=v" {
			t.Errorf("readContext(%q) = %v", bad, got)
		}
	}
}

// Color is for terminals alone, and stays out of what is measured.
func TestColor(t *testing.T) {
	tab := &table{head: []string{"A", "B"}}
	tab.add(ofVerdict("ALLOWED"), "x")
	tab.add("longer than it", "y")
	var plainOut, colored bytes.Buffer
	tab.print(&screen{out: &plainOut})
	tab.print(&screen{out: &colored, color: true})
	if strings.Contains(plainOut.String(), "\x1b") || !strings.Contains(colored.String(), "\x1b[31mALLOWED\x1b[0m") {
		t.Errorf("plain %q, colored %q", plainOut.String(), colored.String())
	}
	stripped := strings.NewReplacer("\x1b[31m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(colored.String())
	if stripped != plainOut.String() {
		t.Errorf("columns differ:\n%s\n%s", stripped, plainOut.String())
	}
}
