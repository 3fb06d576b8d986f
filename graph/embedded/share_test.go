package embedded_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/clewgraph/clew/graph"
	"github.com/clewgraph/clew/graph/embedded"
	"github.com/clewgraph/clew/graph/snapshot"
)

// users are what a listing says: users, the last with a name of its own.
func users(b *snapshot.Builder, listing int, name string) error {
	l := graph.Listing{Scope: "account", Service: "iam", Operation: fmt.Sprint("list-", listing)}
	o := &graph.Origin{Listing: l, File: "f"}
	err := b.Cover(graph.Coverage{Listing: l, Status: graph.Collected, Origin: o})
	for i := range 100 {
		n := graph.Node{Provider: graph.AWS, Ref: graph.Ref(fmt.Sprintf("user-%d-%02d", listing, i)), Kind: graph.KindUser, Name: fmt.Sprintf("u%02d", i), Origin: o}
		if i == 99 {
			n.Name = name
		}
		err = errors.Join(err, b.Node(n))
	}
	return err
}

// A snapshot that shares most of what it was made of with the last one does not
// need that any more once it is published.
func TestUpdateOutlivesTheLast(t *testing.T) {
	s, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx, ids := t.Context(), []string{}
	for _, name := range []string{"u99", "u99z", "u99zz"} {
		info, err := s.Update(ctx, "", func(last *snapshot.Snapshot, next *snapshot.Builder) error {
			if last == nil {
				return errors.Join(users(next, 0, "u99"), users(next, 1, name), users(next, 2, "u99"))
			}
			return errors.Join(users(next, 1, name), next.CarryForward(last, func(l graph.Listing) bool { return l.Operation == "list-1" }))
		})
		if err != nil {
			t.Fatal(err)
		}
		if ids = append(ids, info.ID); len(ids) > 1 {
			if err := s.Delete(ctx, "", ids[len(ids)-2]); err != nil {
				t.Fatal(err)
			}
		}
		reads(t, s, name)
	}
}

// reads checks that the newest snapshot is whole and has the name.
func reads(t *testing.T, s *embedded.Store, name string) {
	t.Helper()
	newest, _, err := s.Open(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer newest.Close()
	if err := newest.Verify(); err != nil {
		t.Fatal(err)
	}
	at, ok := newest.Find("user-1-99")
	if n := newest.NumNodes(); !ok || n != 300 || newest.Node(at).Name != name {
		t.Errorf("%d nodes, and the name %q, want %q", n, newest.Node(at).Name, name)
	}
}

// What goes wrong once facts are shared leaves the last snapshot as it is.
func TestUpdateFailsWhileSharing(t *testing.T) {
	s, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(t.Context(), "", func(_ *snapshot.Snapshot, next *snapshot.Builder) error {
		return errors.Join(users(next, 0, "u99"), users(next, 1, "u99"), users(next, 2, "u99"))
	}); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	_, err = s.Update(t.Context(), "", func(last *snapshot.Snapshot, next *snapshot.Builder) error {
		if err := next.CarryForward(last, func(graph.Listing) bool { return false }); err != nil {
			return err
		}
		_, err := next.Facts()
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	reads(t, s, "u99")
}
