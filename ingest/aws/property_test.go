package aws

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/ingest"
)

// collectShuffled collects the files below dir in an order of r's choice.
func collectShuffled(t *testing.T, r *rand.Rand, dir string) []string {
	t.Helper()
	found, err := list([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	var files []file
	for _, h := range found.homes {
		files = slices.AppendSeq(files, found.each(h))
	}
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	shuffled := newListed()
	for _, f := range files {
		shuffled.add(f)
	}
	n := newNotebook()
	if err := collect(context.Background(), shuffled, n, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return n.records()
}

func sameRecords(t *testing.T, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s: only now: %.300s", what, line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%s: no more: %.300s", what, line)
		}
	}
}

// A dump split at random, in random order, gives the records of the whole.
func TestAnySplitOfADump(t *testing.T) {
	data, err := os.ReadFile(shared(t, "aws/accounts/authorization-details-large.json"))
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := run(t, write(t, map[string]string{"whole.json": string(data)}))
	if err != nil {
		t.Fatal(err)
	}
	var lists map[string][]jsontext.Value
	if err := json.Unmarshal(data, &lists); err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 1))
		got := collectShuffled(t, r, split(t, r, lists))
		sameRecords(t, fmt.Sprintf("seed %d", seed), got, whole.records())
	}
}

// split deals every record to one of a few files.
func split(t *testing.T, r *rand.Rand, lists map[string][]jsontext.Value) string {
	t.Helper()
	parts := make([]map[string][]jsontext.Value, 2+r.IntN(5))
	for i := range parts {
		parts[i] = map[string][]jsontext.Value{}
	}
	for name, records := range lists {
		for _, v := range records {
			part := parts[r.IntN(len(parts))]
			part[name] = append(part[name], v)
		}
	}
	files := map[string]string{}
	for i, part := range parts {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		files[fmt.Sprintf("%d.json", i)] = string(text)
	}
	return write(t, files)
}

// The documents of a whole organization, in any order, twice, packed or not.
func TestAnyOrderOfATree(t *testing.T) {
	estates, err := filepath.Glob("../../testdata/estates/*.txtar")
	if err != nil || len(estates) == 0 {
		t.Fatal("no bundled estate", err)
	}
	for _, path := range estates {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		packed := map[string]string{}
		for name, text := range unarchive(string(data)) {
			if strings.HasPrefix(name, "documents/") {
				files[name] = text
				packed[name+".gz"] = pack(t, text)
			}
		}
		plain := write(t, files)
		first, sum, err := run(t, plain)
		if err != nil {
			t.Fatal(err)
		}
		if sum.Documents != len(files) {
			t.Errorf("%d documents read of %d", sum.Documents, len(files))
		}
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 2))
			sameRecords(t, "shuffled", collectShuffled(t, r, plain), first.records())
		}
		sameRecords(t, "packed", collectShuffled(t, rand.New(rand.NewPCG(9, 9)), write(t, packed)), first.records())
	}
}

func pack(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A blank sink keeps nothing, so that what grows is ours.
type blank struct {
	records int
	peak    uint64
	every   int
}

func (b *blank) tick() error {
	b.records++
	if b.every > 0 && b.records%b.every == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.peak = max(b.peak, m.HeapAlloc)
	}
	return nil
}
func (b *blank) Node(graph.Node) error         { return b.tick() }
func (b *blank) Edge(graph.Edge) error         { return b.tick() }
func (b *blank) Attach(graph.Attachment) error { return b.tick() }
func (b *blank) Cover(graph.Coverage) error    { return b.tick() }

// generated writes a dump of so many roles, each with a trust and an inline
// policy of its own, a little at a time.
func generated(roles int) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		_, err := io.WriteString(w, `{"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [`)
		for i := 0; i < roles && err == nil; i++ {
			comma := ","
			if i == 0 {
				comma = ""
			}
			_, err = fmt.Fprintf(w, `%s{"Path": "/", "RoleName": "role%d", "RoleId": "AROA%d", "Arn": "arn:aws:iam::111111111111:role/role%d", "Tags": [],
 "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Sid": "%s", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
 "RolePolicyList": [{"PolicyName": "p%d", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "sqs:SendMessage"], "Resource": "arn:aws:s3:::bucket%d/*"}]}}],
 "InstanceProfileList": [], "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}`,
				comma, i, i, i, strings.Repeat("s", i%50), i, i)
		}
		if err == nil {
			_, err = io.WriteString(w, "]}")
		}
		w.CloseWithError(err)
	}()
	return r
}

// Memory does not grow with the roles of a dump: what is live after half a
// stream of 60,000 roles is what was live after a stream of 600.
func TestMemoryIsBoundedByOneRecord(t *testing.T) {
	live := func(roles int) uint64 {
		sink := &blank{every: roles}
		l, _ := listedOf("generated.json", func() io.ReadCloser { return generated(roles) })
		if err := collect(context.Background(), l, sink, func(string) {}); err != nil {
			t.Fatal(err)
		}
		if sink.records < 4*roles {
			t.Fatalf("%d records of %d roles", sink.records, roles)
		}
		return sink.peak
	}
	small, large := live(600), live(60_000)
	if large > small+4<<20 {
		t.Errorf("live heap grew from %d to %d bytes", small, large)
	}
}

func BenchmarkIngest(b *testing.B) {
	var text bytes.Buffer
	if _, err := io.Copy(&text, generated(30_000)); err != nil {
		b.Fatal(err)
	}
	l, _ := listedOf("generated.json", func() io.ReadCloser { return io.NopCloser(bytes.NewReader(text.Bytes())) })
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := collect(context.Background(), l, &blank{}, func(string) {}); err != nil {
			b.Fatal(err)
		}
	}
}

// A sink's error ends the collection and stays what it is.
type failing struct {
	blank
	err error
}

func (f *failing) Attach(graph.Attachment) error { return f.err }

func TestSinkErrorsAndCancelling(t *testing.T) {
	dir := write(t, map[string]string{"a.json": details("RoleDetailList", `{"RoleName": "r", "Arn": "arn:aws:iam::111111111111:role/r", "AssumeRolePolicyDocument": {}}`)})
	full := errors.New("disk full")
	_, err := ingest.Run(context.Background(), []ingest.Source{Files([]string{dir})}, &failing{err: full}, nil)
	if !errors.Is(err, full) || strings.Contains(err.Error(), "byte") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	said := 0
	_, err = ingest.Run(ctx, []ingest.Source{Files([]string{dir})}, &blank{}, func(string) { said++; cancel() })
	if !errors.Is(err, context.Canceled) || said != 1 {
		t.Errorf("error %v after %d words of progress", err, said)
	}
}

// Cancelling ends the reading of one large file as well.
func TestCancellingInsideAFile(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	opened := 0
	l, _ := listedOf("generated.json", func() io.ReadCloser { opened++; return generated(60_000) })
	time.AfterFunc(time.Millisecond, cancel)
	err := collect(ctx, l, &blank{}, func(string) {})
	if !errors.Is(err, context.Canceled) || opened != 1 {
		t.Errorf("error %v after %d readings", err, opened)
	}
}

// A state whose members stand in another order than Terraform writes them is
// read as well: the path of the role is known to the attachment.
func TestStateInAnyOrder(t *testing.T) {
	n, sum, err := run(t, write(t, map[string]string{"s.json": `{"values": {"root_module": {"resources": [
	 {"mode": "managed", "type": "aws_iam_role_policy", "values": {"name": "p", "role": "r", "policy": "{}"}},
	 {"mode": "managed", "type": "aws_iam_role", "values": {"arn": "arn:aws:iam::111111111111:role/x/r", "name": "r", "path": "/x/", "assume_role_policy": "{}"}}]}},
	 "format_version": "1.0"}`}))
	if err != nil || len(sum.Gaps) > 0 {
		t.Fatal(err, sum.Gaps)
	}
	checkLine(t, "attach aws:identity arn:aws:iam::111111111111:role/x/r arn:aws:iam::111111111111:role/x/r#p name=p {}", n.records())
}

func TestAgeIsTheFilesOwn(t *testing.T) {
	dir := write(t, map[string]string{"a.json": details("Policies", policyOne)})
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a.json"), at, at); err != nil {
		t.Fatal(err)
	}
	n, _, err := run(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if o := n.nodes["arn:aws:iam::111111111111:policy/p"].Origin; !o.At.Equal(at) || o.Collector != collector {
		t.Errorf("origin %+v, want the file's time %s", o, at)
	}
}
