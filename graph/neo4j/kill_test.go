package neo4j

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// The test binary runs itself as a writer that dies. In that process these
// say where its cache is and at which step, the how manieth time, it dies.
const (
	envCache = "CLEW_TEST_KILL_CACHE"
	envStep  = "CLEW_TEST_KILL_STEP"
	envTime  = "CLEW_TEST_KILL_TIME"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(envCache); dir != "" {
		os.Exit(writeUntilKilled(dir))
	}
	os.Exit(m.Run())
}

// short is a lease that a test can wait for.
const short = 500 * time.Millisecond

func writeUntilKilled(dir string) int {
	o := Options{Cache: dir, Lease: short, Batch: 2, Conclude: everybody}
	o.User, o.Password, _ = strings.Cut(os.Getenv(envAuth), "/")
	s, err := Open(context.Background(), os.Getenv(envURI), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	step, left := os.Getenv(envStep), 0
	fmt.Sscan(os.Getenv(envTime), &left)
	s.step = func(what string) {
		if what != step {
			return
		}
		if left--; left == 0 {
			self, _ := os.FindProcess(os.Getpid())
			self.Kill()
			select {} // until the signal arrives
		}
	}
	for {
		if _, err := s.Update(context.Background(), "", oneMore); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
}

func ref(n int) graph.Ref { return graph.Ref(fmt.Sprint("user", n)) }

// oneMore carries everything forward and adds a user and, as conclusion, that
// everybody can become it.
func oneMore(last *snapshot.Snapshot, next *snapshot.Builder) error {
	n := 0
	if last != nil {
		n = last.NumNodes()
	}
	added := graph.Node{Provider: graph.AWS, Ref: ref(n), Kind: graph.KindUser, Name: fmt.Sprint(n)}
	policy := graph.Attachment{To: ref(n), Layer: "l", Policy: "p", Document: []byte("{}")}
	return errors.Join(next.CarryForward(last, func(graph.Listing) bool { return false }),
		next.Node(added), next.Attach(policy), everybody(context.Background(), next))
}

func everybody(_ context.Context, next *snapshot.Builder) error {
	facts, err := next.Facts()
	if err != nil {
		return err
	}
	to, _ := facts.Find(ref(facts.NumNodes() - 1))
	class := []snapshot.Foothold{}
	c := new(snapshot.Conclusions)
	for from := range snapshot.Index(facts.NumNodes()) {
		class = append(class, snapshot.Foothold{Node: from})
		c.AddPivot(snapshot.Pivot{
			From: snapshot.Foothold{Node: from}, To: snapshot.Foothold{Node: to},
			Relation: graph.CanAssume, Ruling: snapshot.Ruling{Verdict: graph.Allowed},
		})
	}
	part := c.AddPart(snapshot.AccessPart{Rows: []snapshot.AccessRow{{To: []snapshot.Index{to}, Actions: []string{"iam:GetUser"}, Ruling: snapshot.Ruling{Verdict: graph.Allowed}}}})
	c.AddClass(snapshot.AccessClass{Members: class, Parts: []snapshot.PartIndex{part}})
	return next.Conclude(c)
}

// The steps at which writers die: before a transaction, and between its last
// statement and its commit. A number tells which time.
var deaths = []string{
	"make the estate", "commit make the estate", "take the lease", "commit take the lease", "list snapshots",
	"read labels", "read the keys of node", "write node", "commit write node", "write node 2",
	"read the keys of attachment ATTACHED_TO", "write attachment ATTACHED_TO", "commit write attachment ATTACHED_TO",
	"write pivot CAN_ASSUME", "commit write pivot CAN_ASSUME", "write pivot CAN_ASSUME 2", "commit write pivot CAN_ASSUME 3",
	"close pivot CAN_ASSUME", "commit close pivot CAN_ASSUME", "close pivot CAN_ASSUME 3",
	"write member IN_CLASS", "commit write member IN_CLASS", "write access CAN_ACCESS", "commit write access CAN_ACCESS",
	"close access CAN_ACCESS", "commit close access CAN_ACCESS", "write direct CAN_ACCESS 2", "commit write direct CAN_ACCESS 4",
	"close direct CAN_ACCESS 2", "commit close direct CAN_ACCESS 3", "publish", "commit publish", "publish 2",
	"raise the floor", "commit raise the floor", "prune", "commit prune 6", "prune 9", "release the lease", "commit release the lease",
}

// TestKilledWriter kills writers at all sorts of steps. After each death the
// newest snapshot is whole, also on an empty disk, none is lost, and the next
// update works and leaves no row behind that does not belong there.
func TestKilledWriter(t *testing.T) {
	s := fresh(t, func(o *Options) { o.Lease, o.Conclude = short, everybody })
	defer s.Close()
	nodes := 0
	for range 6 {
		nodes = publish(t, s, "", oneMore).Nodes
	}
	for _, death := range deaths {
		step, time := death, "1"
		if last := death[len(death)-1]; last >= '0' && last <= '9' {
			step, time = death[:len(death)-2], string(last)
		}
		runWriter(t, step, time)
		nodes = survives(t, s, nodes)
	}
	t.Logf("%d deaths, %d snapshots", len(deaths), nodes)
}

func runWriter(t *testing.T, step, which string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), envCache+"="+t.TempDir(), envStep+"="+step, envTime+"="+which)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Run(); err == nil || cmd.ProcessState.Exited() || ctx.Err() != nil {
		t.Fatalf("the writer was not killed at %q, time %s: %v: %s", step, which, err, stderr.String())
	}
}

// survives checks the store after a death and publishes once. It returns how
// many nodes the newest snapshot has then.
func survives(t *testing.T, s *Store, before int) int {
	t.Helper()
	empty := opened(t, func(o *Options) { o.Conclude = everybody })
	defer empty.Close()
	snap, info, err := empty.Open(t.Context(), "", "")
	if err == nil && info.Nodes < before {
		t.Fatalf("%d nodes after %d", info.Nodes, before)
	}
	check(t, snap, info.Nodes, err)
	if info, err = s.Update(t.Context(), "", oneMore); err != nil {
		t.Fatal(err)
	}
	snap, info, err = s.Open(t.Context(), "", info.ID)
	check(t, snap, info.Nodes, err)
	exact(t, s, info.Nodes)
	return info.Nodes
}

// exact counts what is visible of an estate of n users.
func exact(t *testing.T, s *Store, n int) {
	t.Helper()
	got := query(t, s, `MATCH (e:Estate) WITH e.current AS s MATCH ()-[n]->()
		WHERE n.from <= s AND (n.to IS NULL OR n.to > s) RETURN type(n), count(*)`, nil)
	want := fmt.Sprintf("[ATTACHED_TO %d CAN_ACCESS %d CAN_ASSUME %d IN_CLASS %d]", n, n+1, n, n)
	if fmt.Sprint(got) != want {
		t.Fatalf("visible: %v, want %v", got, want)
	}
	if got := counted(t, s, "MATCH (e:Estate) WITH e.current AS s MATCH (n:Versioned:Principal) WHERE n.to IS NULL AND n.from <= s RETURN count(n)", nil); got != n {
		t.Fatalf("%d users are visible, want %d", got, n)
	}
}
