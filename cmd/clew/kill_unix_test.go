//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
)

// kills is how many runs die, spread over all that a run does.
const kills = 50

// TestKilledIngest kills the real program with SIGKILL all over ingest and
// resolve, and between the steps of publishing. After each death the last
// snapshot answers, and the next run publishes.
func TestKilledIngest(t *testing.T) {
	v := newVictim(t)
	v.ingest()
	began := time.Now()
	v.ingest()
	took := time.Since(began)
	died := 0
	for i := 0; died < kills; i++ {
		if i == 4*kills {
			t.Fatalf("only %d of %d runs died; a run takes %v", died, i, took)
		}
		if v.killAfter(took * time.Duration(i%kills) / kills) {
			died++
		}
		v.answers()
	}
	v.ingest()
}

// TestKilledBetweenSteps stops the program right before the snapshot's file,
// and after that is whole, synced and named, right before the pointer to it:
// a pipe that nobody reads stands where the next file should be made.
func TestKilledBetweenSteps(t *testing.T) {
	v := newVictim(t)
	v.ingest()
	for range 3 {
		for _, at := range []string{"snapshot", "pointer"} {
			next := v.next()
			file := map[string]string{"snapshot": next + ".tmp", "pointer": "CURRENT.tmp"}[at]
			v.killAt(file)
			orphan := v.has(next + "-*.snapshot")
			if want := at == "pointer"; orphan != want {
				t.Errorf("killed before the %s: a snapshot that no pointer names: %v, want %v", at, orphan, want)
			}
			v.answers()
		}
		v.ingest()
		v.answers()
		if v.has("*.tmp") {
			t.Error("what the dead left was not swept")
		}
	}
}

// TestInterrupted: the first Ctrl-C ends the work, and nothing is published.
func TestInterrupted(t *testing.T) {
	v := newVictim(t)
	v.ingest()
	c := v.command()
	pipe, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	notes := bufio.NewReader(pipe)
	if _, err := notes.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(notes)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(string(rest), "clew: interrupted; the last snapshot is what it was") {
		t.Errorf("exit code %d: %s", code, rest)
	}
	if newest := v.newest(); newest != v.last {
		t.Errorf("published %s after %s", newest, v.last)
	}
	v.answers()
}

// A victim is the built program, a store, and documents that differ with each
// run.
type victim struct {
	t              *testing.T
	program, store string
	last           string // the newest snapshot
	runs           int
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	if testing.Short() {
		t.Skip("left out by -short: builds the program and kills it many times")
	}
	v := &victim{t: t, program: filepath.Join(t.TempDir(), "clew"), store: filepath.Join(t.TempDir(), "store")}
	if out, err := exec.Command("go", "build", "-o", v.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return v
}

// command is an ingest of documents that no other run has.
func (v *victim) command() *exec.Cmd {
	v.t.Helper()
	v.runs++
	file := filepath.Join(v.t.TempDir(), "account.json")
	users := `{"UserName": "lena", "UserId": "AIDALENA", "Arn": "arn:aws:iam::121212121212:user/lena", "Path": "/",
		"UserPolicyList": [{"PolicyName": "all", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}`
	for i := range 20 {
		users += fmt.Sprintf(`, {"UserName": "u%d-%d", "UserId": "AIDA%d", "Arn": "arn:aws:iam::121212121212:user/u%d-%d", "Path": "/"}`, v.runs, i, i, v.runs, i)
	}
	text := `{"UserDetailList": [` + users + `], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
	c := exec.Command(v.program, "ingest", "aws", file, "--store", v.store, "-v")
	c.Env = append(os.Environ(), "CLEW_ESTATE=")
	return c
}

// ingest runs to the end.
func (v *victim) ingest() {
	v.t.Helper()
	if out, err := v.command().CombinedOutput(); err != nil {
		v.t.Fatalf("ingest: %v\n%s", err, out)
	}
	newest := v.newest()
	if newest == v.last {
		v.t.Fatalf("nothing was published after %s", newest)
	}
	v.last = newest
}

// killAfter kills a run after some time and says whether it was still running.
func (v *victim) killAfter(after time.Duration) bool {
	v.t.Helper()
	c := v.command()
	if err := c.Start(); err != nil {
		v.t.Fatal(err)
	}
	time.Sleep(after)
	_ = c.Process.Kill()
	err := c.Wait()
	return err != nil && !c.ProcessState.Exited()
}

// killAt kills a run that waits to make a file.
func (v *victim) killAt(file string) {
	v.t.Helper()
	c := v.command()
	notes, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	// The first note comes when the store is locked and swept.
	note, err := bufio.NewReader(notes).ReadString('\n')
	if err != nil || !strings.HasPrefix(note, "reading") {
		v.t.Fatalf("first note %q: %v", note, err)
	}
	if err := syscall.Mkfifo(filepath.Join(v.dir(), file), 0o600); err != nil {
		v.t.Fatalf("too late for the pipe: %v", err)
	}
	v.waits(file)
	_ = c.Process.Kill()
	_ = c.Wait()
}

// waits returns once a run can only be waiting for the pipe: what comes before
// it in publishing is there, and stays as it is.
func (v *victim) waits(file string) {
	if file == "CURRENT.tmp" {
		for range 2000 {
			if v.has(v.next() + "-*.snapshot") {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	time.Sleep(time.Second)
}

// answers asks the program itself, and looks at every snapshot that is listed.
func (v *victim) answers() {
	v.t.Helper()
	out, err := exec.Command(v.program, "path", "lena", "account:121212121212", "--store", v.store).CombinedOutput()
	if err != nil {
		v.t.Fatalf("path: %v\n%s", err, out)
	}
	newest := v.newest()
	if newest < v.last {
		v.t.Fatalf("snapshot %s is lost: the newest is %s", v.last, newest)
	}
	v.last = newest
}

// newest verifies every snapshot and names the newest.
func (v *victim) newest() string {
	v.t.Helper()
	store, err := embedded.Open(v.store)
	if err != nil {
		v.t.Fatal(err)
	}
	ctx := context.Background()
	list, err := store.List(ctx, "")
	if err != nil || len(list) == 0 {
		v.t.Fatalf("list: %v, %d snapshots", err, len(list))
	}
	for _, info := range list[:min(2, len(list))] {
		snap, _, err := store.Open(ctx, "", info.ID)
		if err != nil {
			v.t.Fatal(err)
		}
		if err := snap.Verify(); err != nil {
			v.t.Fatal(err)
		}
		snap.Close()
	}
	return list[0].ID
}

func (v *victim) dir() string { return filepath.Join(v.store, graph.DefaultEstate) }

func (v *victim) has(pattern string) bool {
	found, err := filepath.Glob(filepath.Join(v.dir(), pattern))
	if err != nil {
		v.t.Fatal(err)
	}
	return len(found) > 0
}

// next is the number of the next snapshot, as files are named by it.
func (v *victim) next() string {
	v.t.Helper()
	var number int
	if _, err := fmt.Sscanf(v.newest(), "%d-", &number); err != nil {
		v.t.Fatal(err)
	}
	return fmt.Sprintf("%012d", number+1)
}
