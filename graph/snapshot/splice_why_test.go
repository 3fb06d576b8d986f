package snapshot_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// again builds the next facts: one listing is replaced by some facts.
func again(t *testing.T, last *snapshot.Snapshot, replaced string, manner func(*snapshot.Builder), facts ...fact) *snapshot.Builder {
	t.Helper()
	b := build(t, facts...)
	manner(b)
	if err := b.CarryForward(last, func(l graph.Listing) bool { return l.Operation == replaced }); err != nil {
		t.Fatal(err)
	}
	return b
}

func bySize(*snapshot.Builder) {}

// Where little changes in much, facts are spliced without being told to.
func TestFewAreSpliced(t *testing.T) {
	facts := func(listing int) (out []fact) {
		o := origin(fmt.Sprint("list-", listing), "f")
		for i := range 10 {
			out = append(out, putNode(node(graph.Ref(fmt.Sprintf("role-%02d-%d", listing, i)), graph.KindRole, "iam:role", fmt.Sprint("r", i), o)))
		}
		return out
	}
	var all []fact
	for listing := range 20 {
		all = append(all, facts(listing)...)
	}
	last := opened(t, build(t, all...))
	for listings, want := range map[int]string{1: "", 2: "much is replaced or brought"} {
		b := snapshot.NewBuilder()
		for listing := range listings {
			for _, put := range facts(listing) {
				put(b)
			}
		}
		b.CarryForward(last, func(l graph.Listing) bool {
			var n int
			fmt.Sscanf(l.Operation, "list-%d", &n)
			return n < listings
		})
		equal(t, "bytes", written(t, b), written(t, build(t, all...)))
		equal(t, fmt.Sprint("why not, of ", listings), snapshot.WhyAnew(b), want)
	}
}

func TestNothingToSplice(t *testing.T) {
	for name, last := range map[string]*snapshot.Snapshot{"no facts": frozen(t, snapshot.NewBuilder()), "no snapshot": nil} {
		b := again(t, last, "x", snapshot.Spliced, small("a", "b")...)
		equal(t, name+": nodes", frozen(t, b).NumNodes(), 6)
		equal(t, name, snapshot.WhyAnew(b), "nothing is carried, or no facts are there to carry")
		if _, ok := b.Moves(); ok {
			t.Errorf("%s: there are moves", name)
		}
	}
}

func TestMuchIsFrozenAnew(t *testing.T) {
	last := frozen(t, build(t, small("a", "b")...))
	b := again(t, last, "get-account-authorization-details", bySize, small("c", "b")[:5]...)
	frozen(t, b)
	equal(t, "why", snapshot.WhyAnew(b), "much is replaced or brought")
}

// A scope that comes to belong elsewhere takes along what stays in it.
func TestScopesThatMoveAreFrozenAnew(t *testing.T) {
	a, b := origin("a", "a"), origin("b", "b")
	folder := func(scope graph.Ref) fact {
		n := node("ou-1", graph.KindFolder, "organizations:ou", "one", a)
		n.Scope = scope
		return putNode(n)
	}
	role := node(deploy, graph.KindRole, "iam:role", "deploy", b)
	role.Scope = "ou-1"
	last := frozen(t, build(t, folder("ou-2"), putNode(role)))
	for scope, want := range map[graph.Ref]string{"ou-2": "", "ou-3": "a scope changed accounts under things that stay"} {
		next := again(t, last, "a", snapshot.Spliced, folder(scope))
		equal(t, "bytes", written(t, next), written(t, build(t, folder(scope), putNode(role))))
		equal(t, "why, now in "+string(scope), snapshot.WhyAnew(next), want)
	}
}

// What conflicts with what stays does so whichever way facts are frozen.
func TestConflictsWithWhatStays(t *testing.T) {
	a, b := origin("a", "a"), origin("b", "b")
	edge := func(value string, o *graph.Origin) fact {
		return putEdge(graph.Edge{From: alice, To: staff, Relation: graph.MemberOf, Attrs: []graph.Attr{{Key: "since", Value: value}}, Origin: o})
	}
	policy := func(document string, o *graph.Origin) fact {
		return putPolicy(graph.Attachment{To: alice, Layer: "l", Policy: "p", Document: []byte(document), Origin: o})
	}
	role := func(name string, o *graph.Origin) fact {
		return putNode(node(deploy, graph.KindRole, "iam:role", name, o))
	}
	for what, pair := range map[string][2]fact{
		"node": {role("x", a), role("y", b)}, "edge": {edge("1", a), edge("2", b)}, "attachment": {policy("{}", a), policy("[]", b)},
	} {
		last := frozen(t, build(t, pair[0]))
		var errs [2]string
		for i, manner := range []func(*snapshot.Builder){snapshot.Spliced, snapshot.Anew} {
			_, err := again(t, last, "b", manner, pair[1]).Facts()
			if errs[i] = fmt.Sprint(err); !errors.Is(err, snapshot.ErrConflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		equal(t, what, errs[0], errs[1])
	}
}

// Columns that point nowhere are not spliced.
func TestBrokenColumnsAreFrozenAnew(t *testing.T) {
	whole := written(t, build(t, small("a", "b")...))
	for _, name := range []string{"node.type", "edge.to", "x.origins.item", "find.ref", "node.flags", "list.off"} {
		file := slices.Clone(whole)
		breakSection(t, file, name)
		reseal(file, true)
		last, err := snapshot.FromBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		b := again(t, last, "get-bucket-policy", snapshot.Spliced)
		_, _ = b.Facts() // what comes of it is as broken as the file
		equal(t, name, snapshot.WhyAnew(b), "the last snapshot's columns are not as they should be")
	}
}

// breakSection fills the end of a section with what no row has.
func breakSection(t *testing.T, file []byte, name string) {
	t.Helper()
	for i := range int(binary.LittleEndian.Uint32(file[12:])) {
		e := file[32+48*i:]
		if string(e[:len(name)+1]) == name+"\x00" {
			end := binary.LittleEndian.Uint64(e[24:]) + binary.LittleEndian.Uint64(e[32:])
			copy(file[end-4:end], []byte{0xfe, 0xff, 0xff, 0xff})
			return
		}
	}
	t.Fatalf("no section %q", name)
}

// The snapshot that is forwarded may be closed once there are facts, not before.
func TestCarriedSnapshotIsClosed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "estate")
	if err := os.WriteFile(path, written(t, build(t, small("a", "b")...)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, early := range []bool{true, false} {
		last, err := snapshot.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		b := again(t, last, "get-bucket-policy", snapshot.Spliced, small("a", "b")[5])
		if early {
			last.Close()
			if _, err := b.Facts(); !errors.Is(err, snapshot.ErrInvalid) {
				t.Errorf("closed early: %v", err)
			}
			continue
		}
		s := frozen(t, b)
		last.Close()
		equal(t, "why", snapshot.WhyAnew(b), "")
		equal(t, "after Close", s.Node(find(t, s, alice)).NativeID, "AIDAEXAMPLE")
	}
}

// Two snapshots are forwarded one after the other, the first fact by fact.
func TestTwoAreCarried(t *testing.T) {
	one := frozen(t, build(t, putNode(node(alice, graph.KindUser, "iam:user", "alice", origin("a", "a")))))
	other := frozen(t, build(t, putNode(node(deploy, graph.KindRole, "iam:role", "deploy", origin("b", "b")))))
	b := again(t, one, "x", snapshot.Spliced)
	if err := b.CarryForward(other, func(graph.Listing) bool { return false }); err != nil {
		t.Fatal(err)
	}
	equal(t, "nodes", frozen(t, b).NumNodes(), 2)
}

// Unpacked facts are those that were spliced.
func TestUnpackedFacts(t *testing.T) {
	last := opened(t, build(t, small("a", "b")...))
	for _, from := range []int{1, 1 << 30} {
		b := again(t, last, "get-bucket-policy", snapshot.Spliced, small("a", "b")[5])
		b.SpillTo(t.TempDir(), from)
		want := written(t, b)
		s, err := b.Unpack()
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "why", snapshot.WhyAnew(b), "")
		equal(t, "a node", s.Node(find(t, s, alice)).NativeID, "AIDAEXAMPLE")
		equal(t, "bytes", written(t, b), want)
	}
}
