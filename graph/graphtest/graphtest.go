// Package graphtest holds the tests that every snapshot.Store passes.
package graphtest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/snapshot"
)

// Run runs the suite. open returns an empty store of its own for each test;
// the suite closes it.
func Run(t *testing.T, open func(t *testing.T) snapshot.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, snapshot.Store)
	}{
		{"an empty store has nothing", empty},
		{"what is published is answered", published},
		{"a failed update changes nothing", allOrNothing},
		{"conflicting facts are not published", conflicting},
		{"conclusions are kept", concluded},
		{"snapshots are listed newest first", listed},
		{"estates are apart", estates},
		{"readers keep what they opened", readers},
		{"deleted snapshots are gone", deleted},
		{"labels outlive snapshots", labels},
		{"order and repetition change no hash", hashes},
		{"what is not replaced is carried forward", carried},
		{"nothing new is not published again", unchanged},
		{"writers and readers run together", together},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			c.test(t, s)
		})
	}
}

const account = graph.Ref("arn:aws:iam::111122223333:root")

func user(n int) graph.Ref { return graph.Ref(fmt.Sprintf("arn:aws:iam::111122223333:user/u%d", n)) }

func origin(operation string) *graph.Origin {
	return &graph.Origin{Listing: graph.Listing{Scope: account, Service: "iam", Operation: operation}}
}

// put writes users numbered from to to, read in the listing of an operation,
// and the account.
func put(b *snapshot.Builder, operation string, from, to int) error {
	o := origin(operation)
	err := b.Node(graph.Node{Provider: graph.AWS, Ref: account, Kind: graph.KindAccount, Type: "iam:account", Origin: o})
	for n := from; n < to && err == nil; n++ {
		err = b.Node(graph.Node{Provider: graph.AWS, Ref: user(n), Kind: graph.KindUser, Type: "iam:user", Name: fmt.Sprint("u", n), Scope: account, Origin: o})
	}
	return errors.Join(err, b.Cover(graph.Coverage{Listing: o.Listing, Status: graph.Collected}))
}

// users makes an update that holds n users and nothing of the last snapshot.
func users(n int) func(*snapshot.Snapshot, *snapshot.Builder) error {
	return func(_ *snapshot.Snapshot, b *snapshot.Builder) error { return put(b, "list-users", 0, n) }
}

func update(t *testing.T, s snapshot.Store, estate string, make func(*snapshot.Snapshot, *snapshot.Builder) error) graph.SnapshotInfo {
	t.Helper()
	info, err := s.Update(t.Context(), estate, make)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func open(t *testing.T, s snapshot.Store, estate, id string) *snapshot.Snapshot {
	t.Helper()
	snap, _, err := s.Open(t.Context(), estate, id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return snap
}

// holds checks that a snapshot is whole and has n users.
func holds(t *testing.T, snap *snapshot.Snapshot, n int) {
	t.Helper()
	if err := snap.Verify(); err != nil {
		t.Error(err)
	}
	if got := len(slices.Collect(snap.OfKind(graph.KindUser))); got != n {
		t.Errorf("%d users, want %d", got, n)
	}
	for i := range n {
		if _, ok := snap.Find(user(i)); !ok {
			t.Errorf("no user %d", i)
		}
	}
}

func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

func empty(t *testing.T, s snapshot.Store) {
	_, _, err := s.Open(t.Context(), "", "")
	wants(t, "open the newest", err, graph.ErrNotFound)
	_, _, err = s.Open(t.Context(), "", "nothing")
	wants(t, "open", err, graph.ErrNotFound)
	wants(t, "delete", s.Delete(t.Context(), "", "nothing"), graph.ErrNotFound)
	list, err := s.List(t.Context(), "")
	if err != nil || len(list) != 0 {
		t.Errorf("list: %v, %v", list, err)
	}
	if found, err := s.Labels(t.Context(), ""); err != nil || len(found) != 0 {
		t.Errorf("labels: %v, %v", found, err)
	}
}

func published(t *testing.T, s snapshot.Store) {
	before := time.Now().Add(-time.Second)
	info := update(t, s, "", func(last *snapshot.Snapshot, b *snapshot.Builder) error {
		if last != nil {
			t.Error("the first update has a predecessor")
		}
		return put(b, "list-users", 0, 3)
	})
	snap, opened, err := s.Open(t.Context(), graph.DefaultEstate, info.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	holds(t, snap, 3)
	if !info.TakenAt.Equal(opened.TakenAt) || info.TakenAt.Before(before) || info.TakenAt.After(time.Now().Add(time.Second)) {
		t.Errorf("taken at %v, then %v", info.TakenAt, opened.TakenAt)
	}
	opened.TakenAt = info.TakenAt
	want := graph.SnapshotInfo{ID: info.ID, TakenAt: info.TakenAt, ContentHash: snap.ContentHash(), Accounts: 1, Nodes: 4, Complete: true}
	if info != want || opened != want {
		t.Errorf("published %+v, opened %+v, want %+v", info, opened, want)
	}
	gap := update(t, s, "", func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		return b.Cover(graph.Coverage{Listing: origin("x").Listing, Status: graph.Failed, Reason: graph.ReasonThrottled})
	})
	if gap.Complete {
		t.Error("a snapshot with a gap is called complete")
	}
}

func allOrNothing(t *testing.T, s snapshot.Store) {
	broken := errors.New("broken")
	fail := func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		return errors.Join(put(b, "list-users", 0, 9), broken)
	}
	_, err := s.Update(t.Context(), "", fail)
	wants(t, "first update", err, broken)
	_, _, err = s.Open(t.Context(), "", "")
	wants(t, "open after it", err, graph.ErrNotFound)
	first := update(t, s, "", users(2))
	_, err = s.Update(t.Context(), "", fail)
	wants(t, "second update", err, broken)
	_, info, err := s.Open(t.Context(), "", "")
	if err != nil || info.ID != first.ID {
		t.Errorf("newest is %q, want %q: %v", info.ID, first.ID, err)
	}
	holds(t, open(t, s, "", ""), 2)
}

func conflicting(t *testing.T, s snapshot.Store) {
	update(t, s, "", users(1))
	_, err := s.Update(t.Context(), "", func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		other := graph.Node{Provider: graph.AWS, Ref: user(0), Kind: graph.KindUser, Name: "another"}
		return errors.Join(put(b, "list-users", 0, 2), b.Node(other))
	})
	wants(t, "update", err, snapshot.ErrConflict)
	holds(t, open(t, s, "", ""), 1)
}

func concluded(t *testing.T, s snapshot.Store) {
	info := update(t, s, "", func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		if err := put(b, "list-users", 0, 2); err != nil {
			return err
		}
		facts, err := b.Facts()
		if err != nil {
			return err
		}
		from, _ := facts.Find(user(0))
		to, _ := facts.Find(user(1))
		c := new(snapshot.Conclusions)
		c.AddPivot(snapshot.Pivot{
			From: snapshot.Foothold{Node: from}, To: snapshot.Foothold{Node: to}, Relation: graph.CanAssume,
			Ruling: snapshot.Ruling{Verdict: graph.Allowed},
		})
		return b.Conclude(c)
	})
	snap := open(t, s, "", info.ID)
	holds(t, snap, 2)
	if snap.NumPivots() != 1 || snap.Ref(snap.Pivot(0).From.Node) != user(0) || snap.Ref(snap.Pivot(0).To.Node) != user(1) {
		t.Errorf("%d pivots, the first %+v", snap.NumPivots(), snap.Pivot(0))
	}
}

func listed(t *testing.T, s snapshot.Store) {
	var ids []string
	for n := range 12 {
		ids = append(ids, update(t, s, "", users(n+1)).ID)
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != 12 {
		t.Errorf("ids do not sort in the order of publishing: %v", ids)
	}
	list, err := s.List(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for i, info := range list {
		if info.ID != ids[11-i] || info.Nodes != 13-i {
			t.Errorf("place %d: %+v", i, info)
		}
	}
	holds(t, open(t, s, "", ids[4]), 5)
}

func estates(t *testing.T, s snapshot.Store) {
	one, two := update(t, s, "one", users(1)), update(t, s, "two", users(2))
	holds(t, open(t, s, "one", ""), 1)
	holds(t, open(t, s, "two", ""), 2)
	if one.ID != two.ID {
		_, _, err := s.Open(t.Context(), "one", two.ID)
		wants(t, "open in the other estate", err, graph.ErrNotFound)
	}
	_, _, err := s.Open(t.Context(), "", "")
	wants(t, "open in the default estate", err, graph.ErrNotFound)
	if err := s.SetLabel(t.Context(), "one", graph.Label{Ref: user(0), Label: graph.CrownJewel}); err != nil {
		t.Fatal(err)
	}
	if found, err := s.Labels(t.Context(), "two"); err != nil || len(found) != 0 {
		t.Errorf("labels of the other estate: %v, %v", found, err)
	}
	for _, name := range []string{"../one", "a/b", "..", ".", "a\x00b", "/etc", `a\b`} {
		if _, err := s.Update(t.Context(), name, users(1)); err == nil {
			t.Errorf("estate %q was taken", name)
		}
	}
}

func readers(t *testing.T, s snapshot.Store) {
	first := update(t, s, "", users(3))
	snap := open(t, s, "", first.ID)
	update(t, s, "", users(4))
	holds(t, snap, 3)
	if err := s.Delete(t.Context(), "", first.ID); err != nil {
		t.Fatal(err)
	}
	holds(t, snap, 3)
	update(t, s, "", users(5))
	holds(t, snap, 3)
}

func deleted(t *testing.T, s snapshot.Store) {
	first, second := update(t, s, "", users(1)), update(t, s, "", users(2))
	wants(t, "delete the newest", s.Delete(t.Context(), "", second.ID), graph.ErrConflict)
	if err := s.Delete(t.Context(), "", first.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Open(t.Context(), "", first.ID)
	wants(t, "open", err, graph.ErrSnapshotGone)
	wants(t, "delete again", s.Delete(t.Context(), "", first.ID), graph.ErrSnapshotGone)
	list, err := s.List(t.Context(), "")
	if err != nil || len(list) != 1 || list[0].ID != second.ID {
		t.Errorf("list: %v, %v", list, err)
	}
	holds(t, open(t, s, "", ""), 2)
	if third := update(t, s, "", users(3)); third.ID <= second.ID {
		t.Errorf("%q after %q", third.ID, second.ID)
	}
	_, _, err = s.Open(t.Context(), "", first.ID)
	wants(t, "open after another update", err, graph.ErrSnapshotGone)
}

func labels(t *testing.T, s snapshot.Store) {
	at := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	first := update(t, s, "", users(2))
	jewel := graph.Label{Ref: user(1), Label: graph.CrownJewel, By: "ann", At: at}
	other := graph.Label{Ref: user(0), Label: "watched", By: "bob", At: at}
	renewed := jewel
	renewed.By = "bob"
	for _, l := range []graph.Label{jewel, other, renewed} {
		if err := s.SetLabel(t.Context(), "", l); err != nil {
			t.Fatal(err)
		}
	}
	update(t, s, "", users(1))
	if err := s.Delete(t.Context(), "", first.ID); err != nil {
		t.Fatal(err)
	}
	checkLabels(t, s, other, renewed)
	for range 2 {
		if err := s.RemoveLabel(t.Context(), "", user(0), "watched"); err != nil {
			t.Fatal(err)
		}
	}
	checkLabels(t, s, renewed)
}

func checkLabels(t *testing.T, s snapshot.Store, want ...graph.Label) {
	t.Helper()
	got, err := s.Labels(t.Context(), "")
	same := func(a, b graph.Label) bool {
		return a.Ref == b.Ref && a.Label == b.Label && a.By == b.By && a.At.Equal(b.At)
	}
	if err != nil || !slices.EqualFunc(got, want, same) {
		t.Errorf("labels %v, %v, want %v", got, err, want)
	}
}

func hashes(t *testing.T, s snapshot.Store) {
	forward := update(t, s, "a", users(5))
	backward := update(t, s, "b", func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		for n := 4; n >= 0; n-- {
			if err := put(b, "list-users", n, n+1); err != nil {
				return err
			}
		}
		return put(b, "list-users", 0, 5)
	})
	if forward.ContentHash != backward.ContentHash {
		t.Errorf("%s and %s", forward.ContentHash, backward.ContentHash)
	}
	if more := update(t, s, "a", users(6)); more.ContentHash == forward.ContentHash {
		t.Error("another user changes nothing")
	}
}

func carried(t *testing.T, s snapshot.Store) {
	update(t, s, "", func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		return errors.Join(put(b, "list-users", 0, 2), put(b, "list-others", 2, 4))
	})
	update(t, s, "", func(last *snapshot.Snapshot, b *snapshot.Builder) error {
		replaced := func(l graph.Listing) bool { return l.Operation == "list-others" }
		return errors.Join(b.CarryForward(last, replaced), put(b, "list-others", 2, 3))
	})
	holds(t, open(t, s, "", ""), 3)
}

func unchanged(t *testing.T, s snapshot.Store) {
	first, second := update(t, s, "", users(2)), update(t, s, "", users(2))
	if first.ID != second.ID || !first.TakenAt.Equal(second.TakenAt) {
		t.Errorf("published %+v, then %+v", first, second)
	}
	later := update(t, s, "", func(_ *snapshot.Snapshot, b *snapshot.Builder) error {
		o := origin("list-users")
		o.At = time.Now()
		return errors.Join(put(b, "list-users", 0, 2), b.Cover(graph.Coverage{Listing: o.Listing, Status: graph.Collected, Origin: o}))
	})
	if later.ID == first.ID || later.ContentHash != first.ContentHash {
		t.Errorf("the same collected later: %+v after %+v", later, first)
	}
}

// together lets four writers add one user each time, each after the last, and
// readers look meanwhile: none may see half an update or lose one.
func together(t *testing.T, s snapshot.Store) {
	const writers, rounds = 4, 5
	update(t, s, "", users(1))
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for range writers {
		writing.Go(func() {
			for n := 0; n < rounds; {
				if addOne(t, s) {
					n++
				}
			}
		})
	}
	for range 2 {
		reading.Go(func() { watch(t, s, done) })
	}
	writing.Wait()
	close(done)
	reading.Wait()
	holds(t, open(t, s, "", ""), 1+writers*rounds)
}

func addOne(t *testing.T, s snapshot.Store) bool {
	_, err := s.Update(t.Context(), "", func(last *snapshot.Snapshot, b *snapshot.Builder) error {
		return put(b, "list-users", 0, last.NumNodes()) // the account is one of them
	})
	if err != nil && !errors.Is(err, graph.ErrConflict) {
		t.Error(err)
		return true
	}
	return err == nil
}

func watch(t *testing.T, s snapshot.Store, done chan struct{}) {
	for seen := 0; ; {
		select {
		case <-done:
			return
		default:
		}
		snap, info, err := s.Open(t.Context(), "", "")
		if err != nil {
			t.Error(err)
			return
		}
		if err := snap.Verify(); err != nil || snap.NumNodes() != info.Nodes || info.Nodes < seen {
			t.Errorf("%d nodes, told %d, before %d: %v", snap.NumNodes(), info.Nodes, seen, err)
		}
		seen = info.Nodes
		snap.Close()
	}
}
