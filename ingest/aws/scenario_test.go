package aws

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScenarios reads testdata/scenario/*.txtar. Each is a folder of documents
// and a file "want" of lines:
//
//	record          this record must come out, exactly
//	record begin…   some record must begin so
//	! begin         no record may begin so
//	= n begin       exactly n records must begin so
//	error text      the collection must fail, and the message hold this text
//
// A record's line is as notebook writes it.
func TestScenarios(t *testing.T) {
	paths, err := filepath.Glob("testdata/scenario/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := unarchive(string(data))
			want := files["want"]
			delete(files, "want")
			n, _, err := run(t, write(t, files))
			check(t, want, n.records(), err)
		})
	}
}

// unarchive splits a text archive into its files.
func unarchive(text string) map[string]string {
	files := map[string]string{}
	name := ""
	for _, line := range strings.SplitAfter(text, "\n") {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(rest, " --") {
			name = strings.TrimSuffix(rest, " --")
			files[name] = ""
		} else if name != "" {
			files[name] += line
		}
	}
	return files
}

func check(t *testing.T, want string, records []string, err error) {
	t.Helper()
	failed := false
	for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
		if text, ok := strings.CutPrefix(line, "error "); ok {
			failed = true
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("error %v\nwant it to hold %q", err, text)
			}
			continue
		}
		checkLine(t, line, records)
	}
	if err != nil && !failed {
		t.Errorf("error %v", err)
	}
	if t.Failed() {
		t.Logf("records:\n%s", strings.Join(records, "\n"))
	}
}

func checkLine(t *testing.T, line string, records []string) {
	t.Helper()
	switch {
	case line == "":
	case strings.HasPrefix(line, "! "):
		if n := count(records, line[2:]); n != 0 {
			t.Errorf("%d records begin with %q", n, line[2:])
		}
	case strings.HasPrefix(line, "= "):
		number, begin, _ := strings.Cut(line[2:], " ")
		if n := count(records, begin); n != atoi(t, number) {
			t.Errorf("%d records begin with %q, want %s", n, begin, number)
		}
	case strings.HasSuffix(line, "…"):
		if count(records, strings.TrimSuffix(line, "…")) == 0 {
			t.Errorf("missing: %s", line)
		}
	default:
		for _, r := range records {
			if r == line {
				return
			}
		}
		t.Errorf("missing: %s", line)
	}
}

func atoi(t *testing.T, s string) (n int) {
	for _, c := range s {
		if c < '0' || c > '9' {
			t.Fatalf("number %q", s)
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func count(records []string, begin string) (n int) {
	for _, r := range records {
		if strings.HasPrefix(r, begin) {
			n++
		}
	}
	return n
}
