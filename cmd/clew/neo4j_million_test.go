//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/neo4j"
	"github.com/clewgraph/clew/graph/snapshot"
	"github.com/clewgraph/clew/schema"
)

const (
	// testImport is the version of the server that files are loaded into.
	testImport = "CLEW_TEST_NEO4J_IMPORT"
	// testNodes is how many nodes the estate has.
	testNodes = "CLEW_TEST_NEO4J_NODES"
	// testPart makes of the test binary one program of the test: what it does,
	// and the folder that it does it in.
	testPart   = "CLEW_TEST_NEO4J_PART"
	testFolder = "CLEW_TEST_NEO4J_FOLDER"
)

// TestNeo4jFromFiles takes an estate of five relations a node from a folder to
// a server: written as files, loaded by neo4j-admin, and served by a machine
// whose disk is empty. The answers are those of the folder. Each step is a
// program of its own, whose time and memory are logged. The estate has as many
// nodes as CLEW_TEST_NEO4J_NODES says, 5,000 where it is unset.
func TestNeo4jFromFiles(t *testing.T) {
	if part := os.Getenv(testPart); part != "" {
		if err := million(t.Context(), part, os.Getenv(testFolder)); err != nil {
			t.Fatal(err)
		}
		return
	}
	version := os.Getenv(testImport)
	if version == "" {
		t.Skip(testImport + " is not set; testdata/neo4j/test.sh and million.sh set it")
	}
	dir := t.TempDir()
	runPart(t, dir, "build")
	runPart(t, dir, "export")
	t.Logf("files to import: %d MB", sizeOf(t, filepath.Join(dir, "files"))>>20)
	server := loaded(t, dir, version)
	t.Logf("Neo4j %s, started: %s", version, server())
	address := serving(t, dir)
	t.Logf("Neo4j, all read: %s", server())
	compareMillion(t, filepath.Join(dir, "store"), address)
}

// million is what one of the programs does.
func million(ctx context.Context, part, dir string) error {
	store := filepath.Join(dir, "store")
	switch part {
	case "build":
		return buildMillion(ctx, store)
	case "export":
		args := []string{"export", "--format", "neo4j-import", "-O", filepath.Join(dir, "files"), "--store", store}
		if code := run(ctx, args, strings.NewReader(""), os.Stdout, os.Stderr); code != exitAnswered {
			return fmt.Errorf("exit code %d", code)
		}
		return nil
	}
	return serveMillion(ctx, dir)
}

// program is the test binary as one of the programs.
func program(dir, part string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestNeo4jFromFiles$", "-test.timeout=2h")
	cmd.Env = append(os.Environ(), testPart+"="+part, testFolder+"="+dir)
	return cmd
}

// runPart runs one of the programs to its end.
func runPart(t *testing.T, dir, name string) {
	t.Helper()
	cmd := program(dir, name)
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	t.Logf("%s: %s", name, cost(began, cmd.ProcessState))
}

// cost says what a program took.
func cost(began time.Time, p *os.ProcessState) string {
	u := p.SysUsage().(*syscall.Rusage)
	return fmt.Sprintf("%.1f s, %.1f s CPU, %d MB", time.Since(began).Seconds(), (p.UserTime() + p.SystemTime()).Seconds(), megabytes(u.Maxrss))
}

// megabytes reads what the system says of a program's memory at most: KiB, on
// macOS bytes.
func megabytes(maxrss int64) int64 {
	if _, err := os.Stat("/proc/self"); err != nil {
		return maxrss >> 20
	}
	return maxrss >> 10
}

func sizeOf(t *testing.T, dir string) (n int64) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(entries), err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// loaded imports the files and starts the server on them. The function that it
// returns says what the server has taken so far.
func loaded(t *testing.T, dir, version string) func() string {
	t.Helper()
	scripts, err := filepath.Abs("../../testdata/neo4j")
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "server")
	script := func(name string, args ...string) string {
		cmd := exec.Command(filepath.Join(scripts, name), args...)
		cmd.Env = append(os.Environ(), "NEO4J_PASSWORD=", "NEO4J_PORT=")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		began := time.Now()
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s\n%s", name, err, out, stderr.String())
		}
		t.Logf("%s: %s", name, cost(began, cmd.ProcessState))
		return string(out)
	}
	_, done, ok := strings.Cut(script("import.sh", home, filepath.Join(dir, "files"), version), "IMPORT DONE")
	if !ok {
		t.Fatal("the import did not come to its end")
	}
	t.Log("imported" + done)
	t.Cleanup(func() { script("stop.sh", home) })
	uri, ok := strings.CutPrefix(strings.TrimSpace(script("start.sh", home, version)), testURI+"=")
	if !ok {
		t.Fatalf("start.sh names no address: %q", uri)
	}
	t.Setenv(testURI, uri)
	return func() string { return taken(filepath.Join(home, "pid")) }
}

// taken says what a running program has taken, where the system tells.
func taken(pidFile string) string {
	pid, _ := os.ReadFile(pidFile)
	proc := filepath.Join("/proc", strings.TrimSpace(string(pid)))
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	stat, err2 := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil || err2 != nil {
		return "what this system does not tell"
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	_, _ = fmt.Sscan(peak, &kib) // zero where the system does not tell
	times := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, _ := strconv.Atoi(times[11]) // in hundredths of a second
	system, _ := strconv.Atoi(times[12])
	return fmt.Sprintf("%.1f s CPU, %d MB", float64(user+system)/100, kib>>10)
}

// serving starts the program that serves from the server, and waits until it
// has answered a first question: by then it has built the snapshot.
func serving(t *testing.T, dir string) (address string) {
	t.Helper()
	cmd := program(dir, "serve")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := <-done; err != nil {
			t.Errorf("serve: %v\n%s", err, stderr.String())
		}
		t.Logf("serve, to the end: %s\n%s", cost(began, cmd.ProcessState), stderr.String())
	})
	for {
		select {
		case err := <-done:
			done <- err
			t.Fatalf("serve: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		if text, err := os.ReadFile(filepath.Join(dir, "address")); err == nil {
			t.Logf("serve: ready after %.1f s", time.Since(began).Seconds())
			return string(text)
		}
	}
}

// serveMillion serves from the server as clew serve does, but concludes what
// the builder of the estate concluded.
func serveMillion(ctx context.Context, dir string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	began := time.Now()
	conclude := func(ctx context.Context, next *snapshot.Builder) error {
		fmt.Fprintf(os.Stderr, "read the facts in %v\n", time.Since(began).Round(time.Millisecond))
		defer func() { fmt.Fprintf(os.Stderr, "concluded after %v\n", time.Since(began).Round(time.Millisecond)) }()
		return concludeMillion(ctx, next)
	}
	store, err := neo4j.Open(ctx, os.Getenv(testURI), neo4j.Options{Cache: filepath.Join(dir, "empty"), Conclude: conclude})
	if err != nil {
		return err
	}
	defer store.Close()
	snap, info, err := store.Open(ctx, "", "")
	if err != nil {
		return err
	}
	defer snap.Close()
	fmt.Fprintf(os.Stderr, "opened %d nodes, %d relations after %v\n", info.Nodes, info.Edges, time.Since(began).Round(time.Millisecond))
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	listener, err := listen("127.0.0.1:0", false)
	if err != nil {
		return err
	}
	// The name comes last: whoever finds the file can ask.
	name := filepath.Join(dir, "address")
	if err := errors.Join(os.WriteFile(name+".tmp", []byte(listener.Addr().String()), 0o644), os.Rename(name+".tmp", name)); err != nil {
		return err
	}
	return a.serveOn(ctx, listener, store, schema.HandlerOptions{})
}

// compareMillion asks the folder and the server the same.
func compareMillion(t *testing.T, store, address string) {
	t.Helper()
	folder := clientOf(t, store, "")
	accounts := nodesWanted(t) / millionNodes
	rng := rand.New(rand.NewPCG(9, 10))
	found, slowest := 0, time.Duration(0)
	for i := range millionQuestions {
		question := millionQuestion(rng, accounts, i)
		want, faults := schema.Execute(t.Context(), folder.api, question, "", nil)
		if len(faults) > 0 {
			t.Fatalf("%s: %v", question, faults)
		}
		began := time.Now()
		got := asked(t, address, question)
		slowest = max(slowest, time.Since(began))
		if !bytes.Equal(compacted(t, want), compacted(t, got)) {
			t.Fatalf("%s:%s", question, difference(string(want), string(got)))
		}
		if bytes.Contains(got, []byte(`"ALLOWED"`)) {
			found++
		}
	}
	t.Logf("%d questions, %d with an answer, the slowest took %v", millionQuestions, found, slowest.Round(time.Millisecond))
	if found < millionQuestions/3 {
		t.Errorf("%d of %d questions have an answer: too few to compare", found, millionQuestions)
	}
}

const millionQuestions = 100

// millionQuestion asks for the content hash, then for paths and for what
// somebody can reach.
func millionQuestion(rng *rand.Rand, accounts, i int) string {
	a := rng.IntN(accounts)
	user := millionUser(a, rng.IntN(millionUsers))
	to := millionRole(min(accounts-1, a+rng.IntN(4)), rng.IntN(millionRoles))
	switch {
	case i == 0:
		return `{ snapshots { edges { node { contentHash } } } coverage { gapCount } }`
	case i%5 == 0:
		return fmt.Sprintf(`{ whatCanAccess(principal: {ref: %q}, transitive: false, first: 50) { edges { node { target { ref } actions verdict } } } }`, user)
	}
	return fmt.Sprintf(`{ accessPaths(from: {ref: %q}, to: {ref: %q}, first: 3) {
		edges { node { verdict hops steps { from { ref } to { ref } relation action verdict formula } } } noPathReason { text } } }`, user, to)
}

func asked(t *testing.T, address, question string) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": question})
	if err != nil {
		t.Fatal(err)
	}
	code, text := post(t, address, "", string(body))
	var answer struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || code != http.StatusOK || len(answer.Errors) > 0 {
		t.Fatalf("%s: %d %s %v", question, code, text, err)
	}
	return answer.Data
}

func compacted(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, text); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out.Bytes()
}

func nodesWanted(t testing.TB) int {
	n, err := strconv.Atoi(os.Getenv(testNodes))
	if err != nil && os.Getenv(testNodes) != "" {
		t.Fatalf("%s: %v", testNodes, err)
	}
	return max(n, 10*millionNodes)
}

// An account of the estate.
const (
	millionUsers   = 100
	millionGroups  = 10
	millionRoles   = 89
	millionBuckets = 300
	millionNodes   = 1 + millionUsers + millionGroups + millionRoles + millionBuckets
	millionFamily  = 10 // accounts that trust each other
)

func millionAccount(a int) graph.Ref { return graph.Ref(fmt.Sprintf("account:%012d", a)) }

func millionUser(a, i int) graph.Ref {
	return graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:user/user-%d", a, i))
}

func millionGroup(a, i int) graph.Ref {
	return graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:group/group-%d", a, i))
}

func millionRole(a, i int) graph.Ref {
	return graph.Ref(fmt.Sprintf("arn:aws:iam::%012d:role/role-%d", a, i))
}

func millionBucket(a, i int) graph.Ref {
	return graph.Ref(fmt.Sprintf("arn:aws:s3:::data-%012d-%d", a, i))
}

// buildMillion publishes the estate in a folder, with some crown jewels.
func buildMillion(ctx context.Context, dir string) error {
	store, err := embedded.Open(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	n, err := strconv.Atoi(os.Getenv(testNodes))
	if err != nil {
		n = 0
	}
	accounts := max(n, 10*millionNodes) / millionNodes
	for i := range 5 {
		jewel := graph.Label{Ref: millionBucket(i, i), Label: graph.CrownJewel, By: "test", At: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
		if err := store.SetLabel(ctx, "", jewel); err != nil {
			return err
		}
	}
	_, err = store.Update(ctx, "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		for a := range accounts {
			if err := accountFacts(next, a); err != nil {
				return err
			}
		}
		return concludeMillion(ctx, next)
	})
	return err
}

// accountFacts are what documents say of one account.
func accountFacts(b *snapshot.Builder, a int) error {
	o := &graph.Origin{Listing: graph.Listing{Scope: millionAccount(a), Service: "iam", Operation: "get-account-authorization-details"},
		File: fmt.Sprintf("%012d/iam.json", a), Collector: "made up", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	nodes := func(n int, kind graph.Kind, typ string, ref func(a, i int) graph.Ref) error {
		for i := range n {
			r := ref(a, i)
			err := b.Node(graph.Node{Provider: graph.AWS, Ref: r, Kind: kind, Type: typ, Name: string(r[strings.LastIndexAny(string(r), ":/")+1:]),
				Scope: millionAccount(a), Tags: []graph.Tag{{Key: "team", Value: strconv.Itoa(i % 7)}}, Origin: o})
			if err != nil {
				return err
			}
		}
		return nil
	}
	return errors.Join(
		b.Node(graph.Node{Provider: graph.AWS, Ref: millionAccount(a), Kind: graph.KindAccount, Type: "organizations:account", Origin: o}),
		b.Cover(graph.Coverage{Listing: o.Listing, Status: graph.Collected, Origin: o}),
		nodes(millionUsers, graph.KindUser, "iam:user", millionUser), nodes(millionGroups, graph.KindGroup, "iam:group", millionGroup),
		nodes(millionRoles, graph.KindRole, "iam:role", millionRole), nodes(millionBuckets, graph.KindResource, "s3:bucket", millionBucket),
		memberships(b, a, o), attachments(b, a, o))
}

// memberships put each user into two groups.
func memberships(b *snapshot.Builder, a int, o *graph.Origin) error {
	for i := range millionUsers {
		for _, group := range []int{i % 10, (i%10 + 1 + i/10%9) % 10} {
			if err := b.Edge(graph.Edge{From: millionUser(a, i), To: millionGroup(a, group), Relation: graph.MemberOf, Origin: o}); err != nil {
				return err
			}
		}
	}
	return nil
}

// attachments give each role a trust policy and one that all share, and every
// third bucket a policy.
func attachments(b *snapshot.Builder, a int, o *graph.Origin) error {
	shared := []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}`)
	var err error
	for i := range millionRoles {
		role := millionRole(a, i)
		trust := fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, millionRole(max(0, a-1), i))
		err = errors.Join(err,
			b.Attach(graph.Attachment{To: role, Layer: "aws:trust", Policy: role + "#trust", Name: "trust", Inline: true, Document: trust, Origin: o}),
			b.Attach(graph.Attachment{To: role, Layer: "aws:identity", Policy: "arn:aws:iam::aws:policy/Assume", Name: "Assume", Version: "v1", Document: shared, Origin: o}))
	}
	for i := 0; i < millionBuckets; i += 3 {
		bucket := millionBucket(a, i)
		policy := fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"s3:GetObject","Resource":"%s/*"}]}`, millionUser(a, i%millionUsers), bucket)
		err = errors.Join(err, b.Attach(graph.Attachment{To: bucket, Layer: "aws:resource", Policy: bucket + "#policy", Name: "policy", Inline: true, Document: policy, Origin: o}))
	}
	return err
}

// concludeMillion draws what the facts do not say, but the estate is made for:
// ten users and two roles of its account, and one of the account before, may
// assume each role; every tenth of the users reads its own buckets.
func concludeMillion(_ context.Context, b *snapshot.Builder) error {
	facts, err := b.Facts()
	if err != nil {
		return err
	}
	c := new(snapshot.Conclusions)
	for a := 0; ; a++ {
		if _, there := facts.Find(millionAccount(a)); !there {
			return b.Conclude(c)
		}
		accountPivots(facts, a, c)
		accountAccess(facts, a, c)
	}
}

func accountPivots(facts *snapshot.Snapshot, a int, c *snapshot.Conclusions) {
	at := func(ref graph.Ref) snapshot.Index { i, _ := facts.Find(ref); return i }
	assumes := func(from snapshot.Foothold, role int) {
		c.AddPivot(snapshot.Pivot{From: from, To: snapshot.Foothold{Node: at(millionRole(a, role)), Hold: graph.AsSession},
			Relation: graph.CanAssume, Action: "sts:AssumeRole", Ruling: snapshot.Ruling{Verdict: graph.Allowed}})
	}
	for role := range millionRoles {
		for k := range 10 {
			assumes(snapshot.Foothold{Node: at(millionUser(a, (role*7+k*11)%millionUsers))}, role)
		}
		assumes(snapshot.Foothold{Node: at(millionRole(a, (role*3+1)%millionRoles)), Hold: graph.AsSession}, role)
		assumes(snapshot.Foothold{Node: at(millionRole(a, (role*5+2)%millionRoles)), Hold: graph.AsSession}, role)
		if a%millionFamily != 0 {
			assumes(snapshot.Foothold{Node: at(millionRole(a-1, role)), Hold: graph.AsSession}, role)
		}
	}
}

func accountAccess(facts *snapshot.Snapshot, a int, c *snapshot.Conclusions) {
	at := func(ref graph.Ref) snapshot.Index { i, _ := facts.Find(ref); return i }
	for tenth := range 10 {
		var members []snapshot.Foothold
		for i := tenth; i < millionUsers; i += 10 {
			members = append(members, snapshot.Foothold{Node: at(millionUser(a, i))})
		}
		var buckets []snapshot.Index
		for i := tenth * 30; i < tenth*30+30; i++ {
			buckets = append(buckets, at(millionBucket(a, i)))
		}
		part := c.AddPart(snapshot.AccessPart{Rows: []snapshot.AccessRow{{To: buckets, Actions: []string{"s3:GetObject", "s3:ListBucket"},
			Include: []string{"shared/*"}, Ruling: snapshot.Ruling{Verdict: graph.Allowed}}}})
		c.AddClass(snapshot.AccessClass{Members: members, Parts: []snapshot.PartIndex{part}})
	}
}
