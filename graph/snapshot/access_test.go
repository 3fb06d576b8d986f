package snapshot_test

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// town is an estate of things of three types in two accounts, and of one in
// none, that principals may have access to.
func town(t testing.TB, things int) (*snapshot.Builder, *snapshot.Snapshot) {
	t.Helper()
	b := snapshot.NewBuilder()
	put := func(n graph.Node) {
		if err := b.Node(n); err != nil {
			t.Fatal(err)
		}
	}
	put(graph.Node{Provider: graph.AWS, Ref: "account:1", Kind: graph.KindAccount})
	put(graph.Node{Provider: graph.AWS, Ref: "account:2", Kind: graph.KindAccount})
	put(graph.Node{Provider: graph.AWS, Ref: "stray", Kind: graph.KindResource, Type: "s3:bucket", Name: "stray"})
	for i := range things {
		n := graph.Node{Provider: graph.AWS, Ref: graph.Ref(fmt.Sprint("thing", i)), Kind: graph.KindResource, Name: fmt.Sprint(i)}
		n.Scope = graph.Ref(fmt.Sprint("account:", i%2+1))
		n.Type = []string{"s3:bucket", "sqs:queue", "iam:role"}[i%3]
		put(n)
	}
	return b, frozen(t, b)
}

// draw makes rows of random classes, sets, actions and rulings, of which many
// say the same of other nodes. Sets and lists are shared between rows, and
// some are not sorted.
func draw(r *rand.Rand, nodes, classes int) (c given) {
	for i := range classes {
		c.Classes = append(c.Classes, []snapshot.Foothold{{Node: snapshot.Index(i)}, {Node: snapshot.Index(i), Hold: graph.AsSession}})
	}
	var sets [][]snapshot.Index
	for range 8 {
		var set []snapshot.Index
		for i := r.IntN(nodes); i < nodes && len(set) < 40; i += 1 + r.IntN(3)*r.IntN(3) {
			set = append(set, snapshot.Index(i))
		}
		if r.IntN(3) == 0 {
			r.Shuffle(len(set), func(i, j int) { set[i], set[j] = set[j], set[i] })
			set = append(set, set[:min(2, len(set))]...)
		}
		sets = append(sets, set)
	}
	actions := [][]string{{"s3:GetObject"}, {"sqs:SendMessage", "sqs:GetQueueUrl"}, {"iam:PassRole", "iam:GetRole"}, nil}
	parts := [][]string{nil, {"a/*"}, {"b/*", "a/*"}}
	for range r.IntN(60) {
		c.Access = append(c.Access, givenRow{uint32(r.IntN(classes)), snapshot.AccessRow{
			To: sets[r.IntN(len(sets))], Actions: actions[r.IntN(len(actions))],
			Include: parts[r.IntN(len(parts))], Exclude: parts[r.IntN(2)],
			Ruling: snapshot.Ruling{Verdict: graph.Verdict(1 + r.IntN(3)), Formula: []string{"", "mfa"}[r.IntN(2)]},
		}})
	}
	return c
}

// said is one thing that rows say, as text.
func said(principal snapshot.Index, a snapshot.Access) string {
	return fmt.Sprint(principal, " ", a.To, " ", a.Actions, a.Include, a.Exclude, " ", a.Ruling)
}

func sortedSet(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// expand says node by node what rows were given.
func expand(c given) (out []string) {
	for _, row := range c.Access {
		for _, to := range row.To {
			out = append(out, said(c.Classes[row.Class][0].Node, snapshot.Access{To: to,
				Actions: sortedSet(row.Actions), Include: sortedSet(row.Include), Exclude: sortedSet(row.Exclude), Ruling: row.Ruling}))
		}
	}
	return sortedSet(out)
}

func principalOf(s *snapshot.Snapshot, class uint32) snapshot.Index {
	return s.Foothold(s.ClassMembers(class)[0]).Node
}

// Whatever rows are given, the snapshot says the same as they do, read by
// class, by node, and by set.
func TestAccessIsKeptAsSets(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	joined := 0
	for range 150 {
		b, facts := town(t, 10+r.IntN(150))
		in := draw(r, facts.NumNodes(), 1+r.IntN(5))
		if err := b.Conclude(in.conclusions()); err != nil {
			t.Fatal(err)
		}
		s := opened(t, b)
		want := expand(in)
		joined += len(in.Access) - s.NumAccessRows()
		for _, got := range [][]string{readByClass(t, s), readBySet(t, s), readByNode(t, s)} {
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("got %d:\n%s\nwant %d:\n%s", len(got), strings.Join(got, "\n"), len(want), strings.Join(want, "\n"))
			}
		}
		checkCounts(t, s, r)
	}
	if joined == 0 {
		t.Error("no rows were joined: the draws say too little")
	}
}

// checkSet checks one set of nodes against its members, and says what its row
// does.
func checkSet(t *testing.T, s *snapshot.Snapshot, row snapshot.AccessSet) (out []string) {
	t.Helper()
	nodes := slices.Collect(row.To.Nodes())
	equal(t, "length", row.To.Len(), len(nodes))
	for i := range snapshot.Index(s.NumNodes() + 2) {
		if _, in := slices.BinarySearch(nodes, i); in != row.To.Has(i) {
			t.Fatalf("set %v has %d: %v", nodes, i, row.To.Has(i))
		}
	}
	for _, to := range nodes {
		out = append(out, said(principalOf(s, row.Class), snapshot.Access{To: to, Actions: row.Actions,
			Include: row.Include, Exclude: row.Exclude, Ruling: row.Ruling}))
	}
	return out
}

// checkCounts counts what some classes reach, by runs and node by node.
func checkCounts(t *testing.T, s *snapshot.Snapshot, r *rand.Rand) {
	t.Helper()
	var sets []snapshot.Targets
	reached := map[snapshot.Index]bool{}
	for class := range uint32(s.NumClasses()) {
		for row := range s.RowsOf(class) {
			if r.IntN(2) == 0 {
				sets = append(sets, row.To)
				for i := range row.To.Nodes() {
					reached[i] = true
				}
			}
		}
	}
	want := map[snapshot.TargetCount]int{}
	for i := range reached {
		want[snapshot.TargetCount{Scope: s.ScopeOf(i), Type: s.Type(i)}]++
	}
	got := s.CountTargets(s.Union(slices.Values(sets)))
	order := func(a, b snapshot.TargetCount) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Type, b.Type))
	}
	equal(t, "in order", slices.IsSortedFunc(got, order), true)
	equal(t, "groups", len(got), len(want))
	for _, c := range got {
		n := c.Count
		c.Count = 0
		equal(t, fmt.Sprint("nodes of ", c), n, want[c])
	}
}

// How a resolver splits sets over rows, and in which order it tells them,
// leaves no trace in the file; what they say does.
func TestSplitRowsAreOneRow(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for range 40 {
		b, facts := town(t, 60)
		in := draw(r, facts.NumNodes(), 3)
		file := func() []byte {
			if err := b.Conclude(in.conclusions()); err != nil {
				t.Fatal(err)
			}
			return written(t, b)
		}
		want := file()
		var split []givenRow
		for _, row := range in.Access {
			at := r.IntN(len(row.To) + 1)
			head, tail := row, row
			head.To, tail.To = row.To[:at], row.To[at:]
			split = append(split, tail, head, head)
		}
		r.Shuffle(len(split), func(i, j int) { split[i], split[j] = split[j], split[i] })
		in.Access = split
		equal(t, "split", slices.Equal(file(), want), true)
		if len(in.Access) == 0 {
			continue
		}
		in.Access[0].To = append(slices.Clone(in.Access[0].To), snapshot.Index(facts.NumNodes()-1))
		in.Access[0].Actions = []string{"new:Action"}
		equal(t, "another row", slices.Equal(file(), want), false)
	}
}

// Enough runs for several levels of summits, some long over many short.
func TestManyRuns(t *testing.T) {
	b, facts := town(t, 6000)
	n := snapshot.Index(facts.NumNodes())
	r := rand.New(rand.NewPCG(9, 9))
	in := given{Classes: [][]snapshot.Foothold{{{Node: 0}}, {{Node: 1}}}}
	want := make([]int, n)
	for i := range 5000 {
		first := r.IntN(int(n))
		last := min(int(n)-1, first+r.IntN(3))
		if i%100 == 0 {
			last = min(int(n)-1, first+r.IntN(4000))
		}
		row := givenRow{uint32(i % 2), snapshot.AccessRow{Actions: []string{fmt.Sprint("a:", i)}, Ruling: snapshot.Ruling{Verdict: graph.Allowed}}}
		for to := first; to <= last; to++ {
			row.To = append(row.To, snapshot.Index(to))
			want[to]++
		}
		in.Access = append(in.Access, row)
	}
	if err := b.Conclude(in.conclusions()); err != nil {
		t.Fatal(err)
	}
	s := opened(t, b)
	for i := range n {
		if got := len(slices.Collect(s.AccessTo(i))); got != want[i] {
			t.Fatalf("node %d: %d rows, want %d", i, got, want[i])
		}
	}
	equal(t, "beyond", len(slices.Collect(s.AccessTo(n)))+len(slices.Collect(s.AccessTo(snapshot.None))), 0)
}

// Sets that are not sorted runs apart, or an index that is not theirs, are no
// snapshot, even where every checksum is right.
func TestBrokenSets(t *testing.T) {
	b, facts := town(t, 3000)
	in := given{Classes: [][]snapshot.Foothold{{{Node: 0}}}}
	for i := snapshot.Index(0); i+4 < snapshot.Index(facts.NumNodes()); i += 4 {
		in.Access = append(in.Access, givenRow{0, snapshot.AccessRow{To: []snapshot.Index{i, i + 1, i + 3}, Actions: []string{fmt.Sprint("a:", i)}}})
	}
	if err := b.Conclude(in.conclusions()); err != nil {
		t.Fatal(err)
	}
	whole := written(t, b)
	for _, name := range []string{"run.first", "run.last", "run.max", "set.run", "run.set"} {
		bad := slices.Clone(whole)
		off, length := sectionOf(bad, name)
		if length < 16 {
			t.Fatalf("section %q has %d bytes", name, length)
		}
		value := bad[off+8:]
		binary.LittleEndian.PutUint32(value, binary.LittleEndian.Uint32(value)^2)
		reseal(bad, true)
		s, err := snapshot.FromBytes(bad)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		err = s.Verify()
		if !errors.Is(err, snapshot.ErrCorrupt) || strings.Contains(err.Error(), "hash") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sectionOf returns where a section of a file lies.
func sectionOf(file []byte, name string) (off, length int) {
	for i := range int(binary.LittleEndian.Uint32(file[12:])) {
		e := file[32+48*i:]
		if strings.TrimRight(string(e[:24]), "\x00") == name {
			return int(binary.LittleEndian.Uint64(e[24:])), int(binary.LittleEndian.Uint64(e[32:]))
		}
	}
	return 0, 0
}

// Files of the formats before parts are refused with what to do.
func TestEarlierFormats(t *testing.T) {
	file := written(t, build(t, small("a", "b")...))
	for _, version := range []uint32{1, 2, 3} {
		binary.LittleEndian.PutUint32(file[8:], version)
		reseal(file, false)
		_, err := snapshot.FromBytes(file)
		if !errors.Is(err, snapshot.ErrVersion) || !strings.Contains(err.Error(), "collect the documents again") {
			t.Errorf("version %d: %v", version, err)
		}
	}
}
