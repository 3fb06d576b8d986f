package embedded

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// The test binary runs itself as a writer that dies. In that process these
// say where the store is and at which step it dies.
const (
	envDir  = "CLEW_TEST_KILL_DIR"
	envStep = "CLEW_TEST_KILL_STEP"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(envDir); dir != "" {
		os.Exit(writeUntilKilled(dir))
	}
	os.Exit(m.Run())
}

// writeUntilKilled publishes, labels and deletes for ever. Each snapshot has
// one user more than the last.
func writeUntilKilled(dir string) int {
	s, err := Open(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	last, _ := strconv.Atoi(os.Getenv(envStep))
	n := 0
	s.step = func(what string) {
		if n++; n == last {
			fmt.Println(what)
			self, _ := os.FindProcess(os.Getpid())
			self.Kill()
			select {} // until the signal arrives
		}
	}
	for {
		if err := writeOnce(s); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
}

func writeOnce(s *Store) error {
	ctx := context.Background()
	info, err := s.Update(ctx, "", oneMore)
	if err != nil {
		return err
	}
	if err := s.SetLabel(ctx, "", graph.Label{Ref: graph.Ref(info.ID), Label: graph.CrownJewel}); err != nil {
		return err
	}
	list, err := s.List(ctx, "")
	if err == nil && len(list) > 2 {
		err = s.Delete(ctx, "", list[2].ID)
	}
	return err
}

// oneMore carries everything forward and adds a user and, as conclusion, that
// everybody can become it.
func oneMore(last *snapshot.Snapshot, next *snapshot.Builder) error {
	n := 0
	if last != nil {
		n = last.NumNodes()
	}
	added := graph.Node{Provider: graph.AWS, Ref: ref(n), Kind: graph.KindUser, Name: strings.Repeat("x", 5000) + strconv.Itoa(n)}
	if err := errors.Join(next.CarryForward(last, func(graph.Listing) bool { return false }), next.Node(added)); err != nil {
		return err
	}
	facts, err := next.Facts()
	if err != nil {
		return err
	}
	to, _ := facts.Find(ref(n))
	c := new(snapshot.Conclusions)
	for from := range snapshot.Index(facts.NumNodes()) {
		c.AddPivot(snapshot.Pivot{
			From: snapshot.Foothold{Node: from}, To: snapshot.Foothold{Node: to},
			Relation: graph.CanAssume, Ruling: snapshot.Ruling{Verdict: graph.Allowed},
		})
	}
	return next.Conclude(c)
}

func ref(n int) graph.Ref { return graph.Ref(fmt.Sprint("user", n)) }

// TestKilledWriter kills a writer at each of its first steps, and at random
// times. After each death the newest snapshot is whole, none is lost, and the
// next update works.
func TestKilledWriter(t *testing.T) {
	dir := t.TempDir()
	where := map[string]bool{}
	nodes := 0
	for step := 1; step <= 70; step++ {
		out := runWriter(t, dir, step, 10*time.Second)
		where[kindOfStep(out)] = true
		nodes = survives(t, dir, nodes)
	}
	for _, want := range []string{"create N.tmp", "flush N.tmp", "sync N.tmp", "rename N.tmp", "sync folder after N.snapshot",
		"create CURRENT.tmp", "sync CURRENT.tmp", "rename CURRENT.tmp", "sync folder after CURRENT", "remove", "rename labels.json.tmp"} {
		if !where[want] {
			t.Errorf("no writer died at %q, only at %v", want, where)
		}
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		runWriter(t, dir, 0, time.Duration(5+rng.IntN(60))*time.Millisecond)
		nodes = survives(t, dir, nodes)
	}
	if nodes < 80 {
		t.Errorf("only %d updates in all", nodes)
	}
}

var number = regexp.MustCompile(`[0-9]{12}(-[0-9a-f]{8})?`)

// kindOfStep makes one word of the steps of all snapshots.
func kindOfStep(out string) string {
	return number.ReplaceAllString(strings.TrimSpace(out), "N")
}

func runWriter(t *testing.T, dir string, step int, limit time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), envDir+"="+dir, envStep+"="+strconv.Itoa(step))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the writer ended by itself: %v: %s", err, stderr.String())
	}
	return string(out)
}

// survives checks the store after a death and publishes once. It returns how
// many nodes the newest snapshot has then.
func survives(t *testing.T, dir string, before int) int {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	newest, info, err := s.Open(t.Context(), "", "")
	if before > 0 || err == nil {
		check(t, newest, info, err, before)
	}
	if _, err := s.Labels(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if info, err = s.Update(t.Context(), "", oneMore); err != nil {
		t.Fatal(err)
	}
	newest, info, err = s.Open(t.Context(), "", info.ID)
	check(t, newest, info, err, before+1)
	if left, _ := filepath.Glob(filepath.Join(dir, graph.DefaultEstate, "*"+tmpSuffix)); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	return info.Nodes
}

func check(t *testing.T, snap *snapshot.Snapshot, info graph.SnapshotInfo, err error, least int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if err := snap.Verify(); err != nil {
		t.Fatal(err)
	}
	n := snap.NumNodes()
	if n < least || n != info.Nodes || snap.NumPivots() != n || snap.ContentHash() != info.ContentHash {
		t.Fatalf("%d nodes of %d, at least %d, and %d pivots", n, info.Nodes, least, snap.NumPivots())
	}
	if _, ok := snap.Find(ref(n - 1)); !ok {
		t.Fatalf("user %d is lost", n-1)
	}
}
