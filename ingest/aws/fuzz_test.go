package aws

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// collectText collects one document that lies at path.
func collectText(path string, text []byte) (*notebook, error) {
	l, err := listedOf(path, func() io.ReadCloser { return io.NopCloser(bytes.NewReader(text)) })
	if err != nil {
		return nil, err
	}
	n := newNotebook()
	return n, collect(context.Background(), l, n, func(string) {})
}

// listedOf lists one document that lies at path, and is no file.
func listedOf(path string, open func() io.ReadCloser) (*listed, error) {
	f := file{path: path, open: func() (io.ReadCloser, error) { return open(), nil }}
	var err error
	if f.place, err = placeOf(path); err != nil {
		return nil, err
	}
	l := newListed()
	l.open = func(string) (io.ReadCloser, error) { return open(), nil }
	l.add(f)
	return l, nil
}

// Whatever a document holds, a collection ends in facts that can be stored or
// in an error, and the same text gives the same facts.
func FuzzDocument(f *testing.F) {
	seedScenarios(f, func(path, text string) { f.Add(path, []byte(text)) })
	f.Fuzz(func(t *testing.T, path string, text []byte) {
		first, err := collectText(path, text)
		again, err2 := collectText(path, text)
		if (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
			t.Fatalf("first %v, then %v", err, err2)
		}
		if err != nil {
			return
		}
		if !slices.Equal(first.records(), again.records()) {
			t.Fatal("the same text gave other records")
		}
		for _, n := range first.nodes {
			if n.Ref == "" || n.Type == "" || n.Kind.Class() == graph.ClassUnknown || n.Origin == nil {
				t.Fatalf("node %+v", n)
			}
		}
		for _, a := range first.attached {
			if a.Document != nil && jsontext.Value(a.Document).Kind() != '{' {
				t.Fatalf("document %q", a.Document)
			}
		}
	})
}

func seedScenarios(f *testing.F, add func(path, text string)) {
	paths, err := filepath.Glob("testdata/scenario/*.txtar")
	if err != nil || len(paths) == 0 {
		f.Fatal("no scenarios", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for name, text := range unarchive(string(data)) {
			if name != "want" {
				add(name, text)
			}
		}
	}
}

// Policy text is nothing or minimal JSON that is its own policy text.
func FuzzPolicyText(f *testing.F) {
	for _, s := range []string{`{"Statement": []}`, `"{\"Statement\": []}"`, `"%7B%22a%22%3A1%7D"`, `"%zz"`, `7`, `{"a":1,"a":2}`, `"\ud800"`, ``, `null`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !jsontext.Value(raw).IsValid() {
			return // the reader of documents hands on sound values alone
		}
		text, err := policyText(raw)
		if err != nil {
			if text != nil {
				t.Fatalf("text %q with error %v", text, err)
			}
			return
		}
		again, err := policyText(text)
		if err != nil || !bytes.Equal(text, again) || !utf8.Valid(text) {
			t.Fatalf("%q became %q (%v)", text, again, err)
		}
		statementsOf(text)
	})
}

// Text that is taken for an error message says something, and a document is
// never taken for one.
func FuzzErrorText(f *testing.F) {
	for _, s := range []string{
		"An error occurred (AccessDenied) when calling the GetBucketPolicy operation: Access Denied",
		"\naws: [ERROR]: An error occurred (NoRegion): You must specify a region.",
		"Unable to locate credentials. You can configure credentials by running \"aws configure\".",
		"{\"Message\": \"An error occurred (AccessDenied) when calling the X operation: no\"}", "<html>", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, ok := parseErrorText(text)
		if !ok {
			return
		}
		if e.code == "" && e.message == "" {
			t.Fatalf("%q says nothing", text)
		}
		if trimmed := bytes.TrimSpace([]byte(text)); trimmed[0] == '{' || trimmed[0] == '<' {
			t.Fatalf("%q was taken for an error message", text)
		}
		if status, reason := e.status(); status != graph.NoneExists && (status != graph.Failed || reason == "") {
			t.Fatalf("%q: %v %q", text, status, reason)
		}
	})
}

// Whatever a state holds, reading it ends in facts that can be stored or in an
// error.
func FuzzTerraform(f *testing.F) {
	seedScenarios(f, func(_, text string) {
		if bytes.Contains([]byte(text), []byte("format_version")) {
			f.Add([]byte(text))
		}
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := collectText("state.json", text)
		if err != nil {
			return
		}
		for _, n := range n.nodes {
			if n.Ref == "" || n.Kind.Class() == graph.ClassUnknown {
				t.Fatalf("node %+v", n)
			}
		}
	})
}

// Whatever a report's table holds, each row that is kept is of a user of IAM and
// holds known columns alone.
func FuzzCredentialReport(f *testing.F) {
	f.Add("user,arn,mfa_active\na,arn:aws:iam::111111111111:user/a,true\n")
	f.Add("user,arn,secret\na,arn:aws:iam::111111111111:user/a,hunter2\n")
	f.Fuzz(func(t *testing.T, table string) {
		text, err := json.Marshal(map[string]string{"ReportFormat": "text/csv", "Content": base64.StdEncoding.EncodeToString([]byte(table))})
		if err != nil {
			t.Fatal(err)
		}
		n, err := collectText("report.json", text)
		if err != nil {
			return
		}
		for _, a := range n.attached {
			var cells map[string]string
			if err := json.Unmarshal(a.Document, &cells); err != nil || cells["arn"] != string(a.To) {
				t.Fatalf("row %s of %s: %v", a.Document, a.To, err)
			}
			for name := range cells {
				if !slices.Contains(reportColumns, name) {
					t.Fatalf("column %q", name)
				}
			}
		}
	})
}
